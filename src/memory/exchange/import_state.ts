/**
 * The line in an imported note that tells whether the person changed it since, and what the source said
 * then: `import_state: <source's hash>.<note's hash>.<place's hash>`. There is no other record, so notes may
 * be moved and synced as the person likes.
 * @module
 */
import { splitText } from "../note/front_matter.ts";

/** Fields that do not count as a change by the person: Pyra keeps them itself. */
const NOT_COUNTED = /^(?:import_state|created|updated)[ \t]*:[^\n]*\n/gm;
const STATE_LINE = /^import_state[ \t]*:[^\n]*\n/gm;
const STATE = /^import_state:[ \t]*([0-9a-f]{12})\.([0-9a-f]{12})(?:\.([0-9a-f]{12}))?[ \t]*\r?$/m;

/** What a note's line says. */
export interface ImportState {
  /** The hash of the source's version when it was imported. */
  readonly version: string;
  /** The hash of the place it came from; empty if its source is the only one of its name. */
  readonly place: string;
  /** Whether the note was changed since. */
  readonly isEdited: boolean;
}

/** The text with its state as the last field of its front matter, which it must have. */
export async function withState(
  text: string,
  item: { readonly version: string; readonly place: string },
): Promise<string> {
  const { head, fields, tail, body } = splitText(text);
  const others = fields.replace(STATE_LINE, "");
  const hashes = [
    await shortHash(item.version),
    await shortHash(counted(`${head}${others}${tail}${body}`)),
    ...(item.place === "" ? [] : [await shortHash(item.place)]),
  ];
  return `${head}${others}import_state: ${hashes.join(".")}\n${tail}${body}`;
}

/** What a note's front matter says of its import; `undefined` if it was not imported. */
export async function stateOf(text: string): Promise<ImportState | undefined> {
  const [, version, hash, place = ""] = STATE.exec(splitText(text).fields) ?? [];
  if (version === undefined || hash === undefined) return undefined;
  return { version, place, isEdited: await shortHash(counted(text)) !== hash };
}

/** The text without the fields that do not count, without a byte order mark and with plain line ends. */
function counted(text: string): string {
  const { head, fields, tail, body } = splitText(
    text.replaceAll("\r\n", "\n").replace(/^\ufeff/, ""),
  );
  return `${head}${fields.replace(NOT_COUNTED, "")}${tail}${body}`;
}

/** Twelve hexadecimal digits of SHA-256: enough to tell the versions of one file apart. */
export async function shortHash(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(hash, 0, 6).toHex();
}
