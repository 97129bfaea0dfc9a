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
  { terminal, environment }: Run,
  text: string,
  extension: string,
  configured: string | undefined,
): Promise<string> {
  if (!terminal.stdin) {
    throw new KernelError("no_terminal", "an editor needs a terminal", "use pyra config set");
  }
  if (environment.editor === undefined && configured) {
    const question = `Run the editor of the config, ${sanitise(configured)}?`;
    await terminal.agree(question, "the editor", "set VISUAL to your editor");
  }
  const usual = Deno.build.os === "windows" ? "notepad" : "vi";
  const [program = usual, ...args] = (environment.editor ?? (configured || usual)).split(/\s+/);
  if (!/^[a-z0-9]{1,8}$/.test(extension)) throw new KernelError("bad_call", "no such extension");
  const folder = await Deno.makeTempDir({ prefix: "pyra-edit-" });
  try {
    const path = `${folder}/text.${extension}`;
    await Deno.writeTextFile(path, text, { mode: 0o600 });
    const code = await runOnTerminal(program, [...args, path]);
    if (code === 0) return await Deno.readTextFile(path);
    throw new KernelError("editor", `${program} ended with ${code}`, "nothing was changed");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
