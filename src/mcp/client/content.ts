/**
 * What a server gives, as far as it is of use here: its tools, and results as text.
 * @module
 */
import { cutUnits, oneLine } from "../../protocol/foreign_text.ts";
import { isRecord } from "../../rpc/frame.ts";
import { McpError } from "./error.ts";
import type { Message } from "./message.ts";

/** A tool as a server describes it; every word of it is foreign. */
export interface McpTool {
  readonly name: string;
  /** One line. */
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What a call came to. */
export interface McpResult {
  readonly text: string;
  readonly isError: boolean;
}

const NAME_UNITS = 128;
const DESCRIPTION_UNITS = 1_000;
const SCHEMA_UNITS = 20_000;
const RESULT_UNITS = 1_000_000;
const BLOCKS = 1_000;

/** A tool; `undefined` for what is none, or is too large to be offered. */
export function readTool(given: unknown): McpTool | undefined {
  const { name, title, description, inputSchema } = isRecord(given) ? given : {};
  if (typeof name !== "string" || name === "" || name.length > NAME_UNITS) return undefined;
  if (!isRecord(inputSchema) || JSON.stringify(inputSchema).length > SCHEMA_UNITS) return undefined;
  const words = [description, title, name].find((text) => typeof text === "string" && text !== "");
  return {
    name,
    description: oneLine(String(words), DESCRIPTION_UNITS),
    parameters: inputSchema,
  };
}

/** The result of `tools/call` as text. @throws {McpError} `bad_answer` */
export function readResult(given: Message): McpResult {
  const { content, structuredContent, isError } = given;
  const blocks = Array.isArray(content) ? content.slice(0, BLOCKS).map(textOfBlock) : [];
  if (blocks.length === 0 && structuredContent !== undefined) {
    blocks.push(JSON.stringify(structuredContent));
  }
  if (!Array.isArray(content) && blocks.length === 0) {
    throw new McpError("bad_answer", "it answered the call without content");
  }
  return { text: cutUnits(blocks.join("\n"), RESULT_UNITS), isError: isError === true };
}

/** What is no text is named. */
function textOfBlock(given: unknown): string {
  const block = isRecord(given) ? given : {};
  const kind = word(block["type"]);
  if (kind === "text") return typeof block["text"] === "string" ? block["text"] : "";
  const resource = isRecord(block["resource"]) ? block["resource"] : block;
  const place = word(resource["uri"]);
  if (kind === "resource" && typeof resource["text"] === "string") {
    return `[${place}]\n${resource["text"]}`;
  }
  const type = word(resource["mimeType"]);
  return `[${[kind || "something", type, word(block["name"]), place].filter(Boolean).join(", ")}]`;
}

function word(given: unknown): string {
  return typeof given === "string" ? oneLine(given, 500) : "";
}
