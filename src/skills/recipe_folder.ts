/**
 * The recipes of a profile: files `NAME.yaml` in one folder.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import { oneLine } from "../protocol/foreign_text.ts";
import { nameProblems } from "./format.ts";
import type { Recipe, RecipeProblem } from "./recipe.ts";

/** Why a file is no recipe. */
export interface BrokenRecipe {
  /** The file's name. */
  readonly file: string;
  readonly problems: readonly RecipeProblem[];
}

/** All that is in the folder. */
export interface FoundRecipes {
  /** By name. */
  readonly recipes: readonly Recipe[];
  readonly broken: readonly BrokenRecipe[];
  /** Files beyond the first ones, which nobody looked at. */
  readonly more: number;
}

const END = ".yaml";
const FILES = 200;
/** Bytes of a file that are read: UTF-8 takes at most three for a UTF-16 unit, and one more tells a longer one. */
const BYTES = 192_001;

/** Reads every recipe. */
export async function findRecipes(folder: string): Promise<FoundRecipes> {
  const names = await namesIn(folder);
  const recipes: Recipe[] = [];
  const broken: BrokenRecipe[] = [];
  for (const name of names.slice(0, FILES)) {
    const { readRecipe } = await import("./recipe.ts");
    const text = await recipeText(folder, name).catch(unreadable);
    const read = text === undefined
      ? { kind: "invalid" as const, problems: [{ line: 1, problem: "it cannot be read" }] }
      : readRecipe(text, name);
    if (read.kind === "recipe") recipes.push(read.recipe);
    else broken.push({ file: `${name}${END}`, problems: read.problems });
  }
  return { recipes, broken, more: Math.max(0, names.length - FILES) };
}

/**
 * Reads the recipe of that name.
 * @throws {PyraError} `no_such_recipe`, `recipe_invalid` with file and line
 */
export async function openRecipe(folder: string, name: string): Promise<Recipe> {
  const [text, { readRecipe }] = await Promise.all([
    recipeText(folder, name),
    import("./recipe.ts"),
  ]);
  const read = readRecipe(text, name);
  if (read.kind === "recipe") return read.recipe;
  const [first, ...others] = read.problems;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  throw new PyraError(
    "file",
    "recipe_invalid",
    `${folder}/${name}${END}:${first?.line ?? 1}: ${first?.problem}${more}`,
    { hint: "mend that line; pyra recipe list names all that is wrong" },
  );
}

/** The file as it is. @throws {PyraError} `no_such_recipe`, `recipe_unreadable` */
export async function recipeText(folder: string, name: string): Promise<string> {
  // A name that the format refuses might lead out of the folder.
  const path = isRecipeName(name) ? `${folder}/${name}${END}` : undefined;
  try {
    if (path === undefined) throw new Deno.errors.NotFound();
    using file = await Deno.open(path);
    const bytes = new Uint8Array(BYTES);
    let filled = 0;
    for (let read; filled < BYTES && (read = await file.read(bytes.subarray(filled)));) {
      filled += read;
    }
    return new TextDecoder().decode(bytes.subarray(0, filled));
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) {
      throw new PyraError("file", "recipe_unreadable", `the recipe ${name} cannot be read`, {
        hint: `check the file ${path} and its mode`,
        cause,
      });
    }
    const names = await namesIn(folder);
    throw new PyraError("file", "no_such_recipe", `there is no recipe ${oneLine(name, 80)}`, {
      hint: names.length === 0
        ? "pyra recipe new NAME begins one"
        : `there are ${oneLine(names.join(", "), 300)}`,
    });
  }
}

/** Whether a recipe may be called so. */
export function isRecipeName(name: string): boolean {
  return nameProblems(name, { name, kind: "file" }).length === 0 && name === name.trim();
}

/** Where the recipe of that name is. */
export function recipePath(folder: string, name: string): string {
  return `${folder}/${name}${END}`;
}

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (!isDirectory && name.endsWith(END) && !name.startsWith(".")) {
        names.push(name.slice(0, -END.length));
      }
    }
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
  return names.sort();
}

function unreadable(_cause: unknown): undefined {
  return undefined;
}
