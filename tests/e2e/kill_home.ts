/**
 * A profile with much to do, whose daemon is killed: schedules, a plugin that writes and runs a program, a
 * vault, clients of all kinds.
 * @module
 */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { connectDaemon } from "../../src/kernel/daemon/socket/client.ts";
import { KernelError } from "../../src/kernel/error.ts";
import { profilePaths } from "../../src/kernel/profile.ts";
import { RpcError } from "../../src/rpc/error.ts";
import type { DaemonStatus } from "../../src/protocol/daemon_calls.ts";
import type { RecordedRequest } from "../fakes/model_server.ts";
import { run, type RunResult } from "./command.ts";
import { DaemonProcess } from "./daemon_process.ts";

/** What opens the vault of such a profile. */
export const PASSPHRASE = { PYRA_VAULT_PASSPHRASE: "correct horse" };

/** Schedules that come every 10 s, one after the other. */
const TICKS = 5;
/** Schedules that run when somebody asks the socket for it. */
const ASKED = 4;
/** And by `pyra schedule run` alone. */
const TYPED = "typed";
const CLIENT_LIMIT_MS = 30_000;

/** Writes as fast as it can: its database, a file that grows and one that is replaced; and runs a program. */
const PLUGIN = `
export default { tasks: [{ name: "write", async run(context) {
  const { dataFolder, storage, signal } = context;
  context.run(["sleep", "100000"], { limitMs: 300000 }).result.catch((error) => context.log(error.code));
  let count = await storage.get("count") ?? 0;
  while (!signal.aborted) {
    await storage.set("count", ++count);
    Deno.writeTextFileSync(dataFolder + "/lines", count + "\\n", { append: true });
    Deno.writeTextFileSync(dataFolder + "/next", JSON.stringify({ count, text: "x".repeat(9000) }));
    Deno.renameSync(dataFolder + "/next", dataFolder + "/whole");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
} }] };`;

/** The mark of a request: whose prompt it was. Each prompt holds one. */
export function markOf({ body }: RecordedRequest): string {
  const said = JSON.stringify(body?.messages?.at(-1) ?? "");
  return /mark:([\w-]+)/.exec(said)?.[1] ?? "";
}

/** A profile that is killed. */
export class KillHome {
  readonly home: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #name: string;
  /** Numbers of occurrences that the daemon answered with. */
  readonly accepted = new Set<number>();
  /** How often `schedule run` was typed. */
  typedRuns = 0;
  /** Marks of what clients asked, and the exit codes of those that have ended. */
  readonly asked = new Map<string, number | undefined>();
  #count = 0;

  private constructor(home: string, name: string, env: Readonly<Record<string, string>>) {
    this.home = home;
    this.#name = name;
    this.#env = env;
  }

  /** Sets it up. @param name tells its requests from those of others at the same server */
  static async make(base: string, name: string, server: string): Promise<KillHome> {
    const home = `${base}/${name}`;
    await Deno.mkdir(home, { mode: 0o700 });
    const made = new KillHome(home, name, {
      PYRA_AI_PROVIDER_ID: "custom",
      PYRA_AI_MODEL: "m",
      PYRA_AI_BASE_URL: server,
      PYRA_LIMITS_REQUESTS_PER_MINUTE: "0",
      PYRA_LIMITS_REQUESTS_PER_HOUR: "0",
      PYRA_LIMITS_TOKENS_PER_MINUTE: "0",
      NO_COLOR: "1",
    });
    await made.#setUp();
    return made;
  }

