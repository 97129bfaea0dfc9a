/**
 * A client of the Model Context Protocol over streamable HTTP (specification of 2025-11-25 and the two
 * before it): tools only. It offers servers nothing, so they may ask nothing back. Its `fetch` is a
 * parameter: whose requests these are, where they may go and what they carry is decided there.
 * @module
 */
import { oneLine } from "../../protocol/foreign_text.ts";
import { until } from "../../protocol/waiting.ts";
import { isRecord } from "../../rpc/frame.ts";
import { type McpResult, type McpTool, readResult, readTool } from "./content.ts";
import { McpError } from "./error.ts";
import { Exchange, type McpWay } from "./exchange.ts";
import type { Message } from "./message.ts";
import { atMost } from "./waiting.ts";

/** How one call is waited for. */
export interface McpCalling {
  readonly signal: AbortSignal;
  /** How far the server says that it has come; one line, foreign. */
  readonly progress: (text: string) => void;
}

/** The tools of a server. */
export interface McpTools {
  readonly tools: readonly McpTool[];
  /** How many more there are that cannot be offered. */
  readonly left: number;
}

/** The newest first; a server answers with the one that it speaks. */
const VERSIONS = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];
/** Which version of Pyra asks is no server's business. */
const CLIENT = { name: "pyra", version: "1" };
const OPEN_LIMIT_MS = 8_000;
const LIST_LIMIT_MS = 8_000;
const CALL_LIMIT_MS = 60_000;
const CLOSE_LIMIT_MS = 300;
const PAGES = 20;
const TOOLS = 256;
const CURSOR_UNITS = 2_000;
const PROGRESS_UNITS = 200;

/** A session, opened by the first call and opened anew when the server has forgotten it. */
export class McpSession {
  readonly #way: McpWay;
  readonly #stopped = new AbortController();
  #opening: Promise<Exchange> | undefined;

  constructor(way: McpWay) {
    this.#way = way;
  }

  /** All tools, over all pages. @throws {McpError}; the signal's reason */
  async tools(signal: AbortSignal): Promise<McpTools> {
    return await atMost(LIST_LIMIT_MS, signal, async (limited) => {
      const tools: McpTool[] = [];
      let left = 0;
      let cursor: string | undefined;
      for (let page = 0; page < PAGES; page++) {
        const params = cursor === undefined ? {} : { cursor };
        const { tools: given, nextCursor } = await this.#ask("tools/list", params, limited);
        if (!Array.isArray(given)) throw new McpError("bad_answer", "it lists no tools");
        for (const one of given) {
          const tool = tools.length < TOOLS ? readTool(one) : undefined;
          if (tool === undefined) left++;
          else tools.push(tool);
        }
        if (typeof nextCursor !== "string" || nextCursor === cursor) break;
        if (nextCursor.length > CURSOR_UNITS || tools.length >= TOOLS) break;
        cursor = nextCursor;
      }
      return { tools, left };
    });
  }

  /** Calls a tool. @throws {McpError}; the signal's reason */
  async call(name: string, input: Message, { signal, progress }: McpCalling): Promise<McpResult> {
    return await atMost(CALL_LIMIT_MS, signal, async (limited) => {
      const params = { name, arguments: input };
      return readResult(await this.#ask("tools/call", params, limited, progress));
    });
  }

  /** Tells the server that it is over, and ends what runs. Never rejects. */
  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    const { signal } = new AbortController();
    // A server that cannot be told forgets it by itself.
    await atMost(CLOSE_LIMIT_MS, signal, async (limited) => {
      await (await until(opening ?? Promise.resolve(undefined), limited))?.end(limited);
    }).catch(() => undefined);
    this.#stopped.abort(new McpError("unreachable", "it is not used any more"));
  }

  async #ask(
    method: string,
    params: Message,
    signal: AbortSignal,
    progress?: (text: string) => void,
  ): Promise<Message> {
    const both = AbortSignal.any([signal, this.#stopped.signal]);
    const heard = (message: Message) => {
      const said = progressOf(message);
      if (said !== undefined) progress?.(said);
    };
    for (let again = false;; again = true) {
      const opening = this.#opening ??= this.#open();
      const exchange = await until(opening, both);
      try {
        return await exchange.ask(method, params, { signal: both, heard });
      } catch (thrown) {
        const isGone = thrown instanceof McpError && thrown.code === "session_gone";
        if (!isGone || again) throw thrown;
        if (this.#opening === opening) this.#opening = undefined;
      }
    }
  }

  /** Whoever waits for it may leave without taking it from the others. */
  #open(): Promise<Exchange> {
    const opening = atMost(OPEN_LIMIT_MS, this.#stopped.signal, async (signal) => {
      const exchange = new Exchange(this.#way);
      const params = { protocolVersion: VERSIONS[0], capabilities: {}, clientInfo: CLIENT };
      const { protocolVersion } = await exchange.ask("initialize", params, { signal });
      if (typeof protocolVersion !== "string" || !VERSIONS.includes(protocolVersion)) {
        const version = oneLine(String(protocolVersion), 30);
        throw new McpError(
          "bad_answer",
          `it speaks the protocol of ${version}, which Pyra does not`,
        );
      }
      exchange.version = protocolVersion;
      await exchange.tell("notifications/initialized", {}, signal);
      return exchange;
    });
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = undefined;
    });
    return opening;
  }
}

function progressOf({ method, params }: Message): string | undefined {
  if (method !== "notifications/progress" || !isRecord(params)) return undefined;
  const { message, progress, total } = params;
  if (typeof message === "string" && message !== "") return oneLine(message, PROGRESS_UNITS);
  if (typeof progress !== "number") return undefined;
  return typeof total === "number" ? `${progress} of ${total}` : String(progress);
}
