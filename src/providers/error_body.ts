/**
 * What the body and the headers of a refusal say; providers disagree about their shape.
 * @module
 */
import { field, scalar } from "./json_fields.ts";

/** An answer whose status is no success. */
export interface HttpFailure {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON, or the text. */
  readonly body: unknown;
}

/** What an error body says; what it does not say is empty. */
export interface Said {
  readonly code: string;
  readonly message: string;
  readonly param: string;
  /** How long its words ask to wait, ms. */
  readonly waitMs: number | undefined;
}

/** What an error body says; providers disagree about its shape. */
export function saidBy(body: unknown): Said {
  const outer = Array.isArray(body) ? body[0] : body;
  const inner = field(outer, "error") ?? outer;
  const detail = field(inner, "message") ?? field(inner, "detail") ?? field(outer, "message");
  const text = typeof inner === "string" ? inner : detail;
  const isMarkup = typeof text === "string" && /^\s*</.test(text);
  return {
    code: scalar(field(inner, "code")) || scalar(field(inner, "type")),
    message: isMarkup ? "" : sentence(scalar(text) || (text ? JSON.stringify(text) : "")),
    param: scalar(field(inner, "param")),
    waitMs: waitIn(scalar(text)),
  };
}

/** Some say how long to wait in words only: "try again in 1.2s", "Please retry in 2m30s". */
function waitIn(text: string): number | undefined {
  const said = /(?:retry|try again) (?:in|after) (?:(\d{1,4})m ?)?(\d{1,6}(?:\.\d+)?) ?(ms|s)/i
    .exec(text);
  if (said === null) return undefined;
  const [, minutes = "0", amount, unit] = said;
  return Math.ceil(Number(minutes) * 60_000 + Number(amount) * (unit === "ms" ? 1 : 1_000));
}

/** Whether the answer refuses a parameter of that name, as opposed to its value. */
export function refusesParameter({ status, body }: HttpFailure, name: string): boolean {
  if (status !== 400 && status !== 422) return false;
  const { param, message, code } = saidBy(body);
  if (code === "unsupported_parameter" && param !== "") return param.split(".")[0] === name;
  const words =
    /unsupported|not supported|unrecognized|unknown|unexpected|extra|not permitted|not allowed/i;
  return new RegExp(`\\b${name}\\b`).test(`${param} ${message}`) &&
    words.test(`${code} ${message}`);
}

/**
 * Whether the answer refuses tools altogether. Ollama, vLLM, llama.cpp and OpenRouter each say it in
 * their own way for models, or servers, that take none.
 */
export function refusesTools({ status, body }: HttpFailure): boolean {
  if (![400, 404, 422, 500, 501].includes(status)) return false;
  const { message } = saidBy(body);
  return /(?:not support|unsupported|no endpoints found that support)[^.]*\b(?:tools?|functions?)\b/i
    .test(message) ||
    /\b(?:tools?|functions?)\b[^.]*(?:not supported|unsupported|not enabled)/i.test(message) ||
    /\btools? (?:choice|param) requires\b/i.test(message);
}

/**
 * How long the headers ask to wait, ms; undefined if they do not say.
 * `retry-after-ms`, then `retry-after` in seconds or as an HTTP date.
 */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const ms = headers.get("retry-after-ms");
  if (ms !== null && /^\d+(\.\d+)?$/.test(ms.trim())) return Number(ms);
  const value = headers.get("retry-after")?.trim();
  if (value === undefined || value === "") return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** A foreign sentence: no control characters, at most 300 characters, no full stop at its end. */
export function sentence(text: string): string {
  // deno-lint-ignore no-control-regex -- they are what must not reach a terminal
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, " ")
    .trim();
  return (clean.length > 300 ? `${clean.slice(0, 300)}…` : clean).replace(/\.$/, "");
}
