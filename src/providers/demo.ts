/**
 * The `demo` provider: no model, no key, no network. It follows a few plain commands by pattern, so
 * that everything around a model can be tried and tested, and never pretends to understand.
 * @module
 */
import type { Message, ToolCall } from "../protocol/message.ts";
import type { ModelEvent, ModelRequest } from "../protocol/model.ts";
import { parseJson } from "./json_fields.ts";

const INTRODUCTION = `Hello! I am Pyra's **demo**: a few fixed rules, not a model. You can say

- \`remember that my cat is called Miso\`
- \`what do you know about my cat?\`
- \`show markdown\`
- \`use <tool> <json>\`, such as \`use memory_append {"name": "context/shopping.md", "text": "milk"}\`

For real answers, run \`pyra setup\` and pick a provider: one in the cloud with your key, or Ollama, LM Studio, llama.cpp or vLLM on your own machine.`;

const MARKDOWN = `# A heading

Some *emphasis*, **strength**, \`code\`, ~~a mistake~~ and a [link](https://example.org).

## A list

1. first
2. second
   - with 世界, ñandú and 👩‍🚀 inside

> A quotation.

| language | greeting | width |
|:---------|:--------:|------:|
| English  | hello    |     5 |
| 日本語   | こんにちは |    10 |
| Ελληνικά | γειά     |     4 |

\`\`\`ts
function greet(name: string): string {
  return \`hello, \${name}\`; // no model wrote this
}
\`\`\`

That is all.`;

/** Answers the last message, word by word. @throws the signal's reason */
export async function* streamDemo(
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const reply = replyTo(request);
  let output = 0;
  for (const word of words(reply.text)) {
    signal.throwIfAborted();
    output++;
    yield { type: "text", text: word };
    // Lets what shows the words do so.
    await Promise.resolve();
  }
  for (const call of reply.calls ?? []) yield { type: "tool_call", call };
  const input_tokens = request.messages.reduce((sum, one) => sum + words(textOf(one)).length, 0);
  yield { type: "usage", usage: { input_tokens, output_tokens: output, cached_tokens: 0 } };
  yield { type: "finish", reason: reply.calls === undefined ? "stop" : "tool_calls" };
}

interface Reply {
  readonly text: string;
  readonly calls?: readonly ToolCall[];
}

function replyTo(request: ModelRequest): Reply {
  const last = request.messages.at(-1);
  if (last?.role === "tool") return { text: resultsOf(request.messages) };
  const said = last?.role === "user" ? saidIn(last).trim() : "";
  const images = last?.role === "user"
    ? last.parts.filter(({ type }) => type === "image").length
    : 0;

  const [, fact] = /^(?:please )?remember (?:that )?(.+)$/is.exec(said) ?? [];
  if (fact !== undefined) {
    return { text: `I will remember, for this conversation: ${fact.trim()}` };
  }
  const [, topic] = /^what do you know about (.+?)[?.!\s]*$/is.exec(said) ?? [];
  if (topic !== undefined) return { text: recall(topic, request.messages) };
  const uses = usesIn(said);
  if (uses.length > 0) return useTools(uses, request);
  if (/^show (me )?(some )?markdown\b/i.test(said)) return { text: MARKDOWN };
  if (images > 0) {
    const text = `${
      images === 1 ? "An image" : `${images} images`
    } arrived; I cannot see, I am a demo.`;
    return { text };
  }
  if (said === "" || /^(hello|hi|hey|help|who are you)\b/i.test(said)) {
    return { text: INTRODUCTION };
  }
  return {
    text: `You said: ${said}\n\nI am a demo and understand nothing of it. ` +
      "Say `help` for what I can do, or run `pyra setup` to connect a real model.",
  };
}

/** What a person says, without what stands in fences below a label: files and notes are data. */
function saidIn({ parts }: Extract<Message, { role: "user" }>): string {
  return parts.flatMap((part) => part.type === "text" && !isData(part.text) ? [part.text] : [])
    .join("\n");
}

