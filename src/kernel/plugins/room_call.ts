/**
 * A call into a plugin's room as it is let in, and what comes back of it.
 * Who is behind a call the kernel cannot know: the app room asks, for the model or for a library in it that
 * turned. What any call can reach is what the person granted that plugin, and no more.
 * @module
 */
import type { PluginGrants } from "../../protocol/plugin_calls.ts";
import type { PluginCallParams, PluginLimits } from "../../protocol/plugin_host_calls.ts";
import { RpcError } from "../../rpc/error.ts";
import { KernelError, type KernelErrorCode } from "../error.ts";
import { fields } from "../params.ts";
import type { ReleasedSecrets } from "./released.ts";
import { readAgreed } from "./run_request.ts";

/** What rooms are held to. */
export const LIMITS: PluginLimits = {
  valueCharacters: 1024 * 1024,
  resultCharacters: 15 * 1024 * 1024,
  openCalls: 64,
  logLinesASecond: 200,
  loadMs: 10_000,
  unloadMs: 2_000,
};
const METHODS = "describe plan run command prompt hook setup task runtime channel mcp".split(" ");
/** These take as long as the person, or the daemon, wants. */
const UNLIMITED = ["setup", "task"];
const CALL_LIMIT_MS = 300_000;
/** The codes that the process may answer with. */
const CODES: readonly KernelErrorCode[] = [
  "plugin_failed",
  "plugin_hung",
  "plugin_ended",
  "plugin_too_large",
];

/** Reads a call's parameters. @throws {KernelError} `bad_call`, `plugin_too_large` */
export function readCall(params: unknown): PluginCallParams {
  const { name, method, params: value, limitMs, runs } = fields(params);
  const isLimit = limitMs === null
    ? UNLIMITED.includes(String(method))
    : typeof limitMs === "number" && limitMs > 0 && limitMs <= CALL_LIMIT_MS;
  if (typeof name !== "string" || !METHODS.includes(String(method)) || !isLimit) {
    throw new KernelError("bad_call", "that is no call into a plugin");
  }
  if ((JSON.stringify(value) ?? "").length > LIMITS.valueCharacters) {
    throw new KernelError("plugin_too_large", `what ${name} is given is larger than 1 MB`);
  }
  const agreed = readAgreed(runs);
  return { name, method, params: value ?? null, limitMs, runs: agreed } as PluginCallParams;
}

/**
 * Refuses a hook that carries what is said, unless the plugin asked for that; of a session a hook is told
 * its id only.
 * @throws {KernelError} `denied`
 */
export function refuseUnasked(
  { name, method, params }: PluginCallParams,
  wishes: PluginGrants,
): void {
  if (method !== "hook" || wishes.conversation) return;
  const { hook } = fields(params);
  if (hook === "onSessionStart" || hook === "onSessionEnd") return;
  throw new KernelError("denied", `${name} did not ask for the conversation`);
}

/** Why a call failed, or a room did not start; the plugin's own words without what it was given. */
export function asKernelError(thrown: unknown, released: ReleasedSecrets): KernelError {
  if (thrown instanceof KernelError) return thrown;
  if (!(thrown instanceof RpcError)) {
    return new KernelError("plugin_failed", "the call could not be made", "", thrown);
  }
  const { code, remoteCode, message } = thrown;
  switch (code) {
    case "timeout":
      return new KernelError("plugin_hung", "the plugin did not answer in time", "", thrown);
    case "cancelled":
      return new KernelError("cancelled", "the call was cancelled", "", thrown);
    case "remote":
      return new KernelError(
        CODES.find((code) => code === remoteCode) ?? "plugin_failed",
        String(released.blot(message)),
        "",
        thrown,
      );
    default:
      return endedError(message, thrown);
  }
}

/** The failure of a call whose process is gone. */
export function endedError(reason: string, cause?: unknown): KernelError {
  const message = `the plugins' process ended, and their calls with it: ${reason}`;
  return new KernelError("plugin_ended", message, "the next call starts it anew", cause);
}
