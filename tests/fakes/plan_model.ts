/**
 * A model that plans: it tells the planner's questions apart as a person would, by their words.
 * @module
 */
import type { Message } from "../../src/protocol/message.ts";
import type { ModelEvent, ModelRequest } from "../../src/protocol/model.ts";
import type { PlanStep } from "../../src/protocol/plan.ts";
import type { Answer } from "./model_script.ts";

/** What the model is asked for. */
export type PlanQuestion =
  | { readonly kind: "plan" }
  | { readonly kind: "step"; readonly step: number }
  | { readonly kind: "check"; readonly step: number };

/** A call that it makes. */
export interface PlanCall {
  readonly name: string;
  readonly given: unknown;
}

/** What it answers: text, calls, or a failure. */
export type PlanReply = string | readonly PlanCall[] | Error;

/** Answers a question. @param round how many results it has seen in this turn @param time how often it was asked that */
export type PlanMind = (question: PlanQuestion, round: number, time: number) => PlanReply;

/** A step with this title. */
export function planStep(title: string): PlanStep {
  return { title, task: `please ${title}`, outcome: `${title} has happened` };
}

/** Proposes these steps. */
export function proposes(...titles: readonly string[]): readonly PlanCall[] {
  return [{
    name: "propose_plan",
    given: { goal: "get it all done", steps: titles.map(planStep) },
  }];
}

/** Says whether the outcome is met. */
export function reports(met: boolean, why = met ? "I saw it" : "I did not see it"): PlanCall[] {
  return [{ name: "report_outcome", given: { met, why } }];
}

/** A model that does all that it is asked; `other` answers first where it has something to say. */
export function diligent(
  titles: readonly string[],
  other: (...asked: Parameters<PlanMind>) => PlanReply | undefined = () => undefined,
): PlanMind {
  return (question, ...asked) =>
    other(question, ...asked) ??
      (question.kind === "plan"
        ? proposes(...titles)
        : question.kind === "check"
        ? reports(true)
        : `I did step ${question.step}.`);
}

/** What the last question of a request is, and how many results came after it. */
function asked(
  texts: readonly { readonly role: string; readonly text: string }[],
): [PlanQuestion, number] {
  const at = texts.findLastIndex(({ role }) => role === "user");
  const text = texts[at]?.text ?? "";
  const round = texts.slice(at).filter(({ role }) => role === "tool").length;
  const [, step] = /(?:^|\n)Step (\d+) of /.exec(text) ?? [];
  const [, check] = /(?:^|\n)Check of step (\d+):/.exec(text) ?? [];
  if (check !== undefined) return [{ kind: "check", step: Number(check) }, round];
  if (step !== undefined) return [{ kind: "step", step: Number(step) }, round];
  return [{ kind: "plan" }, round];
}

function textOf(message: Message): string {
  if (message.role !== "user") return message.text;
  return message.parts.map((part) => part.type === "text" ? part.text : "").join("\n");
}

/** Counts how often each question is asked anew. */
class Times {
  readonly #times = new Map<string, number>();

  of(question: PlanQuestion, round: number): number {
    const key = JSON.stringify(question);
    const time = (this.#times.get(key) ?? 0) + (round === 0 ? 1 : 0);
    this.#times.set(key, time);
    return time;
  }
}

/** The model behind a provider of this process. */
export function planStream(
  mind: PlanMind,
): (request: ModelRequest) => AsyncGenerator<ModelEvent, void, undefined> {
  const times = new Times();
  let id = 0;
  return async function* ({ messages }) {
    const [question, round] = asked(messages.map((one) => ({ role: one.role, text: textOf(one) })));
    const reply = await mind(question, round, times.of(question, round));
    if (reply instanceof Error) throw reply;
    if (typeof reply === "string") yield { type: "text", text: reply };
    else {
      for (const { name, given } of reply) {
        const json = typeof given === "string" ? given : JSON.stringify(given);
        yield { type: "tool_call", call: { id: `p${id++}`, name, arguments: json } };
      }
    }
    yield { type: "finish", reason: typeof reply === "string" ? "stop" : "tool_calls" };
  };
}

/** The model behind a server on loopback. */
export function planScript(mind: PlanMind): (request: { readonly body: unknown }) => Answer {
  const times = new Times();
  return ({ body }) => {
    const { messages } = body as { messages: { role: string; content: unknown }[] };
    const [question, round] = asked(messages.map(({ role, content }) => ({
      role,
      text: typeof content === "string"
        ? content
        : JSON.stringify(content ?? "").replaceAll("\\n", "\n"),
    })));
    const reply = mind(question, round, times.of(question, round));
    if (reply instanceof Error) return { status: 400, body: { error: { message: reply.message } } };
    if (typeof reply === "string") return { text: reply };
    return {
      tool_calls: reply.map(({ name, given }) => ({
        name,
        arguments: typeof given === "string" ? given : JSON.stringify(given),
      })),
    };
  };
}
