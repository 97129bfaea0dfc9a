/**
 * A plan as a state machine: what holds whatever models, persons and crashes do.
 * @module
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  isUnfinished,
  nextMove,
  openSteps,
  type Plan,
  PLAN_ROUNDS,
  PLAN_TRIES,
  planAfter,
  STEP_ROUNDS,
} from "../../../src/agent/planner.ts";
import { MAX_STEPS, PlanEvent, type PlanStep } from "../../../src/protocol/plan.ts";

const step = (title: string): PlanStep => ({ title, task: `do ${title}`, outcome: `${title} is` });
const steps = (...titles: string[]): PlanStep[] => titles.map(step);
const proposal = (...titles: string[]): PlanEvent => ({
  kind: "proposed",
  goal: "a goal",
  steps: steps(...titles),
});

function planOf(...events: PlanEvent[]): Plan {
  let plan: Plan | undefined;
  for (const event of events) plan = planAfter(plan, event);
  assert.ok(plan !== undefined);
  return plan;
}

const began = (at: number, rounds = STEP_ROUNDS): PlanEvent => ({
  kind: "began",
  step: at,
  rounds,
});
const done = (at: number, rounds = 1): PlanEvent => ({
  kind: "done",
  step: at,
  rounds,
  why: "seen",
});
const failed = (at: number): PlanEvent => ({ kind: "failed", step: at, rounds: 1, why: "no" });
const APPROVED: PlanEvent = { kind: "approved" };
const marks = ({ steps }: Plan): string => steps.map(({ mark }) => mark).join(" ");

Deno.test("nothing runs before the person agreed", () => {
  const plan = planOf(proposal("a", "b"));
  assert.deepEqual(nextMove(plan), { kind: "review" });
  assert.equal(planAfter(plan, began(0)), plan);
  assert.deepEqual(nextMove(planOf(proposal("a"), APPROVED)), { kind: "run", step: 0, rounds: 5 });
});

Deno.test("steps run in their order, each once it is the next", () => {
  const plan = planOf(proposal("a", "b"), APPROVED);
  assert.equal(marks(planOf(proposal("a", "b"), APPROVED, began(1))), "open open");
  const half = planOf(proposal("a", "b"), APPROVED, began(0), done(0));
  assert.equal(marks(half), "done open");
  assert.equal(planAfter(half, began(0)), half, "what is done is not done again");
  assert.equal(half.rounds, 1, "what was not used is given back");
  assert.equal(planOf(proposal("a"), APPROVED, began(0), done(0)).phase, "over");
  assert.equal(plan.phase, "running");
});

Deno.test("a failed step is tried once more, and then the person is asked", () => {
  const once = planOf(proposal("a", "b"), APPROVED, began(0), failed(0));
  assert.equal(nextMove(once).kind, "run");
  const twice = planOf(proposal("a", "b"), APPROVED, began(0), failed(0), began(0), failed(0));
  assert.deepEqual(nextMove(twice), { kind: "ask", step: 0 });
  assert.equal(planAfter(twice, began(0)), twice);
  const skipped = planAfter(twice, { kind: "skipped", step: 0 });
  assert.equal(skipped && marks(skipped), "skipped open");
  const again = planAfter(twice, { kind: "retried", step: 0 });
  assert.equal(again && nextMove(again).kind, "run");
  assert.equal(again?.steps[0]?.failures, 0, "with two tries once more");
  const changed = planAfter(twice, { kind: "changed", steps: steps("c", "d", "e") });
  assert.equal(changed && marks(changed), "open open open");
  assert.equal(changed?.phase, "running");
});

Deno.test("what is done stays when the rest is changed, and no plan gets longer than it may", () => {
  const half = planOf(proposal("a", "b", "c"), APPROVED, began(0), done(0));
  assert.deepEqual(openSteps(half), steps("b", "c"));
  const changed = planOf(
    proposal("a", "b", "c"),
    APPROVED,
    began(0),
    done(0),
    { kind: "changed", steps: steps("c") },
  );
  assert.equal(marks(changed), "done open");
  const many = {
    kind: "changed",
    steps: Array.from({ length: MAX_STEPS }, (_, at) => step(`${at}`)),
  };
  assert.equal(planAfter(half, many as PlanEvent), half);
});

Deno.test("a step that was cut off runs again once the person goes on, and its rounds are counted", () => {
  const cut = planOf(proposal("a"), APPROVED, began(0));
  assert.deepEqual(nextMove(cut), { kind: "resume", step: 0 });
  const resumed = planAfter(cut, { kind: "resumed" });
  assert.equal(resumed && marks(resumed), "open");
  assert.equal(resumed?.rounds, STEP_ROUNDS);
  assert.equal(resumed?.steps[0]?.failures, 0, "that was no failure");
});

const title = fc.constantFrom("a", "b", "c", "d");
const someSteps = fc.array(title.map(step), { minLength: 1, maxLength: MAX_STEPS });
const at = fc.nat({ max: 4 });
const rounds = fc.nat({ max: 9 });
const why = fc.constantFrom("", "x");
const anyEvent: fc.Arbitrary<PlanEvent> = fc.oneof(
  {
    weight: 1,
    arbitrary: someSteps.map((all): PlanEvent => ({ kind: "proposed", goal: "g", steps: all })),
  },
  { weight: 2, arbitrary: someSteps.map((all): PlanEvent => ({ kind: "changed", steps: all })) },
  { weight: 6, arbitrary: fc.constant(APPROVED) },
  { weight: 9, arbitrary: fc.record({ kind: fc.constant("began" as const), step: at, rounds }) },
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constantFrom("done" as const, "failed" as const),
      step: at,
      rounds,
      why,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom("retried" as const, "skipped" as const),
      step: at,
    }),
  },
  { weight: 3, arbitrary: fc.constant<PlanEvent>({ kind: "resumed" }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("stopped" as const), why }) },
);

/** What must hold of every state. */
function assertSound(plan: Plan): void {
  const running = plan.steps.filter(({ mark }) => mark === "running");
  assert.ok(running.length <= 1, "one step at a time");
  assert.ok(plan.steps.length <= MAX_STEPS && plan.steps.length > 0);
  assert.ok(plan.tries <= PLAN_TRIES && plan.rounds <= PLAN_ROUNDS && plan.rounds >= 0);
  if (plan.phase === "proposed") assert.ok(plan.steps.every(({ tries }) => tries === 0));
  if (plan.phase === "asking") assert.ok(plan.steps.some(({ mark }) => mark === "failed"));
  const isAllOver = plan.steps.every(({ mark }) => mark === "done" || mark === "skipped");
  assert.equal(plan.phase === "over", isAllOver && plan.phase !== "stopped");
  if (plan.phase === "over" || plan.phase === "stopped") assert.equal(running.length, 0);
  const move = nextMove(plan);
  assert.equal(move.kind === "nothing", !isUnfinished(plan));
  if ("step" in move) assert.ok(plan.steps[move.step] !== undefined);
  if (move.kind === "run") {
    assert.ok(move.rounds >= 1 && move.rounds <= STEP_ROUNDS);
    assert.ok(
      plan.steps.slice(0, move.step).every(({ mark }) => mark === "done" || mark === "skipped"),
    );
  }
}

