/**
 * One end of a connection between two rooms.
 * @module
 */
import {
  CALL_LIMIT_MS,
  type CallOptions,
  type Handler,
  OPEN_CALLS_LIMIT,
  Transferred,
} from "./call.ts";
import { fromWireError, RpcError, toWireError } from "./error.ts";
import { type Notice, readFrame, type Request, type Response } from "./frame.ts";
import { Inlet, Outlet } from "./stream.ts";
import type { Transport } from "./transport.ts";

export { CALL_LIMIT_MS, type CallOptions, type Handler, type HandlerContext } from "./call.ts";
export { OPEN_CALLS_LIMIT, Transferred } from "./call.ts";

/** Made once: an abort without a reason makes one each time, which costs more than all else of a call. */
const OVER = new RpcError("cancelled", "the call is over");

/** A call that this end made. */
interface Outgoing {
  readonly result: Promise<unknown>;
  readonly down: Inlet;
  readonly up: Outlet;
  /** Settles the result and ends the streams. */
  readonly finish: (error: Error | undefined, result?: unknown) => void;
}

/** A call that this end serves. */
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
  #handlers: ReadonlyMap<string, Handler> = new Map();
  #notified: (name: string, value: unknown) => void = () => {};
  readonly #outgoing = new Map<number, Outgoing>();
  readonly #incoming = new Map<number, Incoming>();
  readonly #end: (reason: RpcError) => void;
  #nextId = 1;
  #closedWith: RpcError | undefined;

  /**
   * @param handlers the methods that the peer may call
   * @param notified receives the peer's notifications
   */
  constructor(
    transport: Transport,
    handlers: Readonly<Record<string, Handler>> = {},
    notified?: (name: string, value: unknown) => void,
  ) {
    this.#transport = transport;
    this.serve(handlers, notified);
    ({ promise: this.closed, resolve: this.#end } = Promise.withResolvers<RpcError>());
    transport.listen((frame) => this.#receive(frame));
  }

  /** From now on the peer may call these, and no others. */
  serve(
    handlers: Readonly<Record<string, Handler>>,
    notified: (name: string, value: unknown) => void = () => {},
  ): void {
    this.#handlers = new Map(Object.entries(handlers));
    this.#notified = notified;
  }

  /** How many calls are open, in both directions. */
  get openCalls(): number {
    return this.#outgoing.size + this.#incoming.size;
  }

  /** Calls a method and waits for its value. @throws {RpcError} */
  call(method: string, params: unknown = null, options: CallOptions = {}): Promise<unknown> {
    return this.#open(this.#nextId++, method, params, options).result;
  }

  /** Calls a method that streams; leaving the loop cancels it. @throws {RpcError} while iterating */
  async *stream(
    method: string,
    params: unknown = null,
    options: CallOptions = {},
  ): AsyncGenerator<unknown, void, undefined> {
    const id = this.#nextId++;
    const { result, down } = this.#open(id, method, params, options);
    // The reader hears of a failure from `down`.
    result.catch(() => undefined);
    try {
      yield* down.values();
    } finally {
      this.#cancel(id, new RpcError("cancelled", "the stream was left"));
    }
  }

  /** Tells the peer something that has no answer. */
  notify(name: string, value: unknown = null): void {
    this.#post({ method: "$/notify", params: { name, value } });
  }

  /** Ends the channel: open calls on both sides fail with `closed`. */
  close(reason = "the channel was closed"): void {
    if (this.#closedWith) return;
    const error = this.#closedWith = new RpcError("closed", reason);
    for (const call of [...this.#outgoing.values()]) call.finish(error);
    for (const call of this.#incoming.values()) call.abort.abort(error);
    this.#incoming.clear();
    this.#transport.close();
    this.#end(error);
  }

  #open(
    id: number,
    method: string,
    params: unknown,
    { signal, limitMs = CALL_LIMIT_MS, input, transfer }: CallOptions,
  ): Outgoing {
    const { promise: result, resolve, reject } = Promise.withResolvers<unknown>();
    const over = new AbortController();
    const limit = limitMs === Infinity ? undefined : setTimeout(() => {
      this.#cancel(id, new RpcError("timeout", `no answer to ${method} within ${limitMs} ms`));
    }, limitMs);
    const call: Outgoing = {
      result,
      down: new Inlet(() => {
        clearTimeout(limit);
        this.#post({ method: "$/credit", params: { id, direction: "down", count: 1 } });
      }),
      up: new Outlet(),
      finish: (error, value) => {
        clearTimeout(limit);
        this.#outgoing.delete(id);
        over.abort(OVER);
        call.down.end(error);
        if (error) reject(error);
        else resolve(value);
      },
    };
    const cancelled = () => this.#cancel(id, new RpcError("cancelled", "the call was cancelled"));
    this.#outgoing.set(id, call);
    try {
      if (this.#closedWith) throw this.#closedWith;
      signal?.addEventListener("abort", cancelled, { signal: over.signal });
      if (signal?.aborted) cancelled();
      else this.#transport.post({ id, method, params, input: input !== undefined }, transfer);
    } catch (cause) {
      call.finish(
        this.#closedWith ??
          new RpcError("protocol", `the parameters of ${method} cannot cross`, { cause }),
      );
    }
    if (input) {
      call.up.send(input, (value) => this.#postItem(id, "up", value), over.signal).then(
        () => this.#post({ method: "$/end", params: { id } }),
        (thrown) => this.#post({ method: "$/end", params: { id, error: toWireError(thrown) } }),
      );
    }
    return call;
  }

  /** Ends a call of ours, if it is still open. */
  #cancel(id: number, error: RpcError): void {
    const call = this.#outgoing.get(id);
    if (!call) return;
    this.#post({ method: "$/cancel", params: { id } });
    call.finish(error);
  }

  #postItem(id: number, direction: "up" | "down", value: unknown): void {
    this.#post({ method: "$/item", params: { id, direction, value } });
  }

  #post(frame: Request | Response | Notice, transfer?: readonly Transferable[]): void {
    if (!this.#closedWith) this.#transport.post(frame, transfer);
  }

  #receive(received: unknown): void {
    if (this.#closedWith) return;
    const frame = readFrame(received);
    if (!frame) this.malformed++;
    else if (!("id" in frame)) this.#notice(frame);
    else if ("method" in frame) void this.#serve(frame);
    else if ("error" in frame) this.#outgoing.get(frame.id)?.finish(fromWireError(frame.error));
    else this.#outgoing.get(frame.id)?.finish(undefined, frame.result);
  }

  /** A stream's "up" half is read by the side that serves the call, its "down" half by the caller. */
  #notice({ method, params }: Notice): void {
    if (method === "$/notify") return this.#notified(params.name, params.value);
    const outgoing = this.#outgoing.get(params.id);
    const incoming = this.#incoming.get(params.id);
    switch (method) {
      case "$/cancel":
        return incoming?.abort.abort(new RpcError("cancelled", "the caller cancelled"));
      case "$/end":
        return incoming?.up.end(params.error && fromWireError(params.error));
      case "$/credit":
        return (params.direction === "up" ? outgoing?.up : incoming?.down)?.grant(params.count);
      case "$/item": {
        const reader = params.direction === "up" ? incoming?.up : outgoing?.down;
        if (reader?.push(params.value) === false) this.close("the peer sent more than its credit");
      }
    }
  }

  async #serve({ id, method, params, input }: Request): Promise<void> {
    const handler = this.#handlers.get(method);
    if (!handler || this.#incoming.has(id) || this.#incoming.size >= OPEN_CALLS_LIMIT) {
      const code = handler ? "overload" : "method_not_found";
      const message = `${method}: ${code.replaceAll("_", " ")}`;
      return this.#post({ id, error: { code, message } });
    }
    const abort = new AbortController();
    const up = new Inlet(() =>
      this.#post({ method: "$/credit", params: { id, direction: "up", count: 1 } })
    );
    if (!input) up.end();
    abort.signal.addEventListener("abort", () => up.end(abort.signal.reason));
    const down = new Outlet();
    this.#incoming.set(id, { abort, down, up });
    try {
      const result = await handler(params, { signal: abort.signal, input: up.values() });
      if (isAsyncIterable(result)) {
        await down.send(result, (value) => this.#postItem(id, "down", value), abort.signal);
        this.#post({ id, result: null });
      } else if (result instanceof Transferred) {
        this.#post({ id, result: result.value }, result.transfer);
      } else this.#post({ id, result: result ?? null });
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
