/**
 * Server-sent events (HTML standard, "Parsing an event stream"), as far as the protocol uses them. The
 * bytes are foreign: whoever sends too many is cut off.
 * @module
 */
import { McpError } from "./error.ts";

/** An event. */
export interface ServerEvent {
  /** Empty for one that only says where the stream stands. */
  readonly data: string;
  /** What to name to be sent what comes after it; `undefined` if it has none. */
  readonly id: string | undefined;
  /** How long to wait before asking for more, ms. */
  readonly retryMs: number | undefined;
}

/** UTF-16 units of one event, and of a whole stream. */
const EVENT_UNITS = 4 * 1024 * 1024;
const STREAM_UNITS = 16 * 1024 * 1024;
/** UTF-16 units of an event's id. */
const ID_UNITS = 1_000;

/** The events of a stream, as they come. @throws {McpError} `bad_answer` for too much */
export async function* serverEvents(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerEvent, void, undefined> {
  let data: string[] = [];
  let units = 0;
  let id: string | undefined;
  let retryMs: number | undefined;
  for await (const line of linesOf(body)) {
    if (line === "") {
      if (data.length > 0 || id !== undefined || retryMs !== undefined) {
        yield { data: data.join("\n"), id, retryMs };
      }
      data = [];
      units = 0;
      id = retryMs = undefined;
      continue;
    }
    const [, field = "", value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === "data") {
      units += value.length + 1;
      if (units > EVENT_UNITS) throw tooMuch();
      data.push(value);
    } else if (field === "id" && value.length <= ID_UNITS && !value.includes("\0")) id = value;
    else if (field === "retry" && /^\d{1,9}$/.test(value)) retryMs = Number(value);
  }
  // What has no empty line behind it was not sent to its end.
}

/** The lines of a stream. Only what is new is looked at, whatever the size of the pieces. */
async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let line = "";
  let units = 0;
  let endedByReturn = false;
  for await (const bytes of body) {
    let text = decoder.decode(bytes, { stream: true });
    if (text === "") continue;
    units += text.length;
    if (units > STREAM_UNITS) throw tooMuch();
    // The other half of an end of line that began in the piece before.
    if (endedByReturn && text.startsWith("\n")) text = text.slice(1);
    endedByReturn = text.endsWith("\r");
    const [first = "", ...more] = text.split(/\r\n|\r|\n/);
    line += first;
    for (const next of more) {
      yield line;
      line = next;
    }
    if (line.length > EVENT_UNITS) throw tooMuch();
  }
}

function tooMuch(): McpError {
  return new McpError("bad_answer", "it sends more than it may");
}
