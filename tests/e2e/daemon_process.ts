/**
 * A daemon in a home of its own, in the foreground and without a terminal.
 * @module
 */
import { cleanEnvironment, detached, run } from "./command.ts";

const READY_LIMIT_MS = 30_000;
const LOOK_MS = 50;

/** What a daemon is started with. */
export interface DaemonOptions {
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Options behind `daemon run`. */
  readonly options?: readonly string[];
}

/** One that runs. Disposing ends it. */
export class DaemonProcess implements AsyncDisposable {
  readonly home: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #child: Deno.ChildProcess;
  /** What it said on standard error, when it has ended. */
  readonly said: Promise<string>;

  private constructor(child: Deno.ChildProcess, { home, env = {} }: DaemonOptions) {
    this.home = home;
    this.#env = env;
    this.#child = child;
    this.said = new Response(child.stderr).text();
  }

  /** Starts it, and waits until it answers. */
  static async start(options: DaemonOptions): Promise<DaemonProcess> {
    const { home, env } = options;
    const [program, args] = await detached(["daemon", "run", ...options.options ?? []]);
    const child = new Deno.Command(program, {
      args,
      clearEnv: true,
      env: cleanEnvironment(home, env),
      cwd: home,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const daemon = new DaemonProcess(child, options);
    const limit = AbortSignal.timeout(READY_LIMIT_MS);
    while (await daemon.status() === undefined) {
      if (limit.aborted) throw new Error(`the daemon does not answer: ${await daemon.#killed()}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return daemon;
  }

  /** What `pyra daemon status --json` says; undefined if none runs. */
  async status(): Promise<Record<string, unknown> | undefined> {
    const { code, stdout } = await run(["daemon", "status", "--json"], {
      home: this.home,
      env: this.#env,
    });
    return code === 0 ? JSON.parse(stdout) : undefined;
  }

  /** Its process, which is not the one that was started: that waits for it. */
  pid(): number {
    return JSON.parse(Deno.readTextFileSync(`${this.home}/.pyra/run/daemon.pid`)).pid;
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    Deno.kill(this.pid(), "SIGKILL");
    await this.#child.status;
  }

  async #killed(): Promise<string> {
    this.#child.kill("SIGKILL");
    return await this.said;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      Deno.kill(this.pid(), "SIGTERM");
    } catch (error) {
      // It has ended by itself.
      if (!(error instanceof Error)) throw error;
    }
    await this.#child.status;
    await this.said;
  }
}
