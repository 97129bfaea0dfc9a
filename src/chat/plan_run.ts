/**
 * Carries out a plan: has one proposed, shows it to the person, runs step after step in a turn of its own,
 * and has each verified before the next. What happens is in the session file before it is shown, so that a
 * killed process loses no more than the step that ran.
 * @module
 */
import { isUnfinished, nextMove, openSteps, type Plan } from "../agent/planner.ts";
import { HeardTurn } from "../agent/planner/heard.ts";
import { outcomeQuestion, PLANNING, stepQuestion } from "../agent/planner/question.ts";
import { PROPOSE_PLAN, REPORT_OUTCOME } from "../agent/planner/tool_names.ts";
import { PyraError } from "../protocol/error.ts";
import { cutUnits } from "../protocol/foreign_text.ts";
import type { Part } from "../protocol/message.ts";
import { PLAN_UNITS, type PlanEvent } from "../protocol/plan.ts";
import type { PlanPerson } from "./plan_person.ts";
import type { Conversation, SendOptions } from "./ports.ts";

/** Rounds for a verdict: one, and one more if its arguments were wrong. */
const VERDICT_ROUNDS = 2;
/** Rounds for a proposal: nonsense may be repaired twice. */
const PROPOSAL_ROUNDS = 3;
/** What the model may use while it plans: nothing that does anything. */
const PLANNING_TOOLS: ReadonlySet<string> = new Set([PROPOSE_PLAN, "ask_clarification"]);

/** What a plan needs of a surface. */
export interface PlanPorts {
  readonly conversation: Pick<Conversation, "plan" | "keepPlan" | "marks">;
  /** Asks the model and shows what it says, as any question. Never throws for what the turn comes to. */
  readonly ask: (parts: readonly Part[], options: SendOptions) => Promise<void>;
  readonly person: PlanPerson;
  /** Shows how the plan stands, after each of its events. */
  readonly show: (plan: Plan, event: PlanEvent) => Promise<void> | void;
}

/**
 * Has a plan proposed for the question, and carries it out.
 * @returns the plan as it stands; `undefined` if the turn was cancelled before there was one
 * @throws {PyraError} `no_plan`, `session_unwritable`; the signal's reason while the person is asked
 */
export async function planAndRun(
  ports: PlanPorts,
  question: readonly Part[],
  signal: AbortSignal,
): Promise<Plan | undefined> {
  const heard = new HeardTurn();
  await ports.ask([...question, ...ours(PLANNING)], {
    offers: (name) => PLANNING_TOOLS.has(name),
    lastTools: new Set([PROPOSE_PLAN]),
    toolRounds: PROPOSAL_ROUNDS,
    watch: (event) => heard.note(event),
  });
  if (isCutOff(heard, signal)) return undefined;
  const { proposal } = heard;
  if (proposal === undefined) throw noPlan(heard.error);
  const { untrusted } = ports.conversation.marks;
  await happened(ports, {
    kind: "proposed",
    goal: proposal.goal,
    steps: [...proposal.steps],
    ...(untrusted === undefined ? {} : { untrusted: untrusted.from }),
  });
  return await runPlan(ports, signal);
}

/**
 * Goes on with the conversation's plan until it is over, stopped, put off or cut off.
 * @returns the plan as it stands; `undefined` if there is none
 * @throws {PyraError} `session_unwritable`; the signal's reason while the person is asked
 */
export async function runPlan(ports: PlanPorts, signal: AbortSignal): Promise<Plan | undefined> {
  for (;;) {
    const { plan } = ports.conversation;
    if (!isUnfinished(plan) || signal.aborted) return plan;
    const isGoingOn = await moved(ports, plan, signal);
    if (!isGoingOn) return ports.conversation.plan;
  }
}

/** Does what is next. @returns false if the plan is left as it stands */
async function moved(ports: PlanPorts, plan: Plan, signal: AbortSignal): Promise<boolean> {
  const move = nextMove(plan);
  switch (move.kind) {
    case "review":
      return await reviewed(ports, plan, signal);
    case "resume":
      await happened(ports, { kind: "resumed" });
      return true;
    case "run":
      return await ran(ports, move, signal);
    case "ask":
      return await asked(ports, { plan, step: move.step }, signal);
    case "exhausted":
      await happened(ports, { kind: "stopped", why: move.why });
      return true;
    case "nothing":
      return false;
  }
}

