/**
 * A session as a document.
 * @module
 */
import type { Message, Part } from "../protocol/message.ts";
import type { DoneReason } from "../protocol/turn_event.ts";
import { closeFence, fenced } from "./fence.ts";
import type { SessionState, SessionTurn } from "./state.ts";

/** The version of the JSON that `exportJson` writes. */
export const EXPORT_VERSION = 1;

/** A session as Markdown, to be read by people. Images are named, not contained. */
export function exportMarkdown(state: SessionState): string {
  const title = oneLine(state.title) || "A conversation";
  const model = modelName(state);
  const created = `${state.created.slice(0, 16).replace("T", " ")} UTC`;
  const blocks = [
    `# ${title}`,
    `*${[created, model, `session ${state.id}`].filter((piece) => piece !== "").join(" · ")}*`,
    ...(state.system === "" ? [] : ["## Instructions", closeFence(state.system)]),
    ...state.turns.flatMap(turnBlocks),
  ];
  return `${blocks.map((block) => block.trimEnd()).join("\n\n")}\n`;
}

/**
 * A session as JSON, with a final line feed: `format` is `pyra-session`, `version` 1, then the fields
 * of `SessionState` but its warnings. Images are contained.
 */
export function exportJson(state: SessionState): string {
  const { warnings: _warnings, ...session } = state;
  return `${
    JSON.stringify({ format: "pyra-session", version: EXPORT_VERSION, ...session }, null, 2)
  }\n`;
}

const WHY_IT_ENDED: Readonly<Record<DoneReason, string>> = {
  stop: "",
  length: "it reached the output limit",
  cancelled: "it was cancelled",
  error: "an error",
  tool_rounds: "too many rounds of tools",
  filtered: "the provider filtered it",
};

function turnBlocks(turn: SessionTurn): string[] {
  const names = new Map(
    turn.answer.flatMap((message) => message.role === "assistant" ? message.tool_calls : [])
      .map((call) => [call.id, call.name]),
  );
  return [
    isOurs(turn.question) ? "## Pyra, for the plan" : "## You",
    ...turn.question.map(partBlock),
    `## ${modelName(turn) || "Answer"}`,
    ...turn.answer.flatMap((message) => messageBlocks(message, names, turn.outputs ?? {})),
    ...endBlocks(turn),
  ];
}

/** Whether only this program asks, such as for a step of a plan. */
function isOurs(question: readonly Part[]): boolean {
  return question.length > 0 && question.every(({ origin }) => origin?.kind === "pyra");
}

function partBlock(part: Part): string {
  return part.type === "text" ? closeFence(part.text) : `*Image: ${oneLine(part.name ?? "image")}*`;
}

/** @param outputs results that the message holds only a part of */
function messageBlocks(
  message: Message,
  names: ReadonlyMap<string, string>,
  outputs: Readonly<Record<string, string>>,
): string[] {
  switch (message.role) {
    case "assistant":
      return [
        ...(message.text === "" ? [] : [closeFence(message.text)]),
        ...message.tool_calls.flatMap((call) => [
          `**Runs ${oneLine(call.name)}**`,
          fenced(call.arguments, "json"),
        ]),
      ];
    case "tool":
      return [
        `**Result of ${oneLine(names.get(message.call_id) ?? "a tool")}**`,
        fenced(
          Object.hasOwn(outputs, message.call_id) ? outputs[message.call_id] ?? "" : message.text,
        ),
      ];
    case "user":
      return message.parts.map(partBlock);
    case "system":
      return [];
  }
}

function endBlocks({ finish, error }: SessionTurn): string[] {
  const why = finish === undefined ? "Pyra was killed" : WHY_IT_ENDED[finish];
  if (why === "") return [];
  return [`*The answer ends here: ${why}${error === undefined ? "" : ` (${oneLine(error)})`}.*`];
}

/** A model as the reader knows it, such as `openai/gpt-5`; empty if it is not known. */
function modelName({ provider, model }: { provider: string; model: string }): string {
  return oneLine([provider, model].filter((piece) => piece !== "").join("/"));
}

/** Text that cannot leave its line, nor be taken for Markdown. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().replace(/[\\`*_[\]<>#]/g, "\\$&");
}
