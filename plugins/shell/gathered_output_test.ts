import assert from "node:assert/strict";
import { GatheredOutput, SHOWN_UNITS, shownOutput } from "./gathered_output.ts";
import { plainOutput } from "./plain_output.ts";

function gathered(...pieces: readonly string[]): GatheredOutput {
  const output = new GatheredOutput();
  for (const piece of pieces) output.add(piece);
  return output;
}

Deno.test("a short output is shown as it is, a missing line end included", () => {
  assert.equal(shownOutput(gathered("one\n", "two").end(), ""), "one\ntwo");
  assert.equal(shownOutput(gathered().end(), ""), "");
});

Deno.test("of a long output the head and the tail are shown, and what is left out is counted", () => {
  const lines = Array.from({ length: 5_000 }, (_, at) => `line ${at + 1}`);
  const output = gathered(`${lines.join("\n")}\n`).end();
  assert.equal(output.kind, "long");
  const shown = shownOutput(output, "read_output 1 shows it");
  assert.ok(shown.length <= SHOWN_UNITS + 100);
  assert.match(shown, /^line 1\nline 2\n/);
  assert.match(shown, /\nline 5000\n$/);
  const [, left] = /\n… \[([\d,]+) lines left out; read_output 1 shows it\] …\n/.exec(shown) ?? [];
  const there = shown.split("\n").filter((line) => line.startsWith("line ")).length;
  assert.equal(Number(left?.replace(",", "")) + there, 5_000);
});

Deno.test("one line without end is cut in the middle", () => {
  const shown = shownOutput(gathered("x".repeat(50_000)).end(), "lost");
  assert.match(shown, /^x+\n… \[46,700 characters left out; lost\] …\nx+$/);
});

Deno.test("what is no text is not shown", () => {
  const elf = "\x7fELF\x02\x01\0\0\0\ufffd\ufffd";
  assert.match(shownOutput(gathered(elf).end(), ""), /^\(11 characters that are no text/);
  assert.match(shownOutput(gathered("\ufffd".repeat(9)).end(), ""), /no text/);
  assert.equal(gathered(`caf\ufffd ${"word ".repeat(50)}`).end().kind, "short");
});

Deno.test("bytes that were lost are said, and no more than the limit is held", () => {
  const output = new GatheredOutput();
  output.add("head\n");
  output.add("tail\n", 12_345_678);
  assert.equal(
    shownOutput(output.end(), ""),
    "head\n\n… 12,345,678 bytes were too much to keep …\ntail\n",
  );
  const most = new GatheredOutput();
  for (let at = 0; at < 20; at++) most.add("x".repeat(1_000_000));
  const end = most.end();
  assert.equal(end.kind === "long" && end.text.length, 11_000_000);
});

Deno.test("what a program says to a terminal is gone, and a return overwrites its line", () => {
  assert.equal(plainOutput("\x1b[31mred\x1b[0m \x1b]0;title\x07x\x1b(B\x9b1m"), "red x1m");
  assert.equal(plainOutput(" 10%\r 50%\r100%\ndone\r\n"), "100%\ndone\n");
  assert.equal(plainOutput("kept\r\nend\r"), "kept\nend");
});
