/**
 * The answer of an OpenAI-compatible server, whole or in chunks, as model events. Nothing is taken for
 * granted: servers leave fields out, put them elsewhere, number tool calls wrongly or not at all.
 * @module
 */
import type { ToolCall, Usage } from "../protocol/message.ts";
import type { ModelEvent } from "../protocol/model.ts";
import { count, field, list, parseJson, scalar } from "./json_fields.ts";

type FinishReason = Extract<ModelEvent, { type: "finish" }>["reason"];

const FINISH: Readonly<Record<string, FinishReason>> = {
  length: "length",
  max_tokens: "length",
  model_length: "length",
  tool_calls: "tool_calls",
  function_call: "tool_calls",
  content_filter: "filtered",
  safety: "filtered",
};

const MAX_TOOL_CALLS = 128;

interface CallInParts {
  readonly id: string;
  readonly index: number | undefined;
  name: string;
  arguments: string;
}

/** Takes in an answer and gives out its events. */
export class Answer {
  readonly #nameOf: (wire: string) => string;
  readonly #calls: CallInParts[] = [];
  #usage: Usage | undefined;
  #finish: FinishReason | undefined;
  #hasBegun = false;
  #isCounted = false;

  /** @param nameOf the tool that a name on the wire means */
  constructor(nameOf: (wire: string) => string = (wire) => wire) {
    this.#nameOf = nameOf;
  }

  /** Whether anything of the answer itself has arrived. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Whether the server said why the answer ended. */
  get isFinished(): boolean {
    return this.#finish !== undefined;
  }

  /** Whether the last chunk only counted the tokens, as the last one of an answer does. */
  get isCounted(): boolean {
    return this.#isCounted;
  }

  /** One chunk of a stream. */
  *takeChunk(chunk: unknown): Generator<ModelEvent> {
    yield* this.#take(chunk, "delta");
  }

  /** The answer in one piece. @returns false if it is none */
  *takeWhole(body: unknown): Generator<ModelEvent, boolean> {
    if (field(field(field(body, "choices"), 0), "message") === undefined) return false;
    yield* this.#take(body, "message");
    this.#finish ??= "stop";
    return true;
  }

  /** What is known at the end: the tool calls, usage, and why it ended. */
  *end(): Generator<ModelEvent> {
    let isCut = false;
    for (const call of this.#calls) {
      // What the output limit cut must not run.
      if (this.#finish === "length" && parseJson(call.arguments || "{}") === undefined) {
        isCut = true;
      } else {
        yield { type: "tool_call", call: this.#toolCall(call) };
      }
    }
    if (isCut) {
      yield { type: "warning", message: "a tool call was cut by the output limit and is left out" };
    }
    yield* this.usage();
    const hasCalls = this.#calls.length > 0 && !isCut;
    // Some servers say "stop" when they call a tool.
    const reason = hasCalls && this.#finish !== "length" ? "tool_calls" : this.#finish ?? "stop";
    yield { type: "finish", reason };
  }

  /** The tokens counted so far, for an answer that breaks off. */
  *usage(): Generator<ModelEvent> {
    if (this.#usage !== undefined) yield { type: "usage", usage: this.#usage };
  }

  *#take(body: unknown, name: "delta" | "message"): Generator<ModelEvent> {
    const choice = field(field(body, "choices"), 0);
    this.#usage = usageIn(body) ?? usageIn(choice) ?? usageIn(field(body, "x_groq")) ?? this.#usage;
    this.#isCounted = choice === undefined && usageIn(body) !== undefined;
    const piece = field(choice, name);
    const thought = scalar(field(piece, "reasoning_content") ?? field(piece, "reasoning"));
    if (thought !== "") yield* this.#give({ type: "reasoning", text: thought });
    const content = field(piece, "content");
    for (const part of typeof content === "string" ? [content] : list(content)) {
      yield* this.#takePart(part);
    }
    yield* this.#takePart(scalar(field(piece, "refusal")));
    for (const part of list(field(piece, "tool_calls"))) this.#takeCall(part);
    const reason = scalar(field(choice, "finish_reason"));
    if (reason !== "") this.#finish = FINISH[reason.toLowerCase()] ?? "stop";
  }

  *#takePart(part: unknown): Generator<ModelEvent> {
    const text = typeof part === "string" ? part : scalar(field(part, "text"));
    if (text !== "") yield* this.#give({ type: "text", text });
    for (const thought of list(field(part, "thinking"))) {
      const words = scalar(field(thought, "text"));
      if (words !== "") yield* this.#give({ type: "reasoning", text: words });
    }
  }

  *#give(event: ModelEvent): Generator<ModelEvent> {
    this.#hasBegun = true;
    yield event;
  }

  #takeCall(part: unknown): void {
    this.#hasBegun = true;
    const id = scalar(field(part, "id"));
    const index = count(field(part, "index"));
    const name = scalar(field(field(part, "function"), "name"));
    const given = field(field(part, "function"), "arguments");
    const text = typeof given === "object" ? JSON.stringify(given) : scalar(given);

    const open = this.#openCall(id, index, name);
    if (open !== undefined) {
      open.name ||= name;
      open.arguments += text;
    } else if (this.#calls.length < MAX_TOOL_CALLS) {
      const isTaken = this.#calls.some((call) => call.id === id);
      const ownId = id === "" || isTaken ? `call_${crypto.randomUUID().slice(0, 8)}` : id;
      this.#calls.push({ id: ownId, index, name, arguments: text });
    }
  }

  /** The call that a fragment goes on with: another id, or a name where no index tells, begins one. */
  #openCall(id: string, index: number | undefined, name: string): CallInParts | undefined {
    if (index === undefined) {
      const last = this.#calls.at(-1);
      return (id !== "" && last?.id !== id) || (id === "" && name !== "") ? undefined : last;
    }
    const open = this.#calls.findLast((call) => call.index === index);
    return open !== undefined && id !== "" && open.id !== id ? undefined : open;
  }

  #toolCall(call: CallInParts): ToolCall {
    return { id: call.id, name: this.#nameOf(call.name), arguments: call.arguments || "{}" };
  }
}

function usageIn(holder: unknown): Usage | undefined {
  const usage = field(holder, "usage");
  const input_tokens = count(field(usage, "prompt_tokens"));
  const output_tokens = count(field(usage, "completion_tokens"));
  if (input_tokens === undefined && output_tokens === undefined) return undefined;
  const cached = count(field(field(usage, "prompt_tokens_details"), "cached_tokens")) ??
    count(field(usage, "prompt_cache_hit_tokens")) ?? count(field(usage, "cached_tokens"));
  return {
    input_tokens: input_tokens ?? 0,
    output_tokens: output_tokens ?? 0,
    cached_tokens: cached ?? 0,
  };
}
