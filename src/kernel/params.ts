/**
 * Reading a call's parameters. They are foreign: whoever serves a call takes them through this.
 * @module
 */
import { isRecord } from "../rpc/frame.ts";
import { KernelError } from "./error.ts";

/** A call's fields, each unread. @throws {KernelError} `bad_call` */
export function fields(params: unknown): Record<string, unknown> {
  if (isRecord(params)) return params;
  throw new KernelError("bad_call", "a call's parameters have fields");
}

/** A text field. @throws {KernelError} `bad_call` */
export function textField(params: unknown, name: string, limit = 8_192): string {
  const value = fields(params)[name];
  if (typeof value === "string" && value.length <= limit) return value;
  throw new KernelError("bad_call", `${name} must be a text of at most ${limit} characters`);
}

/** A text field that may be missing. @throws {KernelError} `bad_call` */
export function optionalText(params: unknown, name: string): string | undefined {
  return fields(params)[name] === undefined ? undefined : textField(params, name);
}
