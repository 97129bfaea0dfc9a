/**
 * The app room's life: started, asked about, stopped while the person answers, started again.
 * @module
 */
import type { Handler } from "../rpc/channel.ts";
import type { AppBoot } from "../protocol/kernel_calls.ts";
import { lineOfWords, namedPaths } from "./command_line.ts";
import { KernelError } from "./error.ts";
import { refuseLinks } from "./links.ts";
import { exists } from "./profile.ts";
import { appFolders } from "./roles.ts";
import type { Room } from "./room.ts";
import type { Run } from "./run.ts";
import { VERSION } from "./version.ts";
import { resolvePath } from "./workspace.ts";

const REMEMBERED_LIMIT = 64 * 1024;

/** What a room that is gone waits for. */
const NEVER = new Promise<never>(() => {});

/** Makes the table of calls of a run's app room. @param exit ends the run */
export type AppCalls = (
  run: Run,
  room: AppRoom,
  exit: (code: number) => void,
) => Readonly<Record<string, Handler>>;

type Answer = { readonly value: unknown } | { readonly error: unknown };

/** The app room of one run. */
export class AppRoom {
  /** What ends with the room. */
  readonly guests: { end(): void }[] = [];
  readonly #run: Run;
  readonly #handlers: Readonly<Record<string, Handler>>;
  readonly #granted: Record<"read" | "write", string[]> = { read: [], write: [] };
  readonly #answers = new Map<string, Answer>();
  #room: Room | undefined;
  /** True while the person is being asked: no room is started, and no second question begun. */
  #isAsking = false;
  #remembered: unknown = null;

  /**
   * @param handlers makes the table of calls, given this room
   * @throws {KernelError} `usage`, `boundary` for a path on the command line
   */
  constructor(run: Run, handlers: (room: AppRoom) => Readonly<Record<string, Handler>>) {
    this.#run = run;
    this.#handlers = handlers(this);
    for (const { path, access } of namedPaths(run.line)) this.grant(access, resolvePath(run, path));
    const typed = run.host?.job?.typed;
    for (const { path, access } of typed === undefined ? [] : namedPaths(lineOfWords(typed))) {
      this.grant(access, resolvePath(run, path));
    }
    for (const path of shownLogs(run)) this.grant("read", path);
  }

  /** Starts the room. @throws {KernelError} `boundary` if a link lies in what it may write */
  start(): void {
    const { profile } = this.#run;
    refuseLinks(appFolders(profile), profile.linkCheck);
    this.#run.terminal.lend();
    const room: Room = this.#room = this.#run.startApp(
      { boot: this.#boot(), handlers: this.#current(() => this.#room === room) },
      this.#granted,
    );
  }

  /** The handlers for one room: what a room asked for that is gone by then has no effect. */
  #current(isCurrent: () => boolean): Record<string, Handler> {
    return Object.fromEntries(
      Object.entries(this.#handlers).map(([name, handler]): [string, Handler] => [
        name,
        (params, context) => isCurrent() && !this.#isAsking ? handler(params, context) : NEVER,
      ]),
    );
  }

  #boot(): AppBoot {
    const { line, profile, workspace, environment, terminal, host } = this.#run;
    return {
      argv: line.rest,
      options: line.options,
      version: VERSION,
      os: Deno.build.os,
      profile: profile.shown,
      setUp: exists(profile.config),
      workspace,
      env: environment.shown,
      environmentKeys: Object.keys(environment.keys).map((name) => name.replace("provider:", "")),
      terminal: { stdin: terminal.stdin, stdout: terminal.stdout, stderr: terminal.stderr },
      granted: [...this.#granted.read, ...this.#granted.write],
      remembered: this.#remembered,
      hosted: host?.screen ?? null,
      job: host?.job ?? null,
    };
  }

  /** Tells the room of a signal; of a new size where the terminal is a client's. */
  notify(event: "interrupt" | "terminate" | "leave" | "resize", value: unknown = null): void {
    this.#room?.channel.notify(event, value);
  }

  /** Asks the room; what nobody answers takes as long as the signal lets it. @throws {RpcError} */
  async ask(method: string, params: unknown, signal: AbortSignal): Promise<unknown> {
    if (!this.#room) throw new KernelError("room", "the app room is not there");
    return await this.#room.channel.call(method, params, { signal, limitMs: Infinity });
  }

  /** Keeps a value for the room after this one. @throws {KernelError} `bad_call` if it is too large */
  remember(state: unknown): void {
    const text = JSON.stringify(state ?? null);
    if (text.length > REMEMBERED_LIMIT) {
      throw new KernelError("bad_call", "what is to be remembered is too large");
    }
    this.#remembered = JSON.parse(text);
  }

  /** What the room left for the one after it. */
  get remembered(): unknown {
    return this.#remembered;
  }

  /** Adds a folder or file that the next room may read, or a file that it may write. */
  grant(access: "read" | "write", path: string): void {
    this.#granted[access].push(path);
  }

  /** Whether a path lies in what was granted for this run. */
  may(access: "read" | "write", path: string): boolean {
    const { read, write } = this.#granted;
    return (access === "write" ? write : [...read, ...write])
      .some((granted) => path === granted || path.startsWith(`${granted}/`));
  }

  /**
   * Answers a call that takes the person: the room is stopped, `question` speaks with them, a new
   * room is started, and the same call of that room gets the answer. No room of third-party code
   * is alive while the person reads and types. In a daemon the run is handed over to the person's own
   * process, which does all that.
   * @param refusal what the call is answered with where nobody can be asked
   */
  async asking(
    method: string,
    params: unknown,
    question: () => Promise<unknown>,
    refusal?: KernelError,
  ): Promise<unknown> {
    const key = JSON.stringify([method, params]);
    const answer = this.#answers.get(key);
    if (answer) {
      this.#answers.delete(key);
      if ("error" in answer) throw answer.error;
      return answer.value;
    }
    // Of two questions at a time, one would be answered while the other one's room is alive.
    if (this.#isAsking) return await NEVER;
    const { host, daemon, terminal } = this.#run;
    if (host?.handOver) {
      this.#isAsking = true;
      return await host.handOver(this.#remembered);
    }
    // What a daemon does by itself has nobody, even where its process has a terminal.
    if (host || daemon) throw refusal ?? noPerson();
    if (refusal && !terminal.reachable()) throw refusal;
    this.#isAsking = true;
    this.stop();
    terminal.take();
    try {
      const value = await question();
      // Without a value the call, made again, finds for itself what has changed.
      if (value !== undefined) this.#answers.set(key, { value });
    } catch (error) {
      this.#answers.set(key, { error });
    }
    this.#isAsking = false;
    try {
      this.start();
    } catch (error) {
      this.#run.died("app", error);
    }
    // The room that called is gone.
    return await NEVER;
  }

  /** Stops the room and puts the terminal back. */
  stop(): void {
    for (const guest of this.guests) guest.end();
    this.#room?.stop();
    this.#room = undefined;
    this.#run.terminal.restore();
  }
}

function noPerson(): KernelError {
  return new KernelError("no_terminal", "a question cannot be asked: nobody is there");
}

/** What `pyra security log` and `doctor` read beside the folder of logs. */
function shownLogs({ line, profile: { home } }: Run): string[] {
  if (!["security log", "doctor"].includes(line.words.join(" "))) return [];
  return [...Deno.readDirSync(home)].map(({ name }) => name)
    .filter((name) => name === "log_heads.json" || name.startsWith("security.log"))
    .map((name) => `${home}/${name}`);
}
