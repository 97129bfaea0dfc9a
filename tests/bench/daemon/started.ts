/**
 * Processes that are measured: a daemon from its start, and a question to its first byte.
 * @module
 */
import { connectDaemon } from "../../../src/kernel/daemon/socket/client.ts";
import { profilePaths } from "../../../src/kernel/profile.ts";
import type { Executable } from "../../e2e/executable.ts";

const TICKS_A_SECOND = 100;
const ANSWER_LIMIT_MS = 30_000;

/** Where they work. */
export interface Place {
  readonly home: string;
  readonly env: Record<string, string>;
}

/** Processor time, ms, and resident memory, MB, of the daemon and what it started. */
export interface Usage {
  readonly cpuMs: number;
  readonly residentMB: number;
}

/** A daemon that `pyra daemon start` started. */
export class DaemonUnderTest implements AsyncDisposable {
  /** From the command's start to its end, when the daemon had answered. */
  readonly readyMs: number;
  readonly #executable: Executable;
  readonly #place: Place;

  private constructor(executable: Executable, place: Place, readyMs: number) {
    this.#executable = executable;
    this.#place = place;
    this.readyMs = readyMs;
  }

  /** Starts it. @throws if it does not answer */
  static async start(executable: Executable, place: Place): Promise<DaemonUnderTest> {
    const start = performance.now();
    await done(executable, ["daemon", "start"], place);
    return new DaemonUnderTest(executable, place, performance.now() - start);
  }

  /** What it and its plugins' process used until now. */
  usage(): Usage {
    const { pid } = JSON.parse(
      Deno.readTextFileSync(`${this.#place.home}/.pyra/run/daemon.pid`),
    );
    let [cpuMs, residentMB] = [0, 0];
    for (const one of [pid, ...childrenOf(pid)]) {
      // The runtime reads nothing there, programs do.
      const text = outputOf("cat", [`/proc/${one}/stat`, `/proc/${one}/status`]);
      const stat = text.split("\n", 1)[0]?.replace(/^.*\) /, "").split(" ") ?? [];
      cpuMs += (Number(stat[11]) + Number(stat[12])) * 1_000 / TICKS_A_SECOND;
      residentMB += Number(/VmRSS:\s+(\d+)/.exec(text)?.[1]) / 1024;
    }
    return { cpuMs, residentMB };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await done(this.#executable, ["daemon", "stop"], this.#place);
  }
}

function childrenOf(pid: number): number[] {
  return outputOf("ps", ["-eo", "pid=,ppid="]).split("\n").map((line) => line.trim().split(/\s+/))
    .filter(([, parent]) => Number(parent) === pid).map(([child]) => Number(child));
}

function outputOf(program: string, args: string[]): string {
  return new TextDecoder().decode(new Deno.Command(program, { args }).outputSync().stdout);
}

async function done(
  { path, args }: Executable,
  words: readonly string[],
  { home, env }: Place,
): Promise<void> {
  const { code, stderr } = await new Deno.Command("setsid", {
    args: ["--wait", path, ...args, ...words],
    clearEnv: true,
    env,
    cwd: home,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (code !== 0) throw new Error(`pyra ${words.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}

/** From the start of `pyra daemon run` to its first answer, ms. */
export async function firstAnswer(
  { path, args }: Executable,
  { home, env }: Place,
): Promise<number> {
  const profile = profilePaths(`${home}/.pyra`);
  const start = performance.now();
  const child = new Deno.Command(path, {
    args: [...args, "daemon", "run"],
    clearEnv: true,
    env,
    cwd: home,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  while (performance.now() < start + ANSWER_LIMIT_MS) {
    const connection = await connectDaemon(profile).catch(() => undefined);
    const answer = await connection?.send("status", null).catch(() => undefined);
    connection?.close();
    if (answer === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      continue;
    }
    const ms = performance.now() - start;
    child.kill("SIGTERM");
    await child.status;
    return ms;
  }
  child.kill("SIGKILL");
  throw new Error("the daemon does not answer");
}

/** From a program's start to the first byte on its standard output, ms. */
export async function firstByte(
  { path, args }: Executable,
  words: readonly string[],
  { home, env }: Place,
): Promise<number> {
  const start = performance.now();
  const child = new Deno.Command(path, {
    args: [...args, ...words],
    clearEnv: true,
    env,
    cwd: home,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  const { done: isEmpty } = await reader.read();
  const ms = performance.now() - start;
  while (!(await reader.read()).done);
  const { code } = await child.status;
  if (isEmpty || code !== 0) throw new Error(`pyra ${words.join(" ")} ended with ${code}`);
  return ms;
}
