import {
  CALL_LIMIT_MS,
  type CallOptions,
  type Handler,
  OPEN_CALLS_LIMIT,
  Transferred,
} from "./call.ts";
import { RpcError, toWireError, type WireError } from "./error.ts";
import { type Direction, readFrame } from "./frame.ts";
import { Inlet, Outlet } from "./stream.ts";
import type { Transport } from "./transport.ts";

export { CALL_LIMIT_MS, type CallOptions, type Handler, type HandlerContext } from "./call.ts";
export { OPEN_CALLS_LIMIT, Transferred } from "./call.ts";

interface Outgoing {
  readonly settle: (result: unknown) => void;
  readonly fail: (error: Error) => void;
  readonly down: Inlet;
  readonly up: Outlet;
  readonly abort: AbortController;
}

interface Incoming {
  readonly abort: AbortController;
  readonly down: Outlet;
  readonly up: Inlet;
}

/**
 * One end of a connection between two rooms. Both ends call and serve. The peer is not trusted: what
 * is no frame is counted and dropped, and a peer that overruns its credit is cut off.
 */
export class Channel {
  /** What the peer sent that was no frame. */
  malformed = 0;
  /** Resolves with the reason when the channel has ended. */
  readonly closed: Promise<RpcError>;
  readonly #transport: Transport;
  readonly #handlers: ReadonlyMap<string, Handler>;
  readonly #notified: (name: string, value: unknown) => void;
  readonly #outgoing = new Map<number, Outgoing>();
  readonly #incoming = new Map<number, Incoming>();
  #end: ((reason: RpcError) => void) | undefined;
  #nextId = 1;
  #closedWith: RpcError | undefined;

  /**
   * @param handlers the methods that the peer may call
   * @param notified receives the peer's notifications
   */
  constructor(
    transport: Transport,
    handlers: Readonly<Record<string, Handler>> = {},
    notified: (name: string, value: unknown) => void = () => {},
  ) {
    this.#transport = transport;
    this.#handlers = new Map(Object.entries(handlers));
    this.#notified = notified;
    const { promise, resolve } = Promise.withResolvers<RpcError>();
    this.closed = promise;
    this.#end = resolve;
    transport.listen((frame) => this.#receive(frame));
  }

  /** How many calls are open, in both directions. */
  get openCalls(): number {
    return this.#outgoing.size + this.#incoming.size;
  }

  /** Calls a method and waits for its value. @throws {RpcError} */
  call(method: string, params: unknown = null, options: CallOptions = {}): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#open(method, params, options, resolve, reject);
    return promise;
  }