  async #setUp(): Promise<void> {
    await this.#must(["setup", "--provider", "demo"]);
    const set = ["vault", "set", "mail", "--origin", "https://mail.example", "--stdin"];
    await this.#must([...set, "--vault", "passphrase"], PASSPHRASE, "secret-value");
    const folder = `${this.home}/writer`;
    await Deno.mkdir(folder);
    const about = { name: "writer", version: "1.0.0", description: "writes on and on" };
    const manifest = JSON.stringify({ ...about, grants: { run: ["sleep"] } });
    await Deno.writeTextFile(`${folder}/manifest.json`, manifest);
    await Deno.writeTextFile(`${folder}/plugin.ts`, PLUGIN);
    await this.#must(["plugin", "install", folder, "--yes"]);
    const add = async (name: string, when: string) => {
      await this.#must(["schedule", "add", when, `mark:${this.mark(name)}`, "--name", name]);
    };
    for (let tick = 0; tick < TICKS; tick++) {
      await add(`tick-${tick}`, tick % 2 === 0 ? "every 10s" : "*/10 * * * * *");
    }
    for (const name of [...asked(), TYPED]) await add(name, "2099-01-01 08:00");
  }

  /** The mark of a schedule's prompt. */
  mark(schedule: string): string {
    return `${this.#name}-${schedule}`;
  }

  /** `state.db` of the profile. */
  get database(): string {
    return `${this.home}/.pyra/db/state.db`;
  }

  /** Runs a command line to its end. */
  pyra(args: readonly string[], env = {}, input?: string): Promise<RunResult> {
    const limitMs = CLIENT_LIMIT_MS;
    const options = { home: this.home, env: { ...this.#env, ...env }, limitMs };
    return run(args, input === undefined ? options : { ...options, input });
  }

  async #must(args: readonly string[], env = {}, input?: string): Promise<string> {
    const { code, stdout, stderr } = await this.pyra(args, env, input);
    assert.equal(code, 0, `${args.join(" ")}: ${stderr}`);
    return stdout;
  }

  /** Starts the daemon, and waits for nothing. */
  daemon(env: Readonly<Record<string, string>> = {}): Promise<DaemonProcess> {
    return DaemonProcess.spawn({ home: this.home, env: { ...this.#env, ...env } });
  }

  /**
   * Calls the daemon by its socket.
   * @returns `undefined` where none runs, or it was killed meanwhile, or refused
   */
  async call(method: string, params: unknown): Promise<unknown> {
    const connection = await connectDaemon(profilePaths(`${this.home}/.pyra`));
    if (connection === undefined) return undefined;
    try {
      return await connection.send(method, params, CLIENT_LIMIT_MS);
    } catch (error) {
      if (!(error instanceof RpcError) && !(error instanceof KernelError)) throw error;
      assert.notEqual(error.code, "timeout", "a client hangs");
      return undefined;
    } finally {
      connection.close();
    }
  }

  /** What the daemon tells of itself, once it serves; `undefined` if it ends before. */
  async ready(daemon: DaemonProcess): Promise<DaemonStatus | undefined> {
    let isOver = false;
    void daemon.ended.then(() => isOver = true);
    while (!isOver) {
      const status = await this.call("status", null) as DaemonStatus | undefined;
      const isServing = status?.tasks.some(({ name }) => name === "schedules");
      if (isServing && status?.pid === daemon.pid()) return status;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return undefined;
  }

  /** Asks the socket to run a schedule. What was answered must never be lost. */
  async runAsked(chance: number): Promise<void> {
    const names = asked();
    const schedule = names[Math.floor(chance * names.length)] ?? "";
    const answer = await this.call("tasks", { method: "schedules.run", schedule });
    if (typeof answer === "number") this.accepted.add(answer);
  }

  /** `pyra ask`. @param how the word in its mark that the model knows */
  async ask(how: "fast" | "slow"): Promise<RunResult> {
    const mark = `${this.#name}-ask-${how}-${++this.#count}`;
    this.asked.set(mark, undefined);
    const result = await this.pyra(["ask", "--no-cache", `mark:${mark}`]);
    this.asked.set(mark, result.code);
    return result;
  }

  /** `pyra schedule run`. */
  runTyped(): Promise<RunResult> {
    this.typedRuns++;
    return this.pyra(["schedule", "run", TYPED]);
  }

  /** The plugin's files as they are. @returns how far it has come */
  checkPlugin(before: number): number {
    const folder = `${this.home}/.pyra/data/writer`;
    const lines = read(`${folder}/lines`)?.trimEnd().split("\n").map(Number) ?? [];
    const isNext = (line: number, at: number) => {
      const last = lines[at - 1] ?? 0;
      // Of a step that was cut off, the line may be there and not the next, or twice.
      return line === last || line === last + 1 || line === last + 2;
    };
    assert.ok(lines.every(isNext), `the plugin's lines: ${lines.slice(-5)}`);
    const whole = read(`${folder}/whole`);
    const shown = whole === undefined ? 0 : JSON.parse(whole).count;
    const files = [...Deno.readDirSync(folder)].map(({ name }) => name)
      .filter((name) => /\.(db|sqlite\d?)$/.test(name));
    if (files.length === 0) return Math.max(before, shown);
    assert.equal(files.length, 1, files.join());
    using db = new DatabaseSync(`${folder}/${files[0]}`, { readOnly: true });
    assert.equal(db.prepare("PRAGMA integrity_check").get()?.["integrity_check"], "ok");
    const kept = Number(
      db.prepare("SELECT value FROM pairs WHERE key = 'count'").get()?.["value"] ?? 0,
    );
    assert.ok(kept >= before && kept >= shown, `${kept} is kept, after ${before} and ${shown}`);
    return kept;
  }

  /** Processes of this profile that still run. */
  async processes(): Promise<string> {
    // The tests themselves may not read /proc.
    const script = `for file in $(grep -lzxF "HOME=$0" /proc/[0-9]*/environ 2>/dev/null); do
      tr "\\0" " " <"\${file%environ}cmdline"; done`;
    const args = ["-c", script, this.home];
    const { stdout } = await new Deno.Command("sh", { args, env: { HOME: "/" } }).output();
    return new TextDecoder().decode(stdout).trim();
  }
}

function asked(): string[] {
  return Array.from({ length: ASKED }, (_, number) => `asked-${number}`);
}

function read(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
