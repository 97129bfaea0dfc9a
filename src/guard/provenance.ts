/**
 * How a model is sent what others wrote: in a fence with a random marker of the turn, named as data. The
 * session and the screen have it as it came. And what a piece's origin makes of the conversation.
 * @module
 */
import { oneLine } from "../protocol/foreign_text.ts";
import type { Message, Part } from "../protocol/message.ts";
import { isUntrusted, type Origin, originText } from "../protocol/origin.ts";
import type { Marks, Provenance } from "../protocol/tool.ts";

/** Bytes of chance in a marker: nobody hits it by trying. */
export const MARKER_BYTES = 10;
const FROM_UNITS = 120;
const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
/** What older versions kept without an origin. */
const UNKNOWN: Origin = { kind: "tool", tool: "", from: "a tool", trusted: false };

/** The marker of these bytes: 16 letters and digits. @param bytes `MARKER_BYTES` random ones */
export function markerOf(bytes: Uint8Array): string {
  let marker = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) marker += LETTERS[(held >> (bits - 5)) & 31];
    held &= 31;
  }
  return marker;
}

/** Text in the fence of a marker. It cannot end it: whatever looks like the marker is taken out of it. */
export function fencedBy(marker: string, text: string, from: string): string {
  return `${opening(marker, from)}\n${withoutMarker(text, marker)}\n${closing(marker)}`;
}

/**
 * Messages of one turn as a model is sent them: untrusted parts fenced, images between two lines, origins
 * left out.
 * @param marker the turn's: the same each time, so that what was sent before stays as it was
 */
export function sentMessages(messages: readonly Message[], marker: string): Message[] {
  return messages.map((message): Message => {
    if (message.role === "user") return { role: "user", parts: sentParts(message.parts, marker) };
    if (message.role !== "tool") return message;
    const { origin = UNKNOWN, role, call_id, text } = message;
    return { role, call_id, text: isUntrusted(origin) ? fenced(text, origin, marker) : text };
  });
}

/** Parts of a question as a model is sent them; see {@linkcode sentMessages}. */
export function sentParts(parts: readonly Part[], marker: string): Part[] {
  return parts.flatMap(({ origin, ...part }): Part[] => {
    if (origin === undefined || !isUntrusted(origin)) return [part];
    if (part.type === "text") return [{ ...part, text: fenced(part.text, origin, marker) }];
    const { name: _name, ...image } = part;
    return [
      { type: "text", text: opening(marker, originText(origin)) },
      image,
      { type: "text", text: closing(marker) },
    ];
  });
}

/** What these messages make of the conversation that holds them, as far as their origins tell. */
export function marksOfMessages(messages: readonly Message[]): Marks {
  const origins = messages.flatMap((message): Origin[] => {
    if (message.role === "tool") return [message.origin ?? UNKNOWN];
    if (message.role !== "user") return [];
    return message.parts.flatMap(({ origin }) => origin === undefined ? [] : [origin]);
  });
  return {
    untrusted: provenanceOf(origins.find(isUntrusted)),
    sensitive: provenanceOf(origins.find(isPrivate)),
  };
}

/**
 * Whether it is private by itself: notes, what the person handed over, messages, and what is not known.
 * What a tool has read, its effects tell.
 */
function isPrivate(origin: Origin): boolean {
  return origin.kind === "memory" || origin.kind === "input" || origin.kind === "sender" ||
    origin === UNKNOWN;
}

function provenanceOf(origin: Origin | undefined): Provenance | undefined {
  return origin === undefined ? undefined : { from: originText(origin) };
}

function fenced(text: string, origin: Origin, marker: string): string {
  return fencedBy(marker, text, originText(origin));
}

function opening(marker: string, from: string): string {
  const words = oneLine(withoutMarker(from, marker).replace(/[[\]]/g, " "), FROM_UNITS);
  return `[data ${marker} from ${words || "others"}]`;
}

function closing(marker: string): string {
  return `[end ${marker}]`;
}

function withoutMarker(text: string, marker: string): string {
  // What is left of one that was taken out must not be one again: so something stands in its place.
  return text.replace(new RegExp(marker, "gi"), "…");
}
