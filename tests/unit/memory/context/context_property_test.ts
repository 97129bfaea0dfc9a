import assert from "node:assert/strict";
import fc from "fast-check";
import { estimateTokens } from "../../../../src/agent/budget.ts";
import { renderBlock } from "../../../../src/memory/context/block.ts";
import { fencedData } from "../../../../src/protocol/foreign_text.ts";
import { cutText } from "../../../../src/memory/context/cut.ts";
import { loadContextForSession } from "../../../../src/memory/context.ts";
import { contextPorts } from "../../../fakes/notes.ts";

const signal = new AbortController().signal;

/** Text with what could end a fence, cost much or break a cut. */
const nasty = fc.array(
  fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom(
      "`",
      "```",
      "`````\n",
      "\n\n",
      "\n",
      "~~~\n",
      "猫",
      "👩‍👩‍👧",
      "\ud83d",
      ". ",
      '"x.md", line 1:',
    ),
    fc.nat(300).map((count) => "`".repeat(count)),
    fc.nat(60).map((count) => "word ".repeat(count)),
  ),
  { maxLength: 30 },
).map((parts) => parts.join(""));

Deno.test("whatever a note holds, it cannot end its fence", () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const [opening = "", ...rest] = fencedData(text).split("\n");
      assert.match(opening, /^`{3,}$/);
      assert.equal(rest.pop(), opening);
      assert.equal(rest.join("\n"), text);
      assert.ok(!text.includes(opening), "no run in it is as long");
    }),
    { numRuns: 500 },
  );
});

Deno.test("whatever a note is called, its label stays on its line and in its quotes", () => {
  fc.assert(
    fc.property(nasty, (name) => {
      const block = { name, line: 7, trust: "own", text: "text", extent: "whole" } as const;
      const [label = "", fence] = renderBlock(block).split("\n");
      assert.match(label, /^"[^"`]*", line 7:$/u);
      assert.equal(fence, "```");
    }),
    { numRuns: 500 },
  );
});

Deno.test("no more is sent than there is room for, and 60 % of it stands at most", async () => {
  const note = fc.record({ body: nasty, pinned: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.array(note, { maxLength: 6 }),
      fc.nat(900),
      nasty,
      async (notes, maxTokens, question) => {
        const files = Object.fromEntries(notes.map(({ body, pinned }, at) => [
          at === 0 ? "user/profile.md" : `note ${at}.md`,
          `---\npinned: ${pinned}\n---\n${body}`,
        ]));
        const asked = `boat paint ${question}`;
        const hits = notes.map(({ body }, at) => ({
          file: at === 0 ? "user/profile.md" : `note ${at}.md`,
          passage: `boat paint ${asked} ${body}`,
        }));
        const ports = contextPorts(files, hits);
        const context = await loadContextForSession(asked, { maxTokens, signal }, ports);
        if (context === undefined) return;
        const standing = estimateTokens(context.standing);
        assert.ok(standing <= maxTokens * 0.6);
        assert.ok(standing + estimateTokens(context.relevant) <= maxTokens);
        assert.ok(context.files.length > 0);
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("a cut text is a beginning within its tokens, and between characters", () => {
  fc.assert(
    fc.property(nasty, fc.nat(200), (text, tokens) => {
      const cut = cutText(text, tokens);
      assert.ok(text.startsWith(cut));
      assert.ok(estimateTokens(cut) <= tokens || cut === text);
      if (text.isWellFormed()) assert.ok(cut.isWellFormed());
    }),
    { numRuns: 500 },
  );
});

Deno.test("a text is cut at a paragraph's end, else at a line's, a sentence's or a word's", () => {
  const words = "word ".repeat(20);
  assert.equal(cutText(`First one.\n\n${words}`, 5), "First one.");
  assert.equal(cutText("one line here\nand another line of text", 6), "one line here");
  assert.equal(cutText("A sentence is here. And one more of them", 7), "A sentence is here.");
  assert.equal(cutText("several words without an end", 5), "several words");
  assert.equal(cutText("x".repeat(100), 5), "x".repeat(20));
  assert.equal(cutText("short", 5), "short");
  assert.equal(cutText("short", 0), "");
});
