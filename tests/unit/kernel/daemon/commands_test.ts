import assert from "node:assert/strict";
import { parseCommandLine } from "../../../../src/kernel/command_line.ts";
import { daemonCommand } from "../../../../src/kernel/daemon/commands.ts";
import { KernelError } from "../../../../src/kernel/error.ts";
import type { Run } from "../../../../src/kernel/run.ts";
import type { VaultAccess } from "../../../../src/kernel/vault_access.ts";

/** A call of the app room in a run of that command line; nothing of the run may be touched. */
function called(line: string, command: string): Promise<unknown> {
  const run = { line: parseCommandLine(line.split(" ")) } as Run;
  const ask = () => assert.fail("nobody is asked");
  return daemonCommand(run, {} as VaultAccess, command, ask);
}

Deno.test("what the command line does not say is not done to the daemon", async () => {
  for (
    const [line, command] of [
      ["ask stop", "stop"],
      ["daemon status", "stop"],
      ["daemon logs --force", "stop"],
      ["daemon stop", "start"],
      ["daemon stop", "uninstall"],
      ["daemon install --print", "uninstall"],
      ["schedule list", "restart"],
      ["daemon run", "run"],
      ["daemon toString", "toString"],
      ["daemon __proto__", "__proto__"],
    ] as const
  ) {
    await assert.rejects(
      () => called(line, command),
      ({ code }: KernelError) => code === "boundary",
      `${line}: ${command}`,
    );
  }
});

Deno.test("a time that is none is told before anything is asked or done", async () => {
  for (const line of ["daemon start --for soon", "daemon restart --for 0h"]) {
    const [, command = ""] = line.split(" ");
    await assert.rejects(() => called(line, command), ({ code }: KernelError) => code === "usage");
  }
});
