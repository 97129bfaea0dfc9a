/**
 * Answers to questions that were asked before, kept for a while in files of the profile.
 * @module
 */
import * as z from "zod/mini";
import { readTextIfPresent } from "../durable/file.ts";
import { takeLock } from "../locking/file_lock.ts";
import { Usage } from "../protocol/message.ts";

/** An answer as it was given. */
const CachedAnswer = z.strictObject({
  /** Milliseconds since 1970. */
  at: z.number(),
  text: z.string(),
  /** What it took. */
  usage: Usage,
});
/** An answer as it was given. */
export type CachedAnswer = z.infer<typeof CachedAnswer>;

/** Sums of some days. */
const CacheFigures = z.strictObject({
  /** Questions that were answered from the cache, and those that a model answered. */
  hits: z.number(),
  misses: z.number(),
  /** Tokens that the answers from the cache took when a model gave them. */
  saved_tokens: z.number(),
});
/** Sums of some days. */
export type CacheFigures = z.infer<typeof CacheFigures>;

/** By the day, as `YYYY-MM-DD` in the person's time zone. */
const Days = z.record(z.string().check(z.regex(/^\d{4}-\d\d-\d\d$/)), CacheFigures);
type Days = z.infer<typeof Days>;

/** Where answers are kept. Whatever is wrong with its files, a question is asked all the same. */
export interface QueryCache {
  /** The answer of that key, if it is there and not too old. Never rejects. */
  find(key: string): Promise<CachedAnswer | undefined>;
  /** Keeps an answer; others may have to go for it. Never rejects. */
  keep(key: string, answer: CachedAnswer): Promise<void>;
  /** Counts a question. @param saved tokens, if it was answered from here. Never rejects. */
  count(saved: number | undefined): Promise<void>;
}

/** The bounds of a cache. */
export interface CacheBounds {
  readonly answers: number;
  /** Of all files together. */
  readonly bytes: number;
  /** UTF-16 units of one answer. */
  readonly units: number;
}

const BOUNDS: CacheBounds = { answers: 200, bytes: 4_000_000, units: 100_000 };
const FIGURES = "figures.json";
const FIGURE_DAYS = 62;
/** Files of others that hold the figures for longer than this, ms, keep this question from being counted. */
const COUNT_PATIENCE_MS = 300;
/** A file that was begun and never put into its place is removed after so long, ms. */
const LEFT_OVER_MS = 3_600_000;
const ANSWER_FILE = /^[0-9a-f]{64}\.json$/;

/** A cache in a folder of its own: a file an answer, the least recently used ones go first. */
export class FolderQueryCache implements QueryCache {
  readonly #folder: string;
  readonly #seconds: number;
  readonly #now: () => number;
  readonly #bounds: CacheBounds;

  /** @param seconds how long an answer is given again */
  constructor(
    folder: string,
    { seconds, now, bounds = BOUNDS }: {
      readonly seconds: number;
      readonly now: () => number;
      readonly bounds?: CacheBounds;
    },
  ) {
    this.#folder = folder;
    this.#seconds = seconds;
    this.#now = now;
    this.#bounds = bounds;
  }

