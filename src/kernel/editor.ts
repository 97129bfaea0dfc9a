/**
 * The person's editor on a text.
 * @module
 */
import { KernelError } from "./error.ts";
import { runOnTerminal } from "./programs.ts";
import { sanitise } from "./prompt.ts";
import type { Run } from "./run.ts";

/**
 * Opens `$VISUAL`, `$EDITOR`, or the editor that the config names (after a question, since the app
 * can write that), on a copy of the text, and returns what was saved.
 * @throws {KernelError} `editor`, `denied`, `no_terminal`
 */
export async function editText(
  run: Run,
  text: string,
  extension: string,
  configured: string | undefined,
): Promise<string> {
  const { terminal, environment } = run;
  if (!terminal.stdin) {
    throw new KernelError("no_terminal", "an editor needs a terminal", "use pyra config set");
  }
  let editor = environment.editor;
  if (editor === undefined && configured) {
    if (!await terminal.confirm(`Run the editor of the config, ${sanitise(configured)}?`)) {
      throw new KernelError("denied", "the editor was not agreed to", "set VISUAL to your editor");
    }
    editor = configured;
  }
  editor ??= Deno.build.os === "windows" ? "notepad" : "vi";
  if (!/^[a-z0-9]{1,8}$/.test(extension)) throw new KernelError("bad_call", "no such extension");
  const folder = await Deno.makeTempDir({ prefix: "pyra-edit-" });
  try {
    const path = `${folder}/text.${extension}`;
    await Deno.writeTextFile(path, text, { mode: 0o600 });
    const [program = "vi", ...args] = editor.split(/\s+/);
    const code = await runOnTerminal(program, [...args, path]);
    if (code !== 0) {
      throw new KernelError("editor", `${program} ended with ${code}`, "nothing was changed");
    }
    return await Deno.readTextFile(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
