/**
 * Who connects to the daemon. The kernel listens itself: passphrases and terminals cross here. Nobody is
 * served who did not prove that they may read the token, and nobody can cost the daemon more than their share.
 * @module
 */
import { Channel, type Handler } from "../../../rpc/channel.ts";
import { JsonRpcTransport, ORDERLY_END } from "../../../rpc/connection.ts";
import type { Frame } from "../../../rpc/json_rpc.ts";
import { FRAME_LIMIT_BYTES } from "../../../rpc/ndjson.ts";
import { KernelError } from "../../error.ts";
import { pause } from "../../waiting.ts";
import { doorkeeper, type Known } from "./handshake.ts";

/** Clients at once. */
const CLIENT_LIMIT = 200;
/** Connections that did not prove themselves yet; more wait in the system's queue. */
const UNPROVEN_LIMIT = 32;
/** How long each of them has, ms. */
const PROOF_LIMIT_MS = 5_000;
/** The longest line it may send, bytes. */
const UNPROVEN_FRAME_BYTES = 4_096;
/** The pause after a connection could not be taken, for want of files, ms. */
const ACCEPT_PAUSE_MS = 100;
/** Refusals are counted; a line in the log tells of one in this time, ms. */
const LOG_PAUSE_MS = 1_000;

/** A client that proved itself. */
export interface DoorClient {
  readonly number: number;
  /** Ends with the client. */
  readonly channel: Channel;
  readonly version: string;
}

/** What a client may call, and who hears what it tells of. */
export interface Served {
  readonly handlers: Readonly<Record<string, Handler>>;
  readonly notified?: (name: string, value: unknown) => void;
}

/** What a door is made of. */
export interface DoorOptions extends Known {
  /** Called for each client. Nothing is said to it before it asks: it is not told yet that it may. */
  readonly serve: (client: DoorClient) => Served;
  /** Clients at once; 200 unless it says otherwise. */
  readonly limit?: number;
  /** Takes a line of the daemon's log: an event and its reason. */
  readonly log: (fields: Readonly<Record<string, string>>) => void;
}

/** Takes connections from now on. The listener is the door's. */
export function openDoor(listener: Deno.Listener, options: DoorOptions): Door {
  const door = new Door(listener, options);
  void door.accept();
  return door;
}

/** What takes connections. */
export class Door {
  /** Frames that were none, of all clients so far. */
  malformed = 0;
  /** Connections that were not let in. */
  refused = 0;
  readonly #listener: Deno.Listener;
  readonly #options: DoorOptions;
  readonly #transports = new Set<JsonRpcTransport>();
  readonly #channels = new Set<Channel>();
  #unproven = 0;
  #wake: (() => void) | undefined;
  #number = 0;
  #loggedAt = -LOG_PAUSE_MS;
  #isClosed = false;

  constructor(listener: Deno.Listener, options: DoorOptions) {
    this.#listener = listener;
    this.#options = options;
  }

  /** Clients that are let in now. */
  get clients(): number {
    return this.#channels.size;
  }

  /** Takes no more, and ends those that are there; resolves when what waited is written. */
  async close(): Promise<void> {
    if (!this.#isClosed) this.#listener.close();
    this.#isClosed = true;
    this.#wake?.();
    for (const channel of this.#channels) channel.close("the daemon ends");
    for (const transport of this.#transports) transport.close();
    await Promise.all([...this.#transports].map(({ closed }) => closed));
  }

  /** Takes connections until it is closed. */
  async accept(): Promise<void> {
    while (!this.#isClosed) {
      if (this.#unproven >= UNPROVEN_LIMIT) {
        await new Promise<void>((resolve) => this.#wake = resolve);
        continue;
      }
      try {
        const conn = await this.#listener.accept();
        this.#unproven++;
        this.#meet(conn);
      } catch (cause) {
        if (this.#isClosed) return;
        this.#log("a connection could not be taken", cause);
        await pause(ACCEPT_PAUSE_MS);
      }
    }
  }

  #meet(conn: Deno.Conn): void {
    const number = ++this.#number;
    const transport = new JsonRpcTransport(conn, {
      ended: (reason) => channel.close(reason),
      malformed: () => this.malformed++,
    }, { frameBytes: UNPROVEN_FRAME_BYTES });
    this.#transports.add(transport);
    let [isIn, isOver] = [false, false];
    const admit = (version: string) => {
      // It may be gone, or was cut off, while its proof was looked at.
      if (isOver) throw new KernelError("daemon", "it is gone");
      const { limit = CLIENT_LIMIT, serve } = this.#options;
      if (this.#channels.size >= limit) {
        const message = `the daemon has ${limit} clients already: end one, or use --no-daemon`;
        throw new KernelError("daemon", message);
      }
      const { handlers, notified } = serve({ number, channel, version });
      isIn = true;
      transport.frameBytes = FRAME_LIMIT_BYTES;
      this.#channels.add(channel);
      channel.serve(handlers, notified);
      this.#leaveQueue(timer);
    };
    const channel = new Channel({
      listen: (receive) => transport.listen(receive),
      close: () => transport.close(),
      post(frame) {
        const sent = frame as Frame;
        if (isIn || !("error" in sent)) return transport.post(frame);
        // There is one try; whoever fails has the answer before the end.
        transport.dismiss(sent.error.message, sent.error, sent.id);
      },
    }, doorkeeper(this.#options, admit));
    const timer = setTimeout(() => {
      const message = "there was no proof in time";
      transport.dismiss(message, { code: "denied", message });
    }, PROOF_LIMIT_MS);
    void channel.closed.then(({ message }) => {
      isOver = true;
      this.#channels.delete(channel);
      if (!isIn) this.refused++;
      if (!isIn) this.#log("a connection was not let in", message);
      else if (message !== ORDERLY_END) this.#log(`client ${number} was cut off`, message);
    });
    void transport.closed.then(() => {
      this.#transports.delete(transport);
      channel.close("the daemon ends");
      // Its place is free when it is gone, not before.
      if (!isIn) this.#leaveQueue(timer);
    });
  }

  #leaveQueue(timer: ReturnType<typeof setTimeout>): void {
    clearTimeout(timer);
    this.#unproven--;
    this.#wake?.();
  }

  #log(event: string, reason: unknown): void {
    const now = performance.now();
    if (this.#isClosed || now - this.#loggedAt < LOG_PAUSE_MS) return;
    this.#loggedAt = now;
    this.#options.log({ event, reason: reason instanceof Error ? reason.message : String(reason) });
  }
}
