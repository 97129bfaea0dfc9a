import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { ChainCheck, type ChainHead, type ChainReport } from "../../../src/guard/log_chain.ts";

const NOTHING = "0".repeat(64);
const encoder = new TextEncoder();
const hash = (line: Uint8Array | string) => createHash("sha256").update(line).digest("hex");

/** A log of one file as the kernel writes it. */
function chain(texts: readonly string[]): { head: ChainHead; lines: string[] } {
  let before = NOTHING;
  const lines = texts.map((text, index) => {
    const body = JSON.stringify({ time: "2026-01-01T00:00:00.000Z", text });
    const line = `${body.slice(0, -1)},"number":${index + 1},"before":"${before}"}`;
    before = hash(line);
    return line;
  });
  const parts = [{ file: "log", first: 1, before: NOTHING }];
  return { head: { count: lines.length, hash: before, size: 0, parts }, lines };
}

function check(head: ChainHead, bytes: Uint8Array, chunk = bytes.length): ChainReport {
  const checked = new ChainCheck(head, hash);
  checked.part("log");
  for (let at = 0; at < bytes.length; at += chunk) checked.bytes(bytes.subarray(at, at + chunk));
  return checked.end();
}

const whole = (lines: readonly string[]) =>
  encoder.encode(lines.map((line) => `${line}\n`).join(""));
const brief = ({ faults }: ChainReport) => faults.map(({ kind, line }) => `${kind} ${line}`);
const text = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
  .map((codes) => String.fromCharCode(...codes));
const some = fc.array(text, { minLength: 2, maxLength: 12 });

Deno.test("a log that nobody touched has no faults, however its bytes are cut", () => {
  fc.assert(fc.property(some, fc.integer({ min: 1, max: 300 }), (texts, chunk) => {
    const { head, lines } = chain(texts);
    const report = check(head, whole(lines), chunk);
    assert.deepEqual(report, { faults: [], more: 0, lines: lines.length, ahead: 0 });
  }));
});

Deno.test("any byte that is changed, removed or put in is found", () => {
  const edit = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }), kind: fc.nat(2) });
  fc.assert(
    fc.property(some, edit, (texts, { at, byte, kind }) => {
      const { head, lines } = chain(texts);
      const bytes = whole(lines);
      const place = at % bytes.length;
      if (kind === 0 && bytes[place] === byte) return;
      const edited = [...bytes];
      if (kind === 0) edited[place] = byte;
      else edited.splice(place, kind === 1 ? 1 : 0, ...(kind === 1 ? [] : [byte]));
      assert.notEqual(check(head, new Uint8Array(edited)).faults.length, 0);
    }),
    { numRuns: 500 },
  );
});

Deno.test("a changed line is named by its place, the first and the last one too", () => {
  fc.assert(fc.property(some, fc.nat(), (texts, which) => {
    const { head, lines } = chain(texts);
    const index = which % lines.length;
    const edited = lines.with(index, (lines[index] ?? "").replace('"time":"2026', '"time":"2025'));
    assert.deepEqual(brief(check(head, whole(edited))), [`changed ${index + 1}`]);
  }));
});

Deno.test("removed, cut-off, inserted and reordered lines are told apart", () => {
  const { head, lines } = chain(["a", "b", "c", "d", "e", "f"]);
  const [a = "", b = "", c = "", d = "", e = "", f = ""] = lines;
  const cases: [readonly string[], string[]][] = [
    [[a, b, e, f], ["missing 3"]],
    [[b, c, d, e, f], ["missing 1"]],
    [[a, b, c, d], ["cut_off 5"]],
    [[], ["cut_off 1"]],
    [[a, b, d, c, e, f], ["moved 4"]],
    [[a, b, b, c, d, e, f], ["inserted 3"]],
    [[a, b, '{"text":"x"}', c, d, e, f], ["inserted 3"]],
    [[a, b, "", c, d, e, f], ["inserted 3"]],
  ];
  for (const [edited, told] of cases) assert.deepEqual(brief(check(head, whole(edited))), told);
  const half = whole(lines).subarray(0, -30);
  assert.deepEqual(brief(check(head, half)), ["cut_off 6", "cut_off 7"]);
});

Deno.test("a line behind the head counts as written just now only if it fits", () => {
  const { head, lines } = chain(["a", "b", "c", "d"]);
  const [a = "", b = "", c = "", d = ""] = lines;
  const earlier = { ...head, count: 3, hash: hash(c) };
  assert.deepEqual(check(earlier, whole(lines)), { faults: [], more: 0, lines: 4, ahead: 1 });
  assert.deepEqual(brief(check(earlier, whole([a, b, c, d.replace("d", "x")]))), []);
  const other = chain(["a", "b", "x", "d"]).lines.at(-1) ?? "";
  assert.deepEqual(brief(check(earlier, whole([a, b, c, other]))), ["inserted 4"]);
  const changed = c.replace("2026", "2025");
  const fitting = d.replace(hash(c), hash(changed));
  assert.deepEqual(brief(check(earlier, whole([a, b, changed, fitting]))), ["changed 3"]);
});

Deno.test("a line without end and a million faults cost no memory to speak of", () => {
  const { head } = chain(["a"]);
  const checked = new ChainCheck(head, hash);
  checked.part("log");
  const chunk = new Uint8Array(1024 * 1024).fill(120);
  for (let count = 0; count < 20; count++) checked.bytes(chunk);
  checked.bytes(new Uint8Array(100_000).fill(10));
  const report = checked.end();
  assert.ok(report.faults.length <= 101 && report.more > 99_000);
});

Deno.test("of a long log of which half was moved, the first places are named and all are counted", () => {
  const most = 60_000;
  const line = (number: number) => `{"time":"","number":${number},"before":"${NOTHING}"}`;
  const lines: string[] = [];
  for (let number = 2; number <= most; number += 2) lines.push(line(number));
  for (let number = 1; number <= most; number += 2) lines.push(line(number));
  const parts = [{ file: "log", first: 1, before: NOTHING }];
  const { faults, more } = check({ count: most, hash: NOTHING, size: 0, parts }, whole(lines));
  assert.deepEqual([faults.length, faults[0]?.kind], [100, "moved"]);
  assert.ok(more > most / 2 - 200);
});
