/**
 * What a module of a plugin imports, found in the text that will run: every import is a plain string, and
 * there is no other way to reach a module.
 * @module
 */
import { liveExports } from "./live_exports.ts";
import { type Node, parse } from "./parser.ts";
import { ReaderError } from "./reader_error.ts";

/** Where a text names another module. */
export interface ImportSite {
  readonly specifier: string;
  /** The literal's place in the text, quotes included. */
  readonly start: number;
  readonly end: number;
}

type Fields = Record<string, unknown>;

/** What a text names and gives. */
export interface CheckedText {
  /** Every import, in the order of the text. */
  readonly sites: readonly ImportSite[];
  /** Exports that its functions change. */
  readonly live: readonly string[];
}

/** Looks through a module's code. @throws {ReaderError} for what may not be there */
export function checkText(path: string, code: string): CheckedText {
  const sites: ImportSite[] = [];
  const program = tree(path, code);
  const waiting: unknown[] = [program];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (typeof node !== "object" || node === null) continue;
    const fields = node as Fields;
    const site = siteOf(path, fields, code);
    if (site) sites.push(site);
    // Not spread: a table of data may have more items than a call may have arguments.
    for (const value of Object.values(fields)) waiting.push(value);
  }
  sites.sort((a, b) => a.start - b.start);
  return { sites, live: liveExports(program) };
}

function tree(path: string, code: string): Node {
  try {
    return parse(code, { ecmaVersion: "latest", sourceType: "module", allowHashBang: true });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ReaderError(`${path} is no module that can be read: ${message}`, cause);
  }
}

function siteOf(path: string, node: Fields, code: string): ImportSite | undefined {
  const refuse = (why: string): never => {
    const { length } = code.slice(0, Number(node["start"])).split("\n");
    throw new ReaderError(`${path}, line ${length}: ${why}`);
  };
  switch (node["type"]) {
    case "MetaProperty":
      if ((node["meta"] as Fields)["name"] === "import") {
        refuse("a plugin has no import.meta; its own folder is context.dataFolder");
      }
      return undefined;
    case "ImportExpression":
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration": {
      const source = node["source"] as Fields | null;
      if (!source) return undefined;
      const attributes = node["attributes"];
      if (node["options"] || (Array.isArray(attributes) && attributes.length > 0)) {
        refuse("an import of a plugin has no attributes; put the data into a module");
      }
      const { type, value, start, end } = source;
      if (type !== "Literal" || typeof value !== "string") {
        return refuse("what is imported must be a plain string");
      }
      return { specifier: value, start: Number(start), end: Number(end) };
    }
    default:
      return undefined;
  }
}
