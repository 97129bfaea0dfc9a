import assert from "node:assert/strict";
import { sourceFiles } from "../../style/read_graph.ts";

/**
 * Every file that comes near to running a tool, and what it does there. Whoever adds one says here why
 * that is no way round the executor.
 */
const PATHS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // The tool's own plan, which is the only thing that can be run.
  "\\.\\s*plan\\s*\\(": {
    "src/memory/tools/offered.ts": "hands a tool's plan on to the same tool, once it is loaded",
    "src/tools/planned_call.ts": "plans, and gives it on only with a request for approval",
  },
  "\\bplanCall\\s*\\(": {
    "src/tools/planned_call.ts": "is it",
    "src/tools/round.ts": "for a model: asks before it runs",
    "src/tools/executor.ts": "for a person's own call",
  },
  "\\bperform\\s*\\(": {
    "src/tools/performed_call.ts": "is it: runs what was decided, scans, cuts and logs",
    "src/tools/round.ts": "for a model, with the decisions of the approver",
    "src/tools/executor.ts": "for a person's own call",
  },
  "\\brunRound\\s*\\(": {
    "src/tools/round.ts": "is it",
    "src/tools/executor.ts": "for a turn",
  },
};

Deno.test("every path to a tool goes through the executor", async () => {
  const files = (await sourceFiles()).filter((file) => file.startsWith("src/"));
  assert.ok(files.length > 100);
  const texts = await Promise.all(
    files.map(async (file) => ({
      file,
      text: await Deno.readTextFile(new URL(`../../../${file}`, import.meta.url)),
    })),
  );
  for (const [expression, known] of Object.entries(PATHS)) {
    const found = texts.filter(({ text }) => new RegExp(expression).test(text))
      .map(({ file }) => file);
    assert.deepEqual(found.sort(), Object.keys(known).sort(), expression);
  }
});
