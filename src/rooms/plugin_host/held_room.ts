/**
 * One plugin's room as its process holds it: loaded, called and ended within limits. The room is not
 * believed: what it answers is checked, and what it does not answer ends it.
 * @module
 */
import type { Json } from "../../protocol/plugin.ts";
import type {
  PluginCallParams,
  PluginItem,
  PluginStart,
} from "../../protocol/plugin_host_calls.ts";
import type { Channel, Handler } from "../../rpc/channel.ts";
import { isRecord } from "../../rpc/frame.ts";
import type { ReadModule } from "../plugin_reader/read_modules.ts";
import { checkedAnswer } from "./answers.ts";
import { HostFault, hostFault } from "./host_fault.ts";
import { cutUnits, oneLine } from "../../protocol/foreign_text.ts";

/** A call that was cancelled, or is at its limit, has so long to end, ms. */
const ENDING_MS = 2_000;
/** A room whose event loop stood still for so long when it was ended may go on, ms. */
const ALIVE_MS = 1_000;
/** Without a call it has no business to stand still, ms. */
const IDLE_STILL_MS = 3_000;
const PROGRESS_CHARACTERS = 200;
/** More of a call's progress than this is dropped. */
const PROGRESS_INTERVAL_MS = 50;
/** Of one part of a program's lines. */
const OUTPUT_CHARACTERS = 16_384;
/** Parts that may come at once, and so many a second after that; others are dropped. */
const OUTPUT_PARTS = 20;

/** A worker, as the process starts it. */
export interface RoomWorker {
  readonly channel: Channel;
  stop(reason?: string): void;
}

/** How a room's worker is started. */
export type StartRoom = (
  handlers: Readonly<Record<string, Handler>>,
  died: (cause: string) => void,
) => RoomWorker;

/** A room. */
export class HeldRoom {
  readonly name: string;
  /** Counts up with each answer of the room's event loop. */
  beat = 0;
  readonly #limits: PluginStart["limits"];
  readonly #worker: RoomWorker;
  readonly #ended: (stuck: boolean) => void;
  readonly #calls = new Map<number, PluginCallParams>();
  #nextCall = 1;
  /** When the room was asked for a sign of life that it has not given yet. */
  #asked: number | undefined;
  #loaded = false;
  #over = false;

  /** @param ended called once, with whether the room perhaps goes on */
  constructor(
    start: PluginStart,
    startRoom: StartRoom,
    handlers: Readonly<Record<string, Handler>>,
    ended: (stuck: boolean) => void,
  ) {
    this.name = start.name;
    this.#limits = start.limits;
    this.#ended = ended;
    this.#worker = startRoom(handlers, () => this.end("it ended"));
  }

  /** Loads the plugin from its modules, as they were read. @throws {HostFault} */
  async load(reading: Promise<readonly ReadModule[]>, signal: AbortSignal): Promise<void> {
    const limitMs = this.#limits.loadMs;
    try {
      const modules = await reading;
      await this.#worker.channel.call("load", { modules }, { limitMs, signal });
      this.#loaded = true;
    } catch (thrown) {
      const fault = hostFault(thrown);
      this.end(`it was not loaded: ${fault.message}`);
      if (fault.code !== "plugin_hung") throw fault;
      throw new HostFault("plugin_hung", `it did not load within ${limitMs / 1_000} s`);
    }
  }

  /** Calls a method. @throws {HostFault} */
  async *call(call: PluginCallParams, signal: AbortSignal): AsyncGenerator<PluginItem> {
    if (this.#calls.size >= this.#limits.openCalls) {
      throw new HostFault("plugin_failed", "too many of its calls run at a time");
    }
    const { method, params, limitMs } = call;
    const id = this.#nextCall++;
    this.#calls.set(id, call);
    const late = new AbortController();
    const limit = limitMs === null ? undefined : setTimeout(() => late.abort(), limitMs);
    const leave = AbortSignal.any([signal, late.signal]);
    let ending: ReturnType<typeof setTimeout> | undefined;
    const abort = () => {
      this.#ask();
      const reason = late.signal.aborted ? "it took too long" : "the call was cancelled";
      // A room that cannot be told is ended by the timer.
      const told = this.#worker.channel.call("abort", { id, reason }, { limitMs: ENDING_MS });
      told.catch(() => undefined);
      ending = setTimeout(() => this.end("it did not end a call that was over"), ENDING_MS);
    };
    leave.addEventListener("abort", abort, { once: true });
    if (leave.aborted) abort();
    try {
      const stream = this.#worker.channel.stream(
        "call",
        { id, method, params },
        { limitMs: Infinity },
      );
      yield* this.#items(stream, call);
    } catch (thrown) {
      throw late.signal.aborted
        ? new HostFault("plugin_hung", `it did not answer within ${Number(limitMs) / 1_000} s`)
        : hostFault(thrown);
    } finally {
      leave.removeEventListener("abort", abort);
      clearTimeout(limit);
      clearTimeout(ending);
      this.#calls.delete(id);
    }
  }

  async *#items(
    stream: AsyncIterable<unknown>,
    call: PluginCallParams,
  ): AsyncGenerator<PluginItem> {
    let last = -Infinity;
    let parts = { left: OUTPUT_PARTS, at: performance.now() };
    for await (const item of stream) {
      const { progress, output, result } = isRecord(item) ? item : {};
      if (result !== undefined) {
        return yield { result: checkedAnswer(call, result, this.#limits.resultCharacters) as Json };
      }
      const at = performance.now();
      if (typeof output === "string") {
        const earned = (at - parts.at) * OUTPUT_PARTS / 1_000;
        parts = { left: Math.min(OUTPUT_PARTS, parts.left + earned), at };
        if (parts.left < 1) continue;
        parts.left--;
        yield { output: cutUnits(output, OUTPUT_CHARACTERS).toWellFormed() };
      }
      if (typeof progress !== "string" || at - last < PROGRESS_INTERVAL_MS) continue;
      last = at;
      yield { progress: oneLine(progress, PROGRESS_CHARACTERS) };
    }
    throw new HostFault("plugin_failed", "it gave no answer");
  }

  /** Asks the room for a sign of life; ends one that stands still without being called. */
  look(): void {
    if (!this.isCalled && this.#stillMs > IDLE_STILL_MS) return this.end("it stood still");
    this.#ask();
  }

  /** Whether it loads, or a call is open that has to come to an end. */
  get isCalled(): boolean {
    return !this.#loaded || [...this.#calls.values()].some(({ limitMs }) => limitMs !== null);
  }

  /** How long it has not answered, ms. */
  get #stillMs(): number {
    return this.#asked === undefined ? 0 : performance.now() - this.#asked;
  }

  #ask(): void {
    if (this.#asked !== undefined) return;
    this.#asked = performance.now();
    this.#worker.channel.call("beat", null, { limitMs: Infinity }).then(
      () => {
        this.#asked = undefined;
        this.beat++;
      },
      // The room is gone, which `end` has heard.
      () => undefined,
    );
  }

  /** Unloads the plugin and ends its room. */
  async stop(): Promise<void> {
    const limitMs = this.#limits.unloadMs;
    this.#ask();
    // What it says of its own end does not matter: it ends.
    await this.#worker.channel.call("unload", null, { limitMs }).catch(() => undefined);
    this.end("it was stopped");
  }

  /** Ends the room at once; calls that are open fail. */
  end(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#worker.stop(reason);
    this.#ended(this.#stillMs > ALIVE_MS);
  }
}
