/**
 * What an attack is given, and how one is run inside the hostile plugin: it is denied if it throws or
 * finds nothing.
 * @module
 */
import type { PluginContext } from "../../../../src/protocol/plugin.ts";

/** Where things are. All of it is outside the plugin's rights, but for `own`. */
export interface Targets {
  /** The plugin's data folder. */
  readonly own: string;
  readonly home: string;
  /** The person's own home folder. */
  readonly userHome: string;
  /** What every secret thing holds. */
  readonly canary: string;
  /** A port of this machine where a server answers with the canary. */
  readonly port: number;
  /** A name that the system resolves to an address of this machine that is not loopback by its name. */
  readonly hostName: string;
  readonly pid: number;
}

/** Returns what it got hold of; a text that holds the canary, or `true`, is an escape. */
export type Attack = (targets: Targets, context: PluginContext) => unknown;

/** Attacks by their names. */
export type Attacks = Readonly<Record<string, Attack>>;

/** How an attack ended. */
export interface Outcome {
  readonly name: string;
  readonly escaped: boolean;
  readonly detail: string;
}

const LIMIT_MS = 2_000;
// The plugin's own attacks change what they can reach; the harness inside keeps what it needs.
const later = setTimeout;

/** Runs one attack with a time limit; a hang got nothing. */
export async function runAttack(
  name: string,
  attack: Attack,
  targets: Targets,
  context: PluginContext,
): Promise<Outcome> {
  const late = new Promise<string>((resolve) => later(() => resolve("no answer"), LIMIT_MS));
  try {
    const found = await Promise.race([(async () => await attack(targets, context))(), late]);
    const text = found instanceof Uint8Array ? new TextDecoder().decode(found) : String(found);
    const escaped = found === true || text.includes(targets.canary);
    return { name, escaped, detail: text.slice(0, 120) };
  } catch (error) {
    const text = String(error);
    return { name, escaped: text.includes(targets.canary), detail: text.slice(0, 120) };
  }
}
