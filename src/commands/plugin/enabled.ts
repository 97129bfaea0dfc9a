/**
 * What is said of a plugin that was just enabled, or that was enabled already.
 * @module
 */
import { EXIT } from "../../protocol/error.ts";
import type { PluginDescription, PluginRecord } from "../../protocol/plugin_calls.ts";
import type { CommandContext } from "../context.ts";
import { errorLine, oneLine } from "../errors.ts";
import { jsonText } from "../output.ts";
import { remark } from "../remark.ts";
import { describe } from "./described.ts";
import { givenLines } from "./given_lines.ts";

/** Starts the plugin once to learn what it gives, and says that. @returns the exit code */
export async function confirmEnabled(
  context: CommandContext,
  record: PluginRecord,
  what: string,
): Promise<number> {
  const { boot, print } = context;
  const { name, version } = record;
  const described = await describe(context, record, { anew: true });
  const gives = described.kind === "described" ? described.description : null;
  if (boot.options.json) {
    const error = described.kind === "broken" ? described.error.report() : null;
    await print(jsonText({ ...record, gives, error }));
  } else if (!boot.options.quiet) {
    await print(oneLine(`${name} ${version} ${what}`) + "\n");
    for (const line of gives ? givenLines(name, gives) : []) await print(`  ${oneLine(line)}\n`);
  }
  if (described.kind === "broken") {
    if (boot.options.json) return EXIT.failed;
    await context.printError(`${errorLine(described.error)}\n`);
    await remark(context, `${name} is enabled, but does not start like this`);
    return EXIT.failed;
  }
  if (await needsSetUp(context, record, described.description)) {
    await remark(context, `pyra plugin setup ${name} asks for what it needs`);
  }
  return EXIT.done;
}

/** Whether something that only the person knows is missing. */
async function needsSetUp(
  { kernel, loadConfig }: CommandContext,
  { name, wishes }: PluginRecord,
  { configFields, hasSetup }: PluginDescription,
): Promise<boolean> {
  const { config } = await loadConfig();
  const values = config.plugin_settings[name] ?? {};
  const isMissing = configFields.some(({ key, kind, required, default: usual }) =>
    kind !== "secret" && required && usual === null && values[key] === undefined
  );
  if (isMissing) return true;
  const keys = Object.keys(wishes.secrets);
  const set = keys.length === 0 ? [] : await kernel.call("pluginSecrets", { name });
  // Which of its secrets are needed only its own set-up knows; that it has run shows in what is kept.
  if (hasSetup) return Object.keys(values).length + set.length === 0;
  return set.length < keys.length;
}
