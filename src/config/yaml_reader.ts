/**
 * Reads `config.yaml` with the YAML library, as strictly as the kernel needs it: the kernel parses no
 * YAML, it splits the file into blocks at the lines that begin with `name:`, and asks the person when
 * a protected block's lines change. So whatever could make a line of one block mean something in
 * another is an error here: top-level keys that are quoted, indented, in braces or written with `?`,
 * several documents, anchors and aliases, tags, and every slip that the library only warns about.
 * @module
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
} from "yaml";
import type { PyraError } from "../protocol/error.ts";
import { configBroken, excerpt, type Position } from "./config_error.ts";

/** How deep values may nest. */
const DEPTH_LIMIT = 20;
/** How many UTF-16 units a file may have. */
const SIZE_LIMIT = 256 * 1024;
/** At the start of a line only a plain key of a block, a comment, or white space is allowed. */
const TOP_LINE = /^(?:([A-Za-z0-9_-]+):(?= |$)|[ #]|$)/;
// deno-lint-ignore no-control-regex -- they are what is looked for
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]|\r(?!\n)|(?<!^)\ufeff|\p{Cs}/u;

/** The library's words for the most frequent mistakes suppose that one knows YAML's grammar. */
const IN_PLAIN_WORDS: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: "a value with a colon and a space in it needs quotes",
  RESOURCE_EXHAUSTION: "this is nested too deeply",
  TAB_AS_INDENT: "a tab cannot indent here, use spaces",
};

/** A file whose YAML is sound. */
export interface YamlFile {
  readonly text: string;
  /** `undefined` for a file with nothing but comments. */
  readonly root: YAMLMap | undefined;
  /** The content as plain data; values are text, numbers, booleans, null, arrays and mappings. */
  readonly data: Readonly<Record<string, unknown>>;
  position(offset: number): Position;
}

/** Parses a file's text. `file` is its name for errors. @throws {PyraError} code `config_broken` */
export function readYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) {
    lines.addNewLine(end + 1);
  }
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const broken = (offset: number, message: string, cause?: unknown) =>
    configBroken(file, text, position(offset), message, cause);

  if (text.length > SIZE_LIMIT) throw broken(0, `the file is larger than ${SIZE_LIMIT / 1024} KiB`);
  const control = CONTROL.exec(text);
  if (control) {
    const code = (control[0].codePointAt(0) ?? 0).toString(16).padStart(4, "0").toUpperCase();
    throw broken(control.index, `the character U+${code} cannot stand here`);
  }
  const keys = topLevelKeys(text, broken);
  const document = parse(text, broken);
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) {
    return { text, root: undefined, data: {}, position };
  }
  if (!isMap(root)) {
    throw broken(offsetOf(root), "blocks such as `ai:` are expected");
  }
  for (const { key, value } of root.items) {
    if (!isScalar(key) || keys.get(String(key.value)) !== offsetOf(key)) {
      throw broken(offsetOf(key), "a block's name must stand plainly at the line's start");
    }
    if (isMap(value) && value.flow && value.items.length > 0) {
      throw broken(offsetOf(value), "a block is written in lines, not in braces");
    }
  }
  return { text, root, data: toMapping(root, 0, broken), position };
}

type Broken = (offset: number, message: string, cause?: unknown) => PyraError;

/** The names that begin a line, with their offsets, as the kernel sees them. */
function topLevelKeys(text: string, broken: Broken): Map<string, number> {
  const keys = new Map<string, number>();
  let offset = text.startsWith("\ufeff") ? 1 : 0;
  for (const line of text.slice(offset).split("\n")) {
    const match = TOP_LINE.exec(line.replace(/\r$/, ""));
    if (!match) throw broken(offset, "only `name:` or a comment may begin a line without a space");
    const [, key] = match;
    if (key !== undefined) {
      if (keys.has(key)) throw broken(offset, `the block ${key} stands here a second time`);
      keys.set(key, offset);
    }
    offset += line.length + 1;
  }
  return keys;
}

function parse(text: string, broken: Broken): Document.Parsed {
  let document: Document.Parsed;
  try {
    document = parseDocument(text, {
      version: "1.2",
      schema: "core",
      merge: false,
      stringKeys: true,
      // Quadratic in the library; toMapping looks for them.
      uniqueKeys: false,
      prettyErrors: false,
      keepSourceTokens: true,
    });
  } catch (cause) {
    throw broken(0, "the file cannot be read as YAML", cause);
  }
  const [first] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (first) {
    // What is missing at the end of the text is missed at its last visible character.
    const offset = Math.min(first.pos[0], Math.max(0, text.trimEnd().length - 1));
    throw broken(offset, IN_PLAIN_WORDS[first.code] ?? lowered(first.message), first);
  }
  return document;
}

/** The library's own words, which may quote the file. */
function lowered(message: string): string {
  return excerpt(message.charAt(0).toLowerCase() + message.slice(1).replaceAll("\n", " "), 150);
}

function toData(node: unknown, depth: number, broken: Broken): unknown {
  if (node === null) return null;
  if (depth > DEPTH_LIMIT) throw broken(offsetOf(node), "this is nested too deeply");
  if (isAlias(node)) throw broken(offsetOf(node), "aliases (`*name`) are not allowed here");
  if (isMap(node)) return toMapping(node, depth, broken);
  if (isSeq(node)) {
    refuseProperties(node, broken);
    return node.items.map((item) => toData(item, depth + 1, broken));
  }
  if (isScalar(node)) {
    refuseProperties(node, broken);
    const { value } = node;
    if (
      value === null || typeof value === "string" || typeof value === "boolean" ||
      (typeof value === "number" && Number.isFinite(value))
    ) return value;
  }
  throw broken(offsetOf(node), "text, a number, true or false is expected");
}

function toMapping(map: YAMLMap, depth: number, broken: Broken): Record<string, unknown> {
  refuseProperties(map, broken);
  const content: Record<string, unknown> = {};
  for (const { key, value } of map.items) {
    if (!isScalar(key) || typeof key.value !== "string") {
      throw broken(offsetOf(key ?? map), "a name is expected before the colon");
    }
    refuseProperties(key, broken);
    const name = key.value;
    if (name === "__proto__" || name === "<<") {
      throw broken(offsetOf(key), "this name is not allowed");
    }
    if (Object.hasOwn(content, name)) {
      throw broken(offsetOf(key), "this name stands here a second time");
    }
    content[name] = toData(value, depth + 1, broken);
  }
  return content;
}

function refuseProperties(node: Node, broken: Broken): void {
  const anchor = isAlias(node) ? undefined : node.anchor;
  if (anchor !== undefined) throw broken(offsetOf(node), "anchors (`&name`) are not allowed here");
  if (node.tag !== undefined) throw broken(offsetOf(node), "tags (`!name`) are not allowed here");
}

/** Where a node begins, for errors. */
export function offsetOf(node: unknown): number {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] ?? 0 : 0;
}
