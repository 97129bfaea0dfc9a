import assert from "node:assert/strict";
import fc from "fast-check";
import { visibleWidth } from "@earendil-works/pi-tui/dist/utils.js";
import { hitJson, hitText } from "../../../../src/commands/memory/hit_text.ts";
import type { Hit } from "../../../../src/memory/search/hit.ts";

/** A hit whose snippet has its matches in square brackets. */
function hit(snippet: string, more: Partial<Hit> = {}): Hit {
  const marks: [number, number][] = [];
  let text = "";
  for (const part of snippet.split(/(\[[^\]]*\])/)) {
    const inner = /^\[(.*)\]$/s.exec(part)?.[1];
    if (inner !== undefined) marks.push([text.length, text.length + inner.length]);
    text += inner ?? part;
  }
  return {
    file: "knowledge/bread.md",
    line: 12,
    heading: "Dough",
    summary: "how bread is made",
    keywords: ["baking"],
    snippet: { text, marks },
    passage: text,
    score: 2.5,
    ...more,
  };
}

const PLAIN = { width: undefined, color: false };

Deno.test("a pipe gets a hit in two lines without marks and escapes", () => {
  assert.equal(
    hitText(hit("let the [dough] rest for a [night]"), PLAIN),
    "knowledge/bread.md:12  how bread is made\n  let the dough rest for a night\n",
  );
  assert.match(hitText(hit("x", { summary: "" }), PLAIN), /:12 {2}Dough\n/);
  assert.match(hitText(hit("x", { summary: "", heading: "" }), PLAIN), /:12\n/);
});

Deno.test("a terminal gets matches in colour, also where a line ends inside one", () => {
  const text = hitText(hit("aaa [bbb ccc] ddd"), { width: 10, color: true });
  assert.deepEqual(text.split("\n").slice(1), [
    "  aaa \x1b[1;33mbbb\x1b[0m",
    "  \x1b[1;33mccc\x1b[0m ddd",
    "",
  ]);
});

Deno.test("a narrow terminal wraps the snippet, cuts the summary and keeps the file's name", () => {
  const found = hit("a long text of many words that does not fit into [one] line", {
    summary: "a summary which is far too long for this terminal",
  });
  const lines = hitText(found, { width: 40, color: false }).trimEnd().split("\n");
  assert.equal(lines[0], "knowledge/bread.md:12  a summary which …");
  assert.deepEqual(lines.slice(1), [
    "  a long text of many words that does",
    "  not fit into one line",
  ]);
  assert.equal(hitText(found, { width: 20, color: false }).split("\n")[0], "knowledge/bread.md:12");
});

Deno.test("scripts without blanks are wrapped too", () => {
  const text = hitText(hit("猫は[静か]に窓辺で眠っている"), { width: 12, color: false });
  assert.deepEqual(text.trimEnd().split("\n").slice(1), [
    "  猫は静かに",
    "  窓辺で眠っ",
    "  ている",
  ]);
});

Deno.test("programs get the match between stars, and exactly these keys", () => {
  assert.deepEqual(hitJson(hit("let the [dough] rest")), {
    file: "knowledge/bread.md",
    line: 12,
    summary: "how bread is made",
    keywords: ["baking"],
    snippet: "let the **dough** rest",
    score: 2.5,
  });
});

Deno.test("what a note says cannot control the terminal, and no line is too wide", () => {
  const letter = fc.constantFrom("a", "b", "漢", "\u{1f600}", "\x1b", "\x07", "\u202e");
  const word = fc.string({ unit: letter, minLength: 1, maxLength: 8 });
  fc.assert(fc.property(
    fc.array(fc.tuple(word, fc.boolean()), { maxLength: 20 }),
    fc.integer({ min: 24, max: 100 }),
    fc.string(),
    (words, width, summary) => {
      const snippet = words.map(([text, isMatch]) => isMatch ? `[${text}]` : text).join(" ");
      const text = hitText(hit(snippet, { summary }), { width, color: false });
      // deno-lint-ignore no-control-regex -- they are what is looked for
      assert.doesNotMatch(text.replaceAll("\n", ""), /[\x00-\x1f\x7f-\x9f\u202a-\u202e]/);
      for (const line of text.split("\n")) assert.ok(visibleWidth(line) <= width, line);
    },
  ));
});
