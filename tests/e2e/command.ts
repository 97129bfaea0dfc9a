/**
 * Runs Pyra as a script would: a home of its own, a clean environment, no terminal.
 * @module
 */
import { pyra } from "./executable.ts";

/** What is different in one run. */
export interface RunOptions {
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; absent: none. */
  readonly input?: string | Uint8Array;
  /** Kills the run, ms. */
  readonly limitMs?: number;
  readonly cwd?: string;
}

/** How a run ended. */
export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of a run: what a login shell has, and nothing of the tester's. */
export function cleanEnvironment(
  home: string,
  env: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const path = Deno.env.get("PATH") ?? "";
  const cache = Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
  return { PATH: path, HOME: home, LANG: "C.UTF-8", TERM: "dumb", DENO_DIR: cache, ...env };
}

/** The program and arguments that start Pyra without a controlling terminal. */
export async function detached(args: readonly string[]): Promise<[string, string[]]> {
  const { path, args: before } = await pyra();
  const all = [...before, ...args];
  return Deno.build.os === "linux" ? ["setsid", ["--wait", path, ...all]] : [path, all];
}

/** Runs Pyra to its end. */
export async function run(args: readonly string[], options: RunOptions): Promise<RunResult> {
  const { home, env, input, limitMs = 60_000, cwd = home } = options;
  const [program, all] = await detached(args);
  const child = new Deno.Command(program, {
    args: all,
    clearEnv: true,
    env: cleanEnvironment(home, env),
    cwd,
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(limitMs),
  }).spawn();
  const feed = async () => {
    if (input === undefined) return;
    const writer = child.stdin.getWriter();
    const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
    // A program that refuses does not read; its exit code is what is tested.
    await writer.write(bytes).then(() => writer.close()).catch(() => undefined);
  };
  const [{ code, stdout, stderr }] = await Promise.all([child.output(), feed()]);
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Runs a test with an empty home folder, removed afterwards. */
export async function withHome<T>(act: (home: string) => Promise<T>): Promise<T> {
  const home = await Deno.realPath(await Deno.makeTempDir({ prefix: "pyra-home-" }));
  try {
    return await act(home);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}
