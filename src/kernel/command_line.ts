/**
 * What the kernel reads of the command line: the global options, the command's words, and the paths
 * that the person typed. The rest is for the app room, which parses all of it properly.
 * @module
 */
import type { GlobalOptions } from "../protocol/kernel_calls.ts";
import { KernelError } from "./error.ts";

/** The command line as the kernel sees it. */
export interface CommandLine {
  readonly options: GlobalOptions;
  readonly home: string | undefined;
  readonly profile: string | undefined;
  readonly workspace: string | undefined;
  /** The number of a file descriptor to read the vault's passphrase from. */
  readonly passphraseFd: number | undefined;
  /** Everything but the global options. */
  readonly rest: readonly string[];
  /** `chat`, `vault set`, … as far as words without a dash go, at most two; empty for none. */
  readonly words: readonly string[];
}

const FLAGS: Readonly<Record<string, keyof GlobalOptions>> = {
  "--json": "json",
  "--no-color": "color",
  "--quiet": "quiet",
  "-q": "quiet",
  "--verbose": "verbose",
};
const VALUES = ["--home", "--profile", "--workspace", "--passphrase-fd"] as const;

/**
 * Options whose values are paths, per command, and arguments by their number behind the command's words
 * (such a command has no other options with values, but for those below). What stands there was typed by
 * the person, so the app room may read it (`read`), or write it (`write`), in this run.
 */
export const PATH_OPTIONS: Readonly<
  Record<string, readonly { readonly at: string | number; readonly access: "read" | "write" }[]>
> = {
  ask: [{ at: "--attach", access: "read" }],
  "sessions export": [{ at: "--output", access: "write" }],
  "memory export": [{ at: "--output", access: "write" }],
  "memory import": [{ at: 0, access: "read" }],
  "plugin install": [{ at: 0, access: "read" }],
  "plugin new": [{ at: 0, access: "write" }],
  "plugin dev": [{ at: 0, access: "read" }],
  "plugin test": [{ at: 0, access: "read" }],
  "security scan": [{ at: 0, access: "read" }],
  "security redact": [{ at: 0, access: "read" }],
  "security risk": [{ at: "--file", access: "read" }],
  "schedule add": [{ at: "--output", access: "write" }],
};
/** Options with values beside a path that goes by its number. */
const VALUES_BESIDE_PATHS = ["--kind"];

/** Commands of two words; the others have one. */
const GROUPS = "config sessions memory recipe vault plugin tools security daemon schedule".split(
  " ",
);

/** Reads the global options anywhere before `--`. @throws {KernelError} `usage` for a missing value */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const options = { json: false, color: true, quiet: false, verbose: false };
  const values: Partial<Record<(typeof VALUES)[number], string>> = {};
  const rest: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? "";
    if (argument === "--") {
      rest.push(...args.slice(index));
      break;
    }
    const flag = Object.hasOwn(FLAGS, argument) ? FLAGS[argument] : undefined;
    const name = VALUES.find((value) => argument === value || argument.startsWith(`${value}=`));
    if (flag) options[flag] = flag !== "color";
    else if (name) {
      const value = argument === name ? args[++index] : argument.slice(name.length + 1);
      if (!value) throw new KernelError("usage", `${name} needs a value`, "see pyra --help");
      values[name] = value;
    } else rest.push(argument);
  }
  const { "--passphrase-fd": fd, "--home": home, "--profile": profile } = values;
  if (fd !== undefined && !/^[0-9]{1,4}$/.test(fd)) {
    throw new KernelError("usage", "--passphrase-fd needs the number of an open descriptor");
  }
  const passphraseFd = fd === undefined ? undefined : Number(fd);
  const workspace = values["--workspace"];
  return { options, home, profile, workspace, passphraseFd, ...lineOfWords(rest) };
}

/** Whether a daemon runs it for a client: a question or a chat, that reads no descriptor of its process. */
export function isServed({ words: [word], passphraseFd }: CommandLine): boolean {
  return ["ask", "chat", undefined].includes(word) && passphraseFd === undefined;
}

function commandWords([first, second]: readonly string[]): string[] {
  if (first === undefined || first.startsWith("-") || /\s/.test(first)) return [];
  const isPair = GROUPS.includes(first) && second !== undefined && !second.startsWith("-");
  return isPair ? [first, second] : [first];
}

/** A command line without global options, from its words. */
export function lineOfWords(rest: readonly string[]): Pick<CommandLine, "rest" | "words"> {
  return { rest, words: commandWords(rest) };
}

/** The values of an option in the command line (`--name value` and `--name=value`), before `--`. */
export function optionValues({ rest }: Pick<CommandLine, "rest">, name: string): string[] {
  const end = rest.indexOf("--");
  const args = end < 0 ? rest : rest.slice(0, end);
  return args.flatMap((argument, index) => {
    if (argument.startsWith(`${name}=`)) return [argument.slice(name.length + 1)];
    const value = argument === name ? args[index + 1] : undefined;
    return value === undefined ? [] : [value];
  });
}

/** The first value of an option. */
export function optionValue(line: Pick<CommandLine, "rest">, name: string): string | undefined {
  return optionValues(line, name)[0];
}

/** `https://host/path` and `git@host:path` are no paths. */
const ADDRESS = /:\/\/|^[\w.-]+@[\w.-]+:/;

/** The paths that the command line names, relative as typed, with the access they are named for. */
export function namedPaths(
  line: Pick<CommandLine, "rest" | "words">,
): { path: string; access: "read" | "write" }[] {
  const behind = line.rest.slice(line.words.length);
  const words = behind.filter((word, index) =>
    !word.startsWith("-") && !ADDRESS.test(word) &&
    !VALUES_BESIDE_PATHS.includes(behind[index - 1] ?? "")
  );
  return (PATH_OPTIONS[line.words.join(" ") || "ask"] ?? []).flatMap(({ at, access }) => {
    const paths = typeof at === "number" ? words.slice(at, at + 1) : optionValues(line, at);
    return paths.map((path) => ({ path, access }));
  });
}
