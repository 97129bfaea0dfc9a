/**
 * What the planner takes from a model's calls, however odd they are.
 * @module
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { HeardTurn } from "../../../../src/agent/planner/heard.ts";
import {
  PLAN_TOOLS,
  readProposal,
  readStep,
  readVerdict,
} from "../../../../src/agent/planner/proposal.ts";
import { PlanStep } from "../../../../src/protocol/plan.ts";
import type { TurnEvent } from "../../../../src/protocol/turn_event.ts";
import { vetSchema } from "../../../../src/tools/schema/vet.ts";

const STEP = { title: "Look", task: "look at it", outcome: "it was seen" };

function heard(...events: TurnEvent[]): HeardTurn {
  const turn = new HeardTurn();
  for (const event of events) turn.note(event);
  return turn;
}

const call = (id: string, name: string, given: unknown): TurnEvent => ({
  type: "tool_call",
  call: { id, name, arguments: typeof given === "string" ? given : JSON.stringify(given) },
});
const result = (call_id: string, status: "ok" | "error" | "denied" = "ok"): TurnEvent => ({
  type: "tool_result",
  call_id,
  status,
  text: "",
});

Deno.test("a plan counts once its call was let through, and the last one counts", () => {
  const given = { goal: "g", steps: [STEP] };
  assert.deepEqual(heard(call("a", "propose_plan", given), result("a")).proposal, given);
  assert.equal(heard(call("a", "propose_plan", given)).proposal, undefined);
  assert.equal(heard(call("a", "propose_plan", given), result("a", "denied")).proposal, undefined);
  const other = { goal: "h", steps: [STEP] };
  const both = [call("a", "propose_plan", given), call("b", "propose_plan", other)];
  assert.equal(heard(...both, result("b"), result("a")).proposal?.goal, "g");
});

Deno.test("a verdict that is missing, refused or contradicts itself is a no", () => {
  const yes = call("a", "report_outcome", { met: true, why: "I saw it" });
  const no = call("b", "report_outcome", { met: false, why: "I did not" });
  assert.deepEqual(heard(yes, result("a")).verdict, { met: true, why: "I saw it" });
  assert.equal(heard(yes).verdict.met, false);
  assert.equal(heard(yes, result("a", "error")).verdict.met, false);
  assert.equal(heard({ type: "text", text: "yes, it is met" }).verdict.met, false);
  const { met, why } = heard(yes, no, result("a"), result("b")).verdict;
  assert.equal(met, false);
  assert.match(why, /contradict/);
});

Deno.test("rounds are counted by their calls and results, however many calls each has", () => {
  const turn = heard(
    call("a", "x", {}),
    call("b", "x", {}),
    result("a"),
    result("b"),
    { type: "text", text: "and" },
    call("c", "x", {}),
    result("c"),
    { type: "done", reason: "stop" },
  );
  assert.equal(turn.rounds, 2);
  assert.equal(turn.reason, "stop");
});

Deno.test("nonsense is refused with a sentence that says what to do", () => {
  for (
    const given of [null, 7, "x", [], {}, { goal: "g" }, { goal: "g", steps: [] }, {
      goal: "g",
      steps: [{}],
    }]
  ) assert.equal(readProposal(given).kind, "refused");
  const many = {
    goal: "g",
    steps: Array.from({ length: 21 }, (_, at) => ({ ...STEP, title: `${at}` })),
  };
  assert.match(JSON.stringify(readProposal(many)), /20 steps at most/);
  assert.match(JSON.stringify(readProposal({ goal: "g", steps: [STEP, STEP] })), /twice/);
  assert.equal(readVerdict({ met: "yes" }).kind, "refused");
});

Deno.test("whatever a model says, a step that is read fits the session's schema and hides nothing", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.constant("x".repeat(9_000)),
  );
  fc.assert(fc.property(fc.record({ title: text, task: text, outcome: text }), (given) => {
    const step = readStep(given);
    if (step === undefined) return;
    assert.ok(PlanStep.safeParse(step).success);
    // deno-lint-ignore no-control-regex -- that none is there
    assert.doesNotMatch(step.title, /[\x00-\x1f\x7f-\x9f\u202e]/);
  }));
  fc.assert(fc.property(fc.jsonValue(), (given) => {
    readProposal(given);
    readVerdict(given);
  }));
});

Deno.test("the planner's tools can be offered as they are", () => {
  for (const { description } of PLAN_TOOLS) vetSchema(description.parameters);
});
