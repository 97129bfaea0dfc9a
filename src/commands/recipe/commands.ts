/**
 * The commands of `pyra recipe`, by their second word.
 * @module
 */
import type { CommandRunner } from "../runner.ts";
import { listRecipes, newRecipe, showRecipe } from "./files.ts";
import { runRecipe } from "./run.ts";

/** By the second word. */
export const RECIPE_COMMANDS: Readonly<Record<string, CommandRunner>> = {
  list: listRecipes,
  run: runRecipe,
  show: showRecipe,
  new: newRecipe,
};
