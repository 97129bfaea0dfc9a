/**
 * How long a start takes, beside the least that any program in this runtime takes: an empty one, and
 * a bare script that makes the same request with the same library.
 * @module
 */
import { cleanEnvironment, detached } from "../e2e/command.ts";
import { compileProgram, type Executable, pyra, RUN_FLAGS } from "../e2e/executable.ts";
import type { Figure } from "./figure.ts";
import { median } from "./figure.ts";

const RUNS = 15;
const ANSWER = [
  { choices: [{ index: 0, delta: { role: "assistant", content: "Hello" } }] },
  { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("") + "data: [DONE]\n\n";

/** An entry of this folder, compiled like Pyra, or its source where that cannot be done. */
async function bare(entry: string): Promise<Executable> {
  const { compiled } = await pyra();
  const program = compiled ? await compileProgram(entry, []) : undefined;
  return program ?? { path: Deno.execPath(), args: ["run", ...RUN_FLAGS, entry], compiled: false };
}

interface Timing {
  readonly arrival: number;
  readonly exit: number;
  readonly bytes: number;
}

/** Starts a program and takes the time, ms, to its request's arrival and to its end. */
async function time(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
  arrivals: { at: number; bytes: number },
): Promise<Timing> {
  arrivals.at = 0;
  const start = performance.now();
  const { code, stderr } = await new Deno.Command(program, {
    args: [...args],
    clearEnv: true,
    env,
    stdin: "null",
  }).output();
  const exit = performance.now() - start;
  if (code !== 0) {
    throw new Error(`${program} ended with ${code}: ${new TextDecoder().decode(stderr)}`);
  }
  return { arrival: arrivals.at - start, exit, bytes: arrivals.bytes };
}

/** Alternates the programs, so that what else the machine does meets all alike. */
async function alternate(
  programs: readonly (() => Promise<Timing>)[],
): Promise<Timing[][]> {
  const timings: Timing[][] = programs.map(() => []);
  for (let run = -1; run < RUNS; run++) {
    for (const [index, start] of programs.entries()) {
      const timing = await start();
      if (run >= 0) timings[index]?.push(timing);
    }
  }
  return timings;
}

/** The figures of starting. */
export async function startFigures(): Promise<Figure[]> {
  const home = await Deno.makeTempDir();
  const arrivals = { at: 0, bytes: 0 };
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    arrivals.at = performance.now();
    arrivals.bytes = (await request.arrayBuffer()).byteLength;
    return new Response(ANSWER, { headers: { "content-type": "text/event-stream" } });
  });
  const url = `http://127.0.0.1:${server.addr.port}/v1`;
  const settings = {
    PYRA_AI_PROVIDER_ID: "custom",
    PYRA_AI_MODEL: "model",
    PYRA_AI_BASE_URL: url,
    // A bench asks faster than people may, and the same again.
    PYRA_LIMITS_REQUESTS_PER_MINUTE: "0",
    PYRA_AI_CACHE_SECONDS: "0",
    PYRA_LIMITS_REQUESTS_PER_HOUR: "0",
  };
  const env = cleanEnvironment(home, { ...settings, BARE_URL: url });
  const withKey = { ...env, PYRA_CUSTOM_API_KEY: "sk-bench-1234567890" };
  const { compiled } = await pyra();
  try {
    const empty = await bare("tests/bench/bare/empty.ts");
    const request = await bare("tests/bench/bare/request.ts");
    const [version, versionArgs] = await detached(["--version"]);
    const [ask, askArgs] = await detached(["ask", "hello"]);
    const [bareAsk, bareAskArgs] = await detached(["ask", "--no-tools", "hello"]);
    const withoutTools = await time(bareAsk, bareAskArgs, env, arrivals);
    const runs = await alternate([
      () => time("setsid", ["--wait", empty.path, ...empty.args], env, arrivals),
      () => time(version, versionArgs, env, arrivals),
      () => time("setsid", ["--wait", request.path, ...request.args], env, arrivals),
      () => time(ask, askArgs, env, arrivals),
      () => time(ask, askArgs, withKey, arrivals),
    ]);
    const exits = runs.map((timings) => median(timings.map(({ exit }) => exit)));
    const arrived = runs.map((timings) => median(timings.map(({ arrival }) => arrival)));
    const [emptyMs = 0, versionMs = 0, bareMs = 0, askMs = 0, keyMs = 0] = exits;
    const [, , bareArrival = 0, askArrival = 0, keyArrival = 0] = arrived;
    const how = compiled ? "compiled" : "source";
    return [
      ratio(`pyra --version against an empty program (${how})`, versionMs, emptyMs, 1.5),
      ratio(`pyra ask to the request's arrival (${how})`, askArrival, bareArrival, 2),
      ratio(`pyra ask to its end (${how})`, askMs, bareMs, 2),
      ratio(`pyra ask with a key to the request's arrival (${how})`, keyArrival, bareArrival, 2),
      ratio(`pyra ask with a key to its end (${how})`, keyMs, bareMs, 2),
      {
        name: "body of a request without tools",
        value: `${withoutTools.bytes} bytes`,
        aim: "under 1,024 bytes",
        met: withoutTools.bytes < 1_024,
      },
      {
        name: "body of a request where there are no notes, with the tool for a first one",
        value: `${runs[3]?.at(-1)?.bytes ?? 0} bytes`,
        aim: "under 1,024 bytes",
        met: (runs[3]?.at(-1)?.bytes ?? Infinity) < 1_024,
      },
    ];
  } finally {
    await server.shutdown();
    await Deno.remove(home, { recursive: true });
  }
}

function ratio(name: string, ms: number, against: number, aim: number): Figure {
  const value = ms / against;
  return {
    name,
    value: `${value.toFixed(2)}× (${ms.toFixed(0)} ms against ${against.toFixed(0)} ms)`,
    aim: `at most ${aim}×`,
    met: value <= aim,
  };
}
