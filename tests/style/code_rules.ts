import { isShipped, memberName, type PlacedRule } from "./rule.ts";

/** What went wrong is never dropped without a word. */
export const noEmptyCatch: PlacedRule = {
  applies: () => true,
  visit(context) {
    const message =
      "an empty catch hides what went wrong: handle it, or return a value and say why";
    return {
      CatchClause(node) {
        if (node.body.body.length === 0) context.report({ node, message });
      },
      CallExpression(node) {
        const { callee } = node;
        const [handler] = node.arguments;
        if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return;
        if (callee.property.name !== "catch" || handler?.type !== "ArrowFunctionExpression") return;
        if (handler.body.type === "BlockStatement" && handler.body.body.length === 0) {
          context.report({ node: handler, message });
        }
      },
    };
  },
};

/** An error has a code by which a program tells it from others. `TypeError` is for our own mistakes. */
export const codedErrors: PlacedRule = {
  applies: isShipped,
  visit: (context) => ({
    NewExpression(node) {
      if (node.callee.type === "Identifier" && node.callee.name === "Error") {
        context.report({
          node,
          message: "throw an error with a code: PyraError, or the folder's own",
        });
      }
    },
  }),
};

/** Only surfaces write to the terminal, measuring scripts, and tests that say what they ran. */
export const noConsole: PlacedRule = {
  applies: (path) => !/^(src\/(commands|repl)|tests\/(bench|e2e)|\.build)\//.test(path),
  visit: (context) => ({
    MemberExpression(node) {
      if (memberName(node)?.[0] === "console") {
        context.report({ node, message: "only commands/ and repl/ write to the terminal" });
      }
    },
  }),
};

/** `open(path, { create: true })` says what `open(path, true)` does not. */
export const noBooleanArguments: PlacedRule = {
  applies: isShipped,
  visit: (context) => ({
    CallExpression(node) {
      const { callee } = node;
      const property = callee.type === "MemberExpression" ? callee.property : undefined;
      // The platform's own: map.set(key, true), view.getUint32(offset, true).
      if (property?.type === "Identifier" && /^[gs]et/.test(property.name)) return;
      if (node.arguments.length < 2) return;
      const found = node.arguments.find((argument) =>
        argument.type === "Literal" && typeof argument.value === "boolean"
      );
      if (found) context.report({ node: found, message: "name it: pass an options object" });
    },
  }),
};

/** A test that is left out says why; one that leaves out all others is never kept. */
export const testReasons: PlacedRule = {
  applies: (path) => path.endsWith("_test.ts"),
  visit(context) {
    const lines = context.sourceCode.text.split("\n");
    const hasReason = (node: Deno.lint.Node) => {
      const line = context.sourceCode.text.slice(0, node.range[0]).split("\n").length - 1;
      return /\/\/ \S|\*\//.test(lines[line] ?? "") ||
        /^\s*(\/\/ \S|.*\*\/$)/.test(lines[line - 1] ?? "");
    };
    const check = (node: Deno.lint.Node, name: string) => {
      if (name === "only") context.report({ node, message: "`only` leaves out every other test" });
      else if (name === "ignore" && !hasReason(node)) {
        context.report({ node, message: "say in a comment why this test is left out" });
      }
    };
    return {
      CallExpression(node) {
        const { callee } = node;
        const [object, name] = memberName(callee) ?? [];
        if (object === "Deno" && name === "test") {
          for (const argument of node.arguments) {
            if (argument.type !== "ObjectExpression") continue;
            for (const property of argument.properties) {
              if (property.type === "Property" && property.key.type === "Identifier") {
                check(property, property.key.name);
              }
            }
          }
        }
        if (callee.type === "MemberExpression" && callee.property.type === "Identifier") {
          if (memberName(callee.object)?.join(".") === "Deno.test") {
            check(node, callee.property.name);
          }
        }
      },
    };
  },
};
