/**
 * `pyra doctor` in a profile of the test: the kernel's look at its files is the real one.
 * @module
 */
import { parseCommandLine } from "../../src/kernel/command_line.ts";
import { profilePaths } from "../../src/kernel/profile.ts";
import { examineProfile } from "../../src/kernel/profile_examination.ts";
import type { ServiceStatus } from "../../src/protocol/daemon_calls.ts";
import type { PluginRecord } from "../../src/protocol/plugin_calls.ts";
import type { Examined } from "../../src/commands/doctor/examine.ts";
import { type CommandResult, type CommandRun, TestProfile } from "./command_context.ts";
import type { KernelAnswers } from "./kernel.ts";

/** Nothing is installed. */
export const NO_SERVICE: ServiceStatus = {
  manager: "systemd",
  label: "pyra",
  file: "/home/me/.config/systemd/user/pyra.service",
  written: "none",
  enabled: false,
  running: false,
  pid: undefined,
  failure: undefined,
  folders: null,
  lingers: null,
};

/** What a healthy machine's kernel says; one with a profile of its own. */
export function healthyAnswers(
  home: string,
  words: readonly string[],
  more: KernelAnswers = {},
): KernelAnswers {
  return {
    examineProfile: () =>
      examineProfile({
        line: parseCommandLine(words),
        profile: profilePaths(home),
        repaired: [],
        security: () => undefined,
      }),
    surroundings: () => Promise.reject(new Error("the workspace is closed")),
    vaultStatus: () => ({ state: "absent", mode: undefined, secrets: 0, recipients: [] }),
    sandbox: () => ({ kind: "bubblewrap", problem: "" }),
    plugins: () => [],
    pluginDataSize: () => 0,
    daemonStatus: () => null,
    daemonRemains: () => [],
    serviceStatus: () => NO_SERVICE,
    keptJobs: () => [],
    ...more,
  };
}

/** A run of `pyra doctor`. */
export interface DoctorResult extends CommandResult {
  /** What a check found: `state: message`; its hint behind `→`, `(mended)` behind what was. */
  of(check: string): string;
}

/** Runs it with `--json`. */
export async function doctor(
  profile: TestProfile,
  flags: readonly string[] = [],
  run: CommandRun = {},
): Promise<DoctorResult> {
  const words = ["doctor", ...flags];
  const result = await profile.run(words, {
    ...run,
    options: { json: true, ...run.options },
    answers: healthyAnswers(profile.home, words, run.answers),
  });
  const found: Examined[] = JSON.parse(result.out);
  const of = (check: string) => found.filter((one) => one.check === check).map(lineOf).join("\n");
  return { ...result, of };
}

function lineOf({ state, message, hint, fixed }: Examined): string {
  return `${state}: ${message}${hint === "" ? "" : ` → ${hint}`}${fixed ? " (mended)" : ""}`;
}

/** A profile whose modes are the person's alone. */
export async function wholeProfile(): Promise<TestProfile> {
  const profile = await TestProfile.create();
  for (const folder of ["", "/cache", "/memory", "/db"]) {
    if (Deno.build.os !== "windows") await Deno.chmod(`${profile.home}${folder}`, 0o700);
  }
  for (const folder of ["sessions", "logs"]) {
    await Deno.mkdir(`${profile.home}/${folder}`, { mode: 0o700 });
  }
  await Deno.writeTextFile(profile.configPath, "", { mode: 0o600 });
  return profile;
}

/** A plugin's record. */
export function pluginRecord(name: string, more: Partial<PluginRecord> = {}): PluginRecord {
  const wishes = {
    hosts: [],
    addedHosts: [],
    tcp: [],
    workspace: "none",
    read: [],
    write: [],
    run: [],
    memory: false,
    conversation: false,
    secrets: {},
  } as const;
  return {
    name,
    version: "1.0.0",
    description: "",
    from: "profile",
    state: "enabled",
    problem: "",
    hash: "a".repeat(64),
    wishes,
    agreed: wishes,
    ...more,
  };
}