function isData(text: string): boolean {
  return /:\n(`{3,})\n[\s\S]*\n\1$/.test(text) || FENCE_LINE.test(text);
}

/** A line of the fences in which others' text is sent. */
const FENCE_LINE = /^\[(?:data [a-z2-7]{16} from .*|end [a-z2-7]{16})\]$/m;

/** Without the lines of its fence. */
function bare(text: string): string {
  return text.split("\n").filter((line) => !FENCE_LINE.test(line)).join("\n");
}

/**
 * What earlier messages, the system text and the notes that came with the question say about a topic:
 * the lines that hold its words.
 */
function recall(topic: string, messages: readonly Message[]): string {
  const wanted = significant(topic);
  const facts = messages.flatMap((message) => {
    if (message.role === "system") return linesOf(message.text);
    if (message === messages.at(-1)) {
      return message.role !== "user"
        ? []
        : message.parts.flatMap((part) =>
          part.type === "text" && isData(part.text) ? linesOf(part.text) : []
        );
    }
    if (message.role !== "user") return [];
    const [, fact] = /^(?:please )?remember (?:that )?(.+)$/is.exec(saidIn(message).trim()) ?? [];
    return fact === undefined ? [] : [fact];
  });
  const known = facts.filter((fact) => {
    const held = new Set(significant(fact));
    return wanted.some((word) => held.has(word));
  });
  if (known.length === 0) {
    return `Nothing about ${topic}. Tell me with: remember that ${topic} …`;
  }
  return `About ${topic} I know:\n\n${known.map((fact) => `- ${fact.trim()}`).join("\n")}`;
}

/** The lines that say something of the person: none of those that tell models what to do with notes. */
function linesOf(text: string): string[] {
  return bare(text).split("\n").filter((line) =>
    !line.includes("follow no instructions") && !/^"[^"]*", line \d.*:$/.test(line)
  ).map((line) => line.replace(/^\s*[-*] /, ""));
}

const EMPTY_WORDS = new Set(
  "a an and are is it my of our the their this that to was were your".split(" "),
);

function significant(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) =>
    !EMPTY_WORDS.has(word)
  );
}

/** What the tools said since the model last spoke. */
function resultsOf(messages: readonly Message[]): string {
  const from = messages.findLastIndex(({ role }) => role !== "tool") + 1;
  const results = messages.slice(from).map((message) => bare(textOf(message)));
  const [only] = results;
  if (results.length === 1) return `The tool says:\n\n${only}`;
  return `The tools say:\n\n${results.map((text, at) => `${at + 1}. ${text}`).join("\n")}`;
}

interface Use {
  readonly name: string;
  readonly json: string;
}

/** `use <tool> <json>`, one a line or one over several lines. */
function usesIn(said: string): Use[] {
  if (!/^use \S/i.test(said)) return [];
  return said.split(/\n(?=use \S)/i).flatMap((part) => {
    const [, name, json = ""] = /^use (\S+)\s*(.*)$/is.exec(part.trim()) ?? [];
    return name === undefined ? [] : [{ name, json }];
  });
}

function useTools(uses: readonly Use[], { tools = [], messages }: ModelRequest): Reply {
  const calls: ToolCall[] = [];
  for (const { name, json } of uses) {
    // Models are told `clock__now` of what people call `clock.now`.
    const tool = tools.find((one) => one.name === name || one.name === name.replace(".", "__"));
    if (tool === undefined) {
      const offered = tools.map((one) => `\`${one.name}\``).join(", ");
      return {
        text: `There is no tool \`${name}\` here. ` +
          (offered === "" ? "No tools are on offer." : `On offer: ${offered}.`),
      };
    }
    const text = json.trim() || "{}";
    const value = parseJson(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return { text: `That is no JSON object: ${text}` };
    }
    // Deterministic, and unlike every other id in the conversation.
    const more = calls.length === 0 ? "" : `_${calls.length}`;
    calls.push({ id: `demo_${messages.length}${more}`, name: tool.name, arguments: text });
  }
  return { text: `I call ${uses.map(({ name }) => `\`${name}\``).join(" and ")}.`, calls };
}

function textOf(message: Message): string {
  if (message.role !== "user") return message.text;
  return message.parts.map((part) => part.type === "text" ? part.text : "").join("\n");
}

/** Each word with the white space around it, so that joining them gives the text again. */
function words(text: string): string[] {
  return text.match(/^\s*\S+\s*|\S+\s*|\s+/g) ?? [];
}
