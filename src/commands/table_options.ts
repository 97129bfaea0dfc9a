/**
 * Options that several commands take.
 * @module
 */
import type { OptionEntry } from "./command_entry.ts";

/** The provider to ask. */
export const PROVIDER: OptionEntry = {
  flag: "--provider",
  short: "-p",
  value: "ID",
  description: "the provider to ask",
  complete: "provider",
};
/** The model to ask. */
export const MODEL: OptionEntry = {
  flag: "--model",
  short: "-m",
  value: "MODEL",
  description: "the model to ask",
};
/** The person's system text. */
export const SYSTEM: OptionEntry = {
  flag: "--system",
  short: "-s",
  value: "TEXT",
  description: "instructions for the model",
};
/** The session to go on with. */
export const SESSION: OptionEntry = {
  flag: "--session",
  value: "ID",
  description: "goes on with this conversation (the start of its id is enough)",
};
/** Goes on with the latest session. */
export const CONTINUE: OptionEntry = {
  flag: "--continue",
  short: "-c",
  description: "goes on with the latest conversation",
};
/** A run that does without the daemon. */
export const NO_DAEMON: OptionEntry = {
  flag: "--no-daemon",
  description: "does not use the daemon, should one run",
};
/** What models may do with tools in one run. */
export const TOOL_OPTIONS: readonly OptionEntry[] = [
  {
    flag: "--allow",
    value: "TOOL",
    description: "lets the model use this tool without asking",
    repeatable: true,
  },
  {
    flag: "--deny",
    value: "TOOL",
    description: "never lets the model use this tool",
    repeatable: true,
  },
  {
    flag: "--yes",
    short: "-y",
    description: "asks about no tool but those that run programs",
  },
  { flag: "--no-tools", description: "offers the model no tools" },
];
/** How many rows to show. */
export const LIMIT: OptionEntry = {
  flag: "--limit",
  short: "-n",
  value: "N",
  description: "shows so many at most (default 20)",
};
/** How the identity is kept. */
export const VAULT_MODE: OptionEntry = {
  flag: "--vault",
  value: "MODE",
  description: "how the vault is opened: keystore, passphrase, keyfile or gpg",
  complete: ["keystore", "passphrase", "keyfile", "gpg"],
};
/** The key of the mode `gpg`. */
export const GPG_KEY: OptionEntry = {
  flag: "--gpg-key",
  value: "ID",
  description: "the GPG key of the mode gpg",
};
/** The options that every command takes, anywhere before `--`. The kernel reads all but `--help`. */
export const GLOBAL_OPTIONS: readonly OptionEntry[] = [
  {
    flag: "--home",
    value: "DIR",
    description: "where Pyra keeps everything (default ~/.pyra, or PYRA_HOME)",
    path: "kernel",
    complete: "file",
  },
  {
    flag: "--profile",
    value: "NAME",
    description: "a separate set of settings, notes and conversations",
  },
  {
    flag: "--workspace",
    value: "DIR",
    description: "the folder to work in (default: the current one)",
    path: "kernel",
    complete: "file",
  },
  {
    flag: "--passphrase-fd",
    value: "N",
    description: "reads the vault's passphrase from this descriptor, a pipe",
  },
  { flag: "--json", description: "prints machine-readable output only" },
  { flag: "--no-color", description: "prints without colour (so does NO_COLOR)" },
  { flag: "--quiet", short: "-q", description: "prints no notices" },
  { flag: "--verbose", description: "prints the causes of an error" },
  { flag: "--version", description: "prints the version" },
  { flag: "--help", short: "-h", description: "prints this, or a command's help" },
];
