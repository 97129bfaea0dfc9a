/**
 * The app room's life: started, asked about, stopped while the person answers, started again.
 * @module
 */
import type { Handler } from "../rpc/channel.ts";
import type { AppBoot } from "../protocol/kernel_calls.ts";
import { refuseLinks } from "./links.ts";
import { type Grants, rights } from "./roles.ts";
import { Room } from "./room.ts";
import type { Run } from "./run.ts";

const REMEMBERED_LIMIT = 64 * 1024;

type Answer = { readonly value: unknown } | { readonly error: unknown };

/** The app room of one run. */
export class AppRoom {
  readonly #run: Run;
  readonly #handlers: Readonly<Record<string, Handler>>;
  readonly #boot: () => AppBoot;
  readonly #granted: { read: string[]; write: string[] };
  readonly #answers = new Map<string, Answer>();
  #room: Room | undefined;
  #remembered: unknown = null;

  /** @param handlers makes the table of calls, given this room */
  constructor(
    run: Run,
    grants: Grants,
    boot: () => Omit<AppBoot, "granted" | "remembered">,
    handlers: (room: AppRoom) => Readonly<Record<string, Handler>>,
  ) {
    this.#run = run;
    this.#granted = { read: [...grants.read], write: [...grants.write] };
    this.#boot = () => ({
      ...boot(),
      granted: [...this.#granted.read, ...this.#granted.write],
      remembered: this.#remembered,
    });
    this.#handlers = handlers(this);
  }

  /** Starts the room. @throws {KernelError} `boundary` if a link lies in what it may write */
  start(): void {
    const { profile } = this.#run;
    const { memory, db, sessions, recipes, cache, run } = profile;
    refuseLinks([memory, db, sessions, recipes, cache, run], profile.linkCheck);
    this.#room = new Room({
      name: "app",
      entries: this.#run.entries,
      permissions: rights("app", profile, this.#granted),
      boot: this.#boot(),
      handlers: this.#handlers,
      died: (cause) => this.#run.died("app", cause),
    });
  }

  /** Tells the room of a signal. */
  notify(event: "interrupt" | "terminate" | "resize"): void {
    this.#room?.channel.notify(event);
  }

  /** Keeps a value for the room after this one. Returns false if it is too large. */
  remember(state: unknown): boolean {
    const text = JSON.stringify(state ?? null);
    if (text.length > REMEMBERED_LIMIT) return false;
    this.#remembered = JSON.parse(text);
    return true;
  }

  /** Adds a folder or file that the next room may read, or a file that it may write. */
  grant(access: "read" | "write", path: string): void {
    this.#granted[access].push(path);
  }

  /** Whether a path lies in what was granted for this run. */
  may(access: "read" | "write", path: string): boolean {
    const all = access === "write"
      ? this.#granted.write
      : [...this.#granted.read, ...this.#granted.write];
    return all.some((granted) => path === granted || path.startsWith(`${granted}/`));
  }

  /**
   * Answers a call that takes the person: the room is stopped, `question` speaks with them, a new
   * room is started, and the same call of that room gets the answer. No room of third-party code
   * is alive while the person reads and types.
   */
  async asking(
    method: string,
    params: unknown,
    question: () => Promise<unknown>,
  ): Promise<unknown> {
    const key = JSON.stringify([method, params]);
    const answer = this.#answers.get(key);
    if (answer) {
      this.#answers.delete(key);
      if ("error" in answer) throw answer.error;
      return answer.value;
    }
    this.stop();
    try {
      this.#answers.set(key, { value: await question() });
    } catch (error) {
      this.#answers.set(key, { error });
    }
    try {
      this.start();
    } catch (error) {
      this.#run.died("app", error instanceof Error ? error.message : String(error));
    }
    // The room that called is gone.
    return await new Promise(() => {});
  }

  /** Stops the room and puts the terminal back. */
  stop(): void {
    this.#room?.stop();
    this.#run.terminal.restore();
  }
}
