import { fileURLToPath } from "node:url";
import * as z from "zod/mini";
import type { Edge, ImportGraph } from "./import_graph.ts";

const Target = z.optional(
  z.object({ specifier: z.optional(z.string()), error: z.optional(z.string()) }),
);
const Info = z.object({
  modules: z.array(z.object({
    specifier: z.string(),
    error: z.optional(z.string()),
    dependencies: z.optional(z.array(z.object({
      specifier: z.string(),
      code: Target,
      type: Target,
      isDynamic: z.optional(z.boolean()),
    }))),
  })),
  redirects: z.record(z.string(), z.string()),
  npmPackages: z.record(z.string(), z.object({ dependencies: z.array(z.string()) })),
});

const TOP = new URL("../../", import.meta.url);

/** The program's code files, from the project's top: `main.ts` and what lies in `src/` and `service/`. */
export async function sourceFiles(): Promise<string[]> {
  const files = ["main.ts"];
  const walk = async (folder: string) => {
    for await (const { name, isDirectory } of Deno.readDir(new URL(folder, TOP))) {
      if (isDirectory) await walk(`${folder}${name}/`);
      else if (name.endsWith(".ts")) files.push(`${folder}${name}`);
    }
  };
  await walk("src/");
  await walk("service/");
  return files.sort();
}

/** The imports of these files and of all that they import. @throws {TypeError} if a module is missing */
export async function readGraph(files: readonly string[]): Promise<ImportGraph> {
  // One root that imports everything, since `deno info` takes one.
  const root = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const imports = files.map((file) => `import ${JSON.stringify(new URL(file, TOP).href)};`);
    await Deno.writeTextFile(root, imports.join("\n"));
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--config", fileURLToPath(new URL("deno.json", TOP)), root],
      cwd: TOP,
    }).output();
    return toGraph(Info.parse(JSON.parse(new TextDecoder().decode(stdout))));
  } finally {
    await Deno.remove(root);
  }
}

function toGraph(info: z.infer<typeof Info>): ImportGraph {
  const edges: Edge[] = [];
  const place = (specifier: string) => {
    const found = info.redirects[specifier] ?? specifier;
    return found.startsWith(TOP.href)
      ? found.slice(TOP.href.length)
      : found.replace(/^npm:\/+/, "npm:");
  };
  for (const { specifier, dependencies = [], error } of info.modules) {
    if (error !== undefined) throw new TypeError(`${specifier}: ${error}`);
    if (!specifier.startsWith(TOP.href)) continue;
    for (const { code, type, isDynamic = false, specifier: written } of dependencies) {
      const to = code?.specifier ?? type?.specifier;
      if (to === undefined) {
        throw new TypeError(`${specifier} imports ${written}, which is not there`);
      }
      edges.push({ from: place(specifier), to: place(to), typeOnly: !code, dynamic: isDynamic });
    }
  }
  const packages = Object.entries(info.npmPackages).map(([name, { dependencies }]) =>
    [name, dependencies] as const
  );
  return { edges, packages: new Map(packages) };
}
