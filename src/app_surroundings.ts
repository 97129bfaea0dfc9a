/**
 * The part of the composition root that tells models of the machine and the workspace.
 * @module
 */
import type { CommandContext } from "./commands/context.ts";
import { InstructionsRecord } from "./context/instructions.ts";
import { RunSurroundings } from "./context/surroundings.ts";

/** What the person said to a project's instructions. */
const RECORD = "project_instructions.json";

/** The surroundings of a run; the kernel is asked with each question. */
export function openSurroundings(
  { boot, kernel, now }: Pick<CommandContext, "boot" | "kernel" | "now">,
): RunSurroundings {
  return new RunSurroundings({
    look: () => kernel.call("surroundings", null),
    machine: { os: boot.os, arch: Deno.build.arch, workspace: boot.workspace, env: boot.env },
    record: new InstructionsRecord(`${boot.profile.db}/${RECORD}`, now),
    now,
  });
}
