/**
 * What an attack is given, and how one is run: it is denied if it throws or finds nothing.
 * @module
 */

/** Where things are. Everything but `own` is outside the room's rights. */
export interface Targets {
  /** A folder that the room may read and write. */
  readonly own: string;
  readonly home: string;
  readonly vault: string;
  /** A file of the vault whose content holds `canary`. */
  readonly secret: string;
  readonly canary: string;
  /** A Unix socket and a TCP port on which something listens. */
  readonly socket: string;
  readonly port: number;
}

/** Returns what it got hold of; a text that holds the canary, or `true`, is an escape. */
export type Attack = (targets: Targets) => unknown;

/** How an attack ended. */
export interface Outcome {
  readonly name: string;
  readonly escaped: boolean;
  readonly detail: string;
}

const LIMIT_MS = 2_000;

/** Runs one attack with a time limit; a hang got nothing. */
export async function runAttack(name: string, attack: Attack, targets: Targets): Promise<Outcome> {
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve("no answer"), LIMIT_MS);
  try {
    const found = await Promise.race([(async () => await attack(targets))(), late]);
    const text = found instanceof Uint8Array ? new TextDecoder().decode(found) : String(found);
    const escaped = found === true || text.includes(targets.canary);
    return { name, escaped, detail: text.slice(0, 120) };
  } catch (error) {
    const text = String(error);
    return { name, escaped: text.includes(targets.canary), detail: text.slice(0, 120) };
  } finally {
    clearTimeout(timer);
  }
}
