/**
 * Runs a command line as the kernel does, passes on what it writes, and waits for its end.
 *
 *     deno run -A held_program_owner.ts bubblewrap|none|unnoticed SCRIPT
 *
 * `unnoticed` is what bubblewrap is that was just starting when Pyra was killed: it asked to be told too late.
 * @module
 */
import { HeldProgram } from "../../../src/kernel/held_program.ts";
import { heldCommand } from "../../../src/kernel/sandbox/held_command.ts";
import { NO_SANDBOX } from "../../../src/kernel/sandbox/choice.ts";

const [kind, script = ""] = Deno.args;
const folder = await Deno.realPath(await Deno.makeTempDir());
const place = { workspace: folder, folder, home: undefined, profiles: [], network: false };
const command = { program: "/bin/bash", args: ["-c", script], env: { PATH: "/usr/bin:/bin" } };
const sandbox = { ...NO_SANDBOX, kind: kind === "bubblewrap" ? kind : "none" } as const;
const held = heldCommand(sandbox, place, command);
const isWhole = held.isWhole || kind === "unnoticed";
const program = new HeldProgram({ ...held, isWhole }, (_, bytes) => {
  Deno.stdout.writeSync(bytes);
});
await program.ended;
