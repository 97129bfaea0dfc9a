/**
 * The shapes that travel over a channel: JSON-RPC 2.0 requests, responses and notifications, and
 * `$/` notifications (as in the Language Server Protocol) for cancelling and for streams.
 * @module
 */
import type { WireError } from "./error.ts";

/** Which of a call's two streams a frame belongs to: what the caller sends, or what it receives. */
export type Direction = "up" | "down";

/** A frame that asks for an answer. `input` says that values will be streamed up. */
export interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
  readonly input: boolean;
}

/** The answer to a request; it also ends the stream of values that came before it. */
export type Response =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: WireError };

/** A frame without an answer: the call `id` is cancelled; a value of one of its streams; the end of
 * what streams up; the reader took `count` values and the sender may send as many more; or anything. */
export type Notice =
  | { readonly method: "$/cancel"; readonly params: { id: number } }
  | {
    readonly method: "$/item";
    readonly params: { id: number; direction: Direction; value: unknown };
  }
  | { readonly method: "$/end"; readonly params: { id: number; error?: WireError } }
  | {
    readonly method: "$/credit";
    readonly params: { id: number; direction: Direction; count: number };
  }
  | { readonly method: "$/notify"; readonly params: { name: string; value: unknown } };

type Check = (value: unknown) => boolean;
const isId: Check = (value) => Number.isSafeInteger(value) && Number(value) > 0;
const isDirection: Check = (value) => value === "up" || value === "down";
const isText: Check = (value) => typeof value === "string";
const isError: Check = (value) =>
  isRecord(value) && isText(value["code"]) && isText(value["message"]);

/** What the parameters of each notice must hold. */
const NOTICES: ReadonlyMap<unknown, Readonly<Record<string, Check>>> = new Map(Object.entries({
  "$/cancel": { id: isId },
  "$/item": { id: isId, direction: isDirection },
  "$/end": { id: isId, error: (value) => value === undefined || isError(value) },
  "$/credit": { id: isId, direction: isDirection, count: isId },
  "$/notify": { name: isText },
}));

/** Whether a foreign value is an object with fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads a foreign value as a frame; `undefined` if it is none. Unknown extra fields are ignored. */
export function readFrame(value: unknown): Request | Response | Notice | undefined {
  return isRecord(value) && isFrame(value) ? value : undefined;
}

function isFrame(
  value: Record<string, unknown>,
): value is Record<string, unknown> & (Request | Response | Notice) {
  const { id, method, params, input } = value;
  if (isText(method) && String(method).startsWith("$/")) {
    const fields = NOTICES.get(method);
    return fields !== undefined && isRecord(params) && !("id" in value) &&
      Object.entries(fields).every(([name, check]) => check(params[name]));
  }
  if (!isId(id)) return false;
  if (isText(method)) return typeof input === "boolean";
  return "error" in value ? isError(value["error"]) : "result" in value;
}
