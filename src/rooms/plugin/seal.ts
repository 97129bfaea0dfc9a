/**
 * First import of a plugin's room: takes away the ambient powers, `process` wholly, and keeps what the
 * room's own code needs of the `Deno` namespace before the plugin sees a small one instead.
 * @module
 */
import process from "node:process";
import { removeAmbientPowers } from "../ambient_powers.ts";

/** The runtime's own namespace, without its ambient powers. Never handed to a plugin. */
export const RUNTIME: typeof Deno = Deno;

/** What `process` has that reaches the terminal, the program's arguments or its end. */
const PROCESS = [
  "argv",
  "argv0",
  "disconnect",
  "emitWarning",
  "execArgv",
  "execPath",
  "execve",
  "exit",
  "finalization",
  "loadEnvFile",
  "permission",
  "report",
  "send",
  "setUncaughtExceptionCaptureCallback",
  "stderr",
  "stdin",
  "stdout",
];

removeAmbientPowers();
const none = { writable: false, configurable: false };
for (const name of PROCESS) {
  // The runtime's libraries warn through it; there is nobody to warn.
  const value = name === "emitWarning" ? () => {} : undefined;
  if (!Reflect.defineProperty(process, name, { value, ...none })) Reflect.set(process, name, value);
}
Object.defineProperty(process, "env", { value: Object.freeze({}), ...none });

/** The `process` that plugins see, for code that asks where it runs; the runtime's libraries use it too. */
export function processFacade(): object {
  const { nextTick, platform, arch, version, versions } = process;
  return Object.freeze({
    nextTick: (run: (...given: unknown[]) => void, ...given: unknown[]) => nextTick(run, ...given),
    platform,
    arch,
    version,
    versions: Object.freeze({ ...versions }),
    env: Object.freeze({}),
    argv: Object.freeze([]),
    noDeprecation: true,
    emitWarning() {},
  });
}
