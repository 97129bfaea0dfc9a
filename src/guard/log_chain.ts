/**
 * Checks the logs that the kernel chains: each line ends with its number and the hash of the line
 * before, and the head keeps the number and the hash of the last one. Lines are bytes, since what is
 * no text any more was changed, too.
 * @module
 */
import { Buffer } from "node:buffer";
import * as z from "zod/mini";

const LINE_FEED = 10;
/** What the kernel never writes; longer lines are not held whole. */
const LINE_BYTES = 1024 * 1024;
/** So many faults are named; the others are counted. */
const FAULTS_LIMIT = 100;
/** So many gaps are known by their places, the first ones; the others are counted. */
const GAPS_LIMIT = 1_000;
/** The end of a line is ASCII; this much holds it. */
const ENDING_BYTES = 120;
const ENDING = /,"number":([1-9][0-9]{0,15}),"before":"([0-9a-f]{64})"\}$/;

const CHANGED = "this line was changed";

const hash = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const count = z.int().check(z.minimum(0));

/** Where a log ends, and of which files it consists, oldest first, as `log_heads.json` has it. */
export const ChainHead = z.object({
  /** The number of the last line; the first one ever has 1. */
  count,
  /** The SHA-256 of the last line without its line feed, hex. */
  hash,
  /** Bytes of the last file. */
  size: count,
  parts: z.array(z.object({
    /** Its path in the profile. */
    file: z.string(),
    /** The number of its first line. */
    first: count,
    /** The hash of the line before that. */
    before: hash,
  })).check(z.minLength(1)),
});
/** Where a log ends, and of which files it consists. */
export type ChainHead = z.infer<typeof ChainHead>;

/** What is wrong at one place of a log. */
export interface ChainFault {
  readonly kind: "missing" | "changed" | "moved" | "inserted" | "cut_off";
  readonly file: string;
  /** The line's place in the file, from 1; where lines are missing, that of the line behind the gap. */
  readonly line: number;
  /** One sentence without a full stop, lower case. */
  readonly message: string;
}

/** What a check came to. */
export interface ChainReport {
  readonly faults: readonly ChainFault[];
  /** Faults that are not named. */
  readonly more: number;
  /** Lines that were read. */
  readonly lines: number;
  /** Lines behind the head that fit: a run has just written them, or ended before it noted that. */
  readonly ahead: number;
}

interface Place {
  readonly file: string;
  readonly line: number;
}

/** Checks one log: `part` for each file of the head, in order, with `bytes` between; then `end`. */
export class ChainCheck {
  readonly #head: ChainHead;
  readonly #hash: (line: Uint8Array) => string;
  readonly #faults: ChainFault[] = [];
  /** Numbers that were passed over, as `[first, last]`, and where. */
  readonly #gaps: { readonly first: number; readonly last: number; readonly at: Place }[] = [];
  #more = 0;
  #lines = 0;
  #ahead = 0;
  #file = "";
  #line = 0;
  #rest: Uint8Array[] = [];
  #restBytes = 0;
  /** The number and the hash of the last line that was in its place. */
  #number: number;
  #last: string;
  #lastAt: Place | undefined;
  /** A line that contradicts the one before it: one of the two was changed. */
  #doubt: { readonly before: Place | undefined; readonly at: Place } | undefined;

  /** @param hash the SHA-256 as hex */
  constructor(head: ChainHead, hash: (line: Uint8Array) => string) {
    this.#head = head;
    this.#hash = hash;
    const first = head.parts[0];
    this.#number = (first?.first ?? 1) - 1;
    this.#last = first?.before ?? "";
  }

  /** The next file begins. */
  part(file: string): void {
    this.#endOfFile();
    this.#file = file;
    this.#line = 0;
  }

  /** The next bytes of the file. */
  bytes(chunk: Uint8Array): void {
    let from = 0;
    for (let end; (end = chunk.indexOf(LINE_FEED, from)) >= 0; from = end + 1) {
      this.#take(chunk.subarray(from, end));
      this.#endOfLine();
    }
    if (from < chunk.length) this.#take(chunk.slice(from));
  }

