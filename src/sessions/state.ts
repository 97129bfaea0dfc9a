/**
 * What a session's events amount to.
 * @module
 */
import type { Summary } from "../agent/compaction.ts";
import { type Plan, planAfter } from "../agent/planner.ts";
import type { Message, Part, Usage } from "../protocol/message.ts";
import type { DoneReason } from "../protocol/turn_event.ts";
import type { SessionEvent, SessionHeader } from "./event.ts";
import { MAX_STATE_CHARS } from "./format.ts";
import { type Preferences, withPreference } from "./preferences.ts";
import { TurnFold } from "./turn_fold.ts";

/** One question and what came of it. */
export interface SessionTurn {
  /** When it was asked: ISO 8601, UTC. */
  readonly at: string;
  readonly question: readonly Part[];
  /** Whose words it is, if they are not the person's own. */
  readonly from?: string;
  /** What the model and the tools said; every tool call has its result. */
  readonly answer: readonly Message[];
  /** Absent when the program was killed in the turn. */
  readonly finish?: DoneReason;
  /** The code of the error that ended it. */
  readonly error?: string;
  readonly provider: string;
  readonly model: string;
  /** Where the first text came from that nobody vouches for, if it read any. */
  readonly untrusted?: string;
  /** Where the first private data came from, if it read any. */
  readonly sensitive?: string;
  /** Of the fences in which models are sent what others wrote in it; absent in older files. */
  readonly marker?: string;
  /** Whole results of tools that the model got only a part of, by the call's id. */
  readonly outputs?: Readonly<Record<string, string>>;
}

/** Where the text of a killed turn's tools is taken to come from: what they said of it may be lost. */
const KILLED_TURN = "a turn that was cut off";

/** What one provider and model used. */
export interface SessionUsage {
  readonly provider: string;
  readonly model: string;
  readonly requests: number;
  readonly usage: Usage;
}

/** A session as it was read. */
export interface SessionState {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  /** The id of the session that this one was forked from. */
  readonly parent?: string;
  readonly title: string;
  /** Empty if the header was lost. */
  readonly provider: string;
  readonly model: string;
  /** The person's system text; may be empty. */
  readonly system: string;
  readonly turns: readonly SessionTurn[];
  /** What models are sent for the first turns, if the conversation got too long for them. */
  readonly summary?: Summary;
  /** The last plan that was proposed, and what became of it. */
  readonly plan?: Plan;
  /** What the person wants of this conversation; absent: nothing special. */
  readonly preferences?: Preferences;
  /** Everything that was asked of models, taken-back turns included. */
  readonly usage: readonly SessionUsage[];
  /** What was found wrong with the file: one sentence each. */
  readonly warnings: readonly string[];
}

/** Adds one request to what was used so far. */
export function addUsage(
  all: readonly SessionUsage[],
  request: { readonly provider: string; readonly model: string; readonly usage: Usage },
): SessionUsage[] {
  const { provider, model, usage } = request;
  const same = (used: SessionUsage) => used.provider === provider && used.model === model;
  if (!all.some(same)) return [...all, { provider, model, requests: 1, usage }];
  return all.map((used) =>
    same(used)
      ? {
        ...used,
        requests: used.requests + 1,
        usage: {
          input_tokens: used.usage.input_tokens + usage.input_tokens,
          output_tokens: used.usage.output_tokens + usage.output_tokens,
          cached_tokens: used.usage.cached_tokens + usage.cached_tokens,
        },
      }
      : used
  );
}

/** The characters that a question or an answer holds, images included. */
function size(content: readonly (Part | Message)[]): number {
  let chars = 0;
  for (const piece of content) {
    chars += "data" in piece ? piece.data.length : "text" in piece ? piece.text.length : 0;
    if ("tool_calls" in piece) {
      for (const call of piece.tool_calls) chars += call.arguments.length;
    }
    if ("parts" in piece) chars += size(piece.parts);
  }
  return chars;
}

interface RunningTurn {
  readonly turn: SessionTurn;
  readonly fold: TurnFold;
  untrusted?: string;
  sensitive?: string;
  readonly outputs: Map<string, string>;
}

/** Builds a session's state line by line, within a bound. */
export class StateBuilder {
  #title: string;
  #choice: { provider: string; model: string };
  #system: string;
  readonly #turns: { turn: SessionTurn; chars: number }[] = [];
  #chars = 0;
  #dropped = 0;
  #usage: SessionUsage[] = [];
  #running: RunningTurn | undefined;
  #summary: Summary | undefined;
  #plan: Plan | undefined;
  #preferences: Preferences = {};
  readonly #header: SessionHeader;
  readonly #maxChars: number;

  constructor(header: SessionHeader, maxChars = MAX_STATE_CHARS) {
    this.#header = header;
    this.#title = header.title ?? "";
    this.#choice = { provider: header.provider, model: header.model };
    this.#system = header.system ?? "";
    this.#maxChars = maxChars;
  }

