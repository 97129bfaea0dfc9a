/**
 * Attacks through the process: other rooms, programs, the environment, raw operations, the terminal,
 * the network.
 * @module
 */
import * as childProcess from "node:child_process";
import * as dgram from "node:dgram";
import * as http from "node:http";
import * as net from "node:net";
import * as os from "node:os";
import nodeProcess from "node:process";
import * as threads from "node:worker_threads";
import * as v8 from "node:v8";
import * as vm from "node:vm";
import type { Attack } from "./attack.ts";

// Attacks reach for what the types do not show, or what was taken away.
// deno-lint-ignore no-explicit-any
type Anything = any;
const deno = Deno as Anything;
const scope = globalThis as Anything;
const process = nodeProcess as Anything;

/** A worker's code that reads the secret with all rights of its parent or more. */
const thief = (secret: string) =>
  `data:text/javascript,postMessage(Deno.readTextFileSync(${JSON.stringify(secret)}))`;

function answer(worker: Anything): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.onmessage = (event: Anything) => resolve(event.data);
    worker.onerror = (event: Anything) => {
      event.preventDefault?.();
      reject(new Error(event.message));
    };
  });
}

const fileUrl = (path: string) => new URL(`file://${path}`).href;

const ALL = { read: true, write: true, net: true, env: true, run: true, ffi: true, sys: true };

