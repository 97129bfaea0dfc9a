import assert from "node:assert/strict";
import * as fc from "fast-check";
import { durationOf } from "../../../src/kernel/duration.ts";
import { KernelError } from "../../../src/kernel/error.ts";

const read = (text: string) => durationOf({ rest: ["daemon", "start", "--for", text] }, "--for");

Deno.test("a time is a number and one of four units", () => {
  const times = ["90s", "30m", "8h", "2d", "1s", "999999d"].map(read);
  assert.deepEqual(times, [90_000, 1_800_000, 28_800_000, 172_800_000, 1_000, 86_399_913_600_000]);
  assert.equal(durationOf({ rest: ["daemon", "start"] }, "--for"), undefined);
  assert.equal(durationOf({ rest: ["x", "--for=5m"] }, "--for"), 300_000);
});

Deno.test("anything else is refused, and what a time is is told", () => {
  const anything = fc.string().filter((text) => !/^0*[1-9][0-9]*[smhd]$/.test(text));
  fc.assert(fc.property(anything, (text) => {
    assert.throws(
      () => read(text),
      ({ code, data }: KernelError) => code === "usage" && data.hint.includes("8h"),
    );
  }));
  for (const text of ["0s", "-1h", "1.5h", "8", "h", "1h30m", "8H", "٨h", "1000000s", " 8h"]) {
    assert.throws(() => read(text), KernelError, text);
  }
});
