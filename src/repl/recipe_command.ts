/**
 * `/recipe`: lists the recipes, or asks the steps of one in this conversation.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import type { DoneReason } from "../protocol/turn_event.ts";
import type { CommandContext } from "./command.ts";
import { sanitizeLine } from "./sanitize.ts";

/** A value, in quotes if it has spaces. */
const VALUE = /^\s*([a-z][a-z0-9_-]*)=(?:"([^"]*)"|(\S*))(?=\s|$)/;

/** `/recipe [NAME [KEY=VALUE …]]`. */
export async function recipe(context: CommandContext): Promise<void> {
  const { ports: { recipes: folder }, state, surface, signal, argument, line } = context;
  if (folder === undefined) return surface.show("this chat has no recipes", "dim");
  const { findRecipes, openRecipe } = await import("../skills/recipe_folder.ts");
  const [name = ""] = argument.split(/\s/);
  if (name === "") {
    const { recipes, broken } = await findRecipes(folder);
    if (recipes.length + broken.length === 0) {
      return surface.show("there is no recipe yet; pyra recipe new NAME begins one", "dim");
    }
    surface.showTable(recipes.map(({ name, parameters, description }) => [
      sanitizeLine([name, ...parameters.map((one) => `${one.name}=`)].join(" ")),
      sanitizeLine(description),
    ]));
    for (const { file, problems: [first] } of broken) {
      surface.show(sanitizeLine(`${file}:${first?.line}: ${first?.problem}`), "warning");
    }
    return;
  }
  const { recipeQuestions } = await import("../skills/recipe_values.ts");
  const values = valuesOf(argument.slice(name.length));
  const made = recipeQuestions(await openRecipe(folder, name), values);
  if (made.kind === "refused") {
    throw new PyraError("configuration", "recipe_values", made.message, { hint: made.hint });
  }
  await state.connect(state.conversation.choice, line, context);
  for (const [at, parts] of made.questions.entries()) {
    const attached = at === 0 ? state.takeAttachments() : [];
    let reason: DoneReason = "stop";
    await surface.ask([...attached, ...parts], {
      watch: (event) => {
        if (event.type === "done") reason = event.reason;
      },
    });
    if (signal.aborted || reason !== "stop") {
      return surface.show(`the recipe ended at step ${at + 1} of ${made.questions.length}`, "dim");
    }
  }
}

/** @throws {PyraError} for what is no `KEY=VALUE` */
function valuesOf(typed: string): Map<string, { readonly text: string }> {
  const values = new Map<string, { readonly text: string }>();
  let rest = typed;
  for (let match; (match = VALUE.exec(rest)) !== null;) {
    values.set(match[1] ?? "", { text: match[2] ?? match[3] ?? "" });
    rest = rest.slice(match[0].length);
  }
  if (rest.trim() === "") return values;
  const part = sanitizeLine(rest.trim().slice(0, 60));
  throw new PyraError("configuration", "recipe_values", `${part} is no value`, {
    hint: 'write them as topic=tea or topic="green tea"',
  });
}
