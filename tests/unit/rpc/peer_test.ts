import assert from "node:assert/strict";
import fc from "fast-check";
import { Channel, type Handler, OPEN_CALLS_LIMIT } from "../../../src/rpc/channel.ts";
import { WINDOW } from "../../../src/rpc/stream.ts";
import { portTransport } from "../../../src/rpc/transport.ts";
import { pause } from "./pair.ts";

/** A channel whose peer is a bare port, to misbehave with. */
class Wild implements Disposable {
  readonly channel: Channel;
  readonly frames: Record<string, unknown>[] = [];
  readonly #port: MessagePort;

  constructor(handlers: Readonly<Record<string, Handler>> = {}) {
    const { port1, port2 } = new MessageChannel();
    this.channel = new Channel(portTransport(port1), handlers);
    this.#port = port2;
    port2.onmessage = (event) => this.frames.push(event.data);
  }

  send(...frames: unknown[]): void {
    for (const frame of frames) this.#port.postMessage(frame);
  }

  /** Waits until the channel has answered everything so far. */
  async settle(): Promise<void> {
    const id = 1_000_000 + this.frames.length;
    this.send({ id, method: "no such method", params: null, input: false });
    while (!this.frames.some((frame) => frame["id"] === id)) await pause();
  }

  [Symbol.dispose](): void {
    this.channel.close();
    this.#port.close();
  }
}

Deno.test("what is no frame is counted and dropped, and nothing a peer sends throws", async () => {
  using wild = new Wild({
    echo: (params) => params,
    async *some() {
      yield 1;
      yield 2;
    },
  });
  const open = wild.channel.call("anything").catch((error) => error.code);
  const cloneable = fc.anything({ withDate: true, withMap: true, withTypedArray: true });
  fc.assert(fc.property(cloneable, (value) => wild.send(value)));
  wild.send({ id: 1, error: undefined }, { id: "x", method: "$/cancel", params: { id: 1 } });
  wild.send({ id: 5, method: "some", params: null, input: true });
  wild.send({ method: "$/end", params: { id: 5 } });
  wild.send({
    method: "$/end",
    params: { id: 99, error: { code: "", message: "" } },
  });
  await wild.settle();
  assert.ok(wild.channel.malformed >= 100, `${wild.channel.malformed}`);
  wild.send({ id: 1, error: { code: "c", message: "m" } });
  assert.equal(await open, "remote");
});

Deno.test("a peer that sends more than its credit is cut off", async () => {
  using wild = new Wild({ take: () => new Promise(() => {}) });
  wild.send({ id: 1, method: "take", params: null, input: true });
  for (let count = 0; count < WINDOW + 1; count++) {
    wild.send({ method: "$/item", params: { id: 1, direction: "up", value: count } });
  }
  assert.match((await wild.channel.closed).message, /more than its credit/);
});

Deno.test("a peer that claims to have read more than it was sent gets no more than a window", async () => {
  let produced = 0;
  using wild = new Wild({
    async *huge() {
      while (true) yield produced++;
    },
  });
  wild.send(
    { id: 1, method: "huge", params: null, input: false },
    { method: "$/credit", params: { id: 1, direction: "down", count: Number.MAX_SAFE_INTEGER } },
  );
  await wild.settle();
  await pause(20);
  assert.ok(produced <= 2 * WINDOW + 1, `${produced} were produced`);
});

Deno.test("a peer has so many calls open at most, and an id once", async () => {
  using wild = new Wild({ wait: () => new Promise(() => {}) });
  const call = (id: number) => ({ id, method: "wait", params: null, input: false });
  for (let id = 1; id <= OPEN_CALLS_LIMIT; id++) wild.send(call(id));
  wild.send(call(OPEN_CALLS_LIMIT + 1), call(7));
  while (wild.frames.length < 2) await pause();
  const codes = wild.frames.map(({ id, error }) => [id, (error as { code: string }).code]);
  assert.deepEqual(codes, [[OPEN_CALLS_LIMIT + 1, "overload"], [7, "overload"]]);
});
