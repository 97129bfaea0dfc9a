/**
 * Plans carried out in a conversation with real tools and a real session file.
 * @module
 */
import assert from "node:assert/strict";
import { isUnfinished, PLAN_TRIES } from "../../../src/agent/planner.ts";
import { AGREED_BEFORE, type PlanPerson } from "../../../src/chat/plan_person.ts";
import { planAndRun, runPlan } from "../../../src/chat/plan_run.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import type { ModelRequest } from "../../../src/protocol/model.ts";
import { exportMarkdown } from "../../../src/sessions/export.ts";
import { diligent, type PlanMind, planStep, reports } from "../../fakes/plan_model.ts";
import { plansOf, playing } from "./plan_stage.ts";
import { NEVER, say } from "./stage.ts";

const offered = ({ tools = [] }: ModelRequest): string[] => tools.map(({ name }) => name);

Deno.test("a plan is proposed, agreed to, carried out and verified, step by step", async () => {
  const mind = diligent(
    ["look", "write"],
    (question, round) =>
      question.kind === "step" && round === 0 ? [{ name: "note", given: {} }] : undefined,
  );
  await playing(mind, async ({ conversation, plans, requests, ran, events, resume }) => {
    const plan = await planAndRun(plans, say("get it done"), NEVER);
    assert.equal(plan?.phase, "over");
    assert.deepEqual(events, ["proposed", "approved", "began 0", "done 0", "began 1", "done 1"]);
    assert.deepEqual(ran, ["note", "note"]);
    const kinds = requests.map((request) => offered(request).join(" "));
    assert.equal(
      requests.length,
      7,
      "no request only to hear that the plan, or the verdict, is noted",
    );
    assert.deepEqual(kinds[0], "propose_plan");
    assert.deepEqual([kinds[1], kinds[2]], ["note page risky", "note page risky"]);
    assert.deepEqual(kinds[3], "report_outcome");
    assert.equal(conversation.title, "get it done");
    await using resumed = await resume();
    assert.deepEqual(resumed.plan, plan, "the session's file says the same");
  });
});

Deno.test("an ordinary question is offered none of the planner's tools, and cannot call them", async () => {
  const mind: PlanMind = (_, round) => round === 0 ? reports(true) : "well";
  await playing(mind, async ({ conversation, requests }) => {
    await Array.fromAsync(conversation.send(say("hello"), NEVER));
    assert.deepEqual(requests.map(offered)[0], ["note", "page", "risky"]);
    assert.match(JSON.stringify(conversation.messages), /there is no tool \\"report_outcome\\"/);
  });
});

Deno.test("a step that is not met is tried once more, and then the person decides", async () => {
  for (const answer of ["skip", "retry", "stop", "later"] as const) {
    let asked = 0;
    const mind = diligent(
      ["one", "two"],
      (question, _, time) =>
        question.kind === "check" && question.step === 1 && time <= 2 ? reports(false) : undefined,
    );
    const person: PlanPerson = {
      ...AGREED_BEFORE,
      failed: (plan, at) => {
        asked++;
        assert.equal(plan.steps[at]?.why, "I did not see it");
        return Promise.resolve(answer);
      },
    };
    await playing(mind, async ({ plans, events, requests }) => {
      const plan = await planAndRun(plans, say("go"), NEVER);
      assert.equal(asked, 1);
      const tried = ["began 0", "failed 0", "began 0", "failed 0"];
      assert.deepEqual(events.slice(2, 6), tried);
      const rest = {
        skip: ["skipped 0", "began 1", "done 1"],
        retry: ["retried 0", "began 0", "done 0", "began 1", "done 1"],
        stop: ["stopped"],
        later: [],
      }[answer];
      assert.deepEqual(events.slice(6), rest);
      assert.equal(isUnfinished(plan), answer === "later");
      const again = JSON.stringify(requests[3]?.messages.at(-1));
      assert.match(again, /It was tried before and failed: I did not see it/);
    }, person);
  }
});

