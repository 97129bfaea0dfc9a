/**
 * The program, from its command line to its exit code: by a daemon that runs, or by itself.
 * @module
 */
import type { Boot } from "./boot_start.ts";
import { isServed, parseCommandLine } from "./command_line.ts";
import { takeEnvironment } from "./environment.ts";
import { EXIT_INTERRUPTED, exitCodeOf, failureText } from "./failure.ts";
import { HANDED_OVER, takeHandedOver } from "./handed_over.ts";
import { profileOf, workspaceOf } from "./place.ts";
import { exists } from "./profile.ts";
import { Terminal } from "./terminal.ts";

/** What stands in a command line that no daemon runs. */
const NOT_SERVED = ["--no-daemon", "--help", "-h", "--version"];

/**
 * Runs Pyra and ends the process.
 * @param entries the folder of the rooms' entry files
 */
export async function boot(given: readonly string[], entries: URL): Promise<void> {
  // Nobody else's standard input makes an environment.
  const isHandedOver = given.slice(0, 3).join(" ") === `${HANDED_OVER} daemon run`;
  const args = isHandedOver ? given.slice(1) : given;
  // Should every room vanish without a word, that is a failure.
  Deno.exitCode = 1;
  const terminal = new Terminal(() => exit(EXIT_INTERRUPTED));
  const exit = (code: number): never => {
    terminal.restore();
    Deno.exit(code);
  };
  try {
    const folder = Deno.cwd();
    if (isHandedOver) await takeHandedOver(terminal);
    // First of all: no room and no program shall inherit what is secret in it.
    const environment = takeEnvironment();
    const line = parseCommandLine(args);
    const start: Boot = { args, entries, line, environment, folder, terminal, exit };
    const remembered = await byDaemon(start);
    const { runHere } = await import("./local_run.ts");
    await runHere(start, remembered);
  } catch (error) {
    terminal.restore();
    terminal.say(failureText(error, { verbose: args.includes("--verbose") }));
    exit(exitCodeOf(error));
  }
}

/**
 * Lets a daemon that runs do it, and ends the process then.
 * @returns what a run that was begun there remembered; null if none was
 */
async function byDaemon(start: Boot): Promise<unknown> {
  const { line, environment, folder } = start;
  if (!isServed(line) || line.rest.some((argument) => NOT_SERVED.includes(argument))) return null;
  const profile = profileOf(line, environment, workspaceOf(line, folder));
  if (!exists(`${profile.run}/daemon.lock`) || !exists(profile.config)) return null;
  const { relay } = await import("./daemon/runs/relay.ts");
  return await relay(start, profile);
}
