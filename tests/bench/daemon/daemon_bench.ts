/**
 * What a daemon saves, and what it costs while it has nothing to do.
 * @module
 */
import { cleanEnvironment, run } from "../../e2e/command.ts";
import { pyra, sourceOfPyra } from "../../e2e/executable.ts";
import { type Figure, median } from "../figure.ts";
import { addPlugins } from "./plugins.ts";
import { DaemonUnderTest, firstAnswer, firstByte } from "./started.ts";

const RUNS = 15;
/** A room is warm again after so long, ms. */
const WARM_MS = 2_000;
/** In the first minute the runtime collects and gives back what the start took, ms. */
const SETTLE_MS = 60_000;
const PLUGINS = 5;
const READY_RUNS = 7;

const ANSWER = [
  { choices: [{ index: 0, delta: { role: "assistant", content: "Hello" } }] },
  { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("") + "data: [DONE]\n\n";

/** How long the idle daemon is watched. */
export interface DaemonBench {
  readonly idleMs: number;
}

/** The figures of the daemon; none but on Linux. */
export async function daemonFigures({ idleMs }: DaemonBench): Promise<Figure[]> {
  if (Deno.build.os !== "linux") return [];
  const home = await Deno.makeTempDir({ prefix: "pyra-bench-" });
  await using server = answering();
  const env = cleanEnvironment(home, {
    PYRA_AI_PROVIDER_ID: "custom",
    PYRA_AI_MODEL: "model",
    PYRA_AI_BASE_URL: server.url,
    PYRA_LIMITS_REQUESTS_PER_MINUTE: "0",
    PYRA_LIMITS_REQUESTS_PER_HOUR: "0",
    PYRA_AI_CACHE_SECONDS: "0",
  });
  try {
    const set = await run(["setup", "--provider", "demo"], { home });
    if (set.code !== 0) throw new Error(set.stderr);
    return [
      await answerFigure(home, env),
      await readyFigure("source", home, env),
      ...(await pyra()).compiled ? [await readyFigure("compiled", home, env)] : [],
      ...await speedFigures(home, env),
      ...await idleFigures(home, env, idleMs),
    ];
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

function answering() {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    await request.body?.cancel();
    return new Response(ANSWER, { headers: { "content-type": "text/event-stream" } });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/v1`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** From `pyra daemon start` to the moment at which it says that the daemon answers. */
async function readyFigure(
  how: "source" | "compiled",
  home: string,
  env: Record<string, string>,
): Promise<Figure> {
  const executable = how === "source" ? sourceOfPyra() : await pyra();
  const times: number[] = [];
  for (let round = -1; round < READY_RUNS; round++) {
    await using daemon = await DaemonUnderTest.start(executable, { home, env });
    if (round >= 0) times.push(daemon.readyMs);
  }
  const ms = median(times);
  return {
    name: `pyra daemon start, to its end (${how})`,
    value: `${ms.toFixed(0)} ms`,
    aim: "under 400 ms",
    met: ms < 400,
  };
}

/** From the start of the daemon's own process to its first answer. */
async function answerFigure(home: string, env: Record<string, string>): Promise<Figure> {
  const times: number[] = [];
  for (let round = -1; round < READY_RUNS; round++) {
    const ms = await firstAnswer(sourceOfPyra(), { home, env });
    if (round >= 0) times.push(ms);
  }
  const ms = median(times);
  return {
    name: "the daemon's process, to its first answer (source)",
    value: `${ms.toFixed(0)} ms`,
    aim: "under 400 ms",
    met: ms < 400,
  };
}

/** To the first byte of the answer, with and without, in turns. */
async function speedFigures(home: string, env: Record<string, string>): Promise<Figure[]> {
  const executable = await pyra();
  await using _daemon = await DaemonUnderTest.start(executable, { home, env });
  const withDaemon: number[] = [];
  const without: number[] = [];
  for (let round = -1; round < RUNS; round++) {
    await new Promise((resolve) => setTimeout(resolve, WARM_MS));
    const warm = await firstByte(executable, ["ask", "hello"], { home, env });
    const alone = await firstByte(executable, ["ask", "--no-daemon", "hello"], { home, env });
    if (round < 0) continue;
    withDaemon.push(warm);
    without.push(alone);
  }
  const [one, other] = [median(without), median(withDaemon)];
  const how = executable.compiled ? "compiled" : "source";
  return [{
    name: `first byte of pyra ask through the daemon (${how})`,
    value: `${(one / other).toFixed(2)}× as fast (${other.toFixed(0)} ms against ${
      one.toFixed(0)
    } ms)`,
    aim: "at least 2×",
    met: one / other >= 2,
  }];
}

/** Processor time and memory of a daemon with plugins that have a task each. */
async function idleFigures(
  home: string,
  env: Record<string, string>,
  idleMs: number,
): Promise<Figure[]> {
  await addPlugins(home, env, PLUGINS);
  const executable = await pyra();
  await using daemon = await DaemonUnderTest.start(executable, { home, env });
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const before = daemon.usage();
  await new Promise((resolve) => setTimeout(resolve, idleMs));
  const after = daemon.usage();
  const share = (after.cpuMs - before.cpuMs) / idleMs * 100;
  const minutes = (idleMs / 60_000).toFixed(0);
  const what = `idle daemon with ${PLUGINS} plugins, ${minutes} min`;
  const grown = after.residentMB - before.residentMB;
  return [
    {
      name: `${what}: processor time`,
      value: `${share.toFixed(3)} %`,
      aim: "under 0.1 %",
      met: share < 0.1,
    },
    {
      name: `${what}: resident memory, both processes`,
      value: `${after.residentMB.toFixed(0)} MB, ${grown.toFixed(1)} MB more than at its begin`,
      aim: "held within 5 MB",
      met: grown < 5,
    },
  ];
}
