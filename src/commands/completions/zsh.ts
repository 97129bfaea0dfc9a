/**
 * The script for zsh, to be sourced or to lie in \`fpath\` as \`_pyra\`.
 * @module
 */
import { type Candidate, type Candidates, type CompletionModel, flagsOf } from "./model.ts";

/** A list for `_describe`: a colon ends the word, a quote would end the text. */
function list(candidates: readonly Candidate[]): string {
  return candidates.map(({ word, description }) => {
    const text = [word, description].map((part) => part.replaceAll(":", "\\:")).join(":");
    return `'${text.replaceAll("'", `'\\''`)}'`;
  }).join(" ");
}

function reply(candidates: Candidates): string {
  switch (candidates.kind) {
    case "words":
      return `found=(${list(candidates.words)})`;
    case "files":
      return "_files; return";
    case "recipes":
      return "found=(${PYRA_HOME:-$HOME/.pyra}/recipes/*.yaml(N:t:r))";
    case "anything":
      return "return 1";
  }
}

/** The script. */
export function zshScript({ commands, globalOptions, valued }: CompletionModel): string {
  const describe = (options: CompletionModel["globalOptions"]) =>
    list(
      options.flatMap((option) =>
        flagsOf(option).map((word) => ({ word, description: option.description }))
      ),
    );
  const takers = valued.flatMap(({ option }) => flagsOf(option)).join("|");
  const paths = commands.filter(({ path }) => path !== "").map(({ path }) => `"${path}"`);
  const values = valued.map(({ option, values }) =>
    `    (${flagsOf(option).join("|")}) ${reply(values)}; known=1 ;;`
  );
  const flags = commands.filter(({ options }) => options.length > 0).map(({ path, options }) =>
    `      ("${path}") found+=(${describe(options)}) ;;`
  );
  const places = commands.flatMap(({ path, positions, repeats }) =>
    positions.map((candidates, index) => {
      const place = repeats && index === positions.length - 1
        ? `"${path}/"*`
        : `"${path}/${index}"`;
      return `      (${place}) ${reply(candidates)} ;;`;
    })
  );
  return `#compdef pyra
# Completes pyra in zsh. Made by: pyra completions zsh
_pyra() {
  local command="" word known="" skip="" cur prev
  local -i place=0 index
  local -a found
  cur=\${words[CURRENT]}
  prev=\${words[CURRENT-1]}
  if [[ $cur == --*=* ]]; then
    prev=\${cur%%=*}
    compset -P 1 '*='
  fi
  for ((index = 2; index < CURRENT; index++)); do
    word=\${words[index]}
    if [[ -n $skip ]]; then skip=""; continue; fi
    case "$word" in
      (${takers}) skip=1 ;;
      (-*) ;;
      (*)
        case "\${command:+$command }$word" in
          (${paths.join("|")}) command="\${command:+$command }$word" ;;
          (*) place+=1 ;;
        esac ;;
    esac
  done
  case "$prev" in
${values.join("\n")}
  esac
  if [[ -z $known && $cur == -* ]]; then
    found=(${describe(globalOptions)})
    case "$command" in
${flags.join("\n")}
    esac
  elif [[ -z $known ]]; then
    case "$command/$place" in
${places.join("\n")}
    esac
  fi
  (( \${#found} )) && _describe 'pyra' found
}
if [[ \${funcstack[1]-} == _pyra ]]; then
  _pyra "$@"
else
  compdef _pyra pyra
fi
`;
}
