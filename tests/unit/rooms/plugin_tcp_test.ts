import assert from "node:assert/strict";
import { CAN_CERTIFY, certify } from "../../fakes/certificates.ts";
import { isPublic } from "../../../src/egress/address.ts";
import { tcpRelay } from "../../../src/rooms/plugin_host/tcp_relay.ts";
import { fault, SomeHost } from "./some_host.ts";

/** Says what it gets again; on every address of this machine. */
function echo(): Deno.TcpListener {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  void answer(listener);
  return listener;
}

async function answer(listener: Deno.Listener): Promise<void> {
  for await (const connection of listener) {
    connection.readable.pipeTo(connection.writable).catch(() => undefined);
  }
}

const SAY = `try { const socket = connect(PORT, HOST); socket.write("hello");
  return await new Promise((done) => socket.on("data", (data) => { done(String(data)); socket.destroy(); })
    .on("error", (error) => done("error " + error.code)));
  } catch (error) { return "error " + error.name; }`;

function say(port: number, host: string): string {
  return SAY.replace("PORT", String(port)).replace("HOST", JSON.stringify(host));
}

Deno.test("a plugin with a grant for raw TCP speaks to that place, by its name", async () => {
  await using host = new SomeHost({ net: true });
  using listener = echo();
  const { port } = listener.addr;
  const before = 'import { connect } from "node:net";';
  const net = [`localhost:${port}`];
  assert.equal(await host.run(say(port, "localhost"), { net, before }), "hello");
  const newer = `import net from "net"; const connect = (port, host) => {
    const socket = new net.Socket(); socket.connect({ port, host }); return socket; };`;
  assert.equal(await host.run(say(port, "localhost"), { net, before: newer }), "hello");
});

Deno.test("it speaks to no other place: no name, no port, no socket of the system", async () => {
  await using host = new SomeHost({ net: true });
  using granted = echo();
  using other = echo();
  const before = 'import { connect } from "node:net";';
  const net = [`localhost:${granted.addr.port}`];
  for (const [port, name] of [[other.addr.port, "localhost"], [granted.addr.port, "127.0.0.2"]]) {
    assert.match(await host.run(say(Number(port), String(name)), { net, before }), /^error /);
  }
  assert.match(await host.run(say(granted.addr.port, "example.com"), { net, before }), /^error /);
  await assert.rejects(
    host.run(`connect("/run/docker.sock");`, { net, before }),
    fault("plugin_failed", /not to a local socket/),
  );
  await assert.rejects(
    host.run(`connect({ path: "/run/docker.sock" });`, { net, before }),
    fault("plugin_failed", /not to a local socket/),
  );
  const listen = 'import * as net from "node:net";';
  assert.equal(
    await host.run("return typeof net.createServer;", { net, before: listen }),
    "undefined",
  );
});

/** The relay alone, with names that lead where a test says. */
function relay(places: readonly string[], known: Readonly<Record<string, string[]>>) {
  const { tcp } = tcpRelay(places, {
    of: (host) => Promise.resolve(known[host] ?? []),
    isPublic,
    isLocal: (host) => host.endsWith(".local"),
  });
  return async (host: string, port: number): Promise<unknown> => {
    const params = { id: 1, host, port, secure: null };
    const context = { signal: new AbortController().signal, input: (async function* () {})() };
    const items = tcp?.(params, context) as AsyncGenerator<unknown>;
    try {
      return (await items.next()).value;
    } finally {
      await items.return(undefined);
    }
  };
}

