/**
 * `/plan`: has a plan made and carried out, goes on with one, or gives it up.
 * @module
 */
import { isUnfinished, type Plan } from "../../agent/planner.ts";
import { planAndRun, type PlanPorts, runPlan } from "../../chat/plan_run.ts";
import { progressLines, standing } from "../../chat/plan_text.ts";
import type { Conversation } from "../../chat/ports.ts";
import type { CommandContext } from "../command.ts";
import { sanitize } from "../sanitize.ts";

/** `/plan [GOAL | show | stop]`. */
export async function plan(context: CommandContext): Promise<void> {
  const { state, surface, signal, argument, line } = context;
  const { conversation } = state;
  const { plans } = surface;
  const before = conversation.plan;
  if (argument === "show") {
    if (before === undefined) return surface.show("there is no plan", "dim");
    return plans.list(before);
  }
  if (argument === "stop") {
    if (!isUnfinished(before)) return surface.show("there is no unfinished plan", "dim");
    await conversation.keepPlan({ kind: "stopped", why: "the person gave it up" });
    return surface.show("the plan is given up", "dim");
  }
  if (argument === "" && !isUnfinished(before)) {
    return surface.show("there is no unfinished plan; /plan GOAL makes one", "dim");
  }
  await state.connect(conversation.choice, line, context);
  const planPorts: PlanPorts = {
    conversation,
    ask: (parts, options) => surface.ask(parts, options),
    person: plans,
    show: (shown, event) => plans.show(shown, event),
  };
  try {
    const after = argument === "" ? await runPlan(planPorts, signal) : await planAndRun(
      planPorts,
      [...state.takeAttachments(), { type: "text", text: argument }],
      signal,
    );
    if (after === undefined) return;
    plans.end();
    surface.show(sanitize([...progressLines(after), endOf(after)].join("\n")), "dim");
  } finally {
    plans.end();
  }
}

/** What an unfinished plan of a conversation asks of who comes back to it; `undefined` if there is none. */
export function planOffer({ plan }: Pick<Conversation, "plan">): string | undefined {
  if (!isUnfinished(plan)) return undefined;
  return `${sanitize(standing(plan))}\n/plan goes on with it · /plan show · /plan stop`;
}

function endOf({ steps, phase }: Plan): string {
  const done = steps.filter(({ mark }) => mark === "done").length;
  const count = `${done} of ${steps.length} steps are done`;
  if (phase === "over") return `the plan is over: ${count}`;
  return phase === "stopped" ? count : `${count}; /plan goes on with it`;
}
