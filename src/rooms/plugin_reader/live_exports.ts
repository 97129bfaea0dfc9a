/**
 * Exports that change after their module ran. Between modules in memory values are passed on once, so a
 * change would not be seen: better that the author is told than that it is silently lost.
 * @module
 */
import type { Node } from "./parser.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Names that a module exports and that its functions assign to. */
export function liveExports(tree: Node): string[] {
  const exported = new Set<string>();
  const assigned = new Set<string>();
  const waiting: [node: unknown, inFunction: boolean][] = [[tree, false]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [node, inFunction] = next;
    if (typeof node !== "object" || node === null) continue;
    const fields = node as Fields;
    if (fields["type"] === "ExportNamedDeclaration" && !fields["source"]) {
      addExported(fields, exported);
    }
    const target = fields["type"] === "AssignmentExpression"
      ? fields["left"]
      : fields["type"] === "UpdateExpression"
      ? fields["argument"]
      : undefined;
    if (inFunction && target !== undefined) addNames(target, assigned);
    const inner = inFunction || /Function/.test(String(fields["type"]));
    for (const value of Object.values(fields)) waiting.push([value, inner]);
  }
  return [...exported].filter((name) => assigned.has(name));
}

/** The module's own names behind `export let a` and `export { a as b }`. */
function addExported({ declaration, specifiers }: Fields, names: Set<string>): void {
  for (const { local } of specifiers as { local: Fields }[]) addNames(local, names);
  const { kind, declarations = [] } = Object(declaration);
  if (kind !== "let" && kind !== "var") return;
  for (const { id } of declarations as { id: unknown }[]) addNames(id, names);
}

/** The names in a pattern. */
function addNames(pattern: unknown, names: Set<string>): void {
  const { type, name, ...parts } = Object(pattern);
  if (type === "Identifier") names.add(String(name));
  else if (/Pattern|Property|RestElement/.test(String(type))) {
    for (const part of Object.values(parts).flat()) addNames(part, names);
  }
}
