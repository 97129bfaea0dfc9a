import assert from "node:assert/strict";
import fc from "fast-check";
import { editFields } from "../../../../src/memory/note/edit_fields.ts";
import { readFields } from "../../../../src/memory/note/front_matter.ts";
import { type FieldValue, readPlainFields } from "../../../../src/memory/note/plain_fields.ts";
import { yamlLike } from "./yaml_like.ts";

const anyText = fc.string({ unit: "binary", maxLength: 12 });
const edit: fc.Arbitrary<[string, FieldValue]> = fc.oneof(
  fc.tuple(fc.constantFrom("summary", "source", "updated"), anyText),
  fc.tuple(fc.constantFrom("keywords", "tags"), fc.array(anyText, { maxLength: 3 })),
  fc.tuple(fc.constant("pinned"), fc.constantFrom("true", "false")),
);

async function fieldsOf(text: string): Promise<Record<string, unknown> | undefined> {
  const read = await readFields(text);
  return read.kind === "read" ? Object.fromEntries(read.fields) : undefined;
}

/** The part in which two texts differ, as whole lines of the first. */
function changedLines(before: string, after: string): string {
  const [old, now] = [before, after].map((text) => text.match(/[^\n]*\n|[^\n]+$/g) ?? []);
  if (!old || !now) return "";
  let start = 0;
  while (start < old.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  return old.slice(start, old.length - end).join("");
}

Deno.test("an edited field says what it should, and every other byte stays", async () => {
  let edited = 0;
  await fc.assert(
    fc.asyncProperty(yamlLike, edit, async (drawn, [name, value]) => {
      // The closing line follows on a line of its own.
      const text = drawn === "" || drawn.endsWith("\n") ? drawn : `${drawn}\n`;
      const before = await fieldsOf(text);
      if (!before) return;
      const after = await editFields(text, new Map([[name, value]]), "\n");
      if (after === undefined) {
        assert.equal(readPlainFields(text), undefined, "plain fields can be edited");
        return;
      }
      const fields = await fieldsOf(after) ?? {};
      assert.deepEqual(fields[name], value.length === 0 ? undefined : value);
      delete fields[name];
      delete before[name];
      assert.deepEqual(fields, before);
      edited++;
      // Of a field that is there twice, both go.
      if (text.split(`${name}:`).length > 2) return;
      const lines = await fieldsOf(changedLines(text, after));
      assert.deepEqual(Object.keys(lines ?? {}).filter((key) => key !== name), []);
    }),
    { numRuns: 3_000 },
  );
  assert.ok(edited > 500, `only ${edited} were edited`);
});

Deno.test("lines that are of no field, or of a field written in another way, stay", async () => {
  const text =
    "tags: a\n# mine\n? odd\n: value\n  more\nkeywords:\n\n  - b\n  # of c\n  - c\n\n# end\n";
  const edits = new Map<string, FieldValue>([["tags", []], ["keywords", ["d", "e: f"]]]);
  assert.equal(
    await editFields(text, edits, "\n"),
    '# mine\n? odd\n: value\n  more\nkeywords: [d, "e: f"]\n\n# end\n',
  );
  assert.equal(await editFields("{summary: a}\n", new Map([["summary", "b"]]), "\n"), undefined);
});

Deno.test("a field that is there twice is changed where it counts, and goes altogether", async () => {
  const text = "summary: a\npinned: true\nsummary: |\n  b\n\n  c\n";
  assert.equal(
    await editFields(text, new Map([["summary", "d"]]), "\n"),
    "summary: a\npinned: true\nsummary: d\n",
  );
  assert.equal(await editFields(text, new Map([["summary", ""]]), "\n"), "pinned: true\n");
});
