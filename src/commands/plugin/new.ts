/**
 * `pyra plugin new`: a plugin to begin with.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import type { PluginFile } from "../../protocol/plugin_calls.ts";
import type { CommandContext } from "../context.ts";
import { oneLine, usageError } from "../errors.ts";
import { wordOf } from "../option_values.ts";
import { jsonText } from "../output.ts";
import type { Parsed } from "../program.ts";
import { KINDS, newPluginFiles } from "./templates/new_plugin.ts";

const NAME = /^(?!pyra$)[a-z][a-z0-9-]{1,31}$/;

/** `pyra plugin new NAME [--kind KIND]`; the name may be a path whose last part is the plugin's name. */
export async function newPlugin(context: CommandContext, parsed: Parsed): Promise<number> {
  const { boot, print } = context;
  const typed = (parsed.arguments[0] ?? "").replace(/[\\/]+$/, "");
  const kind = wordOf(parsed.options, "--kind", KINDS) ?? "tool";
  const name = typed.split(/[\\/]/).at(-1) ?? "";
  if (!NAME.test(name)) {
    throw usageError(
      `${oneLine(name) || typed} is no name for a plugin`,
      "take 2 to 32 small letters, digits and -, such as my-plugin",
    );
  }
  const files = newPluginFiles(name, kind);
  await writeFolder(boot.granted[0] ?? typed, typed, files);
  if (boot.options.json) {
    await print(jsonText({ name, kind, folder: typed, files: files.map(({ path }) => path) }));
  } else if (!boot.options.quiet) {
    await print(`${typed} is written; pyra plugin test ${typed} runs its tests\n`);
  }
  return 0;
}

/** The right is for this folder only. @throws {PyraError} `exists`, `not_written` */
async function writeFolder(
  folder: string,
  typed: string,
  files: readonly PluginFile[],
): Promise<void> {
  try {
    await Deno.mkdir(folder);
  } catch (cause) {
    throw cause instanceof Deno.errors.AlreadyExists
      ? new PyraError("file", "exists", `${typed} is there already`, { hint: "take another name" })
      : notWritten(typed, cause);
  }
  try {
    for (const { path, text } of files) {
      await Deno.writeTextFile(`${folder}/${path}`, text, { createNew: true });
    }
  } catch (cause) {
    await Deno.remove(folder, { recursive: true });
    throw notWritten(typed, cause);
  }
}

function notWritten(typed: string, cause: unknown): PyraError {
  return new PyraError("file", "not_written", `${typed} cannot be written`, {
    hint: "check that the folder around it exists and is yours",
    cause,
  });
}
