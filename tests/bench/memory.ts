/**
 * The resident memory of a chat that waits for its person.
 * @module
 */
import { cleanEnvironment } from "../e2e/command.ts";
import { pyra } from "../e2e/executable.ts";
import { hasTmux, Screen } from "../e2e/tmux.ts";
import type { Figure } from "./figure.ts";

const SETTLE_MS = 3_000;

/** The resident memory, MB, of all processes whose command line has these words. */
async function residentMB(words: readonly string[]): Promise<number> {
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "rss=,args="] }).output();
  return new TextDecoder().decode(stdout).split("\n")
    // The terminal around it has the whole command line as one word of its own.
    .filter((line) => words.every((word) => line.includes(word)) && !/tmux|sh -c/.test(line))
    .reduce((sum, line) => sum + Number(line.trim().split(/\s+/)[0]) / 1024, 0);
}

/** The figures of memory; none but on Linux, with tmux. */
export async function memoryFigures(): Promise<Figure[]> {
  if (Deno.build.os !== "linux" || !hasTmux()) return [];
  const home = await Deno.makeTempDir({ prefix: "pyra-bench-" });
  const { path, args, compiled } = await pyra();
  try {
    await using screen = await Screen.start({
      command: [path, ...args, "--home", `${home}/.pyra`, "chat", "--provider", "demo"],
      env: cleanEnvironment(home),
      cwd: home,
    });
    await screen.until(/demo\/demo/);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const total = await residentMB([path, `${home}/.pyra`]);
    return [{
      name: `resident memory of an idle chat (${compiled ? "compiled" : "source"})`,
      value: `${total.toFixed(0)} MB`,
      aim: "at most 110 MB",
      met: total > 0 && total <= 110,
    }];
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}