async function reviewed(ports: PlanPorts, plan: Plan, signal: AbortSignal): Promise<boolean> {
  const review = await ports.person.review(plan, signal);
  if (review.kind === "later") return false;
  // Who does not change it after all is asked once more what to do about the step.
  if (review.kind === "stop" && plan.phase === "asking") return true;
  if (review.kind === "stop") {
    await happened(ports, { kind: "stopped", why: "the person did not want it" });
    return true;
  }
  const isSame = JSON.stringify(review.steps) === JSON.stringify(openSteps(plan));
  if (!isSame) await happened(ports, { kind: "changed", steps: [...review.steps] });
  if (plan.phase === "proposed") await happened(ports, { kind: "approved" });
  else if (isSame) await happened(ports, { kind: "retried", step: failedStep(plan) });
  return true;
}

async function asked(
  ports: PlanPorts,
  { plan, step }: { readonly plan: Plan; readonly step: number },
  signal: AbortSignal,
): Promise<boolean> {
  const answer = await ports.person.failed(plan, step, signal);
  switch (answer) {
    case "later":
      return false;
    case "change":
      return await reviewed(ports, plan, signal);
    case "retry":
      await happened(ports, { kind: "retried", step });
      return true;
    case "skip":
      await happened(ports, { kind: "skipped", step });
      return true;
    case "stop": {
      const { title = "", why = "" } = plan.steps[step] ?? {};
      await happened(ports, {
        kind: "stopped",
        why: shortened(`step ${step + 1} failed: ${why || title}`),
      });
      return true;
    }
  }
}

async function ran(
  ports: PlanPorts,
  { step, rounds }: { readonly step: number; readonly rounds: number },
  signal: AbortSignal,
): Promise<boolean> {
  const { plan: before } = ports.conversation;
  if (before === undefined) return false;
  const text = stepQuestion(before, step);
  await happened(ports, { kind: "began", step, rounds });
  // What a model wrote that had read others' text is not the person's, though they agreed to it.
  const more = before.untrusted === undefined ? {} : { untrusted: { from: before.untrusted } };
  const work = new HeardTurn();
  await ports.ask(ours(text), { ...more, toolRounds: rounds, watch: (event) => work.note(event) });
  if (isCutOff(work, signal)) return false;
  const used = { step, rounds: Math.min(work.rounds, rounds) };
  if (work.reason === "error") {
    await happened(ports, { kind: "failed", ...used, why: shortened(work.error) });
    return true;
  }
  const check = new HeardTurn();
  await ports.ask(ours(outcomeQuestion(before, step)), {
    ...more,
    offers: (name) => name === REPORT_OUTCOME,
    lastTools: new Set([REPORT_OUTCOME]),
    toolRounds: VERDICT_ROUNDS,
    watch: (event) => check.note(event),
  });
  if (isCutOff(check, signal)) return false;
  const { met, why } = check.verdict;
  await happened(ports, { kind: met ? "done" : "failed", ...used, why: shortened(why) });
  return true;
}

async function happened({ conversation, show }: PlanPorts, event: PlanEvent): Promise<void> {
  await conversation.keepPlan(event);
  if (conversation.plan !== undefined) await show(conversation.plan, event);
}

/** Whether the person ended the turn: then nothing of it counts. */
function isCutOff({ reason }: HeardTurn, signal: AbortSignal): boolean {
  return signal.aborted || reason === "cancelled" || reason === undefined;
}

function failedStep({ steps }: Plan): number {
  return steps.findIndex(({ mark }) => mark === "failed");
}

/** Words of this program: not the person's, so that they vouch for nothing that is named in them. */
function ours(text: string): Part[] {
  return [{ type: "text", text, origin: { kind: "pyra" } }];
}

function shortened(why: string): string {
  return cutUnits(why, PLAN_UNITS.why);
}

function noPlan(error: string): PyraError {
  const why = error === "" ? "the model proposed no plan" : `there is no plan: ${error}`;
  return new PyraError("api", "no_plan", why, {
    hint: "say more about what is wanted, ask without a plan, or use a model that can call tools",
  });
}
