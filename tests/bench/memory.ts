/**
 * The resident memory of a chat that waits for its person.
 * @module
 */
import { cleanEnvironment } from "../e2e/command.ts";
import { pyra } from "../e2e/executable.ts";
import { hasTmux, Screen } from "../e2e/tmux.ts";
import type { Figure } from "./figure.ts";

const SETTLE_MS = 3_000;

/** The processes whose command line has all these words; Linux only. */
function processes(words: readonly string[]): string[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => name).filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const line = Deno.readTextFileSync(`/proc/${pid}/cmdline`).split("\0");
      return words.every((word) => line.includes(word)) && !line.includes("-c");
    } catch {
      // It ended meanwhile, or is another user's.
      return false;
    }
  });
}

function residentMB(pid: string): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

/** The figures of memory; none where there is no `/proc` or no tmux. */
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
    const total = processes([path, `${home}/.pyra`]).map(residentMB).reduce((a, b) => a + b, 0);
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
