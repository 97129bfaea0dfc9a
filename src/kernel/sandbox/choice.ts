/**
 * Which sandbox holds programs: what the person's config says, else the strongest that is here. The app says
 * nothing to it, and nothing weaker takes its place.
 * @module
 */
import type { SandboxStatus } from "../../protocol/kernel_calls.ts";
import { configBlocks } from "../config_file.ts";
import { KernelError } from "../error.ts";
import { kindOf } from "./held_place.ts";

/** What holds a program. */
export type SandboxKind = SandboxStatus["kind"];

/** The block `shell` of the config. */
export interface ShellSettings {
  readonly sandbox: SandboxKind | "auto";
  /** Of a container. */
  readonly image: string;
}

/** What was chosen, and by whom. */
export interface Sandbox extends ShellSettings {
  readonly kind: SandboxKind;
  /** Empty, or why there is none that the person did not ask to be without. */
  readonly missing: string;
}

/** For what the person agreed to have outside of one. */
export const NO_SANDBOX: Sandbox = {
  kind: "none",
  sandbox: "none",
  missing: "",
  image: "",
};
const SYSTEM_CONFIG = "/etc/pyra/config.yaml";
const KINDS = ["auto", "bubblewrap", "sandbox-exec", "container", "none"];
/** Never the person's own folders: what stands there could be anything. */
const PLACES = ["/usr/bin", "/usr/local/bin", "/bin", "/run/current-system/sw/bin"];
const IMAGE = /^[a-z0-9][\w./:@-]{0,254}$/i;
const INSTALL = "install bubblewrap (apt install bubblewrap, dnf install bubblewrap)";
const WITHOUT = "or run pyra config set shell.sandbox none, to run programs without one";

/** Where a sandbox's program is. */
export function sandboxProgram(name: string): string | undefined {
  return PLACES.map((place) => `${place}/${name}`).find((path) => kindOf(path) !== "none");
}

/**
 * Reads the block.
 * @param texts configs, the one that counts first
 * @throws {KernelError} `config_shape`
 */
export function shellSettings(texts: readonly string[]): ShellSettings {
  const found = { sandbox: "auto", image: "" };
  for (const text of [...texts].reverse()) {
    const [head = "shell:", ...lines] = (configBlocks(text).get("shell") ?? "").trim().split("\n");
    for (const line of head === "" ? [] : [head, ...lines]) {
      const [, key, , double, single, plain] = FIELD.exec(line) ?? [];
      const value = double ?? single ?? plain ?? "";
      if (key === "sandbox" && KINDS.includes(value)) found.sandbox = value;
      else if (key === "image" && IMAGE.test(value)) found.image = value;
      else if (!/^(?:shell:)?\s*(?:#.*)?$/.test(line)) throw unreadable();
    }
  }
  return found as ShellSettings;
}

const FIELD = /^\s+(sandbox|image):[ \t]+("([^"\\]*)"|'([^']*)'|([^\s"'#{}[\]]+))(?:[ \t]+#.*)?$/;

function unreadable(): KernelError {
  const message = "the block shell of the config cannot be read, so no program is run";
  const hint = "write sandbox: auto, bubblewrap, sandbox-exec, container or none below shell:";
  return new KernelError("config_shape", message, hint);
}

/** The sandbox that the configs choose. @throws {KernelError} */
export function sandboxInForce(config: string): Sandbox {
  const texts = [config, SYSTEM_CONFIG].flatMap((path) => {
    try {
      return [Deno.readTextFileSync(path)];
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  });
  return chooseSandbox(shellSettings(texts));
}

/** The same for the app, which only shows it. */
export function sandboxStatus(config: string): SandboxStatus {
  try {
    const { kind, missing } = sandboxInForce(config);
    const none = "there is no sandbox here that works";
    return { kind, problem: missing === "" ? "" : `${none}: ${missing}` };
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    return { kind: "none", problem: `${error.message}: ${error.data.hint}` };
  }
}

let bubblewrapWorks: boolean | undefined;

/** The sandbox in force. @throws {KernelError} `program` if the one that was chosen is not there */
export function chooseSandbox(settings: ShellSettings): Sandbox {
  const { sandbox } = settings;
  const chosen = (kind: SandboxKind, missing = ""): Sandbox => ({ ...settings, kind, missing });
  switch (sandbox) {
    case "none":
    case "container":
      return chosen(sandbox);
    case "bubblewrap":
      if (hasBubblewrap()) return chosen(sandbox);
      throw notThere("bubblewrap", `${INSTALL}, ${WITHOUT}`);
    case "sandbox-exec":
      if (hasSeatbelt()) return chosen(sandbox);
      throw notThere("sandbox-exec, which is a part of macOS,", "set shell.sandbox to auto");
    case "auto":
      if (hasBubblewrap()) return chosen("bubblewrap");
      if (hasSeatbelt()) return chosen("sandbox-exec");
      return chosen(
        "none",
        Deno.build.os === "linux" ? `${INSTALL}, ${WITHOUT}` : WITHOUT.slice("or ".length),
      );
  }
}

function notThere(what: string, hint: string): KernelError {
  return new KernelError("program", `the sandbox ${what} does not work here`, hint);
}

function hasSeatbelt(): boolean {
  return Deno.build.os === "darwin" && sandboxProgram("sandbox-exec") !== undefined;
}

/** Some systems have it and do not let people use it: it is tried, once a run. */
function hasBubblewrap(): boolean {
  const program = Deno.build.os === "linux" ? sandboxProgram("bwrap") : undefined;
  if (program === undefined) return false;
  const view = "--ro-bind / / --proc /proc --ro-bind /proc/sys /proc/sys".split(" ");
  const args = ["--unshare-all", ...view, "--", "/bin/true"];
  const streams = { stdin: "null", stdout: "null", stderr: "null" } as const;
  const options = { args, clearEnv: true, ...streams };
  return bubblewrapWorks ??= new Deno.Command(program, options).outputSync().success;
}
