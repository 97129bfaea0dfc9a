/**
 * A daemon in a home of its own, in the foreground and without a terminal.
 * @module
 */
import { cleanEnvironment, run } from "./command.ts";
import { pyra } from "./executable.ts";

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
    const daemon = await DaemonProcess.spawn(options);
    const limit = AbortSignal.timeout(READY_LIMIT_MS);
    while (await daemon.status() === undefined) {
      if (limit.aborted) throw new Error(`the daemon does not answer: ${await daemon.#killed()}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return daemon;
  }

  /** Starts it, and waits for nothing. */
  static async spawn(options: DaemonOptions): Promise<DaemonProcess> {
    const { home, env } = options;
    const { path, args } = await pyra();
    const child = new Deno.Command(path, {
      args: [...args, "daemon", "run", ...options.options ?? []],
      clearEnv: true,
      env: cleanEnvironment(home, env),
      cwd: home,
      // A session of its own: no terminal.
      detached: true,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    return new DaemonProcess(child, options);
  }

  /** What `pyra daemon status --json` says; undefined if none runs. */
  async status(): Promise<Record<string, unknown> | undefined> {
    const { code, stdout } = await run(["daemon", "status", "--json"], {
      home: this.home,
      env: this.#env,
    });
    return code === 0 ? JSON.parse(stdout) : undefined;
  }

  /** Its process. */
  pid(): number {
    return this.#child.pid;
  }

  /** Resolves with how it ended. */
  get ended(): Promise<Deno.CommandStatus> {
    return this.#child.status;
  }

  /** Ends it at once, as a power cut would. One that has ended already is left at that. */
  async kill(): Promise<void> {
    this.#signal("SIGKILL");
    await this.#child.status;
  }

  async #killed(): Promise<string> {
    this.#signal("SIGKILL");
    return await this.said;
  }

  #signal(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch (error) {
      // It has ended by itself.
      if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal("SIGTERM");
    await this.#child.status;
    await this.said;
  }
}
