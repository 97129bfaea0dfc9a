/**
 * A command line that the daemon runs: for a client, whose terminal it is, or for a job, which has none.
 * @module
 */
import type { HostedRunItem, HostedRunParams, JobBoot } from "../../../protocol/daemon_calls.ts";
import { type AppCalls, AppRoom } from "../../app_room.ts";
import { type CommandLine, isServed, parseCommandLine } from "../../command_line.ts";
import type { Environment } from "../../environment.ts";
import { KernelError } from "../../error.ts";
import { EXIT_TERMINATED, exitCodeOf, failureText, roomFailure } from "../../failure.ts";
import { fields } from "../../params.ts";
import { Run, type RunHost } from "../../run.ts";
import { HostedTerminal, type TerminalLine } from "./hosted_terminal.ts";

/** How long a run may take to end when it is told to, ms. */
const END_LIMIT_MS = 3_000;
/** Of one piece of output, characters. */
const TEXT_LIMIT = 1024 * 1024;

/** How many there were. */
let runs = 0;

/** What the daemon's runs have in common. */
export interface HostedStart extends Pick<RunHost, "rooms" | "warm" | "profile"> {
  /** The daemon's own. */
  readonly environment: Environment;
  readonly entries: URL;
  readonly calls: AppCalls;
}

/** Whose run it is, and what it does. */
export interface HostedFor {
  readonly params: Omit<HostedRunParams, "secrets">;
  /** The client's terminal; undefined where there is nobody. */
  readonly client: Pick<TerminalLine, "read" | "rawMode"> | undefined;
  readonly job: JobBoot | null;
}

/** Something that the reader has not taken yet. */
interface Waiting {
  readonly item: HostedRunItem;
  readonly isTaken: Promise<void>;
  readonly taken: () => void;
}

/** One such run, from its start to its last item. */
export class HostedRun {
  /** `ask`, `chat`, or the job's schedule. */
  readonly what: string;
  readonly kind: "client" | "job";
  readonly since: string = new Date().toISOString();
  #queue: Waiting[] = [];
  #room: AppRoom | undefined;
  #wake: () => void = () => {};
  #isLeaving = false;
  /** Its end is in the queue, or nobody reads that any more. */
  #isOver = false;
  #limit: ReturnType<typeof setTimeout> | undefined;

  constructor(start: HostedStart, who: HostedFor) {
    const { params, job } = who;
    this.kind = job === null ? "client" : "job";
    let line: CommandLine | undefined;
    try {
      line = parseCommandLine(params.args);
      // An open vault would do what else is typed without its passphrase: for another recipient, too.
      if (!job && !isServed(line)) {
        throw new KernelError("denied", "the daemon runs questions and chats", "use --no-daemon");
      }
      this.#room = this.#open(start, who, line);
      this.#room.start();
    } catch (error) {
      this.#fail(error, line);
    }
    this.what = job?.schedule ?? line?.words[0] ?? bareCommand(params);
  }

  #open(start: HostedStart, { params, client, job }: HostedFor, line: CommandLine): AppRoom {
    const { environment, entries, profile, rooms, warm, calls } = start;
    const { shown, programs } = params;
    const terminal = new HostedTerminal(params.terminal, {
      read: (signal) => client ? client.read(signal) : Promise.resolve(null),
      rawMode: async (on) => {
        // What was drawn before belongs to the mode before.
        await this.#queue.at(-1)?.isTaken;
        await client?.rawMode(on);
      },
      say: (text) => void this.#push({ kind: "output", to: "stderr", text: `${text}\n` }),
    });
    const run = new Run({
      line,
      folder: params.folder,
      entries,
      terminal,
      environment: { ...environment, shown, programs, passphrase: undefined, editor: undefined },
      died: (name, cause) => this.#fail(roomFailure(name, cause), line),
      host: {
        rooms,
        warm,
        profile,
        number: ++runs,
        job,
        screen: client ? params.terminal : null,
        handOver: client ? (remembered) => this.#handOver(remembered) : undefined,
      },
    });
    return new AppRoom(run, (room) => ({
      ...calls(run, room, (code) => this.#exit(code, room.remembered)),
      output: async (given) => {
        const { to, text } = fields(given);
        if (typeof text !== "string" || text.length > TEXT_LIMIT) return;
        await this.#push({ kind: "output", to: to === "stderr" ? to : "stdout", text });
      },
    }));
  }

  /**
   * What it does, to its end; leaving the loop ends the run.
   * @param signal ends it, too: nobody can leave the loop while the run says nothing
   */
  async *items(signal?: AbortSignal): AsyncGenerator<HostedRunItem, void, undefined> {
    signal?.addEventListener("abort", () => this.#wake());
    try {
      while (!signal?.aborted) {
        const next = this.#queue.shift();
        if (!next) await new Promise<void>((resolve) => this.#wake = resolve);
        else {
          yield next.item;
          next.taken();
          if (next.item.kind !== "output") return;
        }
      }
    } finally {
      const isOver = this.#isOver;
      this.#isOver = true;
      for (const { taken } of this.#queue.splice(0)) taken();
      if (isOver) this.#stop();
      else this.terminate();
    }
  }

  /** Tells the room of what its client tells of. */
  notify(name: string, value: unknown): void {
    if (name === "interrupt" || name === "resize") this.#room?.notify(name, value);
    else if (name === "terminate") this.terminate();
  }

  /** The daemon ends: the room may leave what its client needs to go on by itself. */
  leave(): void {
    this.#isLeaving = true;
    // What it left before is no sign that it goes on.
    this.#room?.remember(null);
    this.#room?.notify("leave");
  }

  #exit(code: number, remembered: unknown): void {
    const goesOn = this.#isLeaving && code === EXIT_TERMINATED && remembered !== null;
    this.#end(
      goesOn ? { kind: "alone", reason: "the daemon ends", remembered } : { kind: "end", code },
    );
  }

  /** Ends it: the room is told, and stopped if it does not end by itself. */
  terminate(): void {
    this.#room?.notify("terminate");
    this.#limit ??= setTimeout(
      () => this.#end({ kind: "end", code: EXIT_TERMINATED }),
      END_LIMIT_MS,
    );
  }

  /** The client goes on by itself. */
  #handOver(remembered: unknown): Promise<never> {
    this.#end({ kind: "alone", reason: "", remembered });
    return new Promise<never>(() => {});
  }

  #fail(error: unknown, line: CommandLine | undefined): void {
    const verbose = line?.options.verbose === true;
    const text = `${failureText(error, { verbose })}\n`;
    void this.#push({ kind: "output", to: "stderr", text });
    this.#end({ kind: "end", code: exitCodeOf(error) });
  }

  #end(item: HostedRunItem): void {
    void this.#push(item);
    this.#isOver = true;
    this.#stop();
  }

  #stop(): void {
    clearTimeout(this.#limit);
    this.#room?.stop();
    this.#room = undefined;
  }

  /** Resolves when the reader took it: a slow one costs the room a wait, and no memory. */
  #push(item: HostedRunItem): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    const { promise: isTaken, resolve: taken } = Promise.withResolvers<void>();
    this.#queue.push({ item, isTaken, taken });
    this.#wake();
    return isTaken;
  }
}

/** What `pyra` without a command is. */
function bareCommand({ args, terminal }: HostedFor["params"]): string {
  return terminal.stdin && !args.some((word) => /\s/.test(word)) ? "chat" : "ask";
}
