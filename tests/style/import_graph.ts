/**
 * The imports of the project as data, read from `deno info`, and what can be said about them.
 * @module
 */
import { allowanceOf, areaOf } from "./layers.ts";

/** One import. Paths begin at the project's top; packages and built-ins keep their prefix. */
export interface Edge {
  readonly from: string;
  /** `src/x/y.ts`, `npm:name@version` or `node:name`. */
  readonly to: string;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

/** All imports between the project's files, and the packages that each package needs. */
export interface ImportGraph {
  readonly edges: readonly Edge[];
  /** Package → packages, both as `name@version`. */
  readonly packages: ReadonlyMap<string, readonly string[]>;
}

/** Imports that the table of layers does not allow, one sentence each. */
export function layerViolations(edges: readonly Edge[]): string[] {
  return edges.filter(({ to }) => !/^(npm|node):/.test(to)).flatMap((edge) => {
    const { from, to, typeOnly } = edge;
    const [area, target] = [areaOf(from), areaOf(to)];
    if (area === undefined) return [`${from} is in no layer: add its folder to the table`];
    if (target === area || (area.startsWith("rooms/") && target === "rooms")) return [];
    const { values, types, why } = allowanceOf(area);
    const names = [target, to.replace(/^src\//, "")];
    const allowed = [...values, ...(typeOnly ? types : [])].some((name) => names.includes(name));
    return allowed ? [] : [`${from} imports ${typeOnly ? "types of " : ""}${to} (${why})`];
  });
}

/** Packages that are imported by `import("package")`: the bundler breaks CommonJS ones that way. */
export function dynamicPackages(edges: readonly Edge[]): string[] {
  return edges.filter(({ to, dynamic }) => dynamic && to.startsWith("npm:")).map(({ from, to }) =>
    `${from} imports ${to} dynamically: import a file of your own that imports it`
  );
}

/** Groups of files that import each other in a circle, types included. */
export function cycles(edges: readonly Edge[]): string[][] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) targets.set(from, [...(targets.get(from) ?? []), to]);
  const reach = (start: string): Set<string> => {
    const seen = new Set<string>();
    const next = [...(targets.get(start) ?? [])];
    for (let file = next.pop(); file !== undefined; file = next.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      next.push(...(targets.get(file) ?? []));
    }
    return seen;
  };
  const reached = new Map([...targets.keys()].map((file) => [file, reach(file)]));
  const groups = new Map<string, string[]>();
  for (const [file, files] of reached) {
    if (!files.has(file)) continue;
    const group = [...files].filter((other) => reached.get(other)?.has(file)).sort();
    groups.set(group.join(), group);
  }
  return [...groups.values()];
}

/**
 * Everything that runs when `entry` runs, itself included: files, packages (as `npm:name`, with those
 * that they need) and built-ins. `statically`: without what is imported only when it is needed.
 */
export function closure(
  { edges, packages }: ImportGraph,
  entry: string,
  { statically = false }: { statically?: boolean } = {},
): string[] {
  const seen = new Set<string>();
  const next = [entry];
  for (let file = next.pop(); file !== undefined; file = next.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const { from, to, typeOnly, dynamic } of edges) {
      if (from === file && !typeOnly && !(statically && dynamic)) next.push(to);
    }
    next.push(...(packages.get(file.replace("npm:", "")) ?? []).map((name) => `npm:${name}`));
  }
  // The version is pinned elsewhere.
  return [...new Set([...seen].map((name) => name.replace(/^(npm:@?[^@]+)@.*/, "$1")))].sort();
}

/** Lines with code: neither blank nor all comment. */
export function codeLines(source: string): number {
  let inComment = false;
  return source.split("\n").filter((raw) => {
    const line = raw.trim();
    if (!inComment && line.startsWith("/*")) inComment = true;
    const isCode = !inComment && line !== "" && !line.startsWith("//");
    if (inComment && line.includes("*/")) inComment = false;
    return isCode;
  }).length;
}
