/**
 * GnuPG, for those who keep their keys there (on a smart card, behind an agent).
 * @module
 */
import type { Handler } from "../rpc/channel.ts";
import { isRecord } from "../rpc/frame.ts";
import { KernelError } from "./error.ts";
import { runProgram } from "./programs.ts";

async function run(args: readonly string[], input: Uint8Array): Promise<Uint8Array> {
  const result = await runProgram("gpg", ["--batch", "--quiet", "--no-tty", ...args], input);
  if (result.code === 0) return result.stdout;
  const last = result.stderr.trim().split("\n").at(-1)?.slice(0, 200) ?? "";
  throw new KernelError("program", `gpg failed: ${last}`, "try gpg --list-secret-keys");
}

/** What the vault room may call: `gpgEncrypt` and `gpgDecrypt`. */
export const gpg: Readonly<Record<string, Handler>> = {
  gpgEncrypt(params) {
    if (!isRecord(params)) throw new KernelError("bad_call", "gpgEncrypt has fields");
    const { text, key } = params;
    // A key id that began with a dash would be an option.
    if (
      typeof text !== "string" || typeof key !== "string" || !/^[\w@.+ ][\w@.+ -]*$/.test(key)
    ) {
      throw new KernelError("usage", "a GPG key is named by its fingerprint or address");
    }
    const args = ["--encrypt", "--armor", "--trust-model", "always", "--recipient", key];
    return run(args, new TextEncoder().encode(text));
  },
  async gpgDecrypt(params) {
    if (!(params instanceof Uint8Array)) {
      throw new KernelError("bad_call", "gpgDecrypt takes bytes");
    }
    return new TextDecoder().decode(await run(["--decrypt"], params));
  },
};
