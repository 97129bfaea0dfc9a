/**
 * A program's command with the sandbox in front.
 * @module
 */
import { KernelError } from "../error.ts";
import type { HeldCommand } from "../held_program.ts";
import { bubblewrapArgs } from "./bubblewrap.ts";
import { type Sandbox, sandboxProgram } from "./choice.ts";
import { guarded, type HeldPlace } from "./held_place.ts";
import { seatbeltProfile } from "./seatbelt.ts";

/** Of a repository: git itself makes these, and nothing obeys them alone. */
const MADE_BY_GIT = /\/\.git\/(?!commondir$)/;

/** What is run. */
export interface WantedCommand {
  /** Absolute. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The command as it is run on this machine. @throws {KernelError} `program`, `boundary` */
export function heldCommand(
  { kind, missing }: Sandbox,
  place: HeldPlace,
  { program, args, env }: WantedCommand,
): HeldCommand {
  if (place.workspace === "/") {
    const message = "no program is run for a plugin with the whole disk as its workspace";
    throw new KernelError("boundary", message, "start Pyra in a folder of your work");
  }
  const { folder } = place;
  const common = { folder, env, isWhole: false, end: [], absent: [], unborn: [] };
  switch (kind) {
    case "bubblewrap": {
      const kept = guarded(place);
      return {
        ...common,
        program: sandboxProgram("bwrap") ?? "bwrap",
        args: [...bubblewrapArgs(place, kept), program, ...args],
        isWhole: true,
        // What is not there cannot be bound: it is put aside should it come.
        absent: kept.absent.filter((path) => !MADE_BY_GIT.test(path)),
        unborn: kept.unborn,
      };
    }
    case "sandbox-exec":
      return {
        ...common,
        program: sandboxProgram("sandbox-exec") ?? "sandbox-exec",
        args: ["-p", seatbeltProfile(place), program, ...args],
        unborn: guarded(place).unborn,
      };
    case "container":
    case "none":
      if (missing === "") return { ...common, program, args };
      throw new KernelError("program", "there is no sandbox here that works", missing);
  }
}
