/**
 * What the plugins' process tells the kernel when a call into a plugin failed.
 * @module
 */
import { oneLine } from "../../protocol/foreign_text.ts";
import { RpcError } from "../../rpc/error.ts";

/** As in `PluginKernelCalls.pluginCall`. */
export type HostFaultCode =
  | "plugin_failed"
  | "plugin_hung"
  | "plugin_ended"
  | "plugin_too_large"
  | "cancelled";

const MESSAGE_CHARACTERS = 500;
const FROM_ROOM: readonly unknown[] = ["plugin_failed", "plugin_too_large", "cancelled"];

/** A failed call. */
export class HostFault extends Error {
  override readonly name = "HostFault";
  readonly code: HostFaultCode;

  constructor(code: HostFaultCode, message: string) {
    super(oneLine(message, MESSAGE_CHARACTERS));
    this.code = code;
  }
}

/** What a room's answer failed with; its words are a plugin's, and its code is one of few. */
export function hostFault(thrown: unknown): HostFault {
  if (thrown instanceof HostFault) return thrown;
  if (!(thrown instanceof RpcError)) return new HostFault("plugin_failed", "the call failed");
  if (thrown.code === "closed") return new HostFault("plugin_ended", thrown.message);
  if (thrown.code === "timeout") return new HostFault("plugin_hung", thrown.message);
  const code = FROM_ROOM.includes(thrown.remoteCode)
    ? thrown.remoteCode as HostFaultCode
    : "plugin_failed";
  return new HostFault(code, thrown.message);
}
