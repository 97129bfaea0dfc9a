/**
 * The dialect that most providers speak: OpenAI's chat completions, through the `openai` package.
 * @module
 */
import type { ModelEvent, ModelRequest } from "../protocol/model.ts";
import type { Connection } from "./connection.ts";
import {
  badAnswer,
  errorInStream,
  type ProviderError,
  streamBroken,
  type Subject,
} from "./errors.ts";
import { field, parseJson } from "./json_fields.ts";
import { Answer } from "./openai_answer.ts";
import { clientError, OpenAiClient, Refusal } from "./openai_client.ts";
import { adapt, chatBody, firstStyle, type Style, ToolNames } from "./openai_request.ts";

/** One parameter after the other may be refused; each is given up once. */
const MAX_ADAPTATIONS = 3;

interface Answered {
  /** A stream that no one has read yet, or the body: parsed, or as text if not named as JSON. */
  readonly data: unknown;
  readonly response: Response;
}

interface Asked {
  readonly subject: Subject;
  readonly signal: AbortSignal;
  /** @throws the signal's reason, if the person ended it */
  readonly failure: (thrown: unknown) => ProviderError;
}

/** Asks one provider, and remembers what it does not take. */
export class OpenAiDialect {
  readonly #connection: Connection;
  readonly #client: OpenAiClient;
  #style: Style;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#client = new OpenAiClient(connection);
    this.#style = firstStyle(connection.entry);
  }

  /** Streams one answer. @throws {ProviderError} the signal's reason */
  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    const { entry, baseUrl, now } = this.#connection;
    const subject: Subject = { entry, baseUrl, model: request.model };
    const failure = (thrown: unknown): ProviderError => {
      signal.throwIfAborted();
      return clientError(subject, thrown, now());
    };
    const names = new ToolNames(request.tools);
    const answer = new Answer((wire) => names.offered(wire));
    const left = new AbortController();
    const before = this.#style;
    try {
      const { data, response } = await this.#send(
        request,
        names,
        AbortSignal.any([signal, left.signal]),
      );
      const { model, temperature } = request;
      if (temperature !== undefined && before.temperature && !this.#style.temperature) {
        yield { type: "warning", message: `${model} takes no temperature; it was left out` };
      }
      if (before.tools && !this.#style.tools) {
        yield { type: "warning", message: `${model} takes no tools; it answers without them` };
      }
      if (!isStream(data)) {
        yield* takeWhole(subject, data, answer);
      } else if (/json|html/i.test(response.headers.get("content-type") ?? "")) {
        // Some answer in one piece although asked to stream.
        yield* takeWhole(subject, await response.text(), answer);
      } else {
        yield* takeChunks({ subject, signal, failure }, data, answer);
      }
      yield* answer.end();
    } catch (thrown) {
      throw failure(thrown);
    } finally {
      // Whoever leaves early hangs up.
      left.abort();
    }
  }

  async #send(request: ModelRequest, names: ToolNames, signal: AbortSignal): Promise<Answered> {
    for (let adaptations = 0;; adaptations++) {
      const body = chatBody(request, this.#style, names);
      try {
        return await this.#client.chat.completions.create(body, { signal }).withResponse();
      } catch (thrown) {
        if (!(thrown instanceof Refusal) || adaptations === MAX_ADAPTATIONS) throw thrown;
        const style = adapt(this.#style, body, thrown.failure);
        if (style === undefined) throw thrown;
        this.#style = style;
      }
    }
  }
}

function isStream(data: unknown): data is AsyncIterable<unknown> {
  return typeof data === "object" && data !== null && Symbol.asyncIterator in data;
}

async function* takeChunks(
  { subject, signal, failure }: Asked,
  chunks: AsyncIterable<unknown>,
  answer: Answer,
): AsyncGenerator<ModelEvent> {
  let broken: ProviderError | undefined;
  try {
    for await (const chunk of chunks) yield* answer.takeChunk(chunk);
    // An abort ends the loop as if the answer had ended.
    signal.throwIfAborted();
  } catch (thrown) {
    broken = failure(thrown);
  }
  if (answer.isFinished || (broken === undefined && answer.isCounted)) return;
  if (!answer.hasBegun) throw broken ?? badAnswer(subject, "it is empty");
  yield* answer.usage();
  const why = broken?.message ?? "the server ended the stream";
  yield { type: "warning", message: `${why}; the answer is not whole` };
  throw streamBroken(subject, broken);
}

function* takeWhole(subject: Subject, data: unknown, answer: Answer): Generator<ModelEvent> {
  const body = typeof data === "string" ? parseJson(data) : data;
  const error = field(body, "error");
  if (error !== undefined) throw errorInStream(subject, { error });
  const isAnswer = yield* answer.takeWhole(body);
  if (!isAnswer) {
    throw badAnswer(subject, body === undefined ? "it is no JSON" : "it has no message");
  }
}
