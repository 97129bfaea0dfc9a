/**
 * The errors of the config's files.
 * @module
 */
import { EXIT, PyraError } from "../protocol/error.ts";
import { BLOCKS, fieldAt, FIELDS, splitPath } from "./fields.ts";
import { nearest } from "./nearest.ts";

/** A place in a file, both counted from 1; columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The longest piece of a file that an error shows. */
const EXCERPT_LIMIT = 60;

/** The file cannot be read as YAML, or not as the part of it that a config may use. */
export function configBroken(
  file: string,
  text: string,
  at: Position,
  message: string,
  cause?: unknown,
): PyraError {
  const line = excerpt(text.split("\n")[at.line - 1] ?? "");
  return new PyraError(
    "configuration",
    "config_broken",
    `${shown(file)}, line ${at.line}, column ${at.column}: ${message}${line && ` in "${line}"`}`,
    { hint: "correct that line; the file was left as it is", cause },
  );
}

/** A setting has a value that it cannot have. `place` says where: a file with line and column, a variable. */
export function configInvalid(place: string, path: string, problem: string): PyraError {
  return new PyraError(
    "configuration",
    "config_invalid",
    `${place}: ${shown(path)} has a wrong value, ${problem}`,
    { hint: "correct the value, or remove it to have the default" },
  );
}

/** There is no setting of that path. */
export function unknownField(path: string): PyraError {
  return new PyraError(
    "configuration",
    "config_unknown_field",
    `there is no setting ${shown(path)}${suggestion(path)}`,
    { hint: "see all of them with `pyra config list`", exitCode: EXIT.usage },
  );
}

/** `; did you mean ai.model?`, or nothing if nothing is near. */
export function suggestion(path: string): string {
  const near = nearestPath(path);
  return near === undefined ? "" : `; did you mean ${near}?`;
}

function nearestPath(path: string): string | undefined {
  if (!path.includes(".")) {
    const block = nearest(path, BLOCKS);
    return block ?? FIELDS.find((field) => splitPath(field.path)[1] === path)?.path;
  }
  const [block, name] = splitPath(path);
  // A right name in the wrong block is nearer than a similar one in the right block.
  const moved = FIELDS.find((field) => splitPath(field.path)[1] === name);
  if (moved && !fieldAt(path)) return moved.path;
  const inBlock = FIELDS.filter((field) => splitPath(field.path)[0] === block);
  const sibling = nearest(name, inBlock.map((field) => splitPath(field.path)[1]));
  return sibling === undefined
    ? nearest(path, FIELDS.map((field) => field.path))
    : `${block}.${sibling}`;
}

/** Foreign text that is safe to print: no control or invisible characters, not too long. */
export function shown(text: string): string {
  return cut(text.replace(/\p{C}/gu, "\ufffd"), 200);
}

/** Text of a file for an error. What looks like a key or a token is left out. */
export function excerpt(text: string, limit: number = EXCERPT_LIMIT): string {
  return cut(shown(text.trim()).replace(/[\p{L}\p{N}_-]{24,}/gu, "…"), limit);
}

function cut(text: string, limit: number): string {
  const characters = Array.from(text.slice(0, 2 * limit));
  return characters.length <= limit
    ? characters.join("")
    : characters.slice(0, limit).join("") + "…";
}
