/**
 * Connects for a room that was granted raw TCP: to the places of its grant, at addresses that were checked
 * after the name was looked up, so that a name cannot lead into the person's own network.
 * @module
 */
import * as net from "node:net";
import * as tls from "node:tls";
import type { Handler } from "../../rpc/channel.ts";
import { isRecord } from "../../rpc/frame.ts";

const CONNECTIONS_LIMIT = 16;
const CONNECT_LIMIT_MS = 15_000;
const PIECE_BYTES = 1024 * 1024;

/** How TLS is to be done. */
export interface TcpSecure {
  /** The name that the server's certificate must have. */
  readonly name: string;
  /** PEM, instead of the usual ones. */
  readonly authorities: readonly string[];
  readonly protocols: readonly string[];
}

/** What a room asks for; the call's input is what is sent. */
export interface TcpParams {
  /** The room's own number for it. */
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly secure: TcpSecure | null;
}

/** The first value of the answer; bytes follow. */
export interface TcpHead {
  readonly address: string;
  readonly port: number;
  readonly secure: boolean;
  readonly alpn: string | false;
}

/** How names are looked up and judged. */
export interface Addresses {
  /** The addresses of a host. */
  readonly of: (host: string) => Promise<readonly string[]>;
  readonly isPublic: (address: string) => boolean;
  /** Whether the host, as it was agreed to, may lie in the person's own network. */
  readonly isLocal: (host: string) => boolean;
}

/** Why there is no connection. */
class TcpError extends Error {
  override readonly name = "TcpError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The handlers of a room's channel. @param places `host:port`s that were agreed to */
export function tcpRelay(
  places: readonly string[],
  addresses: Addresses,
): Readonly<Record<string, Handler>> {
  const open = new Map<number, Connection>();
  return {
    async *tcp(given, { signal, input }) {
      const { id, host, port, secure } = readParams(given);
      const place = `${host.includes(":") ? `[${host}]` : host}:${port}`;
      if (!places.includes(place)) {
        throw new TcpError("denied", `the manifest's tcp does not name ${place}`);
      }
      if (open.size >= CONNECTIONS_LIMIT || open.has(id)) {
        throw new TcpError("overload", "too many connections at a time");
      }
      const connection = new Connection();
      open.set(id, connection);
      const end = () => connection.end();
      signal.addEventListener("abort", end);
      try {
        await connection.open(await checked(host, addresses), port);
        yield secure ? await connection.secure(secure) : connection.head;
        void connection.send(input);
        yield* connection.received();
      } finally {
        signal.removeEventListener("abort", end);
        connection.end();
        open.delete(id);
      }
    },
    async "tcp.secure"(given) {
      const { id, secure } = isRecord(given) ? given : {};
      const connection = open.get(Number(id));
      if (!connection) throw new TcpError("closed", "the connection has ended");
      return await connection.secure(readSecure(secure));
    },
  };
}

/** The first address of the host that may be reached. @throws {TcpError} */
async function checked(host: string, addresses: Addresses): Promise<string> {
  const found = await addresses.of(host);
  const usable = addresses.isLocal(host) ? found : found.filter(addresses.isPublic);
  const [address] = usable;
  if (address !== undefined) return address;
  const why = found.length === 0 ? "leads nowhere" : "leads into this machine or its network";
  throw new TcpError("address_refused", `${host} ${why}`);
}

/** A connection; plain at first, perhaps TLS later. */
class Connection {
  #socket: net.Socket = new net.Socket();
  #failed: Error | undefined;
  #over = false;
  #wake = () => {};
  readonly #received: Uint8Array[] = [];

  get head(): TcpHead {
    const { remoteAddress = "", remotePort = 0 } = this.#socket;
    const secure = this.#socket instanceof tls.TLSSocket;
    const alpn = this.#socket instanceof tls.TLSSocket ? this.#socket.alpnProtocol ?? false : false;
    return { address: remoteAddress, port: remotePort, secure, alpn };
  }

