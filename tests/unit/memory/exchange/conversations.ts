/**
 * Made-up conversations in the shapes that ChatGPT and Claude export.
 * @module
 */

/** One message of a conversation: who says what, and what else stands in it. */
export interface MadeMessage {
  readonly role: string;
  readonly text?: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** 31 January 2024, 10:00 UTC, in seconds. */
export const BEGIN_S = Date.UTC(2024, 0, 31, 10) / 1000;

/** A conversation of ChatGPT's: a tree with one branch. */
export function chatGpt(
  title: string,
  messages: readonly MadeMessage[],
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const mapping: Record<string, unknown> = {
    root: { id: "root", message: null, parent: null, children: ["m0"] },
  };
  messages.forEach(({ role, text, more }, index) => {
    mapping[`m${index}`] = {
      id: `m${index}`,
      parent: index === 0 ? "root" : `m${index - 1}`,
      children: index + 1 < messages.length ? [`m${index + 1}`] : [],
      message: {
        id: `m${index}`,
        author: { role, name: null, metadata: {} },
        create_time: BEGIN_S + index * 60,
        content: { content_type: "text", parts: [text ?? ""] },
        weight: 1,
        metadata: {},
        recipient: "all",
        ...more,
      },
    };
  });
  return {
    title,
    create_time: BEGIN_S,
    update_time: BEGIN_S + 3600,
    mapping,
    current_node: `m${messages.length - 1}`,
    conversation_id: `gpt-${title.toLowerCase().replace(/\W+/g, "-")}`,
    ...more,
  };
}

/** A conversation of Claude's. */
export function claude(
  name: string,
  messages: readonly MadeMessage[],
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    uuid: `claude-${name.toLowerCase().replace(/\W+/g, "-")}`,
    name,
    created_at: "2024-02-01T08:00:00.000000Z",
    updated_at: "2024-02-02T09:30:00.000000Z",
    account: { uuid: "account-1" },
    chat_messages: messages.map(({ role, text, more }, index) => ({
      uuid: `${name}-${index}`,
      sender: role,
      text: text ?? "",
      content: text === undefined ? [] : [{ type: "text", text }],
      created_at: `2024-02-01T08:0${index}:00.000000Z`,
      attachments: [],
      files: [],
      ...more,
    })),
    ...more,
  };
}

/** A question and an answer. */
export function talk(question: string, answer: string, assistant = "assistant"): MadeMessage[] {
  const person = assistant === "assistant" ? "user" : "human";
  return [{ role: person, text: question }, { role: "assistant", text: answer }];
}
