import assert from "node:assert/strict";
import { sleep, until } from "../../../src/protocol/waiting.ts";

const REASON = new Error("left");

Deno.test("a wait ends with what is waited for, or with the signal's reason", async () => {
  const { signal } = new AbortController();
  assert.equal(await until(Promise.resolve("here"), signal), "here");
  await assert.rejects(until(Promise.reject(new TypeError("gone")), signal), TypeError);
  await sleep(1, signal);
  for (const waits of [(s: AbortSignal) => until(new Promise(() => {}), s), sleepLong]) {
    const leaving = new AbortController();
    const waiting = waits(leaving.signal);
    leaving.abort(REASON);
    await assert.rejects(waiting, REASON);
    await assert.rejects(waits(AbortSignal.abort(REASON)), REASON);
  }
});

Deno.test("what comes too late is nobody's fault", async () => {
  const { promise, reject } = Promise.withResolvers<never>();
  await assert.rejects(until(promise, AbortSignal.abort(REASON)), REASON);
  reject(new TypeError("late"));
  await new Promise((resolve) => setTimeout(resolve));
});

function sleepLong(signal: AbortSignal): Promise<void> {
  return sleep(60_000, signal);
}