  async find(key: string): Promise<CachedAnswer | undefined> {
    const path = this.#path(key);
    const answer = await readJson(path, CachedAnswer);
    const age = this.#now() - (answer?.at ?? 0);
    // One of the future is of a clock that was wrong.
    if (answer === undefined || age < 0 || age >= this.#seconds * 1_000) return undefined;
    const used = new Date(this.#now());
    await Deno.utime(path, used, used).catch(leave);
    return answer;
  }

  async keep(key: string, answer: CachedAnswer): Promise<void> {
    if (answer.text.length > this.#bounds.units) return;
    try {
      await Deno.mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await replace(this.#path(key), JSON.stringify(answer));
      await this.#makeRoom(key);
    } catch (cause) {
      leave(cause);
    }
  }

  async count(saved: number | undefined): Promise<void> {
    const path = `${this.#folder}/${FIGURES}`;
    try {
      await Deno.mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await using lock = await takeLock(`${path}.lock`, COUNT_PATIENCE_MS);
      if (lock === undefined) return;
      const days = await readJson(path, Days) ?? {};
      const today = dayOf(this.#now());
      const { hits, misses, saved_tokens } = days[today] ?? NOTHING;
      const counted = {
        hits: hits + (saved === undefined ? 0 : 1),
        misses: misses + (saved === undefined ? 1 : 0),
        saved_tokens: saved_tokens + (saved ?? 0),
      };
      const kept = Object.entries({ ...days, [today]: counted })
        .toSorted(([one], [other]) => one < other ? -1 : 1)
        .slice(-FIGURE_DAYS);
      await replace(path, JSON.stringify(Object.fromEntries(kept)));
    } catch (cause) {
      leave(cause);
    }
  }

  /** What was counted since a time. @param from milliseconds since 1970 */
  async figures(from: number): Promise<CacheFigures> {
    const days = await readJson(`${this.#folder}/${FIGURES}`, Days) ?? {};
    const first = dayOf(from);
    return Object.entries(days).filter(([day]) => day >= first).reduce((sum, [, one]) => ({
      hits: sum.hits + one.hits,
      misses: sum.misses + one.misses,
      saved_tokens: sum.saved_tokens + one.saved_tokens,
    }), NOTHING);
  }

  #path(key: string): string {
    return `${this.#folder}/${key}.json`;
  }

  /** Removes what is too old, and the least recently used ones beyond the bounds. @param but stays */
  async #makeRoom(but: string): Promise<void> {
    const files: { path: string; size: number; used: number }[] = [];
    for await (const { name, isFile } of Deno.readDir(this.#folder)) {
      if (!isFile) continue;
      const path = `${this.#folder}/${name}`;
      // Another process may remove it in this moment.
      const info = await Deno.stat(path).catch(leave);
      if (info === undefined) continue;
      const used = info.mtime?.getTime() ?? 0;
      const age = this.#now() - used;
      if (!ANSWER_FILE.test(name)) {
        if (name.endsWith(".tmp") && age > LEFT_OVER_MS) await Deno.remove(path).catch(leave);
      } else if (path === this.#path(but)) files.push({ path, size: info.size, used: Infinity });
      else if (age >= this.#seconds * 1_000) await Deno.remove(path).catch(leave);
      else files.push({ path, size: info.size, used });
    }
    const { answers, bytes } = this.#bounds;
    let [count, total] = [0, 0];
    for (const { path, size } of files.toSorted((one, other) => other.used - one.used)) {
      count++;
      total += size;
      const isOver = count > 1 && (count > answers || total > bytes);
      if (isOver) await Deno.remove(path).catch(leave);
    }
  }
}

const NOTHING: CacheFigures = { hits: 0, misses: 0, saved_tokens: 0 };

/** What a file says; `undefined` if there is none or it says nothing. */
async function readJson<T>(path: string, schema: z.ZodMiniType<T>): Promise<T | undefined> {
  try {
    const text = await readTextIfPresent(path);
    return text === undefined ? undefined : schema.safeParse(JSON.parse(text)).data;
  } catch (cause) {
    return leave(cause);
  }
}

/** Readers see the old text or the new one. It is not synced: what a power cut leaves of it is no answer. */
async function replace(path: string, text: string): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  try {
    await Deno.writeTextFile(temporary, text, { createNew: true, mode: 0o600 });
    await Deno.rename(temporary, path);
  } catch (cause) {
    await Deno.remove(temporary).catch(leave);
    throw cause;
  }
}

function dayOf(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, "0");
  return [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
}

/** A cache that cannot be read or written saves nothing; the question goes to the model. */
function leave(_cause: unknown): undefined {
  return undefined;
}
