/**
 * Which command the words of the command line mean.
 * @module
 */
import { allCommands, type NamedCommand } from "./command_entry.ts";
import { usageError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { COMMANDS } from "./table.ts";

/** What is to be done. */
export type Invocation =
  | { readonly kind: "run"; readonly named: NamedCommand; readonly rest: readonly string[] }
  /** Without a command: of Pyra itself. */
  | { readonly kind: "help"; readonly named: NamedCommand | undefined };

const ALL = allCommands(COMMANDS);

/** The command of these words, groups included. */
export function findCommand(words: readonly string[]): NamedCommand | undefined {
  return ALL.find((named) => named.words.join(" ") === words.join(" "));
}

/**
 * Finds the command of a command line.
 * @param piped whether standard input is no terminal
 * @throws {PyraError} `usage` for a word that is no command
 */
export function resolveInvocation(
  argv: readonly string[],
  { piped }: { readonly piped: boolean },
): Invocation {
  const end = argv.indexOf("--");
  const options = end < 0 ? argv : argv.slice(0, end);
  const help = options.includes("--help") || options.includes("-h");
  const args = help ? argv.filter((word) => word !== "--help" && word !== "-h") : argv;
  if (options.includes("--version")) return run("version", []);
  const first = args[0];
  if (first === undefined) {
    return help ? { kind: "help", named: undefined } : run(piped ? "ask" : "chat", []);
  }
  if (isSentence(first)) return help ? helpOf("ask") : run("ask", asWords(args));
  if (first.startsWith("-")) {
    return help ? { kind: "help", named: undefined } : withoutCommand(args, { piped });
  }
  const named = namedBy(args);
  if (help) return { kind: "help", named };
  const rest = args.slice(named.words.length);
  if (named.entry.commands.length > 0) {
    throw usageError(
      `pyra ${named.words.join(" ")} needs one of ${
        named.entry.commands.map(({ name }) => name).join(", ")
      }`,
      `see pyra ${named.words.join(" ")} --help`,
    );
  }
  return { kind: "run", named, rest };
}

/** The command that `pyra help WORDS…` is about. @throws {PyraError} `usage` */
export function resolveHelp(words: readonly string[]): NamedCommand | undefined {
  if (words.length === 0) return undefined;
  const named = namedBy(words);
  if (named.words.length < words.length) throw unknown(words);
  return named;
}

/** White space in the first word makes it a question; an option's value may have some, too. */
function isSentence(word: string): boolean {
  return /\s/.test(word) && !/^--[a-z-]+=/.test(word);
}

/** A question that begins with a dash must not be taken for an option. */
function asWords(args: readonly string[]): readonly string[] {
  const [first = "", ...rest] = args;
  return first.startsWith("-") ? [...rest, ...(rest.includes("--") ? [] : ["--"]), first] : args;
}

/** Options only: a question if one follows or is piped in, otherwise the chat. */
function withoutCommand(
  args: readonly string[],
  { piped }: { readonly piped: boolean },
): Invocation {
  return run(piped || args.some(isSentence) || args.includes("--") ? "ask" : "chat", args);
}

function namedBy(words: readonly string[]): NamedCommand {
  const [first = "", second] = words;
  const named = findCommand([first]);
  if (!named) throw unknown(words);
  if (named.entry.commands.length === 0 || second === undefined || second.startsWith("-")) {
    return named;
  }
  const inner = findCommand([first, second]);
  if (!inner) throw unknown(words);
  return inner;
}

function unknown(words: readonly string[]): Error {
  const [first = "", second = ""] = words;
  const group = findCommand([first]);
  if (group && group.entry.commands.length > 0) {
    const near = nearest(second, group.entry.commands.map(({ name }) => name)) ?? "";
    return usageError(
      `there is no command "pyra ${first} ${second}"`,
      `did you mean pyra ${first} ${near}? see pyra ${first} --help`,
    );
  }
  const near = nearest(first, COMMANDS.map(({ name }) => name)) ?? "";
  return usageError(
    `there is no command "${first}"`,
    `did you mean pyra ${near}? to ask a model, write pyra ask ${first}`,
  );
}

function helpOf(name: string): Invocation {
  return { kind: "help", named: findCommand([name]) };
}

function run(name: string, rest: readonly string[]): Invocation {
  const named = findCommand([name]);
  if (!named) throw new TypeError(`no command ${name} in the table`);
  return { kind: "run", named, rest };
}
