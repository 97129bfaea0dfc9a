/**
 * Reads a plugin's texts: types stripped, every import found and judged. What comes of it is all that will
 * run in the plugin's room.
 * @module
 */
import type { PluginFile } from "../../protocol/plugin_calls.ts";
import { checkText } from "./module_check.ts";
import { ReaderError } from "./reader_error.ts";

/** A module as it will run, and where its code names others. */
export interface ReadModule {
  readonly path: string;
  readonly code: string;
  readonly imports: readonly ReadImport[];
}

/** An import: the literal's place in the code, and what it leads to. */
export interface ReadImport {
  readonly start: number;
  readonly end: number;
  readonly to:
    | { readonly kind: "own"; readonly path: string }
    | { readonly kind: "built_in"; readonly name: string }
    | { readonly kind: "sdk" };
}

/** Built-in modules that only compute. */
const BUILT_IN: ReadonlySet<string> = new Set(
  ("assert assert/strict buffer crypto events path path/posix path/win32 querystring stream " +
    "stream/consumers stream/promises stream/web string_decoder timers timers/promises url util " +
    "util/types zlib").split(" "),
);
/** With a grant for raw TCP. */
const TCP: ReadonlySet<string> = new Set(["net", "tls"]);
const TYPED = /\.m?ts$/;
const MODULE = /\.m?[jt]s$/;

/** What is to be read. */
export interface ReadParams {
  readonly files: readonly PluginFile[];
  readonly main: string;
  /** Whether the plugin may connect by raw TCP. */
  readonly tcp: boolean;
}

/**
 * All modules that `main` needs, each after those that it imports.
 * @throws {ReaderError} for a text that cannot be read and an import that is not allowed
 */
export async function readModules({ files, main, tcp }: ReadParams): Promise<ReadModule[]> {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const order: ReadModule[] = [];
  const begun = new Map<string, "open" | "done">();
  const visit = async (path: string, from: string): Promise<void> => {
    if (begun.get(path) === "done") return;
    if (begun.has(path)) {
      const sentence =
        `${from} and ${path} import each other: put what both need into a third file`;
      throw new ReaderError(sentence);
    }
    begun.set(path, "open");
    const text = texts.get(path);
    if (text === undefined) throw new ReaderError(`${path} is no file of the plugin`);
    const code = TYPED.test(path) ? await stripped(path, text) : text;
    const imports: ReadImport[] = [];
    const { sites, live } = checkText(path, code);
    if (path !== main && live.length > 0) throw new ReaderError(changing(path, live));
    for (const { specifier, start, end } of sites) {
      const to = target(path, specifier, tcp);
      if (to.kind === "own") {
        if (!texts.has(to.path)) throw new ReaderError(missing(path, specifier));
        await visit(to.path, path);
      }
      imports.push({ start, end, to });
    }
    begun.set(path, "done");
    order.push({ path, code, imports });
  };
  await visit(main, main);
  return order;
}

async function stripped(path: string, text: string): Promise<string> {
  const { stripTypes } = await import("./type_stripper.ts");
  try {
    return stripTypes(text);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ReaderError(`${path} is no TypeScript: ${message}`, cause);
  }
}

/** What an import leads to. @throws {ReaderError} if that is nowhere that it may lead */
function target(path: string, specifier: string, tcp: boolean): ReadImport["to"] {
  if (specifier === "pyra/sdk") return { kind: "sdk" };
  const name = specifier.replace(/^node:/, "");
  if (BUILT_IN.has(name) || (tcp && TCP.has(name))) return { kind: "built_in", name };
  const own = MODULE.test(specifier) ? ownFile(path, specifier) : undefined;
  if (own !== undefined) return { kind: "own", path: own };
  const shown = JSON.stringify(specifier.slice(0, 100));
  if (/^\.\.?\/(?:.*\/)?[^./]+$/.test(specifier)) {
    throw new ReaderError(`${path} imports ${shown}: write its ending too, such as .ts`);
  }
  const names = [...BUILT_IN].filter((name) => !name.includes("/")).join(", ");
  throw new ReaderError(
    TCP.has(name)
      ? `${path} imports ${shown}, for which its manifest must ask for tcp`
      : `${path} imports ${shown}: a plugin imports its own .ts and .js files, pyra/sdk, and of ` +
        `node: ${names}; bundle what else it needs`,
  );
}

/** The path of a relative import in the plugin's folder; undefined if it is not relative or leaves it. */
function ownFile(from: string, specifier: string): string | undefined {
  if (!/^\.\.?\//.test(specifier)) return undefined;
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}

function missing(path: string, specifier: string): string {
  return `${path} imports ${
    JSON.stringify(specifier.slice(0, 100))
  }, which is no file of the plugin`;
}

function changing(path: string, [name]: readonly string[]): string {
  return `${path} exports ${name}, which its functions change: export a function that returns it`;
}
