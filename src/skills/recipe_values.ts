/**
 * What is given for a recipe's parameters.
 * @module
 */
import { oneLine } from "../protocol/foreign_text.ts";
import type { Part } from "../protocol/message.ts";
import type { Recipe } from "./recipe.ts";
import { filledParts, type Value } from "./recipe_text.ts";

/** The questions of a recipe, or what must be given otherwise: a sentence, and what to do. */
export type RecipeQuestions =
  | { readonly kind: "questions"; readonly questions: readonly (readonly Part[])[] }
  | { readonly kind: "refused"; readonly message: string; readonly hint: string };

/** Puts values into a recipe's steps. What is not given has its default. */
export function recipeQuestions(
  { name, parameters, steps }: Recipe,
  given: ReadonlyMap<string, Value>,
): RecipeQuestions {
  const known = parameters.map((one) => one.name);
  for (const one of given.keys()) {
    if (!known.includes(one)) {
      const hint = known.length === 0 ? "leave it out" : `there are ${known.join(", ")}`;
      return refused(`the recipe ${name} has no parameter ${oneLine(one, 60)}`, hint);
    }
  }
  const values = new Map<string, Value>();
  for (const { name: one, description, default: initial, choices } of parameters) {
    const value = given.get(one) ?? (initial === undefined ? undefined : { text: initial });
    if (value === undefined) {
      const what = description === "" ? "" : ` (${description})`;
      const message = `the recipe ${name} needs ${one}${what}`;
      return refused(message, `give it as ${one}=${choices?.[0] ?? "VALUE"}`);
    }
    if (choices !== undefined && !choices.includes(value.text)) {
      return refused(
        `${one} cannot be ${oneLine(value.text, 60) || "empty"}`,
        `take one of ${choices.join(", ")}`,
      );
    }
    values.set(one, value);
  }
  const questions = steps.map((pieces) => filledParts(pieces, values));
  const empty = questions.findIndex((parts) => parts.length === 0);
  if (empty >= 0) {
    return refused(`step ${empty + 1} of ${name} says nothing with these values`, "give others");
  }
  return { kind: "questions", questions };
}

function refused(message: string, hint: string): RecipeQuestions {
  return { kind: "refused", message, hint };
}
