/**
 * What a plan saw, kept until the call is run: a room may end while the person thinks about it.
 * @module
 */
import { createHash, randomBytes } from "node:crypto";
import type { Json } from "pyra/sdk";
import { FileError } from "./file_error.ts";
import type { State } from "./state.ts";

/** Places by their resolved paths, and what was there. */
export type Seen = Readonly<Record<string, State>>;

const KEPT = 64;
const KEPT_MS = 24 * 3_600_000;

/** The agreements of one data folder. */
export class Agreements {
  readonly #folder: string;

  constructor(dataFolder: string) {
    this.#folder = `${dataFolder}/agreements`;
  }

  /** Keeps what a plan saw. */
  add(tool: string, input: Readonly<Record<string, Json>>, seen: Seen): void {
    Deno.mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const names = this.#names();
    for (const name of names.slice(0, Math.max(names.length - KEPT + 1, 0))) this.#drop(name);
    const time = String(Date.now()).padStart(15, "0");
    const name = `${time}-${keyOf(tool, input)}-${randomBytes(4).toString("hex")}.json`;
    Deno.writeFileSync(`${this.#folder}/${name}`, new TextEncoder().encode(JSON.stringify(seen)), {
      mode: 0o600,
      createNew: true,
    });
  }

  /**
   * What the newest plan of this very call saw; it counts once.
   * @throws {FileError} `changed` if there is none
   */
  take(tool: string, input: Readonly<Record<string, Json>>): Seen {
    const key = keyOf(tool, input);
    const oldest = Date.now() - KEPT_MS;
    const name = this.#names().findLast((name) =>
      name.includes(`-${key}-`) && Number(name.slice(0, 15)) > oldest
    );
    if (name !== undefined) {
      const text = this.#read(name);
      // Whoever removed it has taken it.
      if (text !== undefined && this.#drop(name)) return JSON.parse(text);
    }
    throw new FileError(
      "changed",
      "what was agreed to is not known any more; call this tool again",
    );
  }

  #read(name: string): string | undefined {
    try {
      return Deno.readTextFileSync(`${this.#folder}/${name}`);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  #drop(name: string): boolean {
    try {
      Deno.removeSync(`${this.#folder}/${name}`);
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }

  #names(): string[] {
    try {
      return [...Deno.readDirSync(this.#folder)].map(({ name }) => name).sort();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  }
}

function keyOf(tool: string, input: Readonly<Record<string, Json>>): string {
  const entries = Object.entries(input).sort(([a], [b]) => a < b ? -1 : 1);
  return createHash("sha256").update(JSON.stringify([tool, entries])).digest("hex").slice(0, 32);
}
