/**
 * What the room tells its host when something went wrong in it.
 * @module
 */

/** Why a plugin could not be loaded or called; the words are for the person. */
export type PluginFaultCode = "plugin_failed" | "plugin_too_large" | "cancelled";

const MESSAGE_CHARACTERS = 1_000;

/** A plugin's failure. */
export class PluginFault extends Error {
  override readonly name = "PluginFault";
  readonly code: PluginFaultCode;

  constructor(code: PluginFaultCode, message: string, cause?: unknown) {
    super(
      message.slice(0, MESSAGE_CHARACTERS),
      cause === undefined ? undefined : { cause },
    );
    this.code = code;
  }
}

/** What a plugin threw, as its message alone: neither its code, nor its stack, nor what hangs on it. */
export function pluginFault(thrown: unknown): PluginFault {
  if (thrown instanceof PluginFault) return thrown;
  return new PluginFault("plugin_failed", messageOf(thrown), thrown);
}

/** What went wrong with where it did, for the plugin's own log. */
export function traceOf(thrown: unknown): string {
  const { stack } = Object(thrown);
  return typeof stack === "string" ? stack : messageOf(thrown);
}

/** A text without the addresses of modules in memory, which hold the modules' own text. */
export function withoutAddresses(text: string): string {
  return text.replace(/data:text\/javascript\S*?(:\d+:\d+)/g, "plugin$1");
}

function messageOf(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return String(thrown.message) || thrown.name;
    return typeof thrown === "string" ? thrown : "it threw something that is no error";
  } catch {
    // A getter of the plugin's: what it throws is no better.
    return "it threw an error that cannot be read";
  }
}
