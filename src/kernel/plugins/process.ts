/**
 * The process that holds the plugins' rooms. A room that eats memory or will not end cannot be stopped
 * within one process; this one can be killed as a whole, and nothing but plugins is lost with it.
 * @module
 */
import type { PluginHostReport } from "../../protocol/plugin_host_calls.ts";
import { Channel, type Handler } from "../../rpc/channel.ts";
import { isRecord } from "../../rpc/frame.ts";
import { ndjsonTransport } from "../../rpc/ndjson.ts";
import { appendLog } from "../logs.ts";

/** The reason of an orderly end. */
export const CLOSED = "it was closed";
/** The hidden first argument of the program. */
export const HOST_ARGUMENT = "--plugin-host";
/** What all rooms together may take beside what the process had at its start, bytes. */
const MEMORY_LIMIT_BYTES = 512 * 1024 * 1024;
/** So many looks without a report, and it is killed. */
const LOOK_MS = 500;
const SILENT_LOOKS = 6;
/** While it is quiet it reports, and is looked at, this seldom, ms. */
const QUIET_MS = 10_000;
const QUIET_LOOKS = 2;
/** Its start may take longer, on a machine with much to do. */
const STARTING_LOOKS = 40;
const END_LIMIT_MS = 500;
/** Of what it writes to its standard error: enough for a crash's last words. */
const ERROR_LIMIT_BYTES = 16 * 1024;
/** What the runtime needs to find its cache and temporary files, and no more. */
const ENVIRONMENT = ["HOME", "DENO_DIR", "XDG_CACHE_HOME", "TMPDIR", "SystemRoot", "TEMP"];

/** What the process is started with. */
export interface HostStart {
  /** The folder of the rooms' entries. */
  readonly entries: URL;
  /** Whether some plugin may connect by raw TCP. */
  readonly net: boolean;
  /** What the process may call. */
  readonly handlers: Readonly<Record<string, Handler>>;
  /** A log for what it writes to its standard error. */
  readonly errorLog: string;
  /** A line of it as it may be kept. */
  readonly errorLine: (line: string) => string;
  /** Called once when it has ended, whoever ended it. */
  readonly ended: (reason: string) => void;
}

/** One such process. */
export class PluginProcess {
  readonly channel: Channel;
  readonly net: boolean;
  readonly #child: Deno.ChildProcess;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #lookMs = LOOK_MS;
  readonly #ended: (reason: string) => void;
  #isEnded = false;
  #base: number | undefined;
  #silent = 0;

  constructor(start: HostStart) {
    this.net = start.net;
    this.#ended = start.ended;
    this.#child = spawn(start);
    const pipe = { input: this.#child.stdout, output: this.#child.stdin };
    const transport = ndjsonTransport(pipe, (reason) => this.end(reason));
    this.channel = new Channel(transport, start.handlers, (name, value) => {
      if (name === "report") this.#report(value);
    });
    // A peer that breaks the protocol is cut off by its channel.
    void this.channel.closed.then(({ message }) => this.end(message));
    void this.#child.status.then(({ code, signal }) => this.end(`it ended (${signal ?? code})`));
    // A log that cannot be written must not end the program.
    keepErrors(this.#child.stderr, start).catch(() => undefined);
    this.#wait();
  }

  /** Whether it says that nothing happens in it. */
  get isQuiet(): boolean {
    return this.#lookMs > LOOK_MS;
  }

  #report(value: unknown): void {
    const { rss, stuck, nextMs } = isRecord(value) ? value as Partial<PluginHostReport> : {};
    if (typeof rss !== "number" || !Array.isArray(stuck)) return this.end("its report is none");
    this.#silent = 0;
    const lookMs = Number(nextMs) > LOOK_MS ? QUIET_MS : LOOK_MS;
    if (lookMs !== this.#lookMs) this.#wait(this.#lookMs = lookMs);
    this.#base ??= rss;
    if (rss > this.#base + MEMORY_LIMIT_BYTES) this.end("the plugins took too much memory");
    else if (stuck.length > 0) this.end(`a room did not end: ${String(stuck[0]).slice(0, 40)}`);
  }

  #look(): void {
    const limit = this.isQuiet ? QUIET_LOOKS : SILENT_LOOKS;
    const isSilent = ++this.#silent > (this.#base === undefined ? STARTING_LOOKS : limit);
    if (isSilent) this.end("it gave no sign of life");
    else this.#wait();
  }

  #wait(ms = this.#lookMs): void {
    clearTimeout(this.#watch);
    if (!this.#isEnded) this.#watch = setTimeout(() => this.#look(), ms);
  }

  /** Kills the process at once; open calls fail. */
  end(reason: string): void {
    if (this.#finish(reason)) kill(this.#child);
  }

  /** Ends its input, upon which it ends; kills it if it does not. */
  async close(): Promise<void> {
    this.#finish(CLOSED);
    const limit = setTimeout(() => kill(this.#child), END_LIMIT_MS);
    await this.#child.status;
    clearTimeout(limit);
  }

  /** @returns false if it had ended before */
  #finish(reason: string): boolean {
    if (this.#isEnded) return false;
    this.#isEnded = true;
    clearTimeout(this.#watch);
    this.channel.close(reason);
    this.#ended(reason);
    return true;
  }
}

function spawn({ entries, net }: HostStart): Deno.ChildProcess {
  const inner = [HOST_ARGUMENT, ...(net ? ["net"] : [])];
  const rights = ["--allow-read", "--allow-write", ...(net ? ["--allow-net"] : [])];
  const flags = ["--quiet", "--no-prompt", "--v8-flags=--disallow-code-generation-from-strings"];
  const main = new URL("../../main.ts", entries).href;
  // Compiled, the program is its own runtime and takes the rights away from itself.
  const args = import.meta.url.endsWith(".ts")
    ? ["run", ...flags, ...rights, main, ...inner]
    : inner;
  const env = Object.fromEntries(ENVIRONMENT.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
  const streams = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  // In a group of its own, Ctrl-C on the terminal does not reach it.
  const options = { args, clearEnv: true, env, detached: true, ...streams };
  return new Deno.Command(Deno.execPath(), options).spawn();
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    // It had ended before.
    if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Keeps the beginning of what the process says, a line each; the rest is read and dropped. */
async function keepErrors(
  stream: ReadableStream<Uint8Array>,
  { errorLog, errorLine }: HostStart,
): Promise<void> {
  let left = ERROR_LIMIT_BYTES;
  for await (const chunk of stream) {
    if (left <= 0) continue;
    const text = new TextDecoder().decode(chunk.subarray(0, left));
    left -= chunk.length;
    for (const line of text.split("\n").filter(Boolean)) {
      appendLog(errorLog, { from: "host", line: errorLine(line) });
    }
  }
}
