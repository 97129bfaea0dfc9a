/**
 * A conversation that plans, for tests: a model with a mind, real tools, a real session file.
 * @module
 */
import type { Plan } from "../../../src/agent/planner.ts";
import { PLAN_TOOLS } from "../../../src/agent/planner/proposal.ts";
import { resumeConversation, startConversation } from "../../../src/chat/conversation.ts";
import { AGREED_BEFORE, type PlanPerson } from "../../../src/chat/plan_person.ts";
import type { PlanPorts } from "../../../src/chat/plan_run.ts";
import type { Conversation, ConversationPorts, QuestionTools } from "../../../src/chat/ports.ts";
import type { ModelProvider, ModelRequest } from "../../../src/protocol/model.ts";
import type { SessionState } from "../../../src/sessions/state.ts";
import { openSessionStore } from "../../../src/sessions/folder_store.ts";
import { type PlanMind, planStream } from "../../fakes/plan_model.ts";
import { fakeTool, openWorkshop } from "../../fakes/tools.ts";
import { CHOICE, NEVER } from "./stage.ts";

/** Tools that are harmless, that read a page, and that only a person allows. */
function toolsOf(ran: string[]): QuestionTools {
  const note = fakeTool({
    name: "note",
    owner: "pyra",
    approval: "none",
    run: () => ({ status: "ok", text: `noted ${ran.push("note")}` }),
  });
  const page = fakeTool({
    name: "page",
    owner: "pyra",
    approval: "none",
    run: () => ({ status: "ok", text: "words of a page", untrusted: { from: "example.org" } }),
  });
  const denied = fakeTool({ name: "risky", owner: "pyra", approval: "person" });
  const { executor, registry } = openWorkshop({ tools: [note, page, denied, ...PLAN_TOOLS] });
  return {
    offer: () => Promise.resolve({ descriptions: registry.descriptions(), notices: [] }),
    turn: ({ untrusted, keep }) =>
      executor.turn({ who: "model", keep, ...(untrusted && { untrusted }) }),
  };
}

/** What a test has to hand. */
export interface Play {
  readonly conversation: Conversation;
  readonly plans: PlanPorts;
  readonly requests: ModelRequest[];
  /** The tools that ran. */
  readonly ran: string[];
  /** What happened to the plan. */
  readonly events: string[];
  readonly resume: () => Promise<Conversation>;
  /** The session, as its file says it. */
  readonly state: () => Promise<SessionState>;
}

/** Plays with a model that thinks so, real tools and a real session file. */
export async function playing(
  mind: PlanMind,
  play: (play: Play) => Promise<void>,
  person: PlanPerson = AGREED_BEFORE,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const [requests, ran, events]: [ModelRequest[], string[], string[]] = [[], [], []];
  const stream = planStream(mind);
  const provider: ModelProvider = {
    id: "demo",
    listModels: () => Promise.resolve([]),
    stream: (request) => {
      requests.push(structuredClone(request));
      return stream(request);
    },
  };
  const ports: ConversationPorts = {
    store: openSessionStore(folder, Date.now),
    openProvider: () => Promise.resolve(provider),
    now: Date.now,
    tools: toolsOf(ran),
  };
  await using conversation = startConversation(ports, { choice: CHOICE });
  try {
    await play({
      conversation,
      requests,
      ran,
      events,
      plans: plansOf(conversation, { person, events }),
      state: () => ports.store.read(conversation.id),
      resume: async () => {
        await conversation[Symbol.asyncDispose]();
        return await resumeConversation(ports, conversation.id);
      },
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What a plan of this conversation runs with. */
export function plansOf(
  conversation: Conversation,
  { person, events, signal = NEVER }: {
    readonly person: PlanPerson;
    readonly events: string[];
    readonly signal?: AbortSignal;
  },
): PlanPorts {
  return {
    conversation,
    person,
    ask: async (parts, options) => {
      await Array.fromAsync(conversation.send(parts, signal, options));
    },
    show: (_plan: Plan, event) => {
      events.push("step" in event ? `${event.kind} ${event.step}` : event.kind);
    },
  };
}
