import { isShipped, type PlacedRule } from "./rule.ts";

/** What the trusted base may import of the registry. Whoever adds a line here shows why nothing less does. */
export const TRUSTED_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  rpc: [],
  durable: [],
  service: [],
  kernel: [],
  egress: [],
  // A plugin's room reads the plugin's texts with these before they run, and is believed in nothing.
  rooms: ["acorn", "sucrase"],
  // Age's own author's library, and the cipher that it is built on, for scrypt made native.
  vault: ["age-encryption", "@noble/ciphers/chacha.js"],
};

/** The trusted base takes no code of others. */
export const trustedImports: PlacedRule = {
  applies: (path) => Object.hasOwn(TRUSTED_PACKAGES, trustedFolder(path)),
  visit(context, path) {
    const allowed = TRUSTED_PACKAGES[trustedFolder(path)] ?? [];
    const check = (node: Deno.lint.Node, source: Deno.lint.Node | null | undefined) => {
      if (!source) return;
      const name = source.type === "Literal" ? String(source.value) : undefined;
      if (name !== undefined && (/^(\.\.?\/|node:)/.test(name) || allowed.includes(name))) return;
      context.report({
        node,
        message: `the trusted base may not import ${name ?? "what is computed"}`,
      });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source),
      ExportNamedDeclaration: (node) => check(node, node.source),
      ExportAllDeclaration: (node) => check(node, node.source),
      ImportExpression: (node) => check(node, node.source),
    };
  },
};

function trustedFolder(path: string): string {
  return /^(?:src\/)?([a-z_]+)\//.exec(path)?.[1] ?? "";
}

/** What a module offers is named where it is offered. */
export const noExportAll: PlacedRule = {
  applies: () => true,
  visit: (context) => ({
    ExportAllDeclaration: (node) =>
      context.report({ node, message: "name what is exported instead of `export *`" }),
  }),
};

/** One thing has one name everywhere. Plugins export their `Plugin` so, and the linter wants its own. */
export const noDefaultExport: PlacedRule = {
  applies: (path) => !path.startsWith("plugins/") && path !== "tests/style/lint_plugin.ts",
  visit: (context) => ({
    ExportDefaultDeclaration: (node) =>
      context.report({ node, message: "export it by name; only plugins have a default export" }),
  }),
};

const NAMED_BY: ReadonlySet<string> = new Set([
  "ClassDeclaration",
  "FunctionDeclaration",
  "TSDeclareFunction",
  "TSEnumDeclaration",
  "TSInterfaceDeclaration",
  "TSTypeAliasDeclaration",
  "VariableDeclaration",
]);

/** Every export says what it is. */
export const documentedExports: PlacedRule = {
  applies: isShipped,
  visit: (context) => ({
    ExportNamedDeclaration(node) {
      const { declaration } = node;
      if (!declaration || !NAMED_BY.has(declaration.type)) return;
      const above = context.sourceCode.text.slice(0, node.range[0]).replace(/(\n\/\/.*)+\s*$/, "");
      const comment = above.slice(above.lastIndexOf("/*")).trimEnd();
      const documented = comment.startsWith("/**") && comment.indexOf("*/") === comment.length - 2;
      if (!documented) context.report({ node, message: "an export needs a `/** … */` above it" });
    },
  }),
};
