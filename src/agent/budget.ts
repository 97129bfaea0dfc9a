/**
 * How many tokens a text may cost, and what of a conversation fits. Counting exactly would need each
 * model's own dictionary (20 MB and more), so this estimates and is corrected by what providers report.
 * @module
 */
import type { Message, ToolDescription, Usage } from "../protocol/message.ts";

/** Tokens of one image: what a provider counts for one of middling size. */
const IMAGE_TOKENS = 1_100;
/** Tokens around each message. */
const MESSAGE_TOKENS = 4;
/** Reported tokens per estimated one stay within these. */
const MIN_RATIO = 0.5;
const MAX_RATIO = 3;
const TELLING_TOKENS = 500;
/** What is kept free for the answer if no limit of it is set, as a part of the window. */
const ANSWER_SHARE = 0.25;

/** The tokens of a text, about: Latin letters 4 to a token, ideographs 1, other scripts 2. */
export function estimateTokens(text: string): number {
  let quarters = 0;
  for (let at = 0; at < text.length; at++) quarters += quartersOf(text.charCodeAt(at));
  return Math.ceil(quarters / 4);
}

/** Quarters of a token for one UTF-16 unit. */
function quartersOf(unit: number): number {
  if (unit < 0x0250) return 1;
  // Surrogates: an emoji or a rare ideograph is two units and two or three tokens.
  if (unit >= 0xd800 && unit <= 0xdfff) return 5;
  // Kana, ideographs, Hangul and full-width forms.
  if (unit >= 0x2e80 && unit <= 0xd7ff) return 4;
  if (unit >= 0xf900) return 4;
  return 2;
}

/** The tokens of one message, about. */
export function estimateMessage(message: Message): number {
  let tokens = MESSAGE_TOKENS;
  if (message.role === "user") {
    for (const part of message.parts) {
      tokens += part.type === "text" ? estimateTokens(part.text) : IMAGE_TOKENS;
    }
    return tokens;
  }
  tokens += estimateTokens(message.text);
  if (message.role === "assistant") {
    for (const call of message.tool_calls) {
      tokens += MESSAGE_TOKENS + estimateTokens(call.name) + estimateTokens(call.arguments);
    }
  }
  return tokens;
}

/** The tokens of a request, about. */
export function estimateRequest(
  messages: readonly Message[],
  tools: readonly ToolDescription[] = [],
): number {
  let tokens = 0;
  for (const message of messages) tokens += estimateMessage(message);
  for (const { name, description, parameters } of tools) {
    tokens += MESSAGE_TOKENS + estimateTokens(name + description + JSON.stringify(parameters));
  }
  return tokens;
}

/**
 * The estimated tokens that a request may have, so that there is room for the answer.
 * @param tokenRatio reported tokens per estimated one
 */
export function requestBudget(
  { contextWindow, maxOutputTokens = Infinity, tokenRatio = 1 }: {
    readonly contextWindow: number;
    readonly maxOutputTokens?: number | undefined;
    readonly tokenRatio?: number | undefined;
  },
): number {
  const reserved = Math.min(maxOutputTokens, contextWindow * ANSWER_SHARE);
  return (contextWindow - reserved) / tokenRatio;
}

/**
 * How far off an estimate was: later ones are multiplied by it. A short request, most of which is what
 * the provider itself adds, says nothing: then it is what it was `before`.
 */
export function ratioOf(estimated: number, reported: Usage, before: number): number {
  if (estimated < TELLING_TOKENS || reported.input_tokens <= 0) return before;
  return Math.min(MAX_RATIO, Math.max(MIN_RATIO, reported.input_tokens / estimated));
}

/**
 * What of a conversation fits into `budget` estimated tokens: the system messages at its start, and as
 * many of the newest exchanges as fit. An exchange is a user's message and all that followed it, so no
 * tool call is ever without its results. The last exchange stays whatever it costs.
 */
export function trimHistory(messages: readonly Message[], budget: number): Message[] {
  const firstSpoken = messages.findIndex(({ role }) => role !== "system");
  const begin = firstSpoken < 0 ? messages.length : firstSpoken;
  const starts = [begin];
  for (let at = begin + 1; at < messages.length; at++) {
    if (messages[at]?.role === "user") starts.push(at);
  }
  const system = messages.slice(0, begin);
  let left = budget - estimateRequest(system);
  let from = messages.length;
  for (const start of starts.reverse()) {
    const cost = estimateRequest(messages.slice(start, from));
    if (cost > left && from < messages.length) break;
    left -= cost;
    from = start;
  }
  return [...system, ...messages.slice(from)];
}
