/**
 * The script for fish, 3 and later.
 * @module
 */
import { type Candidates, type CompletionModel, flagsOf } from "./model.ts";
import type { OptionEntry } from "../command_entry.ts";

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

function valueOf(values: Candidates | undefined): string {
  switch (values?.kind) {
    case undefined:
      return "";
    case "words":
      // fish evaluates what stands behind -a: bare words only.
      return ` -x -a ${quoted(values.words.map(({ word }) => word).join(" "))}`;
    case "files":
      return " -r -F";
    case "recipes":
      return " -x -a '(__pyra_recipes)'";
    case "anything":
      return " -x";
  }
}

/** The script. */
export function fishScript({ commands, globalOptions, valued }: CompletionModel): string {
  const takers = valued.flatMap(({ option }) => flagsOf(option)).join(" ");
  const paths = commands.filter(({ path }) => path !== "").map(({ path }) => quoted(path)).join(
    " ",
  );
  const option = (entry: OptionEntry, condition: string) => {
    const short = entry.short === undefined ? "" : ` -s ${entry.short.slice(1)}`;
    const values = valued.find((one) => one.option.flag === entry.flag)?.values;
    const description = ` -d ${quoted(entry.description)}`;
    return `complete -c pyra${condition} -l ${entry.flag.slice(2)}${short}${description}${
      valueOf(values)
    }`;
  };
  const lines = commands.flatMap(({ path, positions, repeats, options }) => [
    ...options.map((entry) => option(entry, ` -n ${quoted(`__pyra_at '${path}'`)}`)),
    ...positions.flatMap((candidates, index) => {
      const place = repeats && index === positions.length - 1 ? "" : ` ${index}`;
      const condition = ` -n ${quoted(`__pyra_at '${path}'${place}`)}`;
      if (candidates.kind === "anything") return [];
      if (candidates.kind === "recipes") {
        return [`complete -c pyra${condition} -a '(__pyra_recipes)'`];
      }
      if (candidates.kind === "files") return [`complete -c pyra${condition} -F`];
      return candidates.words.map(({ word, description }) =>
        `complete -c pyra${condition} -a ${word}${description && ` -d ${quoted(description)}`}`
      );
    }),
  ]);
  return `# Completes pyra in fish. Made by: pyra completions fish
function __pyra_at -d 'whether the command line is at this command, and at this position'
    set -l tokens (commandline -opc)
    set -e tokens[1]
    set -l command ''
    set -l place 0
    set -l skip 0
    for token in $tokens
        if test $skip = 1
            set skip 0
        else if contains -- $token ${takers}
            set skip 1
        else if not string match -q -- '-*' $token
            set -l longer (string trim -- "$command $token")
            if contains -- $longer ${paths}
                set command $longer
            else
                set place (math $place + 1)
            end
        end
    end
    test "$command" = "$argv[1]"; and begin
        test (count $argv) -lt 2; or test $place = $argv[2]
    end
end
function __pyra_recipes -d 'the names of the recipes'
    set -l home $HOME/.pyra
    test -n "$PYRA_HOME"; and set home $PYRA_HOME
    for file in $home/recipes/*.yaml
        string replace -r '\\.yaml$' '' (string split -r -m1 / $file)[-1]
    end
end
complete -c pyra -f
${globalOptions.map((entry) => option(entry, "")).join("\n")}
${lines.join("\n")}
`;
}
