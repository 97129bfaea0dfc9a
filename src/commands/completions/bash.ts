/**
 * The script for bash, 3.2 and later.
 * @module
 */
import { type Candidates, type CompletionModel, flagsOf } from "./model.ts";

/** What bash completes with: a list of words, files, or nothing. */
function reply(candidates: Candidates): string {
  switch (candidates.kind) {
    case "words":
      return `words="${candidates.words.map(({ word }) => word).join(" ")}"`;
    case "files":
      return "files=1";
    case "recipes":
      return 'words="$(_pyra_recipes)"';
    case "anything":
      return ":";
  }
}

/** The script. Words of the table hold no character that bash would read as its own. */
export function bashScript({ commands, globalOptions, valued }: CompletionModel): string {
  const global = globalOptions.flatMap(flagsOf).join(" ");
  const takers = valued.flatMap(({ option }) => flagsOf(option)).join("|");
  const paths = commands.filter(({ path }) => path !== "").map(({ path }) => `"${path}"`);
  const values = valued.map(({ option, values }) =>
    `    ${flagsOf(option).join("|")}) ${reply(values)}; known=1 ;;`
  );
  const flags = commands.filter(({ options }) => options.length > 0).map(({ path, options }) =>
    `    "${path}") words="$words ${options.flatMap(flagsOf).join(" ")}" ;;`
  );
  const places = commands.flatMap(({ path, positions, repeats }) =>
    positions.map((candidates, index) => {
      const place = repeats && index === positions.length - 1
        ? `"${path}/"*`
        : `"${path}/${index}"`;
      return `    ${place}) ${reply(candidates)} ;;`;
    })
  );
  return `# Completes pyra in bash. Made by: pyra completions bash
_pyra_recipes() {
  local file
  for file in "\${PYRA_HOME:-$HOME/.pyra}/recipes/"*.yaml; do
    file=\${file##*/}
    file=\${file%.yaml}
    # compgen would run what other names might say.
    [[ $file == *[!a-z0-9-]* ]] || printf '%s ' "$file"
  done
}
_pyra() {
  local cur prev command="" words="" files="" known="" skip="" place=0 index word
  cur=\${COMP_WORDS[COMP_CWORD]}
  prev=\${COMP_WORDS[COMP_CWORD-1]}
  # bash makes three words of --option=value.
  if [[ $cur == "=" ]]; then
    cur=""
  elif [[ $prev == "=" && $COMP_CWORD -gt 2 ]]; then
    prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if [[ $word == "=" ]]; then skip=1; continue; fi
    if [[ -n $skip ]]; then skip=""; continue; fi
    case "$word" in
      ${takers}) skip=1 ;;
      -*) ;;
      *)
        case "\${command:+$command }$word" in
          ${paths.join("|")}) command="\${command:+$command }$word" ;;
          *) place=$((place + 1)) ;;
        esac ;;
    esac
  done
  case "$prev" in
${values.join("\n")}
  esac
  if [[ -z $known && $cur == -* ]]; then
    words="${global}"
    case "$command" in
${flags.join("\n")}
    esac
  elif [[ -z $known ]]; then
    case "$command/$place" in
${places.join("\n")}
    esac
  fi
  local IFS=$'\\n'
  if [[ -n $files ]]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$cur"))
  else
    COMPREPLY=($(IFS=' '; compgen -W "$words" -- "$cur"))
  fi
}
complete -F _pyra pyra
`;
}
