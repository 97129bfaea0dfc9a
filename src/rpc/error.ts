/**
 * Why a call over a channel failed. `remote` carries the code that the other side's error had.
 *
 * - `timeout`: no answer within the call's limit
 * - `cancelled`: the caller's signal
 * - `closed`: the channel, or the room behind it, is gone
 * - `protocol`: the peer sent what no peer should
 * - `overload`: the peer has more calls open than it may
 * - `remote`: the handler threw
 */
export type RpcErrorCode = "timeout" | "cancelled" | "closed" | "protocol" | "overload" | "remote";

/** A call's failure. For `remote`, `remoteCode` and `data` are the thrower's `code` and `data`. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: RpcErrorCode;
  readonly remoteCode: string | undefined;
  readonly data: unknown;

  constructor(
    code: RpcErrorCode,
    message: string,
    options: { cause?: unknown; remoteCode?: string | undefined; data?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remoteCode = options.remoteCode;
    this.data = options.data;
  }
}

const MESSAGE_CHARACTERS = 2_000;

/** The part of a thrown error that may cross to another room: never a stack, never a cause. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly data?: unknown;
}

/**
 * What of `thrown` may cross to another room. Errors without a `code` cross as `internal`; one that came
 * over another channel goes on as what it was there.
 */
export function toWireError(thrown: unknown): WireError {
  const remote = thrown instanceof RpcError ? thrown.remoteCode : undefined;
  const { code, data, message } = thrown instanceof Error
    ? thrown as Error & { code?: unknown; data?: unknown }
    : { code: "internal", data: undefined, message: "something that is no error was thrown" };
  const error = {
    code: remote ?? (typeof code === "string" ? code : "internal"),
    message: message.slice(0, MESSAGE_CHARACTERS),
  };
  try {
    return data === undefined ? error : { ...error, data: structuredClone(data) };
  } catch {
    // What cannot cross stays here: the error itself must arrive.
    return error;
  }
}

/** The caller's view of an error that the other side threw. */
export function fromWireError({ code, message, data }: WireError): RpcError {
  return new RpcError("remote", message, { remoteCode: code, data });
}
