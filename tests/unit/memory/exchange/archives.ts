/**
 * Zip archives as other programs write them, and as nobody should.
 * @module
 */
import { type Zippable, zipSync } from "fflate";

/** An archive of files by their paths. @param level 0 stores them as they are */
export function zipOf(
  files: Readonly<Record<string, string>>,
  { level = 6 }: { readonly level?: 0 | 6 } = {},
): Uint8Array {
  const encoder = new TextEncoder();
  const contents: Zippable = {};
  for (const [path, text] of Object.entries(files)) contents[path] = encoder.encode(text);
  return zipSync(contents, { level });
}

/** Replaces every place where `from` stands by `to`, of the same length. */
export function patched(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const encoder = new TextEncoder();
  const [old, fresh] = [encoder.encode(from), encoder.encode(to)];
  const copy = bytes.slice();
  for (let at = 0; at + old.length <= copy.length; at++) {
    if (old.every((byte, index) => copy[at + index] === byte)) copy.set(fresh, at);
  }
  return copy;
}

/** Writes a number into each entry of the archive's list of contents. @param at the field's offset */
export function withListField(
  bytes: Uint8Array,
  at: number,
  value: number,
  width: 2 | 4,
): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (let place = 0; place + 46 <= copy.length; place++) {
    if (view.getUint32(place, true) !== 0x02014b50) continue;
    if (width === 2) view.setUint16(place + at, value, true);
    else view.setUint32(place + at, value, true);
  }
  return copy;
}
