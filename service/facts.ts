/**
 * What a service's file is made from, and which texts no such file can hold.
 * @module
 */

/** Everything that differs from one installation to the next. Paths are absolute. */
export interface ServiceFacts {
  /** The executable and all its arguments. */
  readonly program: readonly string[];
  /** The folder with the profiles, that of `--home`. */
  readonly home: string;
  /** The profile's name. */
  readonly profile: string;
  /** The profile's folder of logs. */
  readonly logs: string;
  /** Where it starts and what jobs may write: the person's home folder. */
  readonly workspace: string;
  /** Who it runs as, as the system names them. */
  readonly user: string;
  /** The `PATH` that programs are looked for in. */
  readonly path: string;
  /** The permission bits that new files do not get, the person's own. */
  readonly umask: number;
  /** The service's name: letters, digits, `-` and `_` of ASCII. */
  readonly label: string;
  /** A file with the vault's passphrase, for systemd: `encrypted` by `systemd-creds`, or plain. */
  readonly credential?: { readonly file: string; readonly encrypted: boolean };
  /** Folders beside the usual ones that may be written to. */
  readonly writable: readonly string[];
  /** Without it what only a namespace of its own can hold is left out. */
  readonly confined: boolean;
}

/** A file that holds this was made by Pyra. */
export const MARKER = "made by pyra daemon install";

/** Why these facts cannot be written down, or `undefined` if they can. */
export function unwritable(facts: ServiceFacts): string | undefined {
  const { program, home, logs, workspace, user, path, label, writable, credential } = facts;
  const whole = [workspace, ...(credential ? [credential.file] : [])];
  const texts = [...program, ...whole, ...writable, home, logs, user, path, facts.profile];
  // The files are lines, or XML; neither can hold these.
  // deno-lint-ignore no-control-regex
  const bad = texts.find((text) => /[\0-\x08\x0a-\x1f\x7f]/.test(text) || !text.isWellFormed());
  if (bad !== undefined) return `${JSON.stringify(bad)} has characters that no service can have`;
  // Some lines of a unit have no quotes: what ends so would be cut off, or go on in the next line.
  const cut = whole.find((text) => /[\s\\]$/.test(text));
  if (cut !== undefined) return `${JSON.stringify(cut)} ends in a way that no service can have`;
  return /^[\w-]{1,100}$/.test(label) ? undefined : `${JSON.stringify(label)} is no service's name`;
}