  /** All files were read. */
  end(): ChainReport {
    this.#endOfFile();
    const { count, hash, parts } = this.#head;
    if (this.#number === count) this.#witness(hash);
    else if (this.#number < count) {
      this.#witness(undefined);
      const at = { file: this.#file, line: this.#line + 1 };
      this.#add("cut_off", at, `${numbers(this.#number + 1, count)} missing at the end`);
    }
    for (const { first, last, at } of this.#gaps) {
      this.#add("missing", at, `${numbers(first, last)} missing before this one`);
    }
    const files = parts.map(({ file }) => file);
    const faults = this.#faults.toSorted((a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line
    );
    return { faults, more: this.#more, lines: this.#lines, ahead: this.#ahead };
  }

  #take(bytes: Uint8Array): void {
    this.#restBytes += bytes.length;
    if (this.#restBytes <= LINE_BYTES) this.#rest.push(bytes);
  }

  #endOfFile(): void {
    if (this.#restBytes === 0) return;
    this.#rest = [];
    this.#restBytes = 0;
    const at = { file: this.#file, line: ++this.#line };
    this.#add("cut_off", at, "this line has no end; a power cut can do that, too");
  }

  #endOfLine(): void {
    const size = this.#restBytes;
    const bytes = size > LINE_BYTES ? undefined : Buffer.concat(this.#rest, size);
    this.#rest = [];
    this.#restBytes = 0;
    this.#lines++;
    const at = { file: this.#file, line: ++this.#line };
    const ending = bytes && ENDING.exec(
      String.fromCharCode(...bytes.subarray(-ENDING_BYTES)),
    );
    if (bytes === undefined || !ending) {
      return this.#add("inserted", at, "this is no line of the log, or one that was changed");
    }
    this.#check(Number(ending[1]), ending[2] ?? "", this.#hash(bytes), at);
  }

  #check(number: number, before: string, hash: string, at: Place): void {
    const expected = this.#number + 1;
    const { count } = this.#head;
    if (number < expected) return this.#outOfPlace(number, at);
    if (number > count) {
      // The head has the last word on the line that it knows.
      if (this.#number === count) this.#witness(this.#head.hash);
      if (number > expected || before !== this.#last) {
        return this.#add("inserted", at, "this line stands behind the end of the log");
      }
      this.#ahead++;
    } else if (number > expected) {
      this.#witness(undefined);
      this.#gaps.push({ first: expected, last: number - 1, at });
      this.#boundGaps();
    } else if (!this.#witness(before)) this.#doubt = { before: this.#lastAt, at };
    this.#number = number;
    this.#last = hash;
    this.#lastAt = at;
  }

  /** A line that comes too late: one that was passed over before, or a second one of that number. */
  #outOfPlace(number: number, at: Place): void {
    const index = this.#gaps.findIndex(({ first, last }) => first <= number && number <= last);
    const gap = this.#gaps[index];
    if (gap === undefined) {
      return this.#add("inserted", at, `line number ${number} stands here a second time`);
    }
    this.#add("moved", at, `line number ${number} stands in a wrong place`);
    const left = [{ ...gap, last: number - 1 }, { ...gap, first: number + 1 }];
    this.#gaps.splice(index, 1, ...left.filter(({ first, last }) => first <= last));
    this.#boundGaps();
  }

  /** Each line may bring one gap more, and be looked for in all of them. */
  #boundGaps(): void {
    if (this.#gaps.length <= GAPS_LIMIT) return;
    this.#gaps.pop();
    this.#more++;
  }

  /**
   * Hears what the line behind the last one, or the head, says of its hash. A line that contradicts the
   * one before it was changed itself if this contradicts it, too; else the one before it was.
   * @param hash `undefined` if nobody says it
   * @returns whether there is no contradiction that is still to be explained
   */
  #witness(hash: string | undefined): boolean {
    const doubt = this.#doubt;
    this.#doubt = undefined;
    const agrees = hash === this.#last;
    if (doubt !== undefined) {
      this.#add("changed", (agrees ? doubt.before : undefined) ?? doubt.at, CHANGED);
      return true;
    }
    if (agrees || hash === undefined) return true;
    if (hash !== this.#head.hash || this.#number !== this.#head.count) return false;
    if (this.#lastAt !== undefined) this.#add("changed", this.#lastAt, CHANGED);
    return true;
  }

  #add(kind: ChainFault["kind"], { file, line }: Place, message: string): void {
    if (this.#faults.length >= FAULTS_LIMIT) this.#more++;
    else this.#faults.push({ kind, file, line, message });
  }
}

function numbers(first: number, last: number): string {
  return first === last ? `line number ${first} is` : `lines number ${first} to ${last} are`;
}
