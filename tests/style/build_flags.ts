/**
 * What the compiled program's flags must say, read from the text that makes it.
 * @module
 */

/** Flags without which the compiled program is not what ARCHITECTURE 1 promises, with the reasons. */
const REQUIRED: Readonly<Record<string, string>> = {
  "--no-code-cache": "any local user could plant the cache that the program would load",
  "--no-prompt": "what was not granted is refused, not asked for by the runtime",
  "--disallow-code-generation-from-strings": "`eval` would get round the check of plugins' imports",
};
const FORBIDDEN: Readonly<Record<string, string>> = {
  "-A": "rights are named",
  "--allow-all": "rights are named",
  "--allow-ffi": "native code would see every room's memory",
  "--unstable-ffi": "native code would see every room's memory",
  "--unstable-raw-imports": "raw imports read files without a right",
};

/** What is wrong with the sources and tasks that compile the program, one sentence each. */
export function buildViolations(sources: readonly string[]): string[] {
  const words = sources.flatMap((source) => withoutComments(source).split(/[\s"'`,=[\]()]+/));
  const compiles = words.includes("compile");
  return [
    ...(compiles ? [] : ["nothing runs `deno compile`"]),
    ...Object.entries(REQUIRED).filter(([flag]) => !words.includes(flag)).map(([flag, why]) =>
      `${flag} is missing: ${why}`
    ),
    ...Object.entries(FORBIDDEN).filter(([flag]) => words.includes(flag)).map(([flag, why]) =>
      `${flag} is there: ${why}`
    ),
  ];
}

/** Tasks that give a program of ours all rights, or native code. */
export function taskViolations(tasks: Readonly<Record<string, string>>): string[] {
  return Object.entries(tasks).flatMap(([name, command]) =>
    Object.keys(FORBIDDEN).filter((flag) => command.split(/[\s=]+/).includes(flag)).map((flag) =>
      `the task ${name} has ${flag}: ${FORBIDDEN[flag]}`
    )
  );
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[^]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}
