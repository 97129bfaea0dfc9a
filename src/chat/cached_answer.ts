/**
 * A provider whose answers to the same question are given again for a while.
 * @module
 */
import type { TurnProvider } from "../agent/ports.ts";
import type { Part, Usage } from "../protocol/message.ts";
import type { ModelEvent, ModelRequest } from "../protocol/model.ts";
import type { QueryCache } from "./query_cache.ts";

/** What is cached, and how. */
export interface Caching {
  readonly cache: QueryCache;
  /** What the request does not say and the answer depends on, such as the provider's address. */
  readonly scope: string;
  /** False: an answer that is kept is not looked for; the new one takes its place. */
  readonly looks: boolean;
}

/** What is special about one question. */
export interface CachedQuestion {
  readonly parts: readonly Part[];
  /** Stands in the request in places, and is another one each time. */
  readonly marker: string | undefined;
  /** A text of the request that is another one each time and says nothing of the question. */
  readonly passing: () => string | undefined;
  /** What must not be kept in a file. */
  readonly redact: ((text: string) => string) | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What changes from minute to minute is asked for anew: in words of the languages that the prompt knows. */
const OF_THE_MOMENT =
  /\b(?:now|time|clock|today|tonight|current(?:ly)?|latest|moment|uptime|load|free|random|joke|jetzt|uhr|uhrzeit|heute|gerade|aktuell\w*|maintenant|heure|aujourd'hui|ahora|hora|hoy|adesso|oggi)\b/i;
/** Of a request's key. */
const VERSION = 1;

/**
 * The same provider. A question's first request is answered from the cache if the same was asked before; an
 * answer is kept if it is whole, was given by this provider and called no tool.
 */
export function withCachedAnswers(
  provider: TurnProvider,
  { cache, scope, looks }: Caching,
  question: CachedQuestion,
): TurnProvider {
  const { now, redact } = question;
  let isFirst = true;
  return {
    id: provider.id,
    get answering() {
      return provider.answering;
    },
    listModels: (signal) => provider.listModels(signal),
    async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
      if (!isFirst || isOfTheMoment(question)) return yield* provider.stream(request, signal);
      isFirst = false;
      const key = await keyOf(provider.id, scope, request, question);
      const known = looks ? await cache.find(key) : undefined;
      signal.throwIfAborted();
      if (known !== undefined) {
        const counted = cache.count(known.usage.input_tokens + known.usage.output_tokens);
        try {
          yield { type: "cached", at: new Date(known.at).toISOString(), usage: known.usage };
          yield { type: "text", text: known.text };
        } finally {
          await counted;
        }
        return yield { type: "finish", reason: "stop" };
      }
      const counted = cache.count(undefined);
      const answer = new Answer();
      try {
        for await (const event of provider.stream(request, signal)) {
          answer.add(event);
          yield event;
        }
      } finally {
        await counted;
      }
      const { text, usage } = answer;
      // What a file must not hold is asked for again each time.
      const hasSecrets = redact !== undefined && redact(text) !== text;
      const isKept = answer.isWhole && provider.answering === undefined && !hasSecrets;
      if (isKept) await cache.keep(key, { at: now(), text, usage });
    },
  };
}

/** What a provider answered. */
class Answer {
  text = "";
  usage: Usage = { input_tokens: 0, output_tokens: 0, cached_tokens: 0 };
  #isPlain = true;
  #isFinished = false;

  add(event: ModelEvent): void {
    if (event.type === "text") this.text += event.text;
    else if (event.type === "usage") this.usage = event.usage;
    else if (event.type === "finish") this.#isFinished = event.reason === "stop";
    // A stream that broke says so in a warning; a tool has effects, and its results change.
    else if (event.type === "tool_call" || event.type === "warning") this.#isPlain = false;
  }

  get isWhole(): boolean {
    return this.#isPlain && this.#isFinished && this.text.trim() !== "";
  }
}

function isOfTheMoment({ parts }: CachedQuestion): boolean {
  return parts.some((part) =>
    part.type === "text" && part.origin === undefined && OF_THE_MOMENT.test(part.text)
  );
}

/** The hash of all that the answer depends on. */
async function keyOf(
  provider: string,
  scope: string,
  { stream: _stream, turn: _turn, ...request }: ModelRequest,
  { marker, passing }: CachedQuestion,
): Promise<string> {
  const left = passing();
  const text = JSON.stringify(
    [VERSION, provider, scope, request],
    (_, value) => value === left && left !== undefined ? "" : value,
  );
  const same = marker === undefined ? text : text.replaceAll(marker, "marker");
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(same));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
