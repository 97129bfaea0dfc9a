/**
 * The operating system's key store, through its own program: `security` on macOS, `secret-tool` on
 * Linux, DPAPI through PowerShell on Windows. It keeps one text: the vault's identity.
 * @module
 */
import type { Handler } from "../rpc/channel.ts";
import { readTextIfPresent, writeAtomically } from "../durable/file.ts";
import { isRecord } from "../rpc/frame.ts";
import { KernelError } from "./error.ts";
import type { Profile } from "./profile.ts";
import { type ProgramResult, runProgram } from "./programs.ts";

interface KeyStore {
  load(): Promise<string | undefined>;
  store(text: string): Promise<void>;
  remove(): Promise<void>;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (result: ProgramResult) => new TextDecoder().decode(result.stdout).trim();

function expectDone(result: ProgramResult, program: string): void {
  if (result.code === 0) return;
  throw new KernelError(
    "program",
    `the key store (${program}) failed: ${result.stderr.trim().slice(0, 200)}`,
    "unlock it, or keep the vault by pyra vault passphrase --vault passphrase",
  );
}

/** Base64, so that line ends and the tools' own decoding cannot change the text. */
const wrap = (value: string) => bytes(value).toBase64();
const unwrap = (value: string) => new TextDecoder().decode(Uint8Array.fromBase64(value));

/** `secret-tool` of libsecret; exit code 1 without a message means that there is no such item. */
function secretService(account: string): KeyStore {
  const attributes = ["service", "pyra", "profile", account];
  return {
    async load() {
      const result = await runProgram("secret-tool", ["lookup", ...attributes]);
      if (result.code === 1 && result.stderr.trim() === "") return undefined;
      expectDone(result, "secret-tool");
      return unwrap(text(result));
    },
    async store(value) {
      const args = ["store", "--label=Pyra vault", ...attributes];
      expectDone(await runProgram("secret-tool", args, bytes(wrap(value))), "secret-tool");
    },
    async remove() {
      await runProgram("secret-tool", ["clear", ...attributes]);
    },
  };
}

/** `security` reads its commands from standard input, so that the value is in no argument list. */
function keychain(account: string): KeyStore {
  const name = account.replaceAll(/["\\\n]/g, "_");
  const item = ["-a", name, "-s", "pyra"];
  return {
    async load() {
      const result = await runProgram("security", ["find-generic-password", ...item, "-w"]);
      if (result.code === 44) return undefined;
      expectDone(result, "security");
      return unwrap(text(result));
    },
    async store(value) {
      const command = `add-generic-password -U -a "${name}" -s pyra -w "${wrap(value)}"\n`;
      expectDone(await runProgram("security", ["-i"], bytes(command)), "security");
    },
    async remove() {
      await runProgram("security", ["delete-generic-password", ...item]);
    },
  };
}

/** DPAPI encrypts for the user's account; what it made lies in a file of the kernel's. */
function dataProtection(path: string): KeyStore {
  const script = (call: string) =>
    "$ErrorActionPreference='Stop';Add-Type -AssemblyName System.Security;" +
    "$in=[Convert]::FromBase64String([Console]::In.ReadToEnd().Trim());" +
    `$out=[Security.Cryptography.ProtectedData]::${call}($in,$null,'CurrentUser');` +
    "[Console]::Out.Write([Convert]::ToBase64String($out))";
  const protect = async (call: string, value: string) => {
    const args = ["-NoProfile", "-NonInteractive", "-Command", script(call)];
    const result = await runProgram("powershell", args, bytes(value));
    expectDone(result, "DPAPI");
    return text(result);
  };
  return {
    async load() {
      const kept = await readTextIfPresent(path);
      return kept === undefined ? undefined : unwrap(await protect("Unprotect", kept));
    },
    store: async (value) => writeAtomically(path, await protect("Protect", wrap(value))),
    remove: () => Deno.remove(path),
  };
}

function keyStoreOf(profile: Profile): KeyStore {
  if (Deno.build.os === "darwin") return keychain(profile.home);
  if (Deno.build.os === "windows") return dataProtection(`${profile.home}/vault.dpapi`);
  return secretService(profile.home);
}

/** Whether this system has a key store that answers now. */
export async function hasKeyStore(profile: Profile): Promise<boolean> {
  try {
    await keyStoreOf(profile).load();
    return true;
  } catch (error) {
    if (error instanceof KernelError) return false;
    throw error;
  }
}

/** What the vault room may call: `keystoreLoad`, `keystoreStore`, `keystoreRemove`. */
export function keyStore(profile: Profile): Record<string, Handler> {
  const store = keyStoreOf(profile);
  return {
    keystoreLoad: () => store.load(),
    keystoreStore(params) {
      const value = isRecord(params) ? params["text"] : undefined;
      if (typeof value !== "string") {
        throw new KernelError("bad_call", "the key store keeps a text");
      }
      return store.store(value);
    },
    keystoreRemove: () => store.remove(),
  };
}
