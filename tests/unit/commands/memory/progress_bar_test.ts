import assert from "node:assert/strict";
import { ProgressBar } from "../../../../src/commands/memory/progress_bar.ts";
import type { CommandContext } from "../../../../src/commands/context.ts";

/** A bar at a clock of the test; `written` is all that went to standard error. */
function barAt(more: { terminal?: boolean; quiet?: boolean; json?: boolean; term?: string } = {}) {
  const clock = { now: 0, written: "" };
  const { terminal = true, quiet = false, json = false, term = "xterm" } = more;
  const boot = {
    terminal: { stdin: true, stdout: true, stderr: terminal },
    options: { quiet, json, verbose: false, color: true },
    env: { TERM: term },
  };
  const context = {
    boot,
    now: () => clock.now,
    printError: (text: string) => Promise.resolve(void (clock.written += text)),
  };
  return { clock, bar: new ProgressBar(context as unknown as CommandContext, "reading notes") };
}

Deno.test("work that is soon done shows nothing", () => {
  const { clock, bar } = barAt();
  for (clock.now = 0; clock.now < 300; clock.now += 10) bar.show({ done: clock.now, total: 300 });
  bar[Symbol.dispose]();
  assert.equal(clock.written, "");
});

Deno.test("longer work is drawn on one line, ten times a second, and wiped at its end", () => {
  const { clock, bar } = barAt();
  for (clock.now = 0; clock.now <= 1_000; clock.now += 10) {
    bar.show({ done: clock.now, total: 1_000 });
  }
  const drawn = clock.written.split("\r\x1b[K").slice(1);
  assert.equal(drawn.length, 8);
  assert.equal(drawn[0], "reading notes ███░░░░░░░░░ 300/1000");
  assert.equal(drawn.at(-1), "reading notes ████████████ 1000/1000");
  for (const line of drawn) assert.ok(line.length <= 40, line);
  bar[Symbol.dispose]();
  assert.ok(clock.written.endsWith("\r\x1b[K"));
  assert.ok(!clock.written.includes("\n"));
});

Deno.test("where nobody looks, or nothing may be said, nothing is drawn", () => {
  for (const more of [{ terminal: false }, { quiet: true }, { json: true }, { term: "dumb" }]) {
    const { clock, bar } = barAt(more);
    clock.now = 5_000;
    bar.show({ done: 1, total: 0 });
    bar[Symbol.dispose]();
    assert.equal(clock.written, "");
  }
});
