import assert from "node:assert/strict";
import { ProgramLines } from "../../../src/tools/program_lines.ts";

Deno.test("the first lines are kept, and what came after them is counted", () => {
  const first = new ProgramLines(3, "first");
  assert.deepEqual(first.add("1\n2\n"), ["1", "2"]);
  assert.deepEqual(first.add("3\n4\n5\n"), ["3"]);
  assert.deepEqual(first.add("6\n"), []);
  assert.deepEqual([...first.lines, first.count, first.left], ["1", "2", "3", 6, 3]);
});

Deno.test("the last lines are kept, and what came before them is counted", () => {
  const last = new ProgramLines(2, "last");
  last.add("1\n2\n3\n");
  last.add("\n");
  assert.deepEqual([...last.lines, last.count, last.left], ["3", "", 4, 2]);
});

Deno.test("a line is cut, whole characters only", () => {
  const lines = new ProgramLines(1, "last");
  const [line = ""] = lines.add(`${"x".repeat(499)}😀${"y".repeat(10_000)}\n`);
  assert.equal(line, `${"x".repeat(499)}…`);
});
