import assert from "node:assert/strict";
import fc from "fast-check";
import { unifiedDiff } from "../../../../src/memory/tools/unified_diff.ts";

const lines = fc.array(fc.constantFrom("a", "b", "c", "", "- d", "+ e"), { maxLength: 30 });

/** What a unified diff makes of a text. */
function applied(before: string, diff: string): string {
  const old = before === "" ? [] : before.replace(/\n$/, "").split("\n");
  const now: string[] = [];
  let at = 0;
  for (const line of diff.split("\n")) {
    const [, start = "", count = ""] = /^@@ -(\d+),(\d+) /.exec(line) ?? [];
    if (start !== "") {
      const first = count === "0" ? Number(start) : Number(start) - 1;
      while (at < first) now.push(old[at++] ?? "");
    } else if (line.startsWith("+")) now.push(line.slice(1));
    else {
      if (line.startsWith(" ")) now.push(line.slice(1));
      assert.equal(old[at++], line.slice(1));
    }
  }
  return [...now, ...old.slice(at)].join("\n");
}

Deno.test("a difference makes the one text of the other", () => {
  fc.assert(fc.property(lines, lines, (one, other) => {
    const [before, after] = [one.join("\n"), other.join("\n")];
    const diff = unifiedDiff(before, after);
    if (before.replace(/\n$/, "") === after.replace(/\n$/, "")) return;
    assert.equal(applied(before, diff), after.replace(/\n$/, ""));
  }));
});

Deno.test("the same text has no difference; what is made or emptied is all of it", () => {
  assert.equal(unifiedDiff("a\nb", "a\nb"), "");
  assert.equal(unifiedDiff("", "a\nb"), "@@ -0,0 +1,2 @@\n+a\n+b");
  assert.equal(unifiedDiff("a", ""), "@@ -1,1 +0,0 @@\n-a");
  assert.equal(unifiedDiff("a", "a\nb"), "@@ -1,1 +1,2 @@\n a\n+b");
});

Deno.test("texts that have nothing in common are compared no further, and a long difference is cut", () => {
  const text = (word: string) =>
    Array.from({ length: 3_000 }, (_, at) => `${word} ${at}`).join("\n");
  const diff = unifiedDiff(text("old"), text("new"));
  assert.match(diff, /^@@ -1,3000 \+1,3000 @@\n-old 0\n/);
  assert.match(diff, /\n… 5401 more lines$/);
});
