/**
 * `pyra config edit`: the person's editor on the settings, again and again until they are sound.
 *
 * The kernel stops this room while the editor runs, so what was typed so far is handed from room to
 * room; and what is not saved in the end is kept in a file.
 * @module
 */
import * as z from "zod/mini";
import { readLayer } from "../config/load.ts";
import { readTextIfPresent, writeAtomically } from "../durable/file.ts";
import { EXIT, type PyraError } from "../protocol/error.ts";
import type { CommandContext } from "./context.ts";
import { asShown, oneLine, showError } from "./errors.ts";

/** What is handed to the next room: the text that the editor was opened on. */
const Handed = z.object({ config_edit: z.object({ text: z.string() }) });
/** Where a text goes that was typed and not saved, in the profile's cache folder. */
const KEPT_NAME = "config_not_saved.yaml";

/** `pyra config edit` */
export async function runConfigEdit(context: CommandContext): Promise<number> {
  const { boot, kernel, print } = context;
  const before = await readTextIfPresent(boot.profile.config) ?? "";
  const handed = Handed.safeParse(boot.remembered);
  let text = handed.success ? handed.data.config_edit.text : before;
  while (true) {
    await kernel.call("remember", { state: { config_edit: { text } } });
    const editor = await configuredEditor(context);
    text = await kernel.call("editText", {
      text,
      extension: "yaml",
      ...(editor === undefined ? {} : { editor }),
    });
    if (text === before) {
      if (!boot.options.quiet) await print("nothing was changed\n");
      return EXIT.done;
    }
    try {
      const { warnings } = await readLayer(text, "config.yaml");
      await kernel.call("writeConfig", { text });
      for (const warning of warnings) await context.printError(`pyra: ${oneLine(warning)}\n`);
      if (!boot.options.quiet) await print("the settings are saved\n");
      return EXIT.done;
    } catch (thrown) {
      const error = asShown(thrown);
      if (await again(context, error, text)) continue;
      await showError(context, error);
      return error.exitCode;
    }
  }
}

/** Asks whether to correct the text; keeps it in a file if not, or if nobody answers. */
async function again(context: CommandContext, error: PyraError, text: string): Promise<boolean> {
  const kept = `${context.boot.profile.cache}/${KEPT_NAME}`;
  await writeAtomically(kept, text);
  const prompts = await context.openPrompts();
  prompts.note(`${error.message}\nWhat you typed is kept in ${kept}`);
  const answer = await prompts.select({
    message: "The settings were not saved",
    options: [
      { value: true, label: "Edit again" },
      { value: false, label: "Leave the old settings" },
    ],
    initial: true,
  });
  if (answer) await Deno.remove(kept);
  return answer;
}

/** The editor that the settings name; a broken file must not keep its own editor away. */
export async function configuredEditor(context: CommandContext): Promise<string | undefined> {
  try {
    return (await context.loadConfig()).config.general.editor;
  } catch {
    return undefined;
  }
}
