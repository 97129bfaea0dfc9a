/**
 * What egress adds to the first byte of an answer: its real room with a credential put in, beside
 * the runtime's own `fetch`, in turns against one loopback server.
 * Alone: `deno run --allow-all tests/bench/egress_bench.ts`.
 * @module
 */
import { channelFetch } from "../../src/rooms/fetch.ts";
import { Channel } from "../../src/rpc/channel.ts";
import { portTransport } from "../../src/rpc/transport.ts";
import { type Figure, figureTable, median } from "./figure.ts";

const LIMIT_MS = 5;
const ROUNDS = 300;
const WARM_UP = 20;
const SENTINEL = "pyra-0123456789abcdef";
const BODY = JSON.stringify({ messages: [{ role: "user", content: "x".repeat(700) }] });

/** A room of egress with one caller, that caller's `fetch`, and an end to both. */
async function startRoom(origin: string): Promise<{ fetch: typeof fetch; stop: () => void }> {
  const room = new Worker(new URL("../../src/rooms/egress.ts", import.meta.url), {
    type: "module",
    deno: { permissions: { net: true } },
  });
  const [kernelLink, vaultLink, appLink] = Array.from({ length: 3 }, () => new MessageChannel());
  if (!kernelLink || !vaultLink || !appLink) throw new Error("three links were made");
  const kernel = new Channel(portTransport(kernelLink.port1), { report: () => null });
  const vault = new Channel(portTransport(vaultLink.port1), {
    release: () => ({ value: "sk-0123456789abcdef", placement: "authorization: Bearer {}" }),
  });
  const ports = { kernel: kernelLink.port2, vault: vaultLink.port2 };
  const boot = { proxy: {}, caCertificates: [] };
  room.postMessage({ boot, ...ports }, Object.values(ports));
  const params = { caller: "app", port: appLink.port2 };
  await kernel.call("open", params, { transfer: [appLink.port2] });
  await kernel.call("allow", { caller: "app", origins: [{ origin, private: true }] });
  await kernel.call("issue", { caller: "app", sentinel: SENTINEL, secret: "provider:x" });
  const app = new Channel(portTransport(appLink.port1));
  return {
    fetch: channelFetch(app),
    stop() {
      room.terminate();
      for (const channel of [kernel, vault, app]) channel.close();
    },
  };
}

async function firstByte(send: typeof fetch, url: string): Promise<number> {
  const headers = { authorization: `Bearer ${SENTINEL}`, "content-type": "application/json" };
  const start = performance.now();
  const response = await send(url, { method: "POST", body: BODY, headers });
  const reader = response.body?.getReader();
  await reader?.read();
  const taken = performance.now() - start;
  while (reader && !(await reader.read()).done);
  return taken;
}

/** The medians of both, and of the very first request of a room. */
export async function egressFigures(): Promise<Figure[]> {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    await request.text();
    return new Response("data: one\n\ndata: two\n\n");
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  const room = await startRoom(url);
  const first = await firstByte(room.fetch, url);
  const bare: number[] = [];
  const through: number[] = [];
  for (let round = 0; round < ROUNDS + WARM_UP; round++) {
    const times = [await firstByte(fetch, url), await firstByte(room.fetch, url)];
    if (round < WARM_UP) continue;
    bare.push(times[0] ?? 0);
    through.push(times[1] ?? 0);
  }
  room.stop();
  await server.shutdown();
  const added = median(through) - median(bare);
  return [
    {
      name: "first byte through egress, beside bare fetch",
      value: `${median(through).toFixed(2)} ms, ${added.toFixed(2)} ms more`,
      aim: `at most ${LIMIT_MS} ms more`,
      met: added <= LIMIT_MS,
    },
    { name: "the first request of a new egress room", value: `${first.toFixed(1)} ms`, aim: "" },
  ];
}

// deno-lint-ignore no-console -- a bench prints
if (import.meta.main) console.log(figureTable(await egressFigures()));
