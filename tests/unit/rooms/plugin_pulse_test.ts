import assert from "node:assert/strict";
import { Pulse, type Used } from "../../../src/rooms/plugin_host/pulse.ts";

/** A pulse in a time of the test's. */
class Rig {
  readonly beats: { readonly at: number; readonly nextMs: number }[] = [];
  readonly pulse: Pulse;
  isCalled = false;
  used: Used = { cpu: 0, rss: 100e6 };
  #now = 0;
  #timer: { readonly at: number; readonly act: () => void } | undefined;

  constructor() {
    this.pulse = new Pulse({
      beat: (nextMs) => this.beats.push({ at: this.#now, nextMs }),
      isCalled: () => this.isCalled,
      used: () => this.used,
      now: () => this.#now,
      after: (ms, act) => {
        const timer = this.#timer = { at: this.#now + ms, act };
        return () => {
          if (this.#timer === timer) this.#timer = undefined;
        };
      },
    });
  }

  pass(ms: number, each: () => void = () => {}): void {
    for (const until = this.#now + ms; this.#now < until;) {
      this.#now++;
      if (this.#timer?.at !== this.#now) continue;
      const { act } = this.#timer;
      this.#timer = undefined;
      each();
      act();
    }
  }

  /** Beats since this was asked last. */
  take(): number {
    return this.beats.splice(0).length;
  }
}

Deno.test("it beats four times a second while something happens, and every 10 s while nothing does", () => {
  const rig = new Rig();
  rig.pass(5_000);
  assert.equal(rig.take(), 20);
  // The kernel is told that the next beat is late before it is.
  rig.pass(300);
  assert.deepEqual(rig.beats.splice(0), [{ at: 5_250, nextMs: 10_000 }]);
  rig.pass(100_000);
  const gaps = rig.beats.map(({ at }, index) => at - (rig.beats[index - 1]?.at ?? 5_250));
  assert.ok(gaps.length >= 9 && gaps.every((gap) => gap >= 10_000 && gap <= 11_000));
});

Deno.test("a call, computing and memory make it beat often, and their end seldom again", () => {
  const happens: [string, (rig: Rig) => void, (rig: Rig) => void][] = [
    ["call", (rig) => rig.isCalled = true, (rig) => rig.isCalled = false],
    ["computing", (rig) => rig.used = { ...rig.used, cpu: rig.used.cpu + 200 }, () => {}],
    ["memory", (rig) => rig.used = { ...rig.used, rss: rig.used.rss + 40e6 }, () => {}],
  ];
  for (const [what, begin, end] of happens) {
    const rig = new Rig();
    rig.pass(60_000);
    rig.take();
    rig.pass(1_001, () => begin(rig));
    assert.ok(rig.take() >= 1, what);
    rig.pass(20_000, () => begin(rig));
    assert.ok(rig.take() >= 79, what);
    end(rig);
    rig.pass(10_000);
    rig.take();
    rig.pass(30_000);
    assert.ok(rig.take() <= 3, what);
  }
});

Deno.test("what is asked of a quiet process wakes it at once", () => {
  const rig = new Rig();
  rig.pass(60_001);
  rig.take();
  rig.pulse.wake();
  assert.deepEqual(rig.beats.splice(0).map(({ nextMs }) => nextMs), [250]);
  rig.pulse.wake();
  rig.pass(1_000);
  assert.equal(rig.take(), 4);
});