  /** Calls a method that streams; leaving the loop cancels it. @throws {RpcError} while iterating */
  async *stream(
    method: string,
    params: unknown = null,
    options: CallOptions = {},
  ): AsyncGenerator<unknown, void, undefined> {
    const done = Promise.withResolvers<unknown>();
    done.promise.catch(() => undefined);
    const { id, call } = this.#open(method, params, options, done.resolve, (error) => {
      done.reject(error);
      call.down.end(error);
    });
    done.promise.then(() => call.down.end(), () => undefined);
    try {
      yield* call.down.values();
    } finally {
      if (this.#outgoing.has(id)) this.#cancel(id);
    }
  }

  /** Tells the peer something that has no answer. */
  notify(name: string, value: unknown = null): void {
    if (!this.#closedWith) this.#transport.post({ method: "$/notify", params: { name, value } });
  }

  /** Ends the channel: open calls on both sides fail with `closed`. */
  close(reason = "the channel was closed"): void {
    if (this.#closedWith) return;
    const error = this.#closedWith = new RpcError("closed", reason);
    for (const call of [...this.#outgoing.values()]) call.fail(error);
    for (const call of this.#incoming.values()) {
      call.abort.abort(error);
      call.up.end(error);
    }
    this.#outgoing.clear();
    this.#incoming.clear();
    this.#transport.close();
    this.#end?.(error);
  }

  #open(
    method: string,
    params: unknown,
    options: CallOptions,
    resolve: (result: unknown) => void,
    reject: (error: Error) => void,
  ): { id: number; call: Outgoing } {
    const id = this.#nextId++;
    const limitMs = options.limitMs ?? CALL_LIMIT_MS;
    const abort = new AbortController();
    const limit = limitMs === Infinity ? undefined : setTimeout(() => {
      fail(new RpcError("timeout", `no answer to ${method} within ${limitMs} ms`));
      this.#post({ method: "$/cancel", params: { id } });
    }, limitMs);
    const cancelled = () => this.#cancel(id);
    const finish = () => {
      clearTimeout(limit);
      options.signal?.removeEventListener("abort", cancelled);
      this.#outgoing.delete(id);
      abort.abort();
    };
    const fail = (error: Error) => {
      finish();
      reject(error);
    };
    const down = new Inlet((count) => {
      clearTimeout(limit);
      this.#post({ method: "$/credit", params: { id, direction: "down", count } });
    });
    const call: Outgoing = {
      settle: (result) => {
        finish();
        resolve(result);
      },
      fail,
      down,
      up: new Outlet(),
      abort,
    };
    if (this.#closedWith) {
      queueMicrotask(() =>
        fail(this.#closedWith ?? new RpcError("closed", "the channel was closed"))
      );
      return { id, call };
    }
    this.#outgoing.set(id, call);
    if (options.signal?.aborted) {
      queueMicrotask(cancelled);
      return { id, call };
    }
    options.signal?.addEventListener("abort", cancelled, { once: true });
    try {
      const input = options.input !== undefined;
      this.#transport.post({ id, method, params, input }, options.transfer);
    } catch (cause) {
      const error = new RpcError("protocol", `the parameters of ${method} cannot cross`, { cause });
      queueMicrotask(() => fail(error));
      return { id, call };
    }
    if (options.input) void this.#send(id, "up", options.input, call.up, abort.signal);
    return { id, call };
  }

  #cancel(id: number): void {
    const call = this.#outgoing.get(id);
    if (!call) return;
    this.#post({ method: "$/cancel", params: { id } });
    call.fail(new RpcError("cancelled", "the call was cancelled"));
  }

  /** Sends a stream's values, then its end. Never throws: a failure is the stream's end. */
  async #send(
    id: number,
    direction: Direction,
    values: AsyncIterable<unknown>,
    outlet: Outlet,
    signal: AbortSignal,
  ): Promise<WireError | undefined> {
    let error: WireError | undefined;
    const post = (value: unknown) =>
      this.#transport.post({ method: "$/item", params: { id, direction, value } });
    try {
      await outlet.send(values, post, signal);
    } catch (thrown) {
      error = toWireError(thrown);
    }
    this.#post({ method: "$/end", params: { id, direction, ...(error ? { error } : {}) } });
    return error;
  }

  #post(frame: unknown): void {
    if (!this.#closedWith) this.#transport.post(frame);
  }

  #receive(received: unknown): void {
    if (this.#closedWith) return;
    const frame = readFrame(received);
    if (!frame) {
      this.malformed++;
      return;
    }
    if ("method" in frame && !("id" in frame)) {
      if (frame.method === "$/notify") return this.#notified(frame.params.name, frame.params.value);
      const { id } = frame.params;
      if (frame.method === "$/cancel") {
        return this.#incoming.get(id)?.abort.abort(
          new RpcError("cancelled", "the caller cancelled"),
        );
      }
      // A stream's "up" half is read by the side that serves the call, its "down" half by the caller.
      const direction = frame.params.direction;
      if (frame.method === "$/credit") {
        const sender = direction === "up"
          ? this.#outgoing.get(id)?.up
          : this.#incoming.get(id)?.down;
        return sender?.grant(frame.params.count);
      }
      const reader = direction === "up" ? this.#incoming.get(id)?.up : this.#outgoing.get(id)?.down;
      if (frame.method === "$/end") return reader?.end(frame.params.error);
      if (reader && !reader.push(frame.params.value)) {
        this.close("the peer sent more than its credit");
      }
      return;
    }
    if ("method" in frame) {
      return void this.#serve(frame.id, frame.method, frame.params, frame.input);
    }
    const call = this.#outgoing.get(frame.id);
    if (!call) return;
    if ("error" in frame) {
      const { code, message, data } = frame.error;
      call.fail(new RpcError("remote", message, { remoteCode: code, data }));
    } else call.settle(frame.result);
  }

  async #serve(id: number, method: string, params: unknown, input: boolean): Promise<void> {
    const handler = this.#handlers.get(method);
    if (!handler || this.#incoming.has(id) || this.#incoming.size >= OPEN_CALLS_LIMIT) {
      const code = handler ? "overload" : "method_not_found";
      return this.#post({
        id,
        error: { code, message: `${method}: ${code.replaceAll("_", " ")}` },
      });
    }
    const abort = new AbortController();
    const up = new Inlet((count) =>
      this.#post({ method: "$/credit", params: { id, direction: "up", count } })
    );
    if (!input) up.end();
    const call: Incoming = { abort, down: new Outlet(), up };
    this.#incoming.set(id, call);
    abort.signal.addEventListener("abort", () => up.end(new RpcError("cancelled", "cancelled")));
    try {
      let result = await handler(params, { signal: abort.signal, input: up.values() });
      if (isAsyncIterable(result)) {
        const error = await this.#send(id, "down", result, call.down, abort.signal);
        if (error) return this.#post({ id, error });
        result = null;
      }
      if (this.#closedWith) return;
      if (result instanceof Transferred) {
        this.#transport.post({ id, result: result.value }, result.transfer);
      } else this.#transport.post({ id, result: result ?? null });
    } catch (thrown) {
      this.#post({ id, error: toWireError(thrown) });
    } finally {
      this.#incoming.delete(id);
    }
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
