/**
 * The programs that keep the vault's identity, as calls of the vault room: the operating system's
 * key store (`security` on macOS, `secret-tool` on Linux, DPAPI through PowerShell on Windows), which
 * keeps one text, and GnuPG, for those who have their keys there (on a smart card, behind an agent).
 * @module
 */
import type { Handler } from "../rpc/channel.ts";
import { readTextIfPresent, writeAtomically } from "../durable/file.ts";
import type { VaultPortCalls } from "../protocol/vault_calls.ts";
import { KernelError } from "./error.ts";
import { textField } from "./params.ts";
import type { Profile } from "./profile.ts";
import { type ProgramResult, runProgram } from "./programs.ts";

const IDENTITY_LIMIT = 64 * 1024;

interface KeyStore {
  load(): Promise<string | undefined>;
  store(text: string): Promise<void>;
  remove(): Promise<void>;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (output: Uint8Array) => new TextDecoder().decode(output);
/** Base64, so that line ends and the tools' own decoding cannot change the text. */
const wrap = (value: string) => bytes(value).toBase64();
const unwrap = (output: Uint8Array) => text(Uint8Array.fromBase64(text(output).trim()));

function expectDone(result: ProgramResult, program: string): Uint8Array {
  if (result.code === 0) return result.stdout;
  throw new KernelError(
    "program",
    `the key store (${program}) failed: ${result.stderr.trim().slice(0, 200)}`,
    "unlock it, or keep the vault by pyra vault passphrase --vault passphrase",
  );
}

/** A key store behind a program of its own. */
interface Tool {
  readonly program: string;
  readonly load: readonly string[];
  /** Whether a failed load means that there is no such item. */
  readonly isAbsent: (result: ProgramResult) => boolean;
  readonly store: readonly string[];
  /** What the program reads to store a value: no argument list shows it. */
  readonly storeInput: (value: string) => string;
  readonly remove: readonly string[];
}

/** `secret-tool` of libsecret. */
function secretService(account: string): Tool {
  const attributes = ["service", "pyra", "profile", account];
  return {
    program: "secret-tool",
    load: ["lookup", ...attributes],
    isAbsent: ({ code, stderr }) => code === 1 && stderr.trim() === "",
    store: ["store", "--label=Pyra vault", ...attributes],
    storeInput: (value) => value,
    remove: ["clear", ...attributes],
  };
}

/** `security`, which reads whole commands from standard input. */
function keychain(account: string): Tool {
  const name = account.replaceAll(/["\\\n]/g, "_");
  return {
    program: "security",
    load: ["find-generic-password", "-a", name, "-s", "pyra", "-w"],
    isAbsent: ({ code }) => code === 44,
    store: ["-i"],
    storeInput: (value) => `add-generic-password -U -a "${name}" -s pyra -w "${value}"\n`,
    remove: ["delete-generic-password", "-a", name, "-s", "pyra"],
  };
}

function toolStore(tool: Tool): KeyStore {
  const { program } = tool;
  return {
    async load() {
      const result = await runProgram(program, tool.load);
      return tool.isAbsent(result) ? undefined : unwrap(expectDone(result, program));
    },
    async store(value) {
      const input = bytes(tool.storeInput(wrap(value)));
      expectDone(await runProgram(program, tool.store, input), program);
    },
    remove: async () => void await runProgram(program, tool.remove),
  };
}

/** DPAPI encrypts for the user's account; what it made lies in a file of the kernel's. */
function dataProtection(path: string): KeyStore {
  const protect = async (call: string, value: string) => {
    const script = "$ErrorActionPreference='Stop';Add-Type -AssemblyName System.Security;" +
      "$in=[Convert]::FromBase64String([Console]::In.ReadToEnd().Trim());" +
      `$out=[Security.Cryptography.ProtectedData]::${call}($in,$null,'CurrentUser');` +
      "[Console]::Out.Write([Convert]::ToBase64String($out))";
    const args = ["-NoProfile", "-NonInteractive", "-Command", script];
    return expectDone(await runProgram("powershell", args, bytes(value)), "DPAPI");
  };
  return {
    async load() {
      const kept = await readTextIfPresent(path);
      return kept === undefined ? undefined : unwrap(await protect("Unprotect", kept));
    },
    store: async (value) =>
      writeAtomically(path, text(await protect("Protect", wrap(value))).trim()),
    remove: () => Deno.remove(path),
  };
}

function keyStoreOf({ home }: Profile): KeyStore {
  if (Deno.build.os === "windows") return dataProtection(`${home}/vault.dpapi`);
  return toolStore(Deno.build.os === "darwin" ? keychain(home) : secretService(home));
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

async function gpg(args: readonly string[], input: Uint8Array): Promise<Uint8Array> {
  const result = await runProgram("gpg", ["--batch", "--quiet", "--no-tty", ...args], input);
  if (result.code === 0) return result.stdout;
  const last = result.stderr.trim().split("\n").at(-1)?.slice(0, 200) ?? "";
  throw new KernelError("program", `gpg failed: ${last}`, "try gpg --list-secret-keys");
}

/** What the vault room may call. */
export function identityPrograms(profile: Profile): Record<keyof VaultPortCalls, Handler> {
  const store = keyStoreOf(profile);
  return {
    keystoreLoad: () => store.load(),
    keystoreStore: (params) => store.store(textField(params, "text", IDENTITY_LIMIT)),
    keystoreRemove: () => store.remove(),
    gpgEncrypt(params) {
      const key = textField(params, "key");
      // A key id that began with a dash would be an option.
      if (!/^[\w@.+ ][\w@.+ -]*$/.test(key)) {
        throw new KernelError("usage", "a GPG key is named by its fingerprint or address");
      }
      const args = ["--encrypt", "--armor", "--trust-model", "always", "--recipient", key];
      return gpg(args, bytes(textField(params, "text", IDENTITY_LIMIT)));
    },
    async gpgDecrypt(params) {
      if (params instanceof Uint8Array) return text(await gpg(["--decrypt"], params));
      throw new KernelError("bad_call", "gpgDecrypt takes bytes");
    },
  };
}
