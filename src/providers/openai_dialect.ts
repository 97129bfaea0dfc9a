/**
 * The dialect that most providers speak: OpenAI's chat completions. The `openai` package gives the
 * wire's types and the decoder of its streams. Its client is left out: that would load every other
 * API (20 ms), retry by itself, read the environment and tell servers about this machine.
 * @module
 */
import type OpenAI from "openai";
import { Stream } from "openai/core/streaming";
import type { ModelEvent, ModelRequest } from "../protocol/model.ts";
import { type Connection, Exchange } from "./connection.ts";
import {
  badAnswer,
  errorInStream,
  httpError,
  ProviderError,
  streamBroken,
  type Subject,
} from "./errors.ts";
import { field, parseJson } from "./json_fields.ts";
import { Answer } from "./openai_answer.ts";
import { adapt, chatBody, firstStyle, type Style, ToolNames } from "./openai_request.ts";

/** One parameter after the other may be refused; each is given up once. */
const MAX_ADAPTATIONS = 3;

/** The decoder logs what it cannot read unless its client has no logger. */
const NO_LOGGER = {} as OpenAI;
/** Chunks as they are, without the names of their events. */
const WITH_EVENT_NAMES = false;

/** Asks one provider, and remembers what it does not take. */
export class OpenAiDialect {
  readonly #connection: Connection;
  #style: Style;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#style = firstStyle(connection.entry);
  }

  /** Streams one answer. @throws {ProviderError} the signal's reason */
  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    const { entry, baseUrl } = this.#connection;
    const subject: Subject = { entry, baseUrl, model: request.model };
    const names = new ToolNames(request.tools);
    using exchange = new Exchange(this.#connection, subject, signal);
    const hadTemperature = this.#style.temperature;
    const response = await this.#send(exchange, subject, request, names);
    if (request.temperature !== undefined && hadTemperature && !this.#style.temperature) {
      yield { type: "warning", message: `${request.model} takes no temperature; it was left out` };
    }
    const answer = new Answer((wire) => names.offered(wire));
    // Not every server names a stream as one, and some answer in one piece although asked to stream.
    const isWhole = /json|html/i.test(response.headers.get("content-type") ?? "");
    if (isWhole || request.stream === false) yield* takeWhole(exchange, subject, response, answer);
    else yield* takeStream(exchange, subject, response, answer);
    yield* answer.end();
  }

  async #send(
    exchange: Exchange,
    subject: Subject,
    request: ModelRequest,
    names: ToolNames,
  ): Promise<Response> {
    for (let adaptations = 0;; adaptations++) {
      const body = chatBody(request, this.#style, names);
      const response = await exchange.send("chat/completions", body);
      if (response.ok) return response;
      const failure = await exchange.refusal(response);
      const style = adaptations < MAX_ADAPTATIONS ? adapt(this.#style, body, failure) : undefined;
      if (style === undefined) throw httpError(subject, failure, this.#connection.now());
      this.#style = style;
    }
  }
}

async function* takeStream(
  exchange: Exchange,
  subject: Subject,
  response: Response,
  answer: Answer,
): AsyncGenerator<ModelEvent> {
  let failure: ProviderError | undefined;
  try {
    const { controller } = exchange;
    const chunks = Stream.fromSSEResponse(
      response,
      controller,
      NO_LOGGER,
      WITH_EVENT_NAMES,
      "events",
    );
    for await (const chunk of chunks) {
      const error = field(chunk, "error");
      if (error !== undefined) throw errorInStream(subject, { error });
      yield* answer.takeChunk(chunk);
    }
    exchange.throwIfEnded();
  } catch (thrown) {
    if (thrown instanceof ProviderError) failure = thrown;
    else if (thrown instanceof SyntaxError) failure = badAnswer(subject, "broken JSON", thrown);
    else failure = exchange.failure(thrown);
  }
  if (answer.isFinished || (failure === undefined && answer.isCounted)) return;
  if (!answer.hasBegun) throw failure ?? badAnswer(subject, "it is empty");
  yield* answer.usage();
  const why = failure?.message ?? "the server ended the stream";
  yield { type: "warning", message: `${why}; the answer is not whole` };
  throw streamBroken(subject, failure);
}

async function* takeWhole(
  exchange: Exchange,
  subject: Subject,
  response: Response,
  answer: Answer,
): AsyncGenerator<ModelEvent> {
  const body = parseJson(await exchange.text(response));
  const error = field(body, "error");
  if (error !== undefined) throw errorInStream(subject, { error });
  const isAnswer = yield* answer.takeWhole(body);
  if (!isAnswer) {
    throw badAnswer(subject, body === undefined ? "it is no JSON" : "it has no message");
  }
}
