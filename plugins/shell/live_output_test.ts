import assert from "node:assert/strict";
import { LiveOutput } from "./live_output.ts";

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

Deno.test("lines are shown whole and in order, however they are cut", async () => {
  const shown: string[] = [];
  const live = new LiveOutput((text) => shown.push(text));
  for (const piece of ["fir", "st\nsec", "ond\n", "third\nwithout end"]) live.add(piece);
  assert.deepEqual(shown, ["first\n"]);
  await wait(150);
  live.end();
  assert.equal(shown.join(""), "first\nsecond\nthird\nwithout end\n");
});

Deno.test("of a flood the end is shown a few times, and what was left out is counted", () => {
  const shown: string[] = [];
  const live = new LiveOutput((text) => shown.push(text));
  const lines = 200_000;
  for (let at = 1; at <= lines; at++) live.add(`line ${at}\n`);
  live.end();
  const all = shown.join("");
  assert.ok(shown.length < 200, `${shown.length} parts`);
  assert.ok(Math.max(...shown.map(({ length }) => length)) < 12_100);
  assert.match(all, /line 200000\n$/);
  const left = [...all.matchAll(/… ([\d,]+) lines were faster than this\n/g)]
    .reduce((sum, [, count = ""]) => sum + Number(count.replaceAll(",", "")), 0);
  assert.equal(left + all.split("\n").filter((line) => line.startsWith("line ")).length, lines);
});

Deno.test("a line that never ends is not held without bound", () => {
  const shown: string[] = [];
  const live = new LiveOutput((text) => shown.push(text));
  for (let at = 0; at < 100; at++) live.add("x".repeat(1_000));
  live.end();
  assert.ok(shown.join("").replaceAll("\n", "").length > 4_000);
});
