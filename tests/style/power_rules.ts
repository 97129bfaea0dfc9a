import { isShipped, memberName, type PlacedRule } from "./rule.ts";

const VAULT_NAMES = /identity\.age|\.vault_lock|recipients\.txt|(^|[/"'`])secrets\/|vault\/secrets/;

/** Only the vault's folder knows its files. */
export const vaultNames: PlacedRule = {
  applies: (path) => isShipped(path) && !path.startsWith("src/vault/"),
  visit(context) {
    const check = (node: Deno.lint.Node, text: string) => {
      if (VAULT_NAMES.test(text)) {
        context.report({ node, message: "only src/vault names the vault's files" });
      }
    };
    return {
      Literal: (node) => check(node, typeof node.value === "string" ? node.value : ""),
      TemplateElement: (node) => check(node, node.raw),
    };
  },
};

/** Rooms and programs are started by the kernel, and nobody shouts where every room can hear. */
export const kernelPowers: PlacedRule = {
  applies: isShipped,
  visit(context, path) {
    const inKernel = path.startsWith("src/kernel/");
    return {
      NewExpression(node) {
        const { callee } = node;
        const name = callee.type === "Identifier" ? callee.name : memberName(callee)?.[1];
        if (name === "Worker" && !inKernel) {
          context.report({ node, message: "only src/kernel makes Workers" });
        } else if (name === "BroadcastChannel") {
          context.report({ node, message: "every room can read a BroadcastChannel" });
        }
      },
      MemberExpression(node) {
        const [object, name] = memberName(node) ?? [];
        if (object === "Deno" && name === "Command" && !inKernel) {
          context.report({ node, message: "only src/kernel runs programs" });
        }
      },
      ImportDeclaration(node) {
        if (/^node:(child_process|worker_threads|cluster)$/.test(node.source.value) && !inKernel) {
          context.report({ node, message: `only src/kernel may import ${node.source.value}` });
        }
      },
    };
  },
};

/** Globals that reach out of a pure function. */
const IMPURE = new Set([
  "Deno",
  "console",
  "crypto",
  "fetch",
  "globalThis",
  "performance",
  "process",
  "queueMicrotask",
  "setInterval",
  "setTimeout",
]);
const IMPURE_MEMBERS = new Set(["Date.now", "Math.random", "AbortSignal.timeout"]);

/** The folders that decide and reach nothing: time, chance, files and network come in as parameters. */
export const pureFolders: PlacedRule = {
  applies: (path) => /^src\/(agent|guard)\//.test(path) || path === "src/providers/table.ts",
  visit(context) {
    const report = (node: Deno.lint.Node, name: string) =>
      context.report({ node, message: `${name} in a pure folder: take it as a parameter` });
    return {
      Identifier(node) {
        if (IMPURE.has(node.name) && isGlobalUse(node)) report(node, node.name);
      },
      MemberExpression(node) {
        const name = memberName(node)?.join(".");
        if (name !== undefined && IMPURE_MEMBERS.has(name)) report(node, name);
      },
      NewExpression(node) {
        const clock = node.callee.type === "Identifier" && node.callee.name === "Date";
        if (clock && node.arguments.length === 0) report(node, "new Date()");
      },
    };
  },
};

/** Whether the identifier reads a variable: not a property's name, and not part of a type. */
function isGlobalUse(node: Deno.lint.Identifier): boolean {
  const { parent } = node;
  if (parent.type.startsWith("TS") && parent.type !== "TSAsExpression") return false;
  if (parent.type === "MemberExpression") return parent.object === node || parent.computed;
  if (parent.type === "Property") return parent.value === node;
  return parent.type !== "MethodDefinition" && parent.type !== "PropertyDefinition";
}
