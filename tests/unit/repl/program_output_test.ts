import assert from "node:assert/strict";
import { ProgramOutput } from "../../../src/repl/program_output.ts";
import { palette } from "../../../src/repl/style.ts";
import { loadMeasure, textWidth } from "../../../src/repl/text_width.ts";

await loadMeasure();

function output(): ProgramOutput {
  return new ProgramOutput(palette({ color: false }));
}

/** `prefix 1` to `prefix count`, a line each. */
function numbered(prefix: string, count: number): string {
  return Array.from({ length: count }, (_, at) => `${prefix} ${at + 1}\n`).join("");
}

Deno.test("the last lines are shown while a program runs, and fewer stay of it", () => {
  const shown = output();
  assert.ok(shown.isEmpty);
  shown.add("1", numbered("line", 1_000));
  assert.deepEqual(
    shown.render(80),
    [995, 996, 997, 998, 999, 1_000].map((line) => `  │ line ${line}`),
  );
  const folded = shown.take();
  assert.ok(shown.isEmpty);
  assert.deepEqual(folded(80), [
    "  │ … 997 lines",
    "  │ line 998",
    "  │ line 999",
    "  │ line 1000",
  ]);
});

Deno.test("a short output stays whole", () => {
  const shown = output();
  shown.add("1", numbered("line", 12));
  assert.equal(shown.render(80).length, 6);
  assert.deepEqual(shown.take()(80).length, 12);
  shown.add("1", numbered("line", 13));
  assert.equal(shown.take()(80)[0], "  │ … 10 lines");
});

Deno.test("programs that run at once share the lines", () => {
  const shown = output();
  for (const id of ["a", "b", "c"]) shown.add(id, numbered(id, 9));
  assert.deepEqual(
    shown.render(80),
    ["a 8", "a 9", "b 8", "b 9", "c 8", "c 9"].map((line) => `  │ ${line}`),
  );
});

Deno.test("no line is wider than the terminal, nor does any of it control the terminal", () => {
  const shown = output();
  shown.add("1", `\x1b[2J\x9b1m\u202e日本${"x".repeat(5_000)}\ttab\n`);
  for (const columns of [10, 40, 200]) {
    const [line = ""] = shown.render(columns);
    assert.ok(textWidth(line) <= columns);
    // deno-lint-ignore no-control-regex -- they are what is looked for
    assert.ok(!/[\x00-\x1f\x7f-\x9f\u202e]/.test(line), JSON.stringify(line));
  }
});