Deno.test("whatever happens in whatever order, a plan is in a defined state and within its bounds", () => {
  fc.assert(fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
    let plan: Plan | undefined;
    for (const event of events) {
      assert.ok(PlanEvent.safeParse(event).success);
      const before = plan;
      plan = planAfter(plan, event);
      if (plan === undefined) continue;
      assertSound(plan);
      if (event.kind === "proposed" || before === undefined) continue;
      const finished = ({ steps }: Plan) => steps.filter(({ mark }) => mark === "done").length;
      const gained = finished(plan) - finished(before);
      assert.ok(gained === 0 || (gained === 1 && event.kind === "done"), "what is done stays done");
    }
  }));
});

/** A driver as the chat's, with a model, a person and a machine that do anything. */
const whim = fc.record({
  met: fc.boolean(),
  rounds,
  answer: fc.constantFrom("retried", "skipped", "change", "stop"),
  crashes: fc.nat({ max: 5 }).map((chance) => chance === 0),
});

Deno.test("whatever model, person and crashes do, a plan ends, and no step is done twice", () => {
  fc.assert(
    fc.property(someSteps, fc.array(whim, { minLength: 1, maxLength: 40 }), (first, whims) => {
      const log: PlanEvent[] = [{ kind: "proposed", goal: "g", steps: first }, APPROVED];
      const replayed = () => log.reduce<Plan | undefined>(planAfter, undefined);
      let turns = 0;
      for (;; turns++) {
        assert.ok(turns < 4 * PLAN_TRIES + MAX_STEPS, "it has an end");
        // A crash loses all but the log, which is all that there is here anyway.
        const plan = replayed();
        assert.ok(plan !== undefined);
        assertSound(plan);
        const move = nextMove(plan);
        const { met, rounds, answer, crashes } = whims[turns % whims.length] ?? whims[0] ??
          assert.fail();
        if (move.kind === "nothing") break;
        if (move.kind === "exhausted") log.push({ kind: "stopped", why: move.why });
        else if (move.kind === "resume") log.push({ kind: "resumed" });
        else if (move.kind === "run") {
          log.push({ kind: "began", step: move.step, rounds: move.rounds });
          if (crashes) continue;
          const used = Math.min(rounds, move.rounds);
          log.push({ kind: met ? "done" : "failed", step: move.step, rounds: used, why: "" });
        } else if (move.kind === "ask") {
          if (answer === "stop") log.push({ kind: "stopped", why: "" });
          else if (answer === "change") log.push({ kind: "changed", steps: [...openSteps(plan)] });
          else log.push({ kind: answer === "skipped" ? "skipped" : "retried", step: move.step });
        } else assert.fail(`${move.kind} after it was agreed to`);
      }
      let plan: Plan | undefined;
      const ran: string[] = [];
      for (const event of log) {
        if (event.kind === "done") {
          const at = plan?.steps[event.step];
          assert.equal(at?.mark, "running");
          ran.push(`${event.step}`);
        }
        plan = planAfter(plan, event);
      }
      assert.equal(new Set(ran).size, ran.length, "each step is done once");
    }),
  );
});
