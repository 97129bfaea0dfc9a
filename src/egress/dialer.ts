/**
 * The way to the network: a SOCKS5 proxy (RFC 1928, 1929) on loopback that only this room's own HTTP
 * clients can use, for it asks for a password made at the start. They do HTTP and TLS, with the
 * URL's name; the dialer resolves that name, checks the addresses and connects to what it checked.
 * @module
 */
import { addressesOf, isPublic } from "./address.ts";

const CONNECTIONS_LIMIT = 1_024;
const HANDSHAKE_LIMIT_MS = 10_000;
/** How long one address of a name may take before the next is tried. */
const CONNECT_LIMIT_MS = 5_000;
const ACCEPT_PAUSE_MS = 250;
const BUFFER_BYTES = 64 * 1024;
/** RFC 1928, 6; the client puts them into words, which `exchangeError` reads. */
const REPLY = { done: 0, notAllowed: 2, noWay: 3, noSuchHost: 4, refused: 5 } as const;

/** What a client may reach; it is the client's user name at the dialer. */
export type Reach = "private" | "public";

/** Connects HTTP clients to checked addresses. */
export class Dialer {
  readonly #password = crypto.randomUUID();
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections = new Set<Deno.TcpConn>();
  #closed = false;

  /** Starts to listen. */
  constructor() {
    void this.#accept();
  }

  /** Makes a client connect through this dialer. */
  proxy(reach: Reach): Deno.Proxy {
    return {
      url: `socks5h://127.0.0.1:${this.#listener.addr.port}`,
      basicAuth: { username: reach, password: this.#password },
    };
  }

  /** Ends every connection. */
  close(): void {
    this.#closed = true;
    this.#listener.close();
    for (const connection of this.#connections) this.#end(connection);
  }

  async #accept(): Promise<void> {
    while (!this.#closed) {
      try {
        const client = await this.#listener.accept();
        if (this.#connections.size >= CONNECTIONS_LIMIT) client.close();
        // Whatever fails here, the client sees its connection end.
        else void this.#serve(client).catch(() => undefined);
      } catch {
        // Too many open files, say: connections that end make room.
        if (!this.#closed) await new Promise((resolve) => setTimeout(resolve, ACCEPT_PAUSE_MS));
      }
    }
  }

  #end(connection: Deno.TcpConn): void {
    if (this.#connections.delete(connection)) connection.close();
  }

  async #serve(client: Deno.TcpConn): Promise<void> {
    this.#connections.add(client);
    const limit = setTimeout(() => this.#end(client), HANDSHAKE_LIMIT_MS);
    const answer = (code: number) =>
      client.write(new Uint8Array([5, code, 0, 1, 0, 0, 0, 0, 0, 0]));
    let server: Deno.TcpConn | undefined;
    try {
      client.setNoDelay();
      const target = await this.#handshake(client).finally(() => clearTimeout(limit));
      const reached = await dial(...target);
      if (typeof reached === "number") return void await answer(reached);
      this.#connections.add(server = reached);
      await answer(REPLY.done);
      // An HTTP client never ends its half alone: when it goes, the server's side goes at once. What
      // a server sent before it ended is still read, so its end is passed on as half of one.
      const up = pump(client, server);
      const down = pump(server, client).then(() => client.closeWrite());
      await Promise.race([up, down.then(() => up)]);
    } finally {
      this.#end(client);
      if (server) this.#end(server);
    }
  }

  async #handshake(client: Deno.TcpConn): Promise<[Reach, host: string, port: number]> {
    const text = async () => {
      const [length = 0] = await read(client, 1);
      return new TextDecoder().decode(await read(client, length));
    };
    await read(client, 1);
    await text();
    await client.write(new Uint8Array([5, 2]));
    await read(client, 1);
    const reach = await text() === "private" ? "private" : "public";
    if (await text() !== this.#password) throw new Deno.errors.PermissionDenied();
    await client.write(new Uint8Array([1, 0]));
    const [, , , kind] = await read(client, 4);
    const host = kind === 3
      ? await text()
      : kind === 1
      ? (await read(client, 4)).join(".")
      : (await read(client, 16)).toHex().replace(/.{4}(?!$)/g, "$&:");
    const [high = 0, low = 0] = await read(client, 2);
    return [reach, host, high * 256 + low];
  }
}

/** A connection to the first address that may be reached and answers, or the reply that says why not. */
async function dial(reach: Reach, host: string, port: number): Promise<Deno.TcpConn | number> {
  const found = await addressesOf(host);
  const usable = reach === "private" ? found : found.filter(isPublic);
  let reply: number = found.length > 0 ? REPLY.notAllowed : REPLY.noSuchHost;
  for (const hostname of usable) {
    try {
      const signal = AbortSignal.timeout(CONNECT_LIMIT_MS);
      const server = await Deno.connect({ hostname, port, signal });
      server.setNoDelay();
      return server;
    } catch (thrown) {
      const refused = thrown instanceof Deno.errors.ConnectionRefused;
      reply = refused ? REPLY.refused : REPLY.noWay;
    }
  }
  return reply;
}

/** Copies until `from` ends; one buffer, and no more is read than was written. */
async function pump(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(BUFFER_BYTES);
  for (let length = await from.read(buffer); length !== null; length = await from.read(buffer)) {
    for (let at = 0; at < length;) at += await to.write(buffer.subarray(at, length));
  }
}

async function read(from: Deno.TcpConn, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = await from.read(bytes.subarray(at));
    if (count === null) throw new Deno.errors.UnexpectedEof();
    at += count;
  }
  return bytes;
}
