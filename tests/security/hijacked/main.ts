/**
 * Pyra with its own kernel and rooms, and a terminal that is a pipe: what comes on standard input counts as
 * typed by a person. Its arguments are Pyra's.
 * @module
 */
import { appCalls } from "../../../src/kernel/app_calls.ts";
import { AppRoom } from "../../../src/kernel/app_room.ts";
import { parseCommandLine } from "../../../src/kernel/command_line.ts";
import { takeEnvironment } from "../../../src/kernel/environment.ts";
import { Run } from "../../../src/kernel/run.ts";
import { Terminal } from "../../../src/kernel/terminal.ts";

class PipedTerminal extends Terminal {
  override readonly stdin: boolean = true;
  override rawMode(): void {}
}

const entries = new URL("../../../src/rooms/", import.meta.url);
const exit = (code: number): never => Deno.exit(code);
const run = new Run({
  line: parseCommandLine(Deno.args),
  environment: takeEnvironment(),
  folder: Deno.cwd(),
  entries,
  terminal: new PipedTerminal(() => exit(130)),
  died(name, cause) {
    Deno.stderr.writeSync(new TextEncoder().encode(`the ${name} room ended: ${String(cause)}\n`));
    exit(1);
  },
});
const room = new AppRoom(run, (self) => appCalls(run, self, exit));
room.start();
run.warm();