Deno.test("the person's steps are carried out, and not the model's", async () => {
  const mine = [planStep("my own"), planStep("two")];
  const person: PlanPerson = {
    ...AGREED_BEFORE,
    review: () => Promise.resolve({ kind: "approve", steps: mine }),
  };
  await playing(diligent(["one", "two", "three"]), async ({ plans, events, requests }) => {
    const plan = await planAndRun(plans, say("go"), NEVER);
    assert.deepEqual(plan?.steps.map(({ title }) => title), ["my own", "two"]);
    assert.deepEqual(events.slice(0, 3), ["proposed", "changed", "approved"]);
    assert.match(
      JSON.stringify(requests[1]?.messages.at(-1)),
      /Do this step now[^"]*please my own/,
    );
  }, person);
});

Deno.test("a plan that the person does not want does nothing", async () => {
  const person = (kind: "stop" | "later"): PlanPerson => ({
    ...AGREED_BEFORE,
    review: () => Promise.resolve({ kind }),
  });
  await playing(diligent(["one"]), async ({ plans, requests }) => {
    assert.equal((await planAndRun(plans, say("go"), NEVER))?.phase, "stopped");
    assert.equal(requests.length, 1);
  }, person("stop"));
  await playing(diligent(["one"]), async ({ plans, requests, resume }) => {
    assert.equal((await planAndRun(plans, say("go"), NEVER))?.phase, "proposed");
    assert.equal(requests.length, 1);
    await using resumed = await resume();
    assert.equal(resumed.plan?.phase, "proposed");
  }, person("later"));
});

Deno.test("a model that says two things, or nothing, or never calls, has not met the outcome", async () => {
  for (
    const verdict of [
      [...reports(true), ...reports(false)],
      "Yes! It is met.",
      [{ name: "report_outcome", given: { met: "very much" } }],
      [{ name: "report_outcome", given: "{met:" }],
      [{ name: "note", given: {} }],
    ]
  ) {
    const mind = diligent(["one"], ({ kind }) => kind === "check" ? verdict : undefined);
    await playing(mind, async ({ plans, events, ran }) => {
      const plan = await planAndRun(plans, say("go"), NEVER);
      assert.equal(plan?.phase, "stopped");
      assert.deepEqual(events.slice(2), ["began 0", "failed 0", "began 0", "failed 0", "stopped"]);
      assert.deepEqual(ran, [], "what is not on offer does not run");
    });
  }
});

Deno.test("a model that never ends has five rounds a step, and the plan its bounds", async () => {
  const endless = diligent(
    ["one", "two"],
    ({ kind }) =>
      kind === "step"
        ? [{ name: "note", given: {} }]
        : kind === "check"
        ? reports(false)
        : undefined,
  );
  const person: PlanPerson = { ...AGREED_BEFORE, failed: () => Promise.resolve("retry") };
  await playing(endless, async ({ plans, ran, requests }) => {
    const plan = await planAndRun(plans, say("go"), NEVER);
    assert.equal(plan?.phase, "stopped");
    assert.match(plan.why, /it has used its \d+ rounds/);
    assert.equal(ran.length, plan.rounds);
    assert.equal(plan.tries, plan.rounds / 5);
    assert.ok(plan.tries <= PLAN_TRIES && requests.length < 300, `${requests.length} requests`);
  }, person);
});

Deno.test("a provider that fails is a failed step, and costs no verdict", async () => {
  const broken = new PyraError("api", "broken", "the model is on fire", { hint: "wait" });
  const mind = diligent(["one"], ({ kind }) => kind === "step" ? broken : undefined);
  await playing(mind, async ({ plans, requests }) => {
    const plan = await planAndRun(plans, say("go"), NEVER);
    assert.match(plan?.why ?? "", /step 1 failed: the model is on fire/);
    assert.equal(requests.length, 3);
  });
});

Deno.test("nonsense in place of a plan is refused, and without one nothing is done", async () => {
  const noSteps = [{ name: "propose_plan", given: { goal: "g", steps: [] } }];
  const many = Array.from({ length: 21 }, (_, at) => planStep(`${at}`));
  const tooMany = [{ name: "propose_plan", given: { goal: "g", steps: many } }];
  for (const nonsense of ["I would rather sing.", noSteps, tooMany]) {
    const mind = diligent(["one"], ({ kind }) => kind === "plan" ? nonsense : undefined);
    await playing(mind, async ({ plans, conversation, events }) => {
      await assert.rejects(
        planAndRun(plans, say("go"), NEVER),
        (thrown) => thrown instanceof PyraError && thrown.code === "no_plan",
      );
      assert.equal(conversation.plan, undefined);
      assert.deepEqual(events, []);
    });
  }
  const repaired = diligent(
    ["one"],
    ({ kind }, round) => kind === "plan" && round === 0 ? noSteps : undefined,
  );
  await playing(repaired, async ({ plans }) => {
    assert.equal((await planAndRun(plans, say("go"), NEVER))?.phase, "over");
  });
});

Deno.test("a step that is cut off is open again, and done once the plan is gone on with", async () => {
  const stop = new AbortController();
  let times = 0;
  const mind = diligent(["one", "two", "three"], (question, round) => {
    if (question.kind === "step" && question.step === 2 && round === 0 && times++ === 0) {
      stop.abort();
    }
    return undefined;
  });
  await playing(mind, async ({ conversation, events, resume, requests }) => {
    const { signal } = stop;
    const plans = plansOf(conversation, { person: AGREED_BEFORE, events, signal });
    const left = await planAndRun(plans, say("go"), signal);
    assert.deepEqual(left?.steps.map(({ mark }) => mark), ["done", "running", "open"]);
    await using resumed = await resume();
    assert.ok(isUnfinished(resumed.plan));
    const after = await runPlan(plansOf(resumed, { person: AGREED_BEFORE, events }), NEVER);
    assert.equal(after?.phase, "over");
    assert.deepEqual(events.slice(-5), ["resumed", "began 1", "done 1", "began 2", "done 2"]);
    assert.equal(events.filter((event) => event === "done 0").length, 1);
    const again = requests.find(({ messages }) =>
      JSON.stringify(messages.at(-1)).includes("It was begun before and cut off")
    );
    assert.ok(again, "the model is told that it may have been begun");
  });
});

Deno.test("steps are not the person's words, cannot agree to anything, and keep what was read", async () => {
  const mind = diligent(["one", "two"], (question, round) => {
    if (question.kind !== "step" || round > 0) return undefined;
    return question.step === 1 ? [{ name: "page", given: {} }] : [{ name: "risky", given: {} }];
  });
  await playing(mind, async ({ plans, conversation, resume, state }) => {
    await planAndRun(plans, say("go"), NEVER);
    assert.equal(conversation.marks.untrusted?.from, "example.org");
    const asked = conversation.messages.filter(({ role }) => role === "user");
    const own = asked.flatMap((message) => message.role === "user" ? message.parts : [])
      .filter(({ origin }) => origin === undefined || origin.kind === "person");
    assert.deepEqual(own, say("go"), "only the goal is the person's");
    assert.match(JSON.stringify(conversation.messages), /not done/, "nobody agreed to it");
    await using resumed = await resume();
    const events: string[] = [];
    const more = plansOf(resumed, { person: AGREED_BEFORE, events });
    const next = await planAndRun(more, say("and again"), NEVER);
    assert.equal(next?.untrusted, "example.org", "a plan of a tainted conversation is one");
    const { turns } = await state();
    const from = turns.slice(-5).map((turn) => turn.from);
    const others = "example.org";
    assert.deepEqual(from, [undefined, others, others, others, others], "and so are its steps");
    const document = exportMarkdown(await state());
    assert.equal(document.match(/^## You$/gm)?.length, 2);
    assert.equal(document.match(/^## Pyra, for the plan$/gm)?.length, 8);
  });
});