/** Each attack by its name. */
export const PROCESS_ATTACKS: Readonly<Record<string, Attack>> = {
  "make a worker with all rights": ({ secret }) =>
    answer(new scope.Worker(thief(secret), { type: "module", deno: { permissions: ALL } })),
  "make a worker that inherits": ({ secret }) =>
    answer(new scope.Worker(thief(secret), { type: "module", deno: { permissions: "inherit" } })),
  "make a worker with another constructor": ({ secret }) => {
    const { Worker } = Object.getOwnPropertyDescriptors(
      Object.getPrototypeOf(globalThis),
    ) as Anything;
    return answer(new Worker.value(thief(secret), { type: "module", deno: { permissions: ALL } }));
  },
  "make a thread": ({ secret }) =>
    new Promise((resolve, reject) => {
      const code = `require("worker_threads").parentPort.postMessage(
        require("fs").readFileSync(${JSON.stringify(secret)}, "utf8"))`;
      const thread = new threads.Worker(code, { eval: true });
      thread.on("message", resolve);
      thread.on("error", reject);
    }),
  "listen to other rooms by BroadcastChannel": () =>
    new scope.BroadcastChannel("pyra") !== undefined,
  "run a program": ({ secret }) => new deno.Command("cat", { args: [secret] }).outputSync().stdout,
  "run a program with node": ({ secret }) => childProcess.execFileSync("cat", [secret]),
  "spawn a program with node": ({ secret }) =>
    new Promise((resolve, reject) => {
      const child = childProcess.spawn("cat", [secret]);
      child.stdout.on("data", resolve);
      child.on("error", reject);
    }),
  "fork with node": () => childProcess.fork("/bin/true").pid !== undefined,
  "load a library": () => deno.dlopen("/usr/lib/x86_64-linux-gnu/libc.so.6", {}) !== undefined,
  "load a library with node": () => {
    process.dlopen({ exports: {} }, "/usr/lib/x86_64-linux-gnu/libc.so.6");
    return true;
  },
  "take the raw operations": () => Object.keys(deno[deno.internal]).length > 0,
  "take the raw operations by their symbol": () =>
    Object.getOwnPropertySymbols(Deno).some((symbol) => deno[symbol]?.core !== undefined),
  "take the raw operations from a bootstrap global": () =>
    scope.__bootstrap !== undefined || scope.Deno.core !== undefined,
  "take process.binding": () => Object.keys(process.binding("fs")).length > 0,
  "take process._linkedBinding": () => Object.keys(process._linkedBinding("fs")).length > 0,
  "take process.getBuiltinModule": ({ secret }) =>
    process.getBuiltinModule("fs").readFileSync(secret, "utf8"),
  "take process.mainModule": () => process.mainModule.require("fs") !== undefined,
  "read it in a new context": ({ secret }) =>
    vm.runInNewContext("read(secret)", { read: Deno.readTextFileSync, secret }),
  "find the runtime in a new context": () => vm.runInNewContext("typeof Deno") !== "undefined",
  "find raw operations in a new context": () =>
    vm.runInNewContext("Object.getOwnPropertyNames(globalThis).join()").includes("core"),
  "import it in a context": async ({ secret }) => {
    const script = new vm.Script(`import(${JSON.stringify(fileUrl(secret))})`, {
      importModuleDynamically: (vm.constants as Anything)?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    return JSON.stringify(await script.runInThisContext());
  },
  "eval": () => scope.eval("1 + 1") === 2,
  "make a function from a text": () => new scope.Function("return 1 + 1")() === 2,
  "make a generator from a text": () =>
    (function* () {}).constructor("return 2")().next().value === 2,
  "make a timer from a text": () =>
    new Promise((resolve) => {
      scope.escaped = resolve;
      scope.setTimeout("escaped(true)", 1);
    }),
  "read an environment variable": () => deno.env.get("HOME") !== undefined,
  "read a secret variable": ({ canary }) => String(process.env.PYRA_TEST_SECRET).includes(canary),
  "read the whole environment": ({ canary }) =>
    JSON.stringify(process.env).includes(canary) || JSON.stringify(deno.env.toObject()),
  "set an environment variable": () => {
    deno.env.set("LD_PRELOAD", "/tmp/x.so");
    return true;
  },
  "ask for a right": async ({ secret }) =>
    (await deno.permissions.request({ name: "read", path: secret })).state === "granted",
  "ask synchronously for a right": () =>
    deno.permissions.requestSync({ name: "run" }).state === "granted",
  "kill the process": () => {
    deno.kill(deno.pid, "SIGKILL");
    return true;
  },
  "kill the process with node": () => process.kill(process.pid, "SIGKILL") === true,
  "abort the process": () => {
    process.abort();
    return true;
  },
  "end the process by its raw exit": () => {
    process.reallyExit(0);
    return true;
  },
  "end the process by Deno.exit": () => {
    deno.exit(0);
    return true;
  },
  "change the umask": () => typeof deno.umask(0) === "number",
  "change the umask with node": () => typeof process.umask(0) === "number",
  "listen to signals": () =>
    new Promise((resolve) => {
      deno.addSignalListener("SIGWINCH", () => resolve(true));
      process.on("SIGWINCH", () => resolve(true));
      setTimeout(() => resolve(false), 200);
    }),
  "change the folder of the process": ({ own }) => {
    deno.chdir(own);
    return true;
  },
  "change the folder with node": ({ own }) => {
    process.chdir(own);
    return true;
  },
  "open the terminal": () => deno.openSync("/dev/tty", { read: true }) !== undefined,
  "open standard input as a file": () => deno.openSync("/dev/stdin") !== undefined,
  "connect to a port": async ({ port }) => {
    await deno.connect({ port });
    return true;
  },
  "connect to a socket": async ({ socket }) => {
    await deno.connect({ transport: "unix", path: socket });
    return true;
  },
  "connect with node": ({ port }) =>
    new Promise((resolve, reject) =>
      net.connect(port, "127.0.0.1").on("connect", () => resolve(true)).on("error", reject)
    ),
  "connect to a socket with node": ({ socket }) =>
    new Promise((resolve, reject) =>
      net.connect(socket).on("connect", () => resolve(true)).on("error", reject)
    ),
  "request with node": ({ port }) =>
    new Promise((resolve, reject) => http.get({ port }, () => resolve(true)).on("error", reject)),
  "fetch past egress": async ({ port }) => (await fetch(`http://127.0.0.1:${port}/`)).ok,
  "open a WebSocket": ({ port }) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`);
      socket.onopen = () => resolve(true);
      socket.onerror = () => reject(new Error("refused"));
    }),
  "send a datagram": ({ port }) =>
    new Promise((resolve, reject) => {
      const socket = dgram.createSocket("udp4");
      socket.on("error", reject);
      socket.send("x", port, "127.0.0.1", (error) => error ? reject(error) : resolve(true));
    }),
  "listen on a port": () => deno.listen({ port: 0 }) !== undefined,
  "serve on a port": () =>
    deno.serve({ port: 0, onListen() {} }, () => new Response()) !== undefined,
  "resolve a name": async () => (await deno.resolveDns("localhost", "A")).length > 0,
  "import from the network": ({ port }) => import(`http://127.0.0.1:${port}/x.js`),
  "make an HTTP client": async ({ port }) => {
    const client = deno.createHttpClient({});
    return (await fetch(`http://127.0.0.1:${port}/`, { client } as RequestInit)).ok;
  },
  "read the host's name": () => os.hostname().length > 0,
  "read the user's name": () => os.userInfo().username.length > 0,
  "read the network's interfaces": () => Object.keys(os.networkInterfaces()).length > 0,
  "write a heap snapshot": ({ vault }) => v8.writeHeapSnapshot(`${vault}/heap`).length > 0,
  "allow code from texts again": () => {
    v8.setFlagsFromString("--no-disallow-code-generation-from-strings");
    return new scope.Function("return true")();
  },
  "open a key-value store in the vault": async ({ vault }) =>
    (await deno.openKv(`${vault}/kv`)) !== undefined,
  "keep something in local storage": () => {
    scope.localStorage.setItem("a", "b");
    return true;
  },
  "attach an inspector": async () => {
    const inspector = await import("node:inspector") as Anything;
    inspector.open(0);
    return true;
  },
};