  async open(host: string, port: number): Promise<void> {
    const socket = this.#socket = net.connect({ host, port });
    await this.#until(socket, "connect");
    this.#listen(socket);
  }

  async secure({ name, authorities, protocols }: TcpSecure): Promise<TcpHead> {
    const plain = this.#socket;
    for (const event of ["data", "end", "close", "error"]) plain.removeAllListeners(event);
    plain.pause();
    const socket = this.#socket = tls.connect({
      socket: plain,
      ...(net.isIP(name) === 0 ? { servername: name } : {}),
      ...(authorities.length > 0 ? { ca: [...authorities] } : {}),
      ...(protocols.length > 0 ? { ALPNProtocols: [...protocols] } : {}),
    });
    await this.#until(socket, "secureConnect");
    this.#listen(socket);
    return this.head;
  }

  async #until(socket: net.Socket, event: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const late = setTimeout(
      () => reject(new TcpError("timeout", "the server did not answer")),
      CONNECT_LIMIT_MS,
    );
    const failed = (cause: Error & { code?: unknown }) =>
      reject(new TcpError(String(cause.code ?? "network"), cause.message));
    const closed = () => reject(new TcpError("closed", "the server ended the connection"));
    socket.once(event, () => resolve());
    socket.once("error", failed);
    socket.once("close", closed);
    try {
      await promise;
    } finally {
      clearTimeout(late);
      socket.removeListener("error", failed);
      socket.removeListener("close", closed);
    }
  }

  #listen(socket: net.Socket): void {
    const over = (error?: Error) => {
      this.#failed ??= error;
      this.#over = true;
      this.#wake();
    };
    socket.on("data", (piece) => {
      this.#received.push(new Uint8Array(piece));
      socket.pause();
      this.#wake();
    });
    socket.on("end", () => over());
    socket.on("close", () => over());
    socket.on("error", (error) => over(error));
  }

  /** What comes, until the server ends. @throws {TcpError} */
  async *received(): AsyncGenerator<Uint8Array> {
    while (true) {
      const piece = this.#received.shift();
      if (piece) {
        yield piece;
        if (this.#received.length === 0) this.#socket.resume();
      } else if (this.#over) {
        if (this.#failed) throw new TcpError("network", this.#failed.message);
        return;
      } else await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  /** Sends what the room gives, and ends its half when the room has. */
  async send(input: AsyncIterable<unknown>): Promise<void> {
    try {
      for await (const piece of input) {
        if (!(piece instanceof Uint8Array) || piece.length > PIECE_BYTES) return this.end();
        if (!this.#socket.write(piece)) {
          await new Promise<void>((resolve) => {
            this.#socket.once("drain", resolve);
            this.#socket.once("close", () => resolve());
          });
        }
      }
      this.#socket.end();
    } catch (cause) {
      // The room has gone, or broke the rules of its stream.
      this.#failed ??= cause as Error;
      this.end();
    }
  }

  end(): void {
    this.#over = true;
    this.#socket.destroy();
    this.#wake();
  }
}

function readParams(given: unknown): TcpParams {
  const { id, host, port, secure } = isRecord(given) ? given : {};
  if (!Number.isSafeInteger(id) || typeof host !== "string" || typeof port !== "number") {
    throw new TcpError("bad_call", "a connection goes to a host and a port");
  }
  return { id: Number(id), host, port, secure: secure ? readSecure(secure) : null };
}

function readSecure(given: unknown): TcpSecure {
  const { name, authorities, protocols } = isRecord(given) ? given : {};
  const texts = (list: unknown) =>
    Array.isArray(list) && list.length <= 32 ? list.filter((text) => typeof text === "string") : [];
  if (typeof name !== "string" || name.length > 255) {
    throw new TcpError("bad_call", "TLS needs the server's name");
  }
  return { name, authorities: texts(authorities), protocols: texts(protocols) };
}