  /** Takes the next line. */
  add(event: SessionEvent): void {
    switch (event.type) {
      case "question":
        this.#endKilledTurn();
        this.#running = {
          turn: {
            at: event.at,
            question: event.parts,
            ...(event.from === undefined ? {} : { from: event.from }),
            ...(event.marker === undefined ? {} : { marker: event.marker }),
            answer: [],
            ...this.#choice,
          },
          fold: new TurnFold(),
          outputs: new Map(),
        };
        break;
      case "turn":
        if (this.#running === undefined) break;
        this.#keep({
          ...this.#running.turn,
          ...found(this.#running),
          answer: event.messages,
          finish: event.finish,
          ...(event.error === undefined ? {} : { error: event.error }),
          provider: event.provider,
          model: event.model,
        });
        this.#running = undefined;
        break;
      case "taken_back":
        this.#endKilledTurn();
        this.#chars -= this.#turns.pop()?.chars ?? 0;
        // It stands for a turn that is no more: the turns are sent as they are again.
        if ((this.#summary?.turns ?? 0) > this.#turns.length) this.#summary = undefined;
        break;
      case "summary": {
        const { at: _at, type: _type, ...summary } = event;
        this.#summary = { ...summary, turns: Math.min(summary.turns, this.#turns.length) };
        break;
      }
      case "untrusted":
      case "sensitive":
        if (this.#running) this.#running[event.type] ??= event.from;
        break;
      case "tool_output":
        this.#running?.outputs.set(event.call_id, event.text);
        break;
      case "plan":
        this.#plan = planAfter(this.#plan, event.event);
        break;
      case "preference":
        this.#preferences = withPreference(this.#preferences, event.key, event.value);
        break;
      case "choice":
        this.#choice = { provider: event.provider, model: event.model };
        break;
      case "system":
        this.#system = event.text;
        break;
      case "title":
        this.#title = event.text;
        break;
      default:
        if (event.type === "usage") this.#usage = addUsage(this.#usage, event);
        if (this.#running && this.#running.fold.chars < this.#maxChars) {
          this.#running.fold.add(event);
        }
    }
  }

  /** The session, now that all lines were taken. */
  finish(warnings: readonly string[]): SessionState {
    this.#endKilledTurn();
    const { id, created, parent } = this.#header;
    return {
      id,
      created,
      ...(parent === undefined ? {} : { parent }),
      title: this.#title,
      ...this.#choice,
      system: this.#system,
      turns: this.#turns.map(({ turn }) => turn),
      ...(this.#summary === undefined ? {} : { summary: this.#summary }),
      ...(this.#plan === undefined ? {} : { plan: this.#plan }),
      ...(Object.keys(this.#preferences).length > 0 && { preferences: this.#preferences }),
      usage: this.#usage,
      warnings: this.#dropped === 0 ? warnings : [
        ...warnings,
        `the session is so long that its ${this.#dropped} oldest turns were left out`,
      ],
    };
  }

  #endKilledTurn(): void {
    if (this.#running === undefined) return;
    const { turn, fold } = this.#running;
    const answer = fold.messages();
    const hasResults = answer.some(({ role }) => role === "tool");
    if (hasResults) {
      this.#running.untrusted ??= KILLED_TURN;
      this.#running.sensitive ??= KILLED_TURN;
    }
    const more = found(this.#running);
    this.#running = undefined;
    this.#keep({ ...turn, ...more, answer });
  }

  #keep(turn: SessionTurn): void {
    const chars = size(turn.question) + size(turn.answer) +
      Object.values(turn.outputs ?? {}).reduce((sum, text) => sum + text.length, 0);
    this.#turns.push({ turn, chars });
    this.#chars += chars;
    while (this.#chars > this.#maxChars && this.#turns.length > 1) {
      const dropped = this.#turns.shift();
      this.#chars -= dropped?.chars ?? 0;
      this.#dropped++;
      this.#inherit(dropped?.turn);
      const { turns = 0 } = this.#summary ?? {};
      if (this.#summary && turns > 0) this.#summary = { ...this.#summary, turns: turns - 1 };
    }
  }

  /** Later turns may hold what one that is left out had read: its marks stay. */
  #inherit(dropped: SessionTurn | undefined): void {
    const [first] = this.#turns;
    if (first === undefined || dropped === undefined) return;
    const marks = marksOf(dropped);
    first.turn = { ...marks, ...first.turn };
  }
}

/** What a turn has read, as far as it was kept. Of an older file's results that is not known. */
function marksOf({ untrusted, sensitive, from, answer }: SessionTurn): Partial<SessionTurn> {
  const isUnknown = answer.some((message) => message.role === "tool" && !message.origin);
  const first = untrusted ?? from ?? (isUnknown ? KILLED_TURN : undefined);
  const seen = sensitive ?? (isUnknown ? KILLED_TURN : undefined);
  return {
    ...(first === undefined ? {} : { untrusted: first }),
    ...(seen === undefined ? {} : { sensitive: seen }),
  };
}

function found(
  { untrusted, sensitive, outputs }: RunningTurn,
): Pick<SessionTurn, "untrusted" | "sensitive" | "outputs"> {
  return {
    ...(untrusted === undefined ? {} : { untrusted }),
    ...(sensitive === undefined ? {} : { sensitive }),
    ...(outputs.size === 0 ? {} : { outputs: Object.fromEntries(outputs) }),
  };
}
