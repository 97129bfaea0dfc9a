/**
 * Redaction of a text that comes in pieces.
 * @module
 */
import { tableOf } from "./characters.ts";
import { findSecrets, openFrom } from "./scan.ts";
import { masked, type Secret } from "./secret.ts";

/** Of what was given out, so much is kept to know what stands before a value. */
const CONTEXT_CHARACTERS = 1_024;
/** No more is held back: a secret that is longer loses its beginning and all that follows it. */
const HELD_CHARACTERS = 8 * 1024;
/** The longest part of a secret that is left out after its mask was given out. */
const DROPPED_CHARACTERS = 64 * 1024;
/** A private key's last line. */
const BLOCK_END = /-----END [A-Z0-9 ]{0,40}-----$/;
const BLOCK_END_CHARACTERS = 64;

/**
 * Takes secrets out of a text that comes in pieces. What it gives, joined, is what `redact` makes of the
 * whole text, or less of it. Only what may be the beginning of a secret is held back, at most 8,192
 * characters. What cannot be known in time stays: a private key whose first line never came.
 */
export class RedactionStream {
  /** Given out already. */
  #context = "";
  #held = "";
  /** What is left out of what comes, and how much of it still. */
  #dropping: { readonly isBlock: boolean; left: number; tail: string } | undefined;

  /** What may be given out now that `piece` has come. */
  push(piece: string): string {
    this.#held += this.#dropping === undefined ? piece : this.#drop(piece);
    return this.#held === "" ? "" : this.#give({ isEnd: false });
  }

  /** The rest. The next piece begins another text. */
  end(): string {
    const rest = this.#held === "" ? "" : this.#give({ isEnd: true });
    this.#context = "";
    this.#dropping = undefined;
    return rest;
  }

  #give({ isEnd }: { readonly isEnd: boolean }): string {
    const from = this.#context.length;
    const text = this.#context + this.#held;
    const secrets = findSecrets(text);
    const open = isEnd ? text.length : openFrom(text, from, secrets);
    const isFull = text.length - open > HELD_CHARACTERS;
    const until = isFull ? fullCut(text, open, secrets) : open;
    const last = secrets.at(-1);
    const isCut = isFull && until === text.length && text.slice(last?.end).trim() === "";
    const given = masked(text.slice(from, until), within(secrets, from, until));
    if (isCut && last !== undefined) {
      const isBlock = last.kind === "private key";
      this.#dropping = { isBlock, left: DROPPED_CHARACTERS, tail: "" };
    }
    this.#context = text.slice(Math.max(0, until - CONTEXT_CHARACTERS), until);
    this.#held = text.slice(until);
    return again(given);
  }

  /** What is left of a piece behind the secret whose mask was given out. */
  #drop(piece: string): string {
    const dropping = this.#dropping;
    if (dropping === undefined) return piece;
    const table = tableOf("any");
    for (let at = 0; at < piece.length; at++) {
      const code = piece.charCodeAt(at);
      const isOfBlock = dropping.isBlock && (code <= 32 || code === 92);
      const isMore = dropping.left-- > 0 && (table[code] === 1 || isOfBlock);
      if (isMore && dropping.isBlock) {
        dropping.tail = (dropping.tail + piece[at]).slice(-BLOCK_END_CHARACTERS);
      }
      if (isMore && !(dropping.isBlock && code === 45 && BLOCK_END.test(dropping.tail))) continue;
      this.#dropping = undefined;
      return piece.slice(isMore ? at + 1 : at);
    }
    return "";
  }
}

/** Where to cut a text of which too much is held back: at its end, if a secret is open there. */
function fullCut(text: string, open: number, secrets: readonly Secret[]): number {
  const cut = Math.max(open, text.length - HELD_CHARACTERS / 2);
  const across = secrets.find(({ start, end }) => start < cut && end >= cut);
  if (across === undefined) return cut;
  return text.slice(across.end).trim() === "" ? text.length : across.end;
}

/** The secrets between two places, as offsets from the first. */
function within(secrets: readonly Secret[], from: number, until: number): Secret[] {
  return secrets.filter(({ start, end }) => end > from && start < until).map((secret) => ({
    ...secret,
    start: Math.max(secret.start, from) - from,
    end: Math.min(secret.end, until) - from,
  }));
}

/** Without what came to light when secrets were taken out. */
function again(text: string): string {
  return masked(text, findSecrets(text));
}
