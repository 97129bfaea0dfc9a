/**
 * The effects that a plugin claims for a tool.
 * @module
 */
import { oneLine } from "../../protocol/foreign_text.ts";
import type { PluginEffect } from "../../protocol/plugin.ts";
import { isRecord } from "../../rpc/frame.ts";
import { HostFault } from "./host_fault.ts";

const EFFECTS = 20;
const WHERE_CHARACTERS = 500;
const ARGUMENTS = 1_000;
/** Of all arguments of one program. */
const ARGUMENT_CHARACTERS = 100_000;
const NOUNS: Readonly<Record<PluginEffect["kind"], string>> = {
  reads: "where",
  writes: "where",
  network: "host",
  runs: "program",
};

/** The effects, each with the one noun that its kind has. @throws {HostFault} for what is no effect */
export function checkedEffects(given: unknown): PluginEffect[] {
  if (!Array.isArray(given) || given.length > EFFECTS) throw fault();
  return given.map((effect) => {
    const { kind, argv, network, folder } = isRecord(effect) ? effect : {};
    const noun = typeof kind === "string" && Object.hasOwn(NOUNS, kind)
      ? NOUNS[kind as PluginEffect["kind"]]
      : undefined;
    const value = noun === undefined ? undefined : Object(effect)[noun];
    if (typeof value !== "string" || value === "") throw fault();
    return {
      kind,
      [noun ?? ""]: oneLine(value, WHERE_CHARACTERS),
      ...(kind === "runs" && argv !== undefined ? { argv: checkedArgv(argv, value) } : {}),
      ...(kind === "runs" && network === true ? { network } : {}),
      ...(kind === "runs" && folder !== undefined ? { folder: checkedFolder(folder) } : {}),
    } as unknown as PluginEffect;
  });
}

function checkedFolder(given: unknown): string {
  if (typeof given === "string" && given !== "" && given.length <= WHERE_CHARACTERS) return given;
  throw fault();
}

/** As they are: exactly these are shown, judged and run. */
function checkedArgv(given: unknown, program: string): string[] {
  const isGood = Array.isArray(given) && given.length <= ARGUMENTS && given[0] === program &&
    given.every((one) => typeof one === "string" && !one.includes("\0")) &&
    given.join(" ").length <= ARGUMENT_CHARACTERS;
  if (isGood) return given;
  throw new HostFault(
    "plugin_failed",
    "argv of an effect is a list of texts that begins with the program",
  );
}

function fault(): HostFault {
  return new HostFault(
    "plugin_failed",
    "effects are a list of { kind: reads or writes, where }, { kind: network, host } or " +
      "{ kind: runs, program, argv?, folder? }",
  );
}
