/**
 * Attacks on the process: its rooms, programs, environment, raw operations, terminal and end.
 * @module
 */
import { EventEmitter } from "node:events";
import * as util from "node:util";
import type { Attacks } from "./attack.ts";

// Attacks reach for what the types do not show, or what was taken away.
// deno-lint-ignore no-explicit-any
type Anything = any;
const scope = globalThis as Anything;
const deno = Deno as Anything;
const ALL = { read: true, write: true, net: true, env: true, run: true, ffi: true, sys: true };

/** Every object that can be reached from the globals by properties and prototypes. */
function reachable(): unknown[] {
  const seen = new Set<unknown>();
  const waiting: unknown[] = [
    globalThis,
    (async () => {})(),
    new Response("x"),
    new EventEmitter(),
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if ((typeof next !== "object" && typeof next !== "function") || next === null) continue;
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(Object.getPrototypeOf(next));
    for (const property of Object.values(Object.getOwnPropertyDescriptors(next))) {
      waiting.push(property.value, property.get, property.set);
    }
  }
  return [...seen];
}

/** Each attack by its name. */
export const PROCESS_ATTACKS: Attacks = {
  "make a worker with all rights": () =>
    new scope.Worker("data:text/javascript,1", { type: "module", deno: { permissions: ALL } }) !==
      undefined,
  "find the constructor of workers": () =>
    reachable().some((found) => typeof found === "function" && found.name === "Worker"),
  "listen to other rooms": () => new scope.BroadcastChannel("pyra") !== undefined,
  "make a shared worker": () => new scope.SharedWorker("x") !== undefined,
  "run a program": () => new deno.Command("id").outputSync().success,
  "run a program the old way": () => deno.run({ cmd: ["id"] }) !== undefined,
  "load a library": () => deno.dlopen("libc.so.6", {}) !== undefined,
  "take the raw operations": () => Object.keys(deno[deno.internal]).length > 0,
  "take the raw operations by their symbol": () =>
    Object.getOwnPropertySymbols(Deno).some((symbol) => deno[symbol]?.core !== undefined),
  "find raw operations anywhere": () =>
    reachable().some((found) =>
      (typeof found === "function" && /^op_/.test(found.name)) ||
      (typeof found === "object" && found !== null && "ops" in found && "core" in found)
    ),
  "find the runtime's namespace anywhere": () =>
    reachable().some((found) => typeof found === "object" && found !== null && "FsFile" in found),
  "hear raw operations by replacing call": () => {
    const heard: string[] = [];
    const { call } = Function.prototype;
    Function.prototype.call = function (this: Anything, ...given: Anything[]) {
      heard.push(this.name);
      return Reflect.apply(call, this, given);
    } as Anything;
    // It fails; what was heard while it did counts.
    void Deno.readTextFile("/nowhere").catch(() => undefined);
    return heard.some((name) => name.startsWith("op_"));
  },
  "hear raw operations by a setter": () => {
    let heard = false;
    Object.defineProperty(Object.prototype, "ops", {
      set: () => heard = true,
      configurable: true,
    });
    structuredClone({ ops: 1 });
    return heard || "ops" in {};
  },
  "hear the process by replacing emit": async () => {
    let heard: unknown;
    const { emit } = EventEmitter.prototype;
    EventEmitter.prototype.emit = function (this: Anything, ...given: Anything[]) {
      if (this.binding !== undefined || this.versions) heard = this;
      return Reflect.apply(emit, this, given);
    } as Anything;
    util.deprecate(() => 1, "old")();
    await new Promise((resolve) => setTimeout(resolve, 20));
    return heard !== undefined;
  },
  "replace what promises do": () => {
    const { then } = Promise.prototype;
    Promise.prototype.then = function (this: Anything, ...given: Anything[]) {
      return Reflect.apply(then, this, given);
    } as Anything;
    return true;
  },
  "pollute every object": () => {
    (Object.prototype as Anything).polluted = true;
    return (({}) as Anything).polluted === true;
  },
  "pollute every array": () => {
    Array.prototype.push = () => 0;
    return true;
  },
  "use process for its internals": () => Object.keys(scope.process.binding("fs")).length > 0,
  "use process for a module": () => scope.process.getBuiltinModule("fs") !== undefined,
  "end the process": () => {
    scope.process.exit(0);
    return true;
  },
  "end the process with Deno": () => {
    deno.exit(0);
    return true;
  },
  "end the process with a signal": () => {
    deno.kill(deno.pid, "SIGKILL");
    return true;
  },
  "abort the process": () => {
    scope.process.abort();
    return true;
  },
  "kill the kernel": ({ pid }) => {
    scope.process.kill(pid, "SIGKILL");
    return true;
  },
  "close the room": () => {
    scope.close();
    return true;
  },
  "read an environment variable": ({ canary }) =>
    String(deno.env?.get("PYRA_TEST_SECRET") ?? scope.process.env.PYRA_TEST_SECRET).includes(
      canary,
    ),
  "read the home folder's name": () => String(deno.env.get("HOME")).length > 0,
  "set an environment variable": () => {
    scope.process.env.LD_PRELOAD = "/tmp/x.so";
    return scope.process.env.LD_PRELOAD === "/tmp/x.so";
  },
  "read the command line": () => deno.args.length >= 0 || scope.process.argv.length > 0,
  "ask for a right": async () =>
    (await deno.permissions.request({ name: "read" })).state === "granted",
  "change the umask": () => typeof deno.umask(0) === "number",
  "change the folder of the process": ({ own }) => {
    deno.chdir(own);
    return true;
  },
  "listen to signals": () => {
    deno.addSignalListener("SIGINT", () => {});
    return true;
  },
  "read the host's name": () => deno.hostname().length > 0,
  "ask the person by prompt": () => scope.prompt("Passphrase:") !== undefined,
  "ask the person by confirm": () => scope.confirm("Allow?") !== undefined,
  "alert the person": () => scope.alert("x") === undefined,
  "read standard input": () => deno.stdin.readSync(new Uint8Array(8)) >= 0,
  "write to standard output": () => deno.stdout.writeSync(new Uint8Array([120])) > 0,
  "write to standard error": () => deno.stderr.writeSync(new Uint8Array([120])) > 0,
  "write to standard output with process": () => scope.process.stdout.write("x") === true,
  "speak to the process's main thread": () => {
    scope.postMessage({ id: 1, method: "ask", params: { name: "good" }, input: false });
    return true;
  },
  "hear what the main thread says": () => {
    scope.onmessage = () => {};
    return new scope.MessageChannel() !== undefined;
  },
  "eval": () => scope.eval("1 + 1") === 2,
  "make a function from a text": () => new scope.Function("return 1 + 1")() === 2,
  "make an async function from a text": async () =>
    await (async function () {}).constructor("return 2")() === 2,
  "make a generator from a text": () =>
    (function* () {}).constructor("return 2")().next().value === 2,
  "make a timer from a text": () =>
    new Promise((resolve) => {
      scope.escaped = resolve;
      scope.setTimeout("escaped(true)", 1);
    }),
  "find the caller's functions on the stack": () => {
    const kept = Error.prepareStackTrace;
    let found: unknown;
    Error.prepareStackTrace = (_error: Error, sites: Anything) => {
      found = sites.map((site: Anything) => site.getFunction?.() ?? site.getThis?.()).find(Boolean);
      return "";
    };
    void new Error("x").stack;
    Error.prepareStackTrace = kept as Anything;
    return typeof found === "function" || (found !== undefined && found !== globalThis);
  },
};
