/** A forward proxy on loopback: tunnels (CONNECT) and absolute-form requests. */
export interface FakeProxy extends AsyncDisposable {
  readonly url: string;
  /** The request lines that it was sent, in order, each with its proxy-authorization if it had one. */
  readonly requests: string[];
}

/** How a fake proxy behaves. */
export interface FakeProxyOptions {
  /** Where it connects to, whatever name it was asked for. */
  readonly port: number;
  /** Instead of connecting it answers with this status line's rest, as `407 Who Are You`. */
  readonly refuse?: string;
}

/** Starts a proxy that connects to a port of 127.0.0.1. */
export function startProxy(options: FakeProxyOptions): FakeProxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const requests: string[] = [];
  const open = new Set<Deno.TcpConn>();
  const running: Promise<void>[] = [];
  const accepting = (async () => {
    // A tunnel that fails is one whose client or server went away.
    for await (const client of listener) running.push(tunnel(client).catch(() => undefined));
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    requests,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of open) shut(connection);
      await accepting;
      await Promise.all(running);
    },
  };

  async function tunnel(client: Deno.TcpConn): Promise<void> {
    open.add(client);
    let server: Deno.TcpConn | undefined;
    try {
      const { head, rest } = await readHead(client);
      const [line = ""] = head.split("\r\n");
      const [, authorization] = /\r\nproxy-authorization: ([^\r]*)/i.exec(head) ?? [];
      requests.push(authorization ? `${line} ${authorization}` : line);
      if (options.refuse) {
        await write(client, `HTTP/1.1 ${options.refuse}\r\ncontent-length: 0\r\n\r\n`);
        return;
      }
      server = await Deno.connect({ hostname: "127.0.0.1", port: options.port });
      open.add(server);
      if (line.startsWith("CONNECT ")) await write(client, "HTTP/1.1 200 OK\r\n\r\n");
      else await write(server, head + new TextDecoder("latin1").decode(rest));
      await Promise.race([copy(client, server), copy(server, client)]);
    } finally {
      shut(client);
      if (server) shut(server);
    }
  }

  function shut(connection: Deno.TcpConn): void {
    if (open.delete(connection)) connection.close();
  }
}

async function readHead(from: Deno.TcpConn): Promise<{ head: string; rest: Uint8Array }> {
  let bytes = new Uint8Array();
  const buffer = new Uint8Array(16 * 1024);
  while (true) {
    const length = await from.read(buffer);
    if (length === null) throw new Error("the client went away");
    bytes = new Uint8Array([...bytes, ...buffer.subarray(0, length)]);
    const text = new TextDecoder("latin1").decode(bytes);
    const end = text.indexOf("\r\n\r\n");
    if (end >= 0) return { head: text.slice(0, end + 4), rest: bytes.subarray(end + 4) };
  }
}

async function write(to: Deno.TcpConn, text: string): Promise<void> {
  await to.write(Uint8Array.from(text, (character) => character.charCodeAt(0)));
}

async function copy(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  for (let length = await from.read(buffer); length !== null; length = await from.read(buffer)) {
    for (let at = 0; at < length;) at += await to.write(buffer.subarray(at, length));
  }
}
