/**
 * What every Deno worker has without a right to it. Each entry was seen to work in a worker with no
 * rights at all; `tests/security/escape_test.ts` tries them.
 * @module
 */
import process from "node:process";

/** Globals that reach other rooms or make new ones. */
const GLOBALS = ["Worker", "BroadcastChannel", "SharedWorker"];
/** Calls of the `Deno` namespace that act on the whole process. */
const DENO = [
  "kill",
  "umask",
  "Command",
  "run",
  "dlopen",
  "UnsafePointer",
  "UnsafePointerView",
  "UnsafeCallback",
  "UnsafeFnPointer",
  "openKv",
  "cron",
  "exit",
  // The working folder is the whole process's, and the kernel resolves paths by it.
  "chdir",
];
/** Doors of Node's `process` to its internals, to signals and to the process's end. */
const PROCESS = [
  "binding",
  "_linkedBinding",
  "getBuiltinModule",
  "dlopen",
  "kill",
  "_kill",
  "abort",
  "reallyExit",
  "umask",
  "_rawDebug",
  "openStdin",
  "mainModule",
  "chdir",
];

/** Deletes the ambient powers of this room. Called before anything else runs in it. */
export function removeAmbientPowers(): void {
  // The raw operations: with them a worker reads the environment and ends the process unasked.
  const { internal } = Deno as unknown as { internal: symbol };
  remove(Deno, internal);
  // Node's streams listen to a terminal's size when they are made; they must find something to call.
  for (const name of ["addSignalListener", "removeSignalListener"]) {
    Object.defineProperty(Deno, name, { value: () => {}, writable: false, configurable: false });
  }
  for (const name of GLOBALS) remove(globalThis, name);
  for (const name of DENO) remove(Deno, name);
  for (const name of PROCESS) remove(process, name);
}

function remove(owner: object, name: PropertyKey): void {
  if (!(name in owner)) return;
  if (!Reflect.deleteProperty(owner, name) || name in owner) {
    Object.defineProperty(owner, name, { value: undefined, writable: false, configurable: false });
  }
}
