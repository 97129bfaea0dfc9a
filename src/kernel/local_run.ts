/**
 * A run in this process: signals, and the app room, which does the rest by calls.
 * @module
 */
import { appCalls } from "./app_calls.ts";
import { AppRoom } from "./app_room.ts";
import type { Boot } from "./boot_start.ts";
import { exitCodeOf, failureText, roomFailure } from "./failure.ts";
import { Run } from "./run.ts";
import { listenToSignals } from "./signals.ts";

/** More than any key; a private key in a file is below it too. */
const SECRET_LIMIT_BYTES = 64 * 1024;

/**
 * Runs the command line here. Ends the process when it is done.
 * @param remembered what a room before it left, in a daemon
 */
export async function runHere(boot: Boot, remembered: unknown): Promise<void> {
  const { line, terminal } = boot;
  let room: AppRoom | undefined;
  const exit = (code: number): never => {
    room?.stop();
    return boot.exit(code);
  };
  const fail = (error: unknown): never => {
    room?.stop();
    terminal.restore();
    terminal.say(failureText(error, line.options));
    return exit(exitCodeOf(error));
  };
  try {
    let died = (name: string, cause: unknown): void => fail(roomFailure(name, cause));
    const run = new Run({ ...boot, died: (name, cause) => died(name, cause) });
    if (line.workspace !== undefined) Deno.chdir(run.workspace);
    const opened = room = new AppRoom(run, (self) => appCalls(run, self, exit));
    if (remembered !== null) opened.remember(remembered);
    if (isDaemon(run)) {
      const { becomeDaemon, deathsOf } = await import("./daemon/serve.ts");
      died = deathsOf(run, opened);
      return await becomeDaemon(run, opened, { calls: appCalls, exit });
    }
    listenToSignals((event) => opened.notify(event), exit);
    if (["--stdin", "--key-stdin"].some((option) => line.rest.includes(option))) {
      await terminal.reserve(SECRET_LIMIT_BYTES);
    }
    opened.start();
    run.warm();
  } catch (error) {
    fail(error);
  }
}

/** `pyra daemon run`, unless it is only asked what that is. */
function isDaemon({ line: { words, rest } }: Run): boolean {
  return words.join(" ") === "daemon run" && !rest.includes("--help") && !rest.includes("-h");
}
