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

/** What went wrong with where it did in the plugin, for the plugin's own log. */
export function traceOf(thrown: unknown): string {
  const { stack } = Object(thrown);
  if (typeof stack !== "string") return messageOf(thrown);
  // Frames of Pyra and of the runtime tell an author nothing.
  return stack.split("\n").filter((line) => !FRAME.test(line) || line.includes(ADDRESS)).join("\n");
}

/** The same failure with where in the plugin it was. */
export function withPlace(fault: PluginFault): PluginFault {
  const trace = withoutAddresses(traceOf(fault.cause));
  const [, place] = /^\s+at (?:.*\()?(.+:\d+:\d+)\)?$/m.exec(trace) ?? [];
  return place === undefined
    ? fault
    : new PluginFault(fault.code, `${fault.message} (${place})`, fault.cause);
}

const FRAME = /^\s+at /;
/** How the address of a module in memory begins. */
const ADDRESS = "data:text/javascript;charset=utf-8;path=";
/** Its path, then the module's text, as far as the place in it or the end. */
const ADDRESSES =
  /data:text\/javascript;charset=utf-8;path=([^\s,']*),[^\s']*?(?=:\d+:\d+|'|\s|$)/g;

/** The address of a module in memory; errors and their traces name its path by it. */
export function moduleAddress(path: string, code: string): string {
  // A quotation mark ends it where a message quotes it.
  const encoded = (text: string) => encodeURIComponent(text).replaceAll("'", "%27");
  return `${ADDRESS}${encoded(path)},${encoded(code)}`;
}

/** A text with paths for the addresses of modules in memory, which hold the modules' own text. */
export function withoutAddresses(text: string): string {
  return text.replace(ADDRESSES, (_, path: string) => decoded(path));
}

/** What the runtime says of a missing right is for those who start programs, and not for authors. */
function inWords(message: string): string {
  const [, right] = /^Requires (\w+ access to .*?), (?:specify|run again)\b/s.exec(message) ?? [];
  return right === undefined
    ? withoutAddresses(message)
    : `it has no ${right}: its manifest does not ask for that`;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // Not one of Pyra's addresses: a plugin may throw any text.
    return path;
  }
}

function messageOf(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return inWords(String(thrown.message)) || thrown.name;
    return typeof thrown === "string" ? thrown : "it threw something that is no error";
  } catch {
    // A getter of the plugin's: what it throws is no better.
    return "it threw an error that cannot be read";
  }
}
