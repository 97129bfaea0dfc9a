import assert from "node:assert/strict";
import fc from "fast-check";
import { MarkdownPrinter } from "../../../../src/repl/markdown/markdown.ts";
import { createMarkdownStream } from "../../../../src/repl/markdown/stream.ts";
import { palette } from "../../../../src/repl/style.ts";
import { loadMeasure, textWidth } from "../../../../src/repl/text_width.ts";

await loadMeasure();

/** Prints the pieces; the text, and what `peek` said before the end. */
function print(
  pieces: readonly string[],
  columns: number,
  options: { readonly color: boolean },
): { readonly text: string; readonly peeked: string } {
  let text = "";
  const printer = new MarkdownPrinter((part) => text += part, {
    columns,
    palette: palette(options),
  });
  for (const piece of pieces) printer.push(piece);
  const peeked = text + printer.peek();
  printer.end();
  return { text, peeked };
}

function plain(markdown: string, columns = 40): string {
  return print([markdown], columns, { color: false }).text;
}

Deno.test("blocks are shown at 40 columns without colour", async () => {
  const source = await Deno.readTextFile(new URL("./golden/tour.md", import.meta.url));
  for (const columns of [40, 80]) {
    const golden = new URL(`./golden/tour_${columns}.txt`, import.meta.url);
    const shown = plain(source, columns);
    if (Deno.env.get("UPDATE_GOLDEN") === "1") await Deno.writeTextFile(golden, shown);
    assert.equal(shown, await Deno.readTextFile(golden));
    for (const line of shown.split("\n")) assert.ok(textWidth(line) <= columns, line);
  }
});

Deno.test("headings, rules and quotes keep a distance of one line", () => {
  assert.equal(plain("# A\ntext\n## B\n> q\n>\n> r\n"), "# A\n\ntext\n\n## B\n\n│ q\n│\n│ r\n");
});

Deno.test("a line of dashes below a paragraph is a rule, and never changes what was printed", () => {
  assert.equal(plain("text\n---\nmore", 10), "text\n──────────\n\nmore\n");
});

Deno.test("lists nest by two columns, and code in an item stays in it", () => {
  const source = "1. one\n  - two\n\n    ```sh\n    ls\n    ```\n2. three\n";
  assert.equal(plain(source), "1. one\n   ◦ two\n\n       ls\n\n2. three\n");
});

Deno.test("a number at the beginning of a paragraph's line makes no list", () => {
  assert.equal(plain("it was\n1987. then"), "it was\n1987. then\n");
});

Deno.test("a table that does not fit is shown as records", () => {
  const source = "|aaaaaaaaaa|bbbbbbbbbb|cccccccccc|\n|-|-|-|\n|1|2|3|\n|4|5|6|\n";
  assert.equal(
    plain(source, 16),
    "aaaaaaaaaa: 1\nbbbbbbbbbb: 2\ncccccccccc: 3\n────────────\naaaaaaaaaa: 4\nbbbbbbbbbb: 5\ncccccccccc: 6\n",
  );
});

Deno.test("wide characters align in a table", () => {
  const lines = plain("|a|b|\n|-|-|\n|漢字|x|\n|👩‍👩‍👧|y|\n").trimEnd().split("\n");
  const bars = lines.map((line) => textWidth(line.split(/[│┼]/)[0] ?? ""));
  assert.deepEqual(new Set(bars), new Set([5]));
});

Deno.test("text without spaces is wrapped, and no line begins with a full stop", () => {
  const lines = plain("日本語の文章はどこでも改行できます。次", 12).trimEnd().split("\n");
  assert.ok(lines.length >= 3);
  for (const line of lines) {
    assert.ok(textWidth(line) <= 12);
    assert.doesNotMatch(line, /^[。、]/);
  }
});

Deno.test("emphasis follows the rules inside words", () => {
  const shown = print(["**a *b* c** snake_case_word 2 * 3 * 4 _d_ ~~e~~"], 80, { color: true });
  assert.equal(
    shown.text,
    "\x1b[1ma \x1b[0m\x1b[1;3mb\x1b[0m \x1b[1mc\x1b[0m snake_case_word 2 * 3 * 4 \x1b[3md\x1b[0m \x1b[9me\x1b[0m\n"
      .replace("\x1b[1ma \x1b[0m", "\x1b[1ma\x1b[0m "),
  );
});

Deno.test("a link shows where it leads", () => {
  assert.equal(plain("[bank](https://evil.example/x)", 80), "bank (https://evil.example/x)\n");
  assert.equal(plain("<https://a.example> [t][1]", 80), "https://a.example [t][1]\n");
});

Deno.test("entities are decoded, and names from the prototype are no entities", () => {
  assert.equal(
    plain("&amp;&#65;&#x42; &toString; &valueOf; &nope; &"),
    "&AB &toString; &valueOf; &nope; &\n",
  );
});

