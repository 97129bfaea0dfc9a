/**
 * What a room in the daemon does before it knows its command line: it rehearses a question, in a folder of
 * its own and with an answer of its own, so that what a question needs is loaded and has run once.
 * @module
 */
import type { AppBoot, Kernel, ProfilePaths, Surroundings } from "./protocol/kernel_calls.ts";
import { RpcError } from "./rpc/error.ts";

/** What the kernel tells it. */
export interface Rehearsal {
  readonly profile: ProfilePaths;
  readonly version: string;
}

const LIMIT_MS = 20_000;
const NOTE = "# A note\n\nThat is read while nobody waits.\n";
const QUESTION = "what does the note say that is read while nobody waits?";
const ANSWER = ["It says that ", "nobody waits."]
  .map((content) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`)
  .join("") +
  'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
const NOWHERE: Surroundings = {
  release: "",
  system: "",
  cores: 1,
  load: 0,
  memory: { total: 1, available: 1 },
  disk: null,
  home: null,
  project: null,
  names: [],
  instructions: [],
};

/**
 * Rehearses, and loads what a chat needs beside. Nothing of it is shown, sent or kept.
 * @param runApp what runs a command line
 * @param useOutput puts another standard output in the place of the room's
 */
export async function warmApp(
  { profile, version }: Rehearsal,
  runApp: typeof import("./app.ts").runApp,
  useOutput: (write: (bytes: Uint8Array) => Promise<number>) => void,
): Promise<void> {
  const chat = Promise.allSettled([import("./commands/chat.ts"), import("./app_repl.ts")]);
  useOutput((bytes) => Promise.resolve(bytes.length));
  const home = `${profile.cache}/rehearsal-${crypto.randomUUID().slice(0, 8)}`;
  try {
    const boot = await makeBoot(home, version);
    const signal = AbortSignal.timeout(LIMIT_MS);
    await runApp(boot, rehearsingKernel(signal), () =>
      Promise.resolve(
        new Response(ANSWER, { headers: { "content-type": "text/event-stream" } }),
      ));
  } finally {
    await Deno.remove(home, { recursive: true });
  }
  await chat;
}

async function makeBoot(home: string, version: string): Promise<AppBoot> {
  const names = "memory db sessions recipes cache run logs plugins".split(" ");
  const folders = Object.fromEntries(names.map((name) => [name, `${home}/${name}`]));
  for (const folder of Object.values(folders)) {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  }
  await Deno.mkdir(`${home}/memory/knowledge`, { mode: 0o700 });
  await Deno.writeTextFile(`${home}/memory/knowledge/note.md`, NOTE, { mode: 0o600 });
  return {
    argv: ["ask", QUESTION],
    options: { json: false, color: false, quiet: true, verbose: false },
    version,
    os: Deno.build.os,
    profile: {
      name: "default",
      home,
      config: `${home}/config.yaml`,
      ...folders as Record<"memory" | "db" | "sessions" | "recipes" | "cache", string>,
      run: `${home}/run`,
      logs: `${home}/logs`,
      plugins: `${home}/plugins`,
    },
    setUp: true,
    workspace: home,
    env: {
      PYRA_AI_PROVIDER_ID: "custom",
      PYRA_AI_MODEL: "model",
      PYRA_AI_BASE_URL: "http://localhost:9/v1",
    },
    environmentKeys: [],
    terminal: { stdin: true, stdout: false, stderr: false },
    granted: [],
    remembered: null,
    hosted: null,
    job: null,
  };
}

/** Answers what a question asks of the kernel, and refuses all else. */
function rehearsingKernel(signal: AbortSignal): Kernel {
  const answers: Readonly<Record<string, unknown>> = {
    connect: { sentinel: null, source: "none" },
    log: null,
    remember: null,
    surroundings: NOWHERE,
    sandbox: { kind: "none", problem: "" },
    vaultStatus: { state: "absent", mode: undefined, secrets: 0, recipients: [] },
  };
  const refused = new RpcError("closed", "this is a rehearsal");
  return {
    call: (method) =>
      Object.hasOwn(answers, method)
        ? Promise.resolve(answers[method] as never)
        : Promise.reject(refused),
    // deno-lint-ignore require-yield -- there is no plugin
    async *pluginCall() {
      await Promise.reject(refused);
    },
    onPluginRequest() {},
    onDaemonAsk() {},
    on(event, listener) {
      if (event === "terminate") signal.addEventListener("abort", listener, { once: true });
      return () => undefined;
    },
  };
}
