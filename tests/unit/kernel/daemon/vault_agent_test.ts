/**
 * The vault that a daemon keeps open, with the clock of the test.
 * @module
 */
import assert from "node:assert/strict";
import { VaultAgent } from "../../../../src/kernel/daemon/vault_agent.ts";
import { KernelError } from "../../../../src/kernel/error.ts";
import { Channel } from "../../../../src/rpc/channel.ts";
import { portTransport } from "../../../../src/rpc/transport.ts";

const HOUR_MS = 3_600_000;
const PASSPHRASE = "correct horse";

/** A vault room that only knows whether it is open. */
class Rooms implements Disposable {
  state: "locked" | "open" = "locked";
  isDeaf = false;
  readonly keepers = new Set<{ end(): void }>();
  stops = 0;
  readonly #channel: Channel;
  readonly #room: Channel;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#channel = new Channel(portTransport(port1));
    this.#room = new Channel(portTransport(port2), {
      status: () => ({ state: this.state }),
      unlock: (params) => {
        const { passphrase } = params as { passphrase?: string };
        if (passphrase !== PASSPHRASE) throw new KernelError("wrong_passphrase", "not it");
        this.state = "open";
        return {};
      },
      lock: () => {
        if (this.isDeaf) throw new Error("it does not listen");
        this.state = "locked";
      },
    });
  }

  vault(): Channel {
    return this.#channel;
  }

  stop(): void {
    this.stops++;
    this.state = "locked";
  }

  [Symbol.dispose](): void {
    this.#channel.close();
    this.#room.close();
  }
}

/** Runs a test with a wall clock that jumps; looks happen every 5 ms. */
async function withClock(
  act: (parts: { rooms: Rooms; agent: VaultAgent; pass: (ms: number) => Promise<void> }) => unknown,
): Promise<void> {
  using rooms = new Rooms();
  const agent = new VaultAgent(rooms, 5);
  const now = Date.now;
  let ahead = 0;
  Date.now = () => now() + ahead;
  try {
    await act({
      rooms,
      agent,
      async pass(ms) {
        ahead += ms;
        await new Promise((resolve) => setTimeout(resolve, 50));
      },
    });
  } finally {
    await agent.lock();
    Date.now = now;
  }
}

Deno.test("it is locked at its time, though the machine slept over it", () =>
  withClock(async ({ rooms, agent, pass }) => {
    const { until } = await agent.unlock(PASSPHRASE, 8 * HOUR_MS);
    assert.deepEqual(await agent.status(), { state: "open", until });
    await pass(7.9 * HOUR_MS);
    assert.equal(rooms.state, "open");
    await pass(HOUR_MS);
    assert.equal(rooms.state, "locked");
    assert.deepEqual(await agent.status(), { state: "locked", until: null });
  }));

Deno.test("who was given a secret ends when it is locked: by a word, at its time, or by force", () =>
  withClock(async ({ rooms, agent, pass }) => {
    const ended: string[] = [];
    const given = (name: string) => rooms.keepers.add({ end: () => ended.push(name) });
    await agent.unlock(PASSPHRASE, HOUR_MS);
    given("one").add({ end: () => ended.push("two") });
    await pass(HOUR_MS / 2);
    assert.deepEqual(ended, []);
    await agent.lock();
    assert.deepEqual(ended, ["one", "two"]);
    await agent.unlock(PASSPHRASE, HOUR_MS);
    given("three");
    await pass(2 * HOUR_MS);
    assert.deepEqual(ended, ["one", "two", "three"]);
    given("four");
    rooms.isDeaf = true;
    await agent.lock();
    assert.deepEqual(ended, ["one", "two", "three", "four"]);
  }));

Deno.test("one passphrase is tried at a time, and a lock behind it locks", () =>
  withClock(async ({ rooms, agent }) => {
    const first = agent.unlock(PASSPHRASE, null);
    await assert.rejects(
      () => agent.unlock("nearly", null),
      (error) => error instanceof KernelError && error.code === "denied",
    );
    const locked = agent.lock();
    await first;
    await locked;
    assert.equal(rooms.state, "locked");
    await agent.unlock(PASSPHRASE, null);
    assert.equal(rooms.state, "open");
  }));

Deno.test("a later word counts, whether it is longer, shorter or for ever", () =>
  withClock(async ({ rooms, agent, pass }) => {
    await agent.unlock(PASSPHRASE, HOUR_MS);
    await agent.unlock(PASSPHRASE, null);
    await pass(1_000 * HOUR_MS);
    assert.equal(rooms.state, "open");
    agent.keepFor(HOUR_MS);
    await pass(2 * HOUR_MS);
    assert.equal(rooms.state, "locked");
  }));

Deno.test("a wrong passphrase, or a time that is none, changes nothing", () =>
  withClock(async ({ rooms, agent, pass }) => {
    await agent.unlock(PASSPHRASE, HOUR_MS);
    const { until } = await agent.status();
    await assert.rejects(() => agent.unlock("nearly", null));
    for (const forMs of [0, 999, -1, NaN, Infinity, 400 * 24 * HOUR_MS]) {
      await assert.rejects(() => agent.unlock(PASSPHRASE, forMs), KernelError, String(forMs));
    }
    assert.deepEqual(await agent.status(), { state: "open", until });
    await pass(2 * HOUR_MS);
    assert.equal(rooms.state, "locked");
    // What is refused does not open a vault that is locked.
    await assert.rejects(() => agent.unlock(PASSPHRASE, 0));
    assert.equal(rooms.state, "locked");
  }));

Deno.test("a room that cannot be told to lock is ended, and what it knows with it", () =>
  withClock(async ({ rooms, agent }) => {
    await agent.unlock(PASSPHRASE, null);
    rooms.isDeaf = true;
    await agent.lock();
    assert.deepEqual([rooms.stops, rooms.state], [1, "locked"]);
    rooms.isDeaf = false;
  }));
