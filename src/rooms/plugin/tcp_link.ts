/**
 * A connection that the room's host keeps, as the room sees it: bytes in order, both ways, no faster than
 * they are taken.
 * @module
 */
import type { Channel } from "../../rpc/channel.ts";
import { isRecord } from "../../rpc/frame.ts";
import type { TcpHead, TcpParams, TcpSecure } from "../plugin_host/tcp_relay.ts";

/** How TLS is to be done. */
export type Secure = TcpSecure;

/** The socket that a connection feeds. */
export interface LinkedSocket {
  push(chunk: Uint8Array | null): boolean;
  destroy(error?: Error): unknown;
  opened(head: Readonly<Record<string, unknown>>): void;
  touched(): void;
}

interface Waiting {
  readonly chunk: Uint8Array;
  readonly done: (error?: Error | null) => void;
}

/** Bytes of one message to the host. */
const CHUNK_BYTES = 64 * 1024;

let links = 0;

/** A connection. */
export class TcpLink {
  readonly #id = ++links;
  readonly #channel: Channel;
  readonly #abort = new AbortController();
  readonly #sending: Waiting[] = [];
  #socket: LinkedSocket;
  #isOpen = false;
  #ended = false;
  #wakeSender = () => {};
  #wakeReader = () => {};

  /** Connects. @param socket what is told of all that comes */
  constructor(
    channel: Channel,
    socket: LinkedSocket,
    place: { readonly host: string; readonly port: number },
    secure: Secure | undefined,
  ) {
    this.#channel = channel;
    this.#socket = socket;
    const params: TcpParams = { id: this.#id, ...place, secure: secure ?? null };
    void this.#receive(params);
  }

  async #receive(params: TcpParams): Promise<void> {
    const { signal } = this.#abort;
    try {
      const options = { input: this.#outgoing(), signal, limitMs: Infinity };
      for await (const item of this.#channel.stream("tcp", params, options)) {
        this.#socket.touched();
        if (isRecord(item) && "address" in item) this.#opened(item);
        else if (item instanceof Uint8Array && !this.#socket.push(item)) await this.#untilWanted();
      }
      this.#socket.push(null);
    } catch (error) {
      const failed = signal.aborted ? undefined : error as Error;
      this.#socket.destroy(failed);
    }
  }

  #opened(head: Readonly<Record<string, unknown>>): void {
    this.#isOpen = true;
    this.#wakeSender();
    this.#socket.opened(head);
  }

  /** The socket has room for more. */
  wanted(): void {
    this.#wakeReader();
  }

  #untilWanted(): Promise<void> {
    return new Promise((resolve) => this.#wakeReader = resolve);
  }

  async *#outgoing(): AsyncGenerator<Uint8Array> {
    while (true) {
      // What is sent before there is a connection is not called sent.
      const next = this.#isOpen ? this.#sending.shift() : undefined;
      if (next) {
        for (let at = 0; at < next.chunk.length; at += CHUNK_BYTES) {
          yield next.chunk.slice(at, at + CHUNK_BYTES);
        }
        next.done();
      } else if (this.#ended && (this.#isOpen || this.#abort.signal.aborted)) return;
      else await new Promise<void>((resolve) => this.#wakeSender = resolve);
    }
  }

  /** Sends bytes; `done` is called when they went to the host. */
  send(chunk: Uint8Array, done: Waiting["done"]): void {
    this.#sending.push({ chunk, done });
    this.#wakeSender();
  }

  /** Nothing more will be sent. */
  endSending(): void {
    this.#ended = true;
    this.#wakeSender();
  }

  /** Goes on with TLS; from now on `socket` is fed. */
  secure(socket: LinkedSocket, secure: Secure): void {
    this.#socket = socket;
    this.#wakeReader();
    this.#channel.call("tcp.secure", { id: this.#id, secure }).then(
      (head) => socket.opened(head as TcpHead & Record<string, unknown>),
      (error) => socket.destroy(error),
    );
  }

  /** Ends it at once. */
  close(): void {
    this.#abort.abort();
    this.endSending();
    this.#wakeReader();
  }
}
