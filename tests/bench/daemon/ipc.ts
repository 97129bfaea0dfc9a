/**
 * How long a client of the daemon's socket waits for an answer while 200 of them ask.
 * @module
 */
import { DoorRig } from "../../fakes/daemon_door.ts";
import type { Figure } from "../figure.ts";

const CLIENTS = 200;
const REQUESTS = 100;
/** At once, ms: what the 99th of a hundred answers may take. */
const P99_LIMIT_MS = 50;
/** Each client asks, and after its answer waits between nothing and so long, ms: a person's program does more. */
const PAUSE_MS = 100;
const ALONE = 500;

/** The measured waits, sorted. */
async function waits(
  count: number,
  ask: () => Promise<unknown>,
  pauseMs: number,
): Promise<number[]> {
  const all: number[] = [];
  for (let at = 0; at < count; at++) {
    const start = performance.now();
    await ask();
    all.push(performance.now() - start);
    if (pauseMs > 0) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * pauseMs));
    }
  }
  return all.sort((a, b) => a - b);
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

/** 200 clients × 100 requests, in one process with the daemon's door; and one client alone. */
export async function ipcFigures(): Promise<Figure[]> {
  await using rig = await DoorRig.open();
  const connecting = async () => (await rig.client()).close();
  // Warm.
  await waits(ALONE, connecting, 0);
  const connect = await waits(ALONE / 5, connecting, 0);
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => rig.client()));
  const params = { method: "status", detail: "x".repeat(200) };
  const run = async (pauseMs: number) => {
    const each = await Promise.all(
      clients.map((client) => waits(REQUESTS, () => client.send("echo", params), pauseMs)),
    );
    return each.flat().sort((a, b) => a - b);
  };
  const alone = await waits(ALONE, async () => await clients[0]?.send("echo", params), 0);
  const paced = await run(PAUSE_MS);
  const start = performance.now();
  const flood = await run(0);
  const seconds = (performance.now() - start) / 1_000;
  for (const client of clients) client.close();
  const p99 = at(flood, 0.99);
  return [
    {
      name: `daemon: ${CLIENTS} clients × ${REQUESTS} requests without a pause, 99th of 100`,
      value: ms(p99),
      aim: `< ${P99_LIMIT_MS} ms`,
      met: p99 < P99_LIMIT_MS,
    },
    {
      name: `daemon: the same with pauses of up to ${PAUSE_MS} ms, 99th of 100`,
      value: ms(at(paced, 0.99)),
      aim: "",
    },
    {
      name: "daemon: requests a second, all clients",
      value: Math.round(flood.length / seconds).toString(),
      aim: "",
    },
    { name: "daemon: a request of one client alone, median", value: ms(at(alone, 0.5)), aim: "" },
    { name: "daemon: connecting, with both proofs, median", value: ms(at(connect, 0.5)), aim: "" },
  ];
}
