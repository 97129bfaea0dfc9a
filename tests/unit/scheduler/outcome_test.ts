import assert from "node:assert/strict";
import fc from "fast-check";
import { outcomeCode, outcomeLine, readOutcome } from "../../../src/scheduler/outcome.ts";

const outcomes = fc.record({
  state: fc.constantFrom("done", "failed", "skipped"),
  reason: fc.string({ maxLength: 300 }).map((text) => text.replace(/[^ -~]/g, "").trim())
    .map((text) => text.replace(/ +/g, " ")),
  output: fc.string({ maxLength: 200 }),
  session: fc.string({ maxLength: 100 }),
}, { requiredKeys: ["state", "reason"], noNullPrototype: true });

Deno.test("what a run tells of its end is read as it was told", () => {
  fc.assert(fc.property(outcomes, fc.string(), (outcome, errors) => {
    const result = { code: outcomeCode(outcome), output: outcomeLine(outcome), errors };
    assert.deepEqual(readOutcome(result), outcome);
  }));
});

Deno.test("whatever a run prints, only its exit code makes it done", () => {
  const texts = fc.oneof(fc.string({ unit: "binary" }), fc.json(), outcomes.map(outcomeLine));
  fc.assert(fc.property(fc.nat(255), texts, texts, (code, output, errors) => {
    const { state, reason } = readOutcome({ code, output, errors });
    if (state === "done") assert.equal(code, 0);
    if (state === "skipped") assert.equal(code, 5);
    assert.ok(reason.length <= 500);
    assert.doesNotMatch(reason, /\p{Cc}/u);
  }));
});

Deno.test("a run that says nothing of its end has failed, and why is told as far as it is known", () => {
  const read = (code: number, errors = "", output = "") =>
    Object.values(readOutcome({ code, output, errors }));
  assert.deepEqual(read(0), ["failed", "it did not say how it ended"]);
  assert.deepEqual(read(5, "", "nonsense\n"), ["failed", "it did not say how it ended"]);
  assert.deepEqual(read(143), ["failed", "it was ended before it was done"]);
  assert.deepEqual(read(4, "warning\npyra: the vault is locked — unlock it\n"), [
    "failed",
    "the vault is locked — unlock it",
  ]);
  assert.deepEqual(read(70), ["failed", "its run ended with exit code 70"]);
});
