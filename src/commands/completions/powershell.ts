/**
 * The script for PowerShell, 5.1 and later.
 * @module
 */
import { type Candidates, type CompletionModel, flagsOf } from "./model.ts";

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The names of the recipes, when it is asked. */
const RECIPES = "@(Get-ChildItem -Path (Join-Path $(if ($env:PYRA_HOME) { $env:PYRA_HOME } else " +
  "{ Join-Path $HOME '.pyra' }) 'recipes/*.yaml') -ErrorAction SilentlyContinue | " +
  "ForEach-Object BaseName)";

/** An array of words; an empty one lets PowerShell complete files. */
function words(candidates: Candidates): string {
  if (candidates.kind === "recipes") return RECIPES;
  return candidates.kind === "words"
    ? `@(${candidates.words.map(({ word }) => quoted(word)).join(", ")})`
    : "@()";
}

function table(entries: readonly (readonly [string, string])[]): string {
  return `@{\n${entries.map(([key, value]) => `    ${quoted(key)} = ${value}`).join("\n")}\n  }`;
}

/** The script. */
export function powershellScript({ commands, globalOptions, valued }: CompletionModel): string {
  const global = globalOptions.flatMap(flagsOf).map(quoted).join(", ");
  const flags = commands.map(({ path, options }) =>
    [path, `@(${options.flatMap(flagsOf).map(quoted).join(", ")})`] as const
  );
  const values = valued.flatMap(({ option, values }) =>
    flagsOf(option).map((flag) => [flag, words(values)] as const)
  );
  const places = commands.flatMap(({ path, positions, repeats }) =>
    positions.map((candidates, index) => {
      const place = repeats && index === positions.length - 1 ? "*" : String(index);
      return [`${path}/${place}`, words(candidates)] as const;
    })
  );
  return `# Completes pyra in PowerShell. Made by: pyra completions powershell
Register-ArgumentCompleter -Native -CommandName pyra -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $global = @(${global})
  $flags = ${table(flags)}
  $values = ${table(values)}
  $places = ${table(places)}
  $typed = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
  $command = ''
  $place = 0
  $previous = ''
  foreach ($word in $typed) {
    if ($values.ContainsKey($previous)) { $previous = ''; continue }
    $previous = $word
    if ($word.StartsWith('-')) { continue }
    $longer = "$command $word".Trim()
    if ($flags.ContainsKey($longer)) { $command = $longer } else { $place++ }
  }
  if ($values.ContainsKey($previous)) { $found = $values[$previous] }
  elseif ($wordToComplete.StartsWith('-')) { $found = $global + $flags[$command] }
  elseif ($places.ContainsKey("$command/$place")) { $found = $places["$command/$place"] }
  else { $found = $places["$command/*"] }
  $found | Where-Object { $_ -and $_.StartsWith($wordToComplete, 'Ordinal') } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}
