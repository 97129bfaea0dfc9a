/**
 * What a server of a plugin offers, checked: names that models can be told, words that are one line. The
 * list came through the plugin's room, and before that from a server: nobody vouches for any of it.
 * @module
 */
import { oneLine } from "../protocol/foreign_text.ts";
import type { JsonSchema } from "../protocol/plugin.ts";
import { isRecord } from "../rpc/frame.ts";

/** A tool of a server as it is offered. */
export interface ServerTool {
  /** `<server>_<tool>`; the plugin's name comes before it. */
  readonly name: string;
  /** As the server calls it. */
  readonly called: string;
  readonly description: string;
  readonly parameters: JsonSchema;
}

/** What a server offered at some time. */
export interface ServerListing {
  readonly server: string;
  readonly url: string;
  /** When it was asked, ms since 1970. */
  readonly at: number;
  readonly tools: readonly ServerTool[];
  /** Tools that are left out, and why; one sentence each. */
  readonly problems: readonly string[];
  /** It did not answer, and took its time: it is not waited for again at once. */
  readonly failed?: true;
}

/** Tools of one server. */
const TOOLS = 256;
const CALLED_UNITS = 128;
/** Characters of `<plugin>__<server>_<tool>`, which is what models see (OpenAI's limit, and others'). */
const NAME_LENGTH = 64;
const DESCRIPTION_UNITS = 1_000;
const SCHEMA_UNITS = 20_000;
/** So many tools that are left out are named. */
const NAMED_PROBLEMS = 3;

type Given = Readonly<Record<string, unknown>>;

/** The tools that can be offered. @returns `undefined` for what is no list */
export function readTools(
  given: unknown,
  { plugin, server }: { readonly plugin: string; readonly server: string },
): Pick<ServerListing, "tools" | "problems"> | undefined {
  const { tools, left } = recordOf(given);
  if (!Array.isArray(tools) || tools.length > TOOLS) return undefined;
  const read: ServerTool[] = [];
  const unfit: string[] = [];
  let more = typeof left === "number" && left > 0 ? left : 0;
  for (const one of tools) {
    const tool = readTool(one, server);
    if (tool === undefined) more++;
    else if (plugin.length + 2 + tool.name.length > NAME_LENGTH) unfit.push(`${tool.name} (long)`);
    else if (read.some(({ name }) => name === tool.name)) unfit.push(`${tool.name} (twice)`);
    else read.push(tool);
  }
  const named = unfit.slice(0, NAMED_PROBLEMS).map((name) => oneLine(name, 80));
  const count = unfit.length + more;
  if (count === 0) return { tools: read, problems: [] };
  const which = named.length === 0 ? "" : `, such as ${named.join(", ")}`;
  const sentence = `the MCP server ${server} of the plugin ${plugin} has ` +
    `${count === 1 ? "a tool" : `${count} tools`} that cannot be offered${which}`;
  return { tools: read, problems: [sentence] };
}

/** A listing as it was kept. @returns `undefined` for what is none */
export function readListing(given: unknown): ServerListing | undefined {
  const { server, url, at, tools, problems, failed } = recordOf(given);
  const isWhole = typeof server === "string" && typeof url === "string" && typeof at === "number" &&
    Array.isArray(tools) && tools.length <= TOOLS && isTexts(problems);
  if (!isWhole) return undefined;
  const read = tools.map((tool) => readTool(recordOf(tool), server));
  if (!read.every((tool) => tool !== undefined)) return undefined;
  const sentences = problems.map((text) => oneLine(text, 600));
  const rest = failed === true ? { failed } as const : {};
  return { server, url, at, tools: read, problems: sentences, ...rest };
}

function readTool(given: unknown, server: string): ServerTool | undefined {
  const { name, called = name, description, parameters } = recordOf(given);
  if (typeof called !== "string" || called === "" || called.length > CALLED_UNITS) return undefined;
  if (typeof description !== "string" || !isRecord(parameters)) return undefined;
  if (JSON.stringify(parameters).length > SCHEMA_UNITS) return undefined;
  const own = part(called);
  if (own === "") return undefined;
  return {
    name: `${part(server)}_${own}`,
    called,
    description: oneLine(description, DESCRIPTION_UNITS),
    parameters,
  };
}

/** Letters and digits with single marks between them, as names of tools are. */
function part(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "_").replace(/[_-]{2,}/g, "_").replace(
    /^[_-]+|[_-]+$/g,
    "",
  );
}

function recordOf(given: unknown): Given {
  return isRecord(given) ? given : {};
}

function isTexts(given: unknown): given is string[] {
  return Array.isArray(given) && given.every((text) => typeof text === "string");
}
