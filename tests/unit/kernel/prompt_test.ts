import assert from "node:assert/strict";
import fc from "fast-check";
import { KernelError } from "../../../src/kernel/error.ts";
import { promptLine, sanitise } from "../../../src/kernel/prompt.ts";

function typed(...chunks: string[]) {
  const queue = chunks.map((chunk) => new TextEncoder().encode(chunk));
  const shown: string[] = [];
  return {
    shown,
    line: (secret: boolean) =>
      promptLine(
        "? ",
        { secret },
        () => Promise.resolve(queue.shift() ?? null),
        (text) => void shown.push(text),
      ),
  };
}

Deno.test("a line ends at Enter, and what came after it is given back", async () => {
  const { text, rest } = await typed("hel", "lo\rmore").line(false);
  assert.equal(text, "hello");
  assert.equal(new TextDecoder().decode(rest), "more");
});

Deno.test("nothing of a secret is shown", async () => {
  const input = typed("s3cret-key\x7f", "Y\r");
  assert.equal((await input.line(true)).text, "s3cret-keY");
  assert.equal(input.shown.join(""), "? \r\n");
});

Deno.test("backspace, Ctrl-U, arrow keys and a pasted text's marks are understood", async () => {
  assert.equal((await typed("ab\x7fc\r").line(false)).text, "ac");
  assert.equal((await typed("wrong\x15right\r").line(false)).text, "right");
  assert.equal((await typed("a\x1b[D\x1b[3~b\x1bOAc\r").line(false)).text, "abc");
  assert.equal((await typed("\x1b[200~pasted key\x1b[201~\r").line(true)).text, "pasted key");
});

Deno.test("characters cut between two reads are put together", async () => {
  const bytes = new TextEncoder().encode("pässwörd\r");
  for (let cut = 1; cut < bytes.length; cut++) {
    const parts = [bytes.subarray(0, cut), bytes.subarray(cut)];
    const read = () => Promise.resolve(parts.shift() ?? null);
    assert.equal((await promptLine("", { secret: true }, read, () => {})).text, "pässwörd");
  }
});

Deno.test("Ctrl-C and Ctrl-D on an empty line cancel; the end of input is no answer", async () => {
  const code = (expected: string) => (error: unknown) =>
    error instanceof KernelError && error.code === expected;
  await assert.rejects(typed("abc\x03").line(true), code("cancelled"));
  await assert.rejects(typed("\x04").line(true), code("cancelled"));
  await assert.rejects(typed("abc").line(true), code("no_terminal"));
  await assert.rejects(typed("x".repeat(70_000)).line(true), code("usage"));
});

Deno.test("what is shown holds no control byte, escape, or mark that reorders it", () => {
  assert.equal(sanitise("a\x1b]0;title\x07b\r\nc\u202ed"), "a ]0;title b c d");
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      (text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(sanitise(text)),
    ),
  );
});
