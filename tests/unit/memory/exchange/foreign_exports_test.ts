import assert from "node:assert/strict";
import fc from "fast-check";
import { PyraError } from "../../../../src/protocol/error.ts";
import { freeName, freePiece } from "../../../../src/memory/exchange/free_name.ts";
import { noteName } from "../../../../src/memory/note/name.ts";
import { chatGpt, claude, talk } from "./conversations.ts";
import { Workbench } from "./workbench.ts";

const WORDS = fc.string({ unit: "binary", maxLength: 200 });

Deno.test("any text becomes a piece of a name, and stays one when it is cleaned again", () => {
  fc.assert(
    fc.property(
      fc.oneof(WORDS, fc.string({ unit: fc.constantFrom(...'./\\:con .?*|"<>\u202e\u0000ü') })),
      (text) => {
        const piece = freePiece(text);
        assert.equal(
          noteName(piece).normalize("NFC"),
          /\.md$/i.test(piece) ? piece : `${piece}.md`,
        );
        assert.equal(freePiece(piece), piece);
      },
    ),
    { numRuns: 3_000 },
  );
});

Deno.test("any path becomes a note's name inside its folder", () => {
  fc.assert(
    fc.property(
      fc.array(WORDS, { maxLength: 30 }),
      fc.constantFrom("", "a", "a/b/c"),
      (pieces, base) => {
        const name = freeName(base, pieces);
        assert.equal(noteName(name), name);
        assert.ok(base === "" || name.startsWith(`${base}/`));
      },
    ),
    { numRuns: 2_000 },
  );
});

/** Replaces one value somewhere in a structure by another. */
function mutated(value: unknown, path: readonly number[], other: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== "object" || value === null) return other;
  if (Array.isArray(value)) {
    return value.map((one, index) =>
      index === step % value.length ? mutated(one, rest, other) : one
    );
  }
  const entries = Object.entries(value);
  const chosen = entries[step % Math.max(1, entries.length)]?.[0];
  return Object.fromEntries(
    entries.map(([key, one]) => [key, key === chosen ? mutated(one, rest, other) : one]),
  );
}

Deno.test("exports with anything in any place never throw, and never name a note outside the folder", async () => {
  await using bench = await Workbench.make();
  const whole = [
    chatGpt("One", talk("a", "b")),
    claude("Two", talk("c", "d", "claude")),
    {
      uuid: "p",
      name: "P",
      docs: [{ uuid: "d", filename: "../x.md", content: "y" }],
      prompt_template: "z",
    },
    { account_uuid: "a", conversations_memory: "m", project_memories: { p: "q" } },
    { pyra_note: 1, name: "user/profile.md", front_matter: "", body: "me" },
  ];
  const file = bench.path("conversations.json");
  const other = fc.oneof(
    fc.jsonValue(),
    WORDS,
    fc.constantFrom(
      "../../../etc/passwd",
      "/abs",
      "con",
      "__proto__",
      1e300,
      -1,
      NaN,
      "2024-13-45",
      {},
      [],
    ),
  );
  const path = fc.array(fc.nat(12), { minLength: 1, maxLength: 7 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(path, other), { maxLength: 3 }), async (changes) => {
      const made = changes.reduce<unknown>((value, [at, what]) => mutated(value, at, what), whole);
      await Deno.writeTextFile(file, JSON.stringify(made) ?? "null");
      try {
        const report = await bench.import(file, {
          dryRun: true,
          category: "fuzz",
          each: ({ name }) => {
            assert.equal(noteName(name), name);
            assert.match(name, /^fuzz\//);
          },
        });
        assert.equal(report.created > 0 || report.skipped > 0, true);
      } catch (thrown) {
        assert.ok(thrown instanceof PyraError, `${thrown}`);
        assert.equal(thrown.code, "unknown_import_source");
      }
    }),
    { numRuns: 600 },
  );
});

Deno.test("any bytes as Markdown come in and are known again", async () => {
  await using bench = await Workbench.make();
  const yamlLike = fc.string({
    unit: fc.constantFrom(
      "---\n",
      "source: x\n",
      "a: b\n",
      "- c\n",
      ": ",
      '"',
      "\r\n",
      "#t ",
      "\t",
      "[",
      "import_state: 1\n",
    ),
  });
  const fields = fc.tuple(yamlLike, yamlLike).map(([head, body]) => `---\n${head}\n---\n${body}`);
  const bytes = fc.uint8Array({ maxLength: 200 });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(yamlLike, fields, bytes), async (content) => {
      const folder = await bench.folder(`v${++run}`, { "a.md": content });
      const first = await bench.import(folder);
      const second = await bench.import(folder);
      assert.equal(first.created + first.skipped, 1);
      assert.equal(second.unchanged, first.created);
      assert.equal(second.created + second.changed, 0);
    }),
    { numRuns: 60 },
  );
});
