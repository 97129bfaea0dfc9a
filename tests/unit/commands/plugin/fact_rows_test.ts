import assert from "node:assert/strict";
import { factLines, factRows } from "../../../../src/commands/plugin/fact_rows.ts";

const ROWS = [
  ["name", "files"],
  ["may", "reach https://api.example"],
  ["", "read and change the files in the workspace"],
];

Deno.test("facts stand beside their titles and break between words", () => {
  assert.equal(
    factRows(ROWS, 40),
    [
      "name  files",
      "may   reach https://api.example",
      "      read and change the files in the",
      "      workspace",
      "",
    ].join("\n"),
  );
  assert.match(factRows(ROWS, undefined), /^ {6}read and change the files in the workspace$/m);
});

Deno.test("where there is no room beside the titles the facts go below them", () => {
  const lines = factRows(ROWS, 28).split("\n");
  assert.deepEqual(lines.slice(0, 4), ["name", "  files", "may", "  reach https://api.example"]);
  assert.ok(lines.every((line) => line.length <= 28));
});

Deno.test("facts below a sentence are set in, whatever is in them", () => {
  assert.equal(factLines(["run git\u001b[2J\nnow", "b"], 10), "  run git\n    [2J now\n  b\n");
});
