/**
 * Finds out about the machine: a few programs at once, each with the same arguments every time.
 * @module
 */
import type { Json, PlannedUse, PluginContext } from "pyra/sdk";
import { type Command, effectsOf, outcomeOf } from "./command.ts";
import { LINUX_COMMANDS, linuxInfo } from "./linux_info.ts";
import { MAC_COMMANDS, macInfo } from "./mac_info.ts";
import { SystemError } from "./system_error.ts";
import { infoLines, type SystemInfo } from "./system_info.ts";
import { WINDOWS_COMMANDS, windowsInfo } from "./windows_info.ts";

type Input = Readonly<Record<string, Json>>;
type Texts = Readonly<Record<string, string>>;

/** What can be asked for; without a word, all of it. */
export const PARTS = ["machine", "disks", "network", "processes"] as const;

const LIMIT_MS = 20_000;

/** What a system is asked, and how its answers are read. */
interface Source {
  readonly commands: Readonly<Record<string, Command>>;
  /** @param now seconds since 1970 */
  read(texts: Texts, now: number): SystemInfo;
}

const LINUX: Source = { commands: LINUX_COMMANDS, read: linuxInfo };
const SOURCES: Readonly<Partial<Record<typeof Deno.build.os, Source>>> = {
  linux: LINUX,
  darwin: { commands: MAC_COMMANDS, read: macInfo },
  windows: { commands: WINDOWS_COMMANDS, read: windowsInfo },
};
/** What belongs to the machine, by other names. */
const MACHINE = ["pages", "system"];

/** Everything that is run for it on this system. */
export function allCommands(): Readonly<Record<string, Command>> {
  return (SOURCES[Deno.build.os] ?? LINUX).commands;
}

/** What would be run. */
export function planInfo(input: Input): PlannedUse {
  const parts = partsOf(input);
  const what = parts.length === PARTS.length ? "this machine" : parts.join(", ");
  return {
    does: `look at ${what === "machine" ? "this machine" : what}`,
    effects: effectsOf(Object.values(commandsOf(parts))),
  };
}

/** Runs it, and tells what it found. */
export async function runInfo(input: Input, context: PluginContext): Promise<string> {
  const parts = partsOf(input);
  const commands = Object.entries(commandsOf(parts));
  const outcomes = await Promise.all(
    commands.map(async ([name, command]) =>
      [name, await outcomeOf(context, command, LIMIT_MS)] as const
    ),
  );
  const texts = Object.fromEntries(outcomes.map(([name, { out }]) => [name, out]));
  const info = (SOURCES[Deno.build.os] ?? LINUX).read(texts, Date.now() / 1_000);
  const lines = infoLines(only(info, parts));
  const unknown = outcomes.flatMap(([name, { missing, out }]) =>
    missing === "" && out !== "" ? [] : [`${name} could not be told${missing && `: ${missing}`}`]
  );
  if (lines.length === 0) {
    throw new SystemError("failed", unknown.join("; ") || "this machine tells nothing of itself");
  }
  return [...lines, ...unknown].join("\n");
}

function partsOf({ parts }: Input): readonly string[] {
  if (parts === undefined) return PARTS;
  const wanted = Array.isArray(parts) ? PARTS.filter((part) => parts.includes(part)) : [];
  if (wanted.length > 0) return wanted;
  throw new SystemError("bad_input", `parts are of ${PARTS.join(", ")}`);
}

function commandsOf(parts: readonly string[]): Record<string, Command> {
  const commands = allCommands();
  // One script tells all of Windows.
  if (Object.keys(commands).length === 1) return { ...commands };
  return Object.fromEntries(
    Object.entries(commands).filter(([name]) =>
      parts.includes(MACHINE.includes(name) ? "machine" : name)
    ),
  );
}

function only(info: SystemInfo, parts: readonly string[]): SystemInfo {
  const { disks = [], networks = [], processes = [], ...machine } = info;
  return {
    ...(parts.includes("machine") && machine),
    ...(parts.includes("disks") && { disks }),
    ...(parts.includes("network") && { networks }),
    ...(parts.includes("processes") && { processes }),
  };
}
