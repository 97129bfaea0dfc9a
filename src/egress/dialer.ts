/**
 * The way to the network: a SOCKS5 proxy (RFC 1928, 1929) on loopback that only this room's own HTTP
 * clients can use, for it asks for a password made at the start. They do HTTP and TLS, with the
 * URL's name; the dialer resolves that name, checks the addresses and connects to what it checked.
 * @module
 */
import { addressesOf, bare } from "./address.ts";
import { EgressError, networkReason } from "./error.ts";

const CONNECTIONS_LIMIT = 1_024;
const HANDSHAKE_LIMIT_MS = 10_000;
const CONNECT_LIMIT_MS = 60_000;
/** An address that does not answer at once is given this long before the next is tried beside it. */
const HEAD_START_MS = 250;
const FAILURES_LIMIT = 256;
const BUFFER_BYTES = 64 * 1024;

/** What a client may reach; it is the client's user name at the dialer. */
export type Reach = "private" | "public";

/** Connects HTTP clients to checked addresses. */
export class Dialer {
  readonly #password = crypto.randomUUID();
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections = new Set<Deno.TcpConn>();
  readonly #failures = new Map<string, EgressError>();
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

  /** Why a host could not be connected to the last time, if it could not. */
  failure(reach: Reach, host: string, port: number): EgressError | undefined {
    return this.#failures.get(`${reach} ${host} ${port}`);
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
        const connection = await this.#listener.accept();
        if (this.#connections.size >= CONNECTIONS_LIMIT) connection.close();
        // The client sees its connection end; why none was made to the host, `failure` tells.
        else void this.#serve(connection).catch(() => undefined);
      } catch {
        // Too many open files, say: connections that end make room.
        if (!this.#closed) await new Promise((resolve) => setTimeout(resolve, HEAD_START_MS));
      }
    }
  }

  #end(connection: Deno.TcpConn): void {
    if (this.#connections.delete(connection)) connection.close();
  }

  async #serve(client: Deno.TcpConn): Promise<void> {
    this.#connections.add(client);
    const limit = setTimeout(() => this.#end(client), HANDSHAKE_LIMIT_MS);
    let server: Deno.TcpConn | undefined;
    try {
      client.setNoDelay();
      const { reach, host, port } = await this.#handshake(client);
      clearTimeout(limit);
      server = await this.#dial(reach, host, port);
      this.#connections.add(server);
      await client.write(new Uint8Array([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
      // An HTTP client never ends its half alone: when it goes, the server's side goes at once. What
      // a server sent before it ended is still read, so its end is passed on as half of one.
      const up = pump(client, server);
      const down = pump(server, client).then(() => client.closeWrite());
      await Promise.race([up, down.then(() => up)]);
    } finally {
      clearTimeout(limit);
      this.#end(client);
      if (server) this.#end(server);
    }
  }

  async #handshake(client: Deno.TcpConn): Promise<{ reach: Reach; host: string; port: number }> {
    const text = async () => {
      const [length = 0] = await read(client, 1);
      return new TextDecoder().decode(await read(client, length));
    };
    await read(client, 1);
    await text();
    await client.write(new Uint8Array([5, 2]));
    await read(client, 1);
    const [reach, password] = [await text(), await text()];
    if (password !== this.#password) throw new EgressError("bad_request", "a stranger at the door");
    await client.write(new Uint8Array([1, 0]));
    const kind = (await read(client, 4))[3];
    const host = kind === 3
      ? await text()
      : kind === 1
      ? (await read(client, 4)).join(".")
      : ipv6(await read(client, 16));
    const [high = 0, low = 0] = await read(client, 2);
    return { reach: reach === "private" ? "private" : "public", host, port: high * 256 + low };
  }

  async #dial(reach: Reach, host: string, port: number): Promise<Deno.TcpConn> {
    const key = `${reach} ${host} ${port}`;
    try {
      const addresses = await addressesOf(host, { private: reach === "private" });
      const connection = await connectFirst(addresses, port);
      this.#failures.delete(key);
      return connection;
    } catch (thrown) {
      const failure = thrown instanceof EgressError ? thrown : new EgressError(
        "network",
        `cannot connect to ${host}:${port}: check that it is running and can be reached`,
        networkReason(thrown),
      );
      if (this.#failures.size >= FAILURES_LIMIT) this.#failures.clear();
      this.#failures.set(key, failure);
      throw failure;
    }
  }
}

/** The first connection that is made to one of the addresses, tried in order (RFC 8305). */
async function connectFirst(addresses: readonly string[], port: number): Promise<Deno.TcpConn> {
  const stop = new AbortController();
  const limit = setTimeout(() => stop.abort(new Deno.errors.TimedOut()), CONNECT_LIMIT_MS);
  const tries: Promise<Deno.TcpConn>[] = [];
  let won = false;
  try {
    for (const hostname of addresses) {
      const attempt = Deno.connect({ hostname, port, signal: stop.signal }).then((connection) => {
        if (won) connection.close();
        won = true;
        return connection;
      });
      tries.push(attempt);
      const headStart = Promise.withResolvers<void>();
      const timer = setTimeout(headStart.resolve, HEAD_START_MS);
      await Promise.race([attempt, headStart.promise]).catch(() => undefined);
      clearTimeout(timer);
      if (won) break;
    }
    return await Promise.any(tries);
  } catch (thrown) {
    throw thrown instanceof AggregateError ? thrown.errors[0] : thrown;
  } finally {
    clearTimeout(limit);
    stop.abort();
  }
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

function ipv6(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, at) => bytes.subarray(at * 2, at * 2 + 2));
  const text = groups.map(([high = 0, low = 0]) => (high * 256 + low).toString(16)).join(":");
  return bare(new URL(`http://[${text}]`).hostname);
}
