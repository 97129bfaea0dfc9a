/**
 * What a room may ask, counted and bounded before it is passed on. The name that goes with it is that of
 * the port it came by.
 * @module
 */
import type { PluginRequest } from "../../protocol/plugin_calls.ts";
import type { PluginLimits } from "../../protocol/plugin_host_calls.ts";
import type { Channel, Handler, HandlerContext } from "../../rpc/channel.ts";
import { RpcError } from "../../rpc/error.ts";
import { isRecord } from "../../rpc/frame.ts";
import { plainLines } from "../../protocol/foreign_text.ts";

const REQUESTS: Readonly<Record<Exclude<PluginRequest, "fetch" | "log" | "run">, true>> = {
  "memory.search": true,
  "settings": true,
  "ui.note": true,
  "ui.text": true,
  "ui.confirm": true,
  "ui.select": true,
  "secret": true,
  "secret.ask": true,
  "secret.has": true,
  "channel.receive": true,
  "job.start": true,
  "job.list": true,
  "job.tail": true,
  "job.stop": true,
};
const LINE_CHARACTERS = 2_000;
const SECOND_MS = 1_000;

/** Why a request was not passed on, or failed there. */
class RequestError extends Error {
  override readonly name = "RequestError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The handlers of a room's channel. @param kernel the way to the kernel */
export function roomAsks(
  name: string,
  limits: PluginLimits,
  kernel: () => Channel,
): Readonly<Record<string, Handler>> {
  const lines = new LineRate(limits.logLinesASecond);
  let open = 0;
  const counted = async function* (asked: () => AsyncIterable<unknown>) {
    if (open >= limits.openCalls) throw new RequestError("overload", "too many requests at a time");
    open++;
    try {
      yield* asked();
    } catch (thrown) {
      throw passedOn(thrown);
    } finally {
      open--;
    }
  };
  return {
    async ask(given, { signal }) {
      const { method, params } = readAsk(given, limits.valueCharacters);
      const asked = async function* () {
        yield await kernel().call("ask", { name, method, params }, { signal, limitMs: Infinity });
      };
      let answer: unknown;
      for await (answer of counted(asked));
      return answer;
    },
    fetch(given, { signal, input }: HandlerContext) {
      const params = readFetch(given, limits.valueCharacters);
      const options = { signal, input: bytesOf(input), limitMs: Infinity };
      return counted(() => kernel().stream("ask", { name, method: "fetch", params }, options));
    },
    run(given, { signal }) {
      const params = plain(given, limits.valueCharacters);
      const options = { signal, limitMs: Infinity };
      return counted(() => kernel().stream("ask", { name, method: "run", params }, options));
    },
    async log(given) {
      const kept = lines.take(isRecord(given) ? given["lines"] : undefined);
      if (kept.length > 0) {
        await kernel().call("ask", { name, method: "log", params: { lines: kept } });
      }
      return null;
    },
  };
}

function readAsk(given: unknown, most: number): { method: string; params: unknown } {
  const { method, params } = isRecord(given) ? given : {};
  if (typeof method !== "string" || !Object.hasOwn(REQUESTS, method)) {
    throw new RequestError("bad_call", "there is no such request");
  }
  return { method, params: plain(params ?? null, most) };
}

function readFetch(given: unknown, most: number): unknown {
  const { url, method, headers, credential } = isRecord(given) ? given : {};
  return plain({ url, method, headers, ...(credential === undefined ? {} : { credential }) }, most);
}

/** A value as JSON has it. @throws {RequestError} */
function plain(value: unknown, most: number): unknown {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // A circle, or a number that JSON does not know.
    throw new RequestError("bad_call", "a request holds what JSON can say");
  }
  if (text === undefined) throw new RequestError("bad_call", "a request holds what JSON can say");
  if (text.length > most) {
    throw new RequestError("plugin_too_large", `a request has at most ${most} characters`);
  }
  return JSON.parse(text);
}

/** The pieces of a body; egress gives them at most 64 KiB, and a room may not give more than 1 MiB. */
async function* bytesOf(input: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const piece of input) {
    if (!(piece instanceof Uint8Array) || piece.byteLength > 1024 * 1024) {
      throw new RequestError("bad_call", "a body is a stream of bytes, 1 MiB a piece at most");
    }
    yield piece;
  }
}

/** The kernel's error with its own code, and what it says to do; anything else as it is. */
function passedOn(thrown: unknown): unknown {
  if (!(thrown instanceof RpcError)) return thrown;
  const { data, message } = thrown;
  const hint = isRecord(data) && typeof data["hint"] === "string" ? data["hint"] : "";
  // A plugin passes a message on as its own; the person should read there what to do.
  const text = hint === "" ? message : `${message}; ${hint}`;
  return new RequestError(thrown.remoteCode ?? thrown.code, text);
}

/** Lets so many lines a second through and tells of those that it held back. */
class LineRate {
  readonly #most: number;
  #since = 0;
  #taken = 0;
  #held = 0;

  constructor(most: number) {
    this.#most = most;
  }

  take(given: unknown): string[] {
    if (!Array.isArray(given)) return [];
    const now = performance.now();
    const kept: string[] = [];
    if (now - this.#since > SECOND_MS) {
      this.#since = now;
      this.#taken = 0;
      if (this.#held > 0) kept.push(`(${this.#held} more lines were dropped)`);
      this.#held = 0;
    }
    const room = Math.max(0, this.#most - this.#taken);
    for (const line of given.slice(0, room)) {
      kept.push(plainLines(String(line), LINE_CHARACTERS).replaceAll("\n", " "));
    }
    this.#taken += Math.min(room, given.length);
    this.#held += Math.max(0, given.length - room);
    return kept;
  }
}
