/**
 * A `ModelRequest` as the body of an OpenAI chat completion. Small on purpose: what a server assumes
 * by itself is not sent.
 * @module
 */
import type OpenAI from "openai";
import type { Message, Part, ToolDescription } from "../protocol/message.ts";
import type { ModelRequest } from "../protocol/model.ts";
import { type HttpFailure, refusesParameter, refusesTools } from "./error_body.ts";
import { parseJson } from "./json_fields.ts";
import type { ProviderEntry } from "./table.ts";

/** The body of a request. */
export type ChatBody = OpenAI.Chat.ChatCompletionCreateParams;

/** What servers disagree about. */
export interface Style {
  readonly limit: "max_tokens" | "max_completion_tokens";
  /** Whether usage is asked for in a stream. */
  readonly streamOptions: boolean;
  readonly temperature: boolean;
  readonly tools: boolean;
}

/** How a provider is spoken to first. */
export function firstStyle({ id }: ProviderEntry): Style {
  const isOpenAi = id === "openai" || id === "azure";
  return {
    limit: isOpenAi ? "max_completion_tokens" : "max_tokens",
    streamOptions: true,
    temperature: true,
    tools: true,
  };
}

/** How to speak to a server that refused a parameter; undefined if that was not why. */
export function adapt(style: Style, body: ChatBody, failure: HttpFailure): Style | undefined {
  const refused = (name: keyof ChatBody) => name in body && refusesParameter(failure, name);
  if (refused("stream_options")) return { ...style, streamOptions: false };
  if (refused("temperature")) return { ...style, temperature: false };
  if (refused("max_completion_tokens")) return { ...style, limit: "max_tokens" };
  if (refused("max_tokens")) return { ...style, limit: "max_completion_tokens" };
  if ("tools" in body && (refused("tools") || refusesTools(failure))) {
    return { ...style, tools: false };
  }
  return undefined;
}

/** The body of a request. */
export function chatBody(request: ModelRequest, style: Style, names: ToolNames): ChatBody {
  const { model, temperature, max_output_tokens: limit, tools = [] } = request;
  const shared = {
    model,
    messages: request.messages.map((message) => chatMessage(message, names)),
    ...(tools.length === 0 || !style.tools
      ? {}
      : { tools: tools.map((tool) => chatTool(tool, names)) }),
    ...(temperature === undefined || !style.temperature ? {} : { temperature }),
    ...(limit === undefined ? {} : { [style.limit]: limit }),
  };
  if (request.stream === false) return shared;
  return {
    ...shared,
    stream: true,
    ...(style.streamOptions ? { stream_options: { include_usage: true } } : {}),
  };
}

function chatMessage(
  message: Message,
  names: ToolNames,
): OpenAI.Chat.ChatCompletionMessageParam {
  switch (message.role) {
    case "system":
      return { role: "system", content: message.text };
    case "user":
      return { role: "user", content: userContent(message.parts) };
    case "tool":
      return { role: "tool", tool_call_id: message.call_id, content: message.text };
    case "assistant": {
      if (message.tool_calls.length === 0) return { role: "assistant", content: message.text };
      const tool_calls = message.tool_calls.map((call) => ({
        id: call.id,
        type: "function" as const,
        function: {
          name: names.onWire(call.name),
          // Some servers parse them and refuse the whole history if the model wrote them wrong.
          arguments: parseJson(call.arguments) === undefined ? "{}" : call.arguments,
        },
      }));
      return { role: "assistant", content: message.text || null, tool_calls };
    }
  }
}

/** Text alone goes as a string: not every server takes parts. */
function userContent(
  parts: readonly Part[],
): string | OpenAI.Chat.ChatCompletionContentPart[] {
  const texts = parts.flatMap((part) => part.type === "text" ? [part.text] : []);
  if (texts.length === parts.length) return texts.join("\n\n");
  return parts.map((part) =>
    part.type === "text" ? { type: "text", text: part.text } : {
      type: "image_url",
      image_url: { url: `data:${part.media_type};base64,${part.data}` },
    }
  );
}

function chatTool(tool: ToolDescription, names: ToolNames): OpenAI.Chat.ChatCompletionTool {
  const { description, parameters } = tool;
  const name = names.onWire(tool.name);
  return { type: "function", function: { name, description, parameters: { ...parameters } } };
}

/** Tools are called `<plugin>.<tool>`; on the wire a name has letters, digits, `_` and `-` only. */
export class ToolNames {
  readonly #toWire = new Map<string, string>();
  readonly #fromWire = new Map<string, string>();

  constructor(tools: readonly ToolDescription[] = []) {
    for (const { name } of tools) {
      const plain = wireName(name);
      let wire = plain;
      for (let twin = 2; this.#fromWire.has(wire); twin++) wire = `${plain.slice(0, 60)}_${twin}`;
      this.#toWire.set(name, wire);
      this.#fromWire.set(wire, name);
    }
  }

  /** The name to send. */
  onWire(name: string): string {
    return this.#toWire.get(name) ?? wireName(name);
  }

  /** The tool that a received name means; a name that was not offered stays as it is. */
  offered(wire: string): string {
    return this.#fromWire.get(wire) ?? wire;
  }
}

function wireName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 64) || "_";
}
