/**
 * `pyra recipe list`, `show` and `new`.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import type { Recipe } from "../../skills/recipe.ts";
import {
  findRecipes,
  isRecipeName,
  openRecipe,
  recipePath,
  recipeText,
} from "../../skills/recipe_folder.ts";
import type { CommandContext } from "../context.ts";
import { linePart, oneLine, usageError } from "../errors.ts";
import { jsonText, table } from "../output.ts";
import type { Parsed } from "../program.ts";
import { remark } from "../remark.ts";
import { printable } from "../terminal_text.ts";

/** `pyra recipe list` */
export async function listRecipes(context: CommandContext): Promise<number> {
  const { boot, print, printError } = context;
  const folder = boot.profile.recipes;
  const { recipes, broken, more } = await findRecipes(folder);
  if (boot.options.json) {
    await print(jsonText({ recipes: recipes.map(asData), broken }));
    return 0;
  }
  if (recipes.length + broken.length === 0) {
    await print("There is no recipe yet. Try: pyra recipe new summary\n");
  }
  const head = [
    { title: "name" },
    { title: "parameters", shrinks: true, optional: true },
    { title: "description", shrinks: true },
  ] as const;
  const rows = recipes.map((one) => [one.name, parametersText(one), one.description]);
  if (rows.length > 0) await print(table(head, rows, context.columns()));
  for (const { file, problems } of broken) {
    for (const { line, problem } of problems) {
      await printError(`${linePart(`pyra: ${folder}/${file}:${line}: ${problem}`)}\n`);
    }
  }
  if (more > 0) await remark(context, `${more} more files were not read`);
  return 0;
}

/** `pyra recipe show NAME` */
export async function showRecipe(context: CommandContext, parsed: Parsed): Promise<number> {
  const { boot, print } = context;
  const folder = boot.profile.recipes;
  const name = nameOf(parsed);
  if (boot.options.json) {
    await print(jsonText(asData(await openRecipe(folder, name))));
    return 0;
  }
  const text = await recipeText(folder, name);
  await print(printable(boot, text.endsWith("\n") ? text : `${text}\n`));
  // What is wrong with it is told too, behind what there is.
  await openRecipe(folder, name);
  return 0;
}

/** `pyra recipe new NAME` */
export async function newRecipe(context: CommandContext, parsed: Parsed): Promise<number> {
  const { boot, print } = context;
  const name = nameOf(parsed);
  if (!isRecipeName(name)) {
    throw usageError(
      `${oneLine(name)} is no name for a recipe`,
      "take small letters, digits and -, such as weekly-review",
    );
  }
  const path = recipePath(boot.profile.recipes, name);
  try {
    await Deno.mkdir(boot.profile.recipes, { recursive: true, mode: 0o700 });
    await Deno.writeTextFile(path, beginning(name), { createNew: true, mode: 0o600 });
  } catch (cause) {
    throw cause instanceof Deno.errors.AlreadyExists
      ? new PyraError("file", "exists", `there is a recipe ${name} already`, {
        hint: `pyra recipe show ${name} prints it`,
      })
      : new PyraError("file", "not_written", `${path} cannot be written`, {
        hint: "check that its folder is yours and the disk has space",
        cause,
      });
  }
  if (boot.options.json) await print(jsonText({ name, path }));
  else await print(`${path}\n`);
  await remark(context, `write on in that file; pyra recipe run ${name} runs it`);
  return 0;
}

function nameOf({ arguments: [name = ""] }: Parsed): string {
  return name;
}

function parametersText({ parameters }: Recipe): string {
  return parameters.map((one) => one.default === undefined ? one.name : `[${one.name}]`).join(" ");
}

function asData({ name, description, parameters, steps }: Recipe) {
  const text = (pieces: Recipe["steps"][number]) =>
    pieces.map((piece) =>
      piece.kind === "place" ? `{{${piece.name}}}` : piece.text.replaceAll("{{", "\\{{")
    ).join("");
  return { name, description, parameters, steps: steps.map(text) };
}

function beginning(name: string): string {
  return `name: ${name}
description: Say here what it does and when to use it.
parameters:
  - name: topic
    description: what it is about
  - name: length
    description: how long the text may be
    default: short
    choices: [short, long]
# Each step is a question; all of them are one conversation.
steps:
  - |
    Name the three most important points about {{topic}}.
  - |
    Write a {{length}} text about these points.
`;
}
