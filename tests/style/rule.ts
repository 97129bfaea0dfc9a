import { fileURLToPath } from "node:url";

/** A lint rule for the files of some folders. */
export interface PlacedRule {
  /** Whether the rule speaks about that file; `path` is relative to the project's top, with `/`. */
  readonly applies: (path: string) => boolean;
  readonly visit: (context: Deno.lint.RuleContext, path: string) => Deno.lint.LintVisitor;
}

const TOP = withSlashes(fileURLToPath(new URL("../../", import.meta.url)));

/** A file's path from the project's top, with `/`. Names that are relative already stay. */
export function placeOf(filename: string): string {
  const path = withSlashes(filename);
  return path.startsWith(TOP) ? path.slice(TOP.length) : path;
}

function withSlashes(path: string): string {
  return path.replaceAll("\\", "/");
}

/** The rule as the linter runs it. */
export function toLintRule({ applies, visit }: PlacedRule): Deno.lint.Rule {
  return {
    create(context) {
      const path = placeOf(context.filename);
      return applies(path) ? visit(context, path) : {};
    },
  };
}

/** Code that ships: not the tests, not the build. */
export function isShipped(path: string): boolean {
  return /^(src|plugins|service)\//.test(path) || path === "main.ts";
}

/** The name of a property that is read as `object.name`; `undefined` for other nodes. */
export function memberName(node: Deno.lint.Node): [object: string, name: string] | undefined {
  if (node.type !== "MemberExpression" || node.object.type !== "Identifier") return undefined;
  const { property } = node;
  if (property.type === "Identifier" && !node.computed) return [node.object.name, property.name];
  return property.type === "Literal" ? [node.object.name, String(property.value)] : undefined;
}
