/**
 * What the kernel puts into a service: its own command line, what the person chose, and the record of it.
 * @module
 */
import type { ServiceFacts } from "../../../../service/facts.ts";
import { ifPresent, readTextIfPresent, writeAtomically } from "../../../durable/file.ts";
import { isRecord } from "../../../rpc/frame.ts";
import { KernelError } from "../../error.ts";
import type { Profile } from "../../profile.ts";
import { runProgram } from "../../programs.ts";
import { baseOf, programLine } from "../program_line.ts";
import { userFolder } from "./systems.ts";

/** Whose service it is. */
export interface ServicePlace {
  readonly profile: Pick<Profile, "home" | "name" | "logs">;
  /** The folder of the rooms' entries. */
  readonly entries: URL;
}

/** What the person typed after `pyra daemon install`. Paths are absolute. */
export interface ServiceOptions extends Partial<Pick<ServiceFacts, "writable" | "confined">> {
  /** A file with the vault's passphrase; `undefined` if there is none. */
  readonly credential?: ServiceFacts["credential"];
  /** Whether it goes on after the person logged out. */
  readonly linger?: boolean;
}

/** What is kept about an installation: how it was asked for, and what to undo. */
export interface Installation {
  readonly chosen: Pick<ServiceFacts, "path" | "umask" | "writable" | "confined" | "credential">;
  /** Whether services lingered only since then. */
  readonly lingers: boolean;
}

/** `pyra`, `pyra-PROFILE`, and for other folders or letters a name that nobody else's service has. */
async function labelOf({ home, name }: ServicePlace["profile"], base: string): Promise<string> {
  const usual = base === `${userFolder()}/.pyra`;
  if (usual && name === "default") return "pyra";
  if (usual && /^[\w-]+$/.test(name)) return `pyra-${name}`;
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(home));
  return `pyra-${new Uint8Array(hash, 0, 6).toHex()}`;
}

/** The account's name as the system's files have it. */
async function accountName(): Promise<string> {
  if (Deno.build.os !== "windows") return Deno.env.get("USER") ?? String(Deno.uid());
  return new TextDecoder().decode((await runProgram("whoami", [])).stdout).trim();
}

/** All that the service's text is made from. @throws {KernelError} `usage` */
export async function factsOf(
  { profile, entries }: ServicePlace,
  chosen: Installation["chosen"],
): Promise<ServiceFacts> {
  const { name, logs } = profile;
  const home = baseOf(profile);
  return {
    program: programLine({ profile, entries }, ["daemon", "run"]),
    home,
    profile: name,
    logs,
    workspace: userFolder(),
    user: await accountName(),
    label: await labelOf(profile, home),
    ...chosen,
  };
}

/** What is asked for, looked at. @throws {KernelError} `usage`, `denied` */
export function chosenFrom(
  { writable = [], confined = true, credential }: ServiceOptions,
): Installation["chosen"] {
  for (const folder of writable) {
    if (ifPresent(() => Deno.statSync(folder))?.isDirectory) continue;
    throw new KernelError("usage", `${folder} is no folder`, "make it first");
  }
  if (credential) {
    const { file } = credential;
    const found = ifPresent(() => Deno.statSync(file));
    if (Deno.build.os !== "linux") {
      throw new KernelError(
        "usage",
        "a credential is for systemd",
        "keep the key in the key store",
      );
    }
    if (!found?.isFile) throw new KernelError("usage", `${file} is no file`, "write it first");
    if (!credential.encrypted && ((found.mode ?? 0) & 0o077) !== 0) {
      throw new KernelError("denied", `others can read ${file}`, `run chmod 600 on it`);
    }
  }
  const umask = Deno.build.os === "windows" ? 0o077 : Deno.umask();
  const path = Deno.env.get("PATH") ?? "";
  return { path, umask, writable, confined, ...(credential ? { credential } : {}) };
}

/** The record's file. */
export function recordFile({ profile }: ServicePlace): string {
  return `${profile.home}/service.json`;
}

/** The kernel's own record, where no room may write; what is garbled counts as none. */
export async function installationOf(place: ServicePlace): Promise<Installation | undefined> {
  const kept = parsed(await readTextIfPresent(recordFile(place)) ?? "");
  return isRecord(kept) && isRecord(kept["chosen"]) ? kept as unknown as Installation : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

/** Writes the record. */
export async function keep(place: ServicePlace, installation: Installation): Promise<void> {
  await writeAtomically(recordFile(place), JSON.stringify(installation));
}
