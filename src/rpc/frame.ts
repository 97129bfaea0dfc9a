/**
 * The shapes that travel over a channel: JSON-RPC 2.0 requests, responses and notifications, and
 * `$/` notifications (as in the Language Server Protocol) for cancelling and for streams.
 * @module
 */
import type { WireError } from "./error.ts";

/** Which of a call's two streams a frame belongs to: what the caller sends, or what it receives. */
export type Direction = "up" | "down";

/** One message on the wire. */
export type Frame =
  | {
    readonly id: number;
    readonly method: string;
    readonly params: unknown;
    readonly input: boolean;
  }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: WireError }
  | { readonly method: "$/cancel"; readonly params: { readonly id: number } }
  | { readonly method: "$/item"; readonly params: StreamItem }
  | { readonly method: "$/end"; readonly params: StreamEnd }
  | { readonly method: "$/credit"; readonly params: StreamCredit }
  | {
    readonly method: "$/notify";
    readonly params: { readonly name: string; readonly value: unknown };
  };

/** One value of a stream. */
export interface StreamItem {
  readonly id: number;
  readonly direction: Direction;
  readonly value: unknown;
}
/** The end of a stream, with the error that ended it, if one did. */
export interface StreamEnd {
  readonly id: number;
  readonly direction: Direction;
  readonly error?: WireError;
}
/** The reader of a stream has taken `count` values; the sender may send as many more. */
export interface StreamCredit {
  readonly id: number;
  readonly direction: Direction;
  readonly count: number;
}

/** Whether a foreign value is an object with fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasId(value: Record<string, unknown>): value is { id: number } & Record<string, unknown> {
  return Number.isSafeInteger(value["id"]) && (value["id"] as number) > 0;
}

/** Reads a foreign value as a frame; `undefined` if it is none. Unknown extra fields are ignored. */
export function readFrame(value: unknown): Frame | undefined {
  if (!isRecord(value)) return undefined;
  const { method, params } = value;
  if (typeof method === "string" && method.startsWith("$/")) {
    if (!isRecord(params) || "id" in value) return undefined;
    if (method === "$/notify") {
      return typeof params["name"] === "string" ? value as Frame : undefined;
    }
    if (!hasId(params)) return undefined;
    if (method === "$/cancel") return value as Frame;
    if (params["direction"] !== "up" && params["direction"] !== "down") return undefined;
    if (method === "$/item") return value as Frame;
    if (method === "$/end") {
      return params["error"] === undefined || isError(params["error"]) ? value as Frame : undefined;
    }
    if (method === "$/credit") {
      const count = params["count"];
      return Number.isSafeInteger(count) && (count as number) > 0 ? value as Frame : undefined;
    }
    return undefined;
  }
  if (!hasId(value)) return undefined;
  if (typeof method === "string") {
    return typeof value["input"] === "boolean" ? value as Frame : undefined;
  }
  if ("error" in value) return isError(value["error"]) ? value as Frame : undefined;
  return "result" in value ? value as Frame : undefined;
}

function isError(value: unknown): boolean {
  return isRecord(value) && typeof value["code"] === "string" &&
    typeof value["message"] === "string";
}