Deno.test("a name leads into the own network only if it says so itself", async () => {
  using listener = echo();
  const { port } = listener.addr;
  const known = {
    "rebound.example.com": ["169.254.169.254", "127.0.0.1"],
    "nas.local": ["127.0.0.1"],
  };
  const places = ["rebound", "nowhere"].map((name) => `${name}.example.com:${port}`);
  const dial = relay([...places, `nas.local:${port}`], known);
  assert.deepEqual(Object(await dial("nas.local", port)).address, "127.0.0.1");
  await assert.rejects(dial("rebound.example.com", port), {
    code: "address_refused",
    message: /leads into this machine/,
  });
  await assert.rejects(dial("nowhere.example.com", port), { message: /leads nowhere/ });
  await assert.rejects(dial("nas.local", port + 1), { code: "denied" });
});

Deno.test("without the grant there is neither net nor tls", async () => {
  await using host = new SomeHost();
  for (const name of ["net", "node:tls"]) {
    await assert.rejects(
      host.run("", { before: `import "${name}";` }),
      fault("plugin_failed", /must ask for tcp/),
    );
  }
});

Deno.test({
  name: "TLS checks the server's certificate against the name that was granted",
  ignore: !CAN_CERTIFY, // no openssl to make certificates with
  async fn() {
    await using host = new SomeHost({ net: true });
    const { authority, cert, key } = await certify("localhost");
    using listener = Deno.listenTls({ port: 0, hostname: "127.0.0.1", cert, key });
    void answer(listener);
    const { port } = listener.addr;
    const net = [`localhost:${port}`];
    const before = `import tls from "node:tls"; const ca = ${JSON.stringify(authority)};
      const connect = (port, host) => tls.connect({ port, host, ca });`;
    assert.equal(await host.run(say(port, "localhost"), { net, before }), "hello");
    const untrusting = 'import { connect } from "node:tls";';
    assert.match(await host.run(say(port, "localhost"), { net, before: untrusting }), /^error /);
  },
});

/** Answers the line STARTTLS and hands the rest of the connection to a TLS server. */
async function upgrading(listener: Deno.TcpListener, tlsPort: number): Promise<void> {
  for await (const plain of listener) {
    await plain.read(new Uint8Array(64));
    await plain.write(new TextEncoder().encode("go ahead\n"));
    const inner = await Deno.connect({ port: tlsPort });
    plain.readable.pipeTo(inner.writable).catch(() => undefined);
    inner.readable.pipeTo(plain.writable).catch(() => undefined);
  }
}

Deno.test({
  name: "a connection that began in the clear goes on with TLS",
  ignore: !CAN_CERTIFY, // no openssl to make certificates with
  async fn() {
    await using host = new SomeHost({ net: true });
    const { authority, cert, key } = await certify("localhost");
    using secure = Deno.listenTls({ port: 0, hostname: "127.0.0.1", cert, key });
    void answer(secure);
    using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    void upgrading(listener, secure.addr.port);
    const { port } = listener.addr;
    const before =
      `import net from "node:net"; import tls from "node:tls"; import { once } from "node:events";
      const ca = ${JSON.stringify(authority)};`;
    const body = `const plain = net.connect({ port: ${port}, host: "localhost" });
      plain.write("STARTTLS\\n"); const [said] = await once(plain, "data");
      const socket = tls.connect({ socket: plain, servername: "localhost", ca });
      await once(socket, "secureConnect"); socket.write("hello");
      const [data] = await once(socket, "data"); socket.destroy();
      return String(said) + data + socket.authorized;`;
    assert.equal(
      await host.run(body, { net: [`localhost:${port}`], before }),
      "go ahead\nhellotrue",
    );
  },
});

Deno.test("many bytes go both ways at the pace of the slower side", async () => {
  await using host = new SomeHost({ net: true });
  using listener = echo();
  const { port } = listener.addr;
  const body =
    `const socket = connect(${port}, "localhost"); const all = new Uint8Array(3_000_000).fill(7);
    let got = 0; socket.on("data", (data) => got += data.length);
    socket.end(all); await new Promise((done) => socket.on("end", done)); return got;`;
  const options = { net: [`localhost:${port}`], before: 'import { connect } from "node:net";' };
  assert.equal(await host.run(body, options), "3000000");
});