Deno.test("escape sequences of the model are shown, not obeyed", () => {
  const attacks = [
    "\x1b]0;title\x07",
    "\x1b]52;c;aGk=\x07",
    "\x1b[2J",
    "\x9b31m",
    "&#27;[2J",
    "&#x1b;[2J",
    "[x](\x1b]8;;)",
    "`\x1b[H`",
    "```\n\x1b[H\n```",
    "|\x1bc|\n|-|\n|&#27;|",
    "a\u202eb",
    "x\rSECRET",
  ];
  for (const attack of attacks) {
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(plain(attack, 80), /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/, attack);
    const colored = print([attack], 80, { color: true }).text;
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(colored.replace(/\x1b\[[0-9;]*m/g, ""), /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  }
});

Deno.test("code is coloured line by line, also inside a comment over several lines", () => {
  const source = "```ts\nconst a = 1; /* b\nc */ let d;\n```\n";
  const shown = print([source], 80, { color: true }).text;
  assert.ok(shown.includes("\x1b[35mconst\x1b[0m"), shown);
  assert.ok(shown.includes("\x1b[2mc */\x1b[0m \x1b[35mlet"), shown);
  assert.equal(print([...source], 80, { color: true }).text, shown);
});

const fragment = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("\n", "\n\n", "  \n", "    ", " ", "\t", "a", "word ") },
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      ..."* ** *** _ __ ~~ ` `` ``` ~~~ [ ] ( ) ](u) ![ < > <br> <http://x.y> \\ & &amp; &#27; | |-|-| # ## - + 1. 12) --- === > >> ```js {}"
        .split(" "),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom("漢字。", "한국", "👩‍👩‍👧", "e\u0301", "สวัสดี", "שלום", "\x1b[2J", "🏳️‍🌈"),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 6 }) },
  { weight: 1, arbitrary: fc.constant("x".repeat(50)) },
);
const markdown = fc.array(fragment, { maxLength: 60 }).map((parts) => parts.join(""));

Deno.test("printing in pieces gives what printing at once gives", () => {
  fc.assert(
    fc.property(
      markdown,
      fc.array(fc.nat({ max: 400 }), { maxLength: 40 }),
      fc.integer({ min: 8, max: 60 }),
      fc.boolean(),
      (text, cuts, columns, color) => {
        const whole = print([text], columns, { color });
        const places = [0, ...cuts.map((cut) => cut % (text.length + 1)), text.length]
          .sort((a, b) => a - b);
        const pieces = places.slice(1).map((end, index) => text.slice(places[index], end));
        const streamed = print(pieces, columns, { color });
        assert.equal(streamed.text, whole.text);
        assert.equal(streamed.peeked, whole.text);
        assert.equal(print([...text], columns, { color }).text, whole.text);
      },
    ),
    { numRuns: 5_000 },
  );
});

Deno.test("no line is wider than the terminal", () => {
  fc.assert(
    fc.property(markdown, fc.integer({ min: 8, max: 60 }), (text, columns) => {
      for (const line of plain(text, columns).split("\n")) {
        assert.ok(textWidth(line) <= columns, JSON.stringify(line));
      }
    }),
    { numRuns: 2_000 },
  );
});

const CORPUS = new URL(
  "../../../../../shared/corpora/protocol/commonmark_0.31.2.jsonl",
  import.meta.url,
);

Deno.test("every example of the CommonMark specification is printed, alike at once and in pieces", async (t) => {
  const text = await Deno.readTextFile(CORPUS).catch(() => undefined);
  if (text === undefined) {
    await t.step({
      name: "skipped: the corpus is not on this machine",
      ignore: true,
      fn: () => {},
    });
    return;
  }
  let count = 0;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const example: unknown = JSON.parse(line);
    assert.ok(typeof example === "object" && example !== null && "markdown" in example);
    const source = String(example.markdown);
    const whole = print([source], 80, { color: false }).text;
    assert.equal(print([...source], 80, { color: false }).text, whole);
    count += 1;
  }
  assert.ok(count > 600);
});

Deno.test("the stream for standard output colours code whose fence comes in pieces", async () => {
  let out = "";
  const stream = createMarkdownStream((part) => out += part, { columns: 40, color: true });
  for (const piece of ["`", "``ts\nlet a = 1", ";\n``", "`\nend"]) await stream.push(piece);
  await stream.end();
  assert.ok(out.includes("\x1b[35mlet"), out);
  assert.match(out, /end\n$/);
});

Deno.test("an unfinished sign holds back a bounded amount of text", () => {
  let out = "";
  const printer = new MarkdownPrinter((part) => out += part, {
    columns: 80,
    palette: palette({ color: false }),
  });
  printer.push(`*${"word ".repeat(2_000)}`);
  assert.ok(out.length > 8_000, String(out.length));
});
