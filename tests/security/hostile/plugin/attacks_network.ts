/**
 * Attacks on the network and on what is asked of the kernel: every door but the granted one, and others'
 * secrets.
 * @module
 */
import type { Attacks } from "./attack.ts";

// Attacks reach for what the types do not show, or what was taken away.
// deno-lint-ignore no-explicit-any
type Anything = any;
const scope = globalThis as Anything;
const deno = Deno as Anything;
const text = async (response: Promise<Response>) => await (await response).text();

/** Each attack by its name. */
export const NETWORK_ATTACKS: Attacks = {
  "fetch from this machine": ({ port }, { fetch }) => text(fetch(`http://127.0.0.1:${port}/`)),
  "fetch from this machine by its name": ({ port }, { fetch }) =>
    text(fetch(`http://localhost:${port}/`)),
  "fetch from this machine by a name below localhost": ({ port }, { fetch }) =>
    text(fetch(`http://x.localhost:${port}/`)),
  "fetch from this machine by a number": ({ port }, { fetch }) =>
    text(fetch(`http://2130706433:${port}/`)),
  "fetch from this machine in octal": ({ port }, { fetch }) =>
    text(fetch(`http://0177.0.0.1:${port}/`)),
  "fetch from this machine in IPv6": ({ port }, { fetch }) => text(fetch(`http://[::1]:${port}/`)),
  "fetch from this machine mapped into IPv6": ({ port }, { fetch }) =>
    text(fetch(`http://[::ffff:127.0.0.1]:${port}/`)),
  "fetch from no address": ({ port }, { fetch }) => text(fetch(`http://0.0.0.0:${port}/`)),
  "fetch by a name that leads into the own network": ({ port, hostName }, { fetch }) =>
    text(fetch(`http://${hostName}:${port}/`)),
  "fetch from the cloud's metadata address": ({ port }, { fetch }) =>
    text(fetch(`http://169.254.169.254:${port}/latest/meta-data/`)),
  "fetch from the metadata address mapped into IPv6": (_, { fetch }) =>
    text(fetch("http://[::ffff:a9fe:a9fe]/")),
  "fetch a file": ({ home }, { fetch }) => text(fetch(`file://${home}/config.yaml`)),
  "fetch a data URL for a module": async (_, { fetch }) =>
    (await fetch("data:text/plain,x")).status === 200,
  "fetch with a client of its own": async ({ port }, { fetch }) =>
    await text(
      fetch(`http://127.0.0.1:${port}/`, { client: deno.createHttpClient({}) } as RequestInit),
    ),
  "fetch with the global": ({ port }) => text(fetch(`http://127.0.0.1:${port}/`)),
  "fetch with a name and password": ({ port, canary }, { fetch }) =>
    text(fetch(`http://${canary}@127.0.0.1:${port}/`)),
  "open a WebSocket": ({ port }) => new scope.WebSocket(`ws://127.0.0.1:${port}`) !== undefined,
  "open an event source": ({ port }) =>
    new scope.EventSource(`http://127.0.0.1:${port}`) !== undefined,
  "connect to a port": async ({ port }) => await deno.connect({ port }) !== undefined,
  "connect with TLS": async ({ port }) => await deno.connectTls({ port }) !== undefined,
  "listen on a port": () => deno.listen({ port: 0 }) !== undefined,
  "serve on a port": () => deno.serve({ port: 0 }, () => new Response()) !== undefined,
  "send a datagram": () => deno.listenDatagram({ port: 0, transport: "udp" }) !== undefined,
  "resolve a name": async () => (await deno.resolveDns("localhost", "A")).length > 0,
  "open a cache": async () => await scope.caches.open("x") !== undefined,
  "import from the network": ({ port }) => scope.importScripts(`http://127.0.0.1:${port}/x.js`),
  "read another plugin's secret": async (_, { secrets }) => await secrets.get("good_token"),
  "read a secret by its whole name": async (_, { secrets }) =>
    await secrets.get("plugin:good:good_token"),
  "read a secret by a name that leads elsewhere": async (_, { secrets }) =>
    await secrets.get("../good/good_token"),
  "read a provider's key": async (_, { secrets }) => await secrets.get("provider:openai"),
  "read a secret that is for requests only": async (_, { secrets }) => await secrets.get("bound"),
  "read a secret by a name of the language": async (_, { secrets }) =>
    await secrets.get("__proto__") !== undefined,
  "send a credential to an address of its own": async ({ port }, { fetch }) =>
    await text(fetch(`http://127.0.0.1:${port}/echo`, { credential: "bound" })),
  "send another plugin's credential": async ({ port }, { fetch }) =>
    await text(fetch(`http://127.0.0.1:${port}/echo`, { credential: "good_token" })),
  "search the person's notes unasked": async (_, { memory }) =>
    JSON.stringify(await memory.search("canary")),
  "ask with another plugin's context": async (_, context) =>
    await { ...context, name: "good" }.secrets.get("good_token"),
};
