/**
 * Conversations of an export from ChatGPT: each is a tree of messages, in which an edited question
 * begins a new branch and `current_node` is the end of the branch that was seen last.
 * @module
 */
import { type ChatTurn, type Conversation, fenced, placeholder } from "./conversation.ts";
import { type Fields, fieldsOf, idOf, listOf, textOf, timeOf } from "./json_fields.ts";

/** Whether an element of an export is such a conversation. */
export function isChatGpt(element: Fields): boolean {
  return fieldsOf(element.get("mapping")).size > 0 || Array.isArray(element.get("mapping"));
}

/** Reads a conversation. `id` stands in where the export has none. */
export function readChatGpt(element: Fields, id: string): Conversation {
  return {
    service: "ChatGPT",
    id: idOf(element.get("conversation_id")) || idOf(element.get("id")) || id,
    title: textOf(element.get("title")),
    created: timeOf(element.get("create_time")),
    updated: timeOf(element.get("update_time")),
    turns: currentBranch(element).flatMap(turnOf),
  };
}

/** The messages from the first one to the current one. */
function currentBranch(element: Fields): Fields[] {
  const nodes = fieldsOf(element.get("mapping"));
  const branch: Fields[] = [];
  const seen = new Set<string>();
  let id = textOf(element.get("current_node"));
  if (!nodes.has(id)) id = latestLeaf(nodes);
  // A damaged tree may be a circle.
  while (nodes.has(id) && !seen.has(id)) {
    seen.add(id);
    const node = fieldsOf(nodes.get(id));
    const message = fieldsOf(node.get("message"));
    if (message.size > 0) branch.push(message);
    id = textOf(node.get("parent"));
  }
  return branch.reverse();
}

/** The last message of the newest branch. */
function latestLeaf(nodes: Fields): string {
  let leaf = "";
  let latest = -1;
  for (const [id, node] of nodes) {
    const fields = fieldsOf(node);
    if (listOf(fields.get("children")).length > 0) continue;
    const at = timeOf(fieldsOf(fields.get("message")).get("create_time")) ?? 0;
    if (at >= latest) [leaf, latest] = [id, at];
  }
  return leaf;
}

/** What the person or the assistant said; nothing for instructions, tools and what was not shown. */
function turnOf(message: Fields): ChatTurn[] {
  const metadata = fieldsOf(message.get("metadata"));
  if (metadata.get("is_visually_hidden_from_conversation") === true) return [];
  if (message.get("weight") === 0) return [];
  const role = textOf(fieldsOf(message.get("author")).get("role"));
  const content = fieldsOf(message.get("content"));
  const text = role === "user"
    ? [shownText(content), ...attachments(metadata)]
    : role === "assistant"
    ? [answerText(message, content)]
    : role === "tool"
    ? pictures(content)
    : [];
  const whole = withoutMarkers(text.filter((piece) => piece !== "").join("\n\n"));
  if (whole.trim() === "") return [];
  const who = role === "user" ? "person" : "assistant";
  return [{ who, at: timeOf(message.get("create_time")), text: whole }];
}

function answerText(message: Fields, content: Fields): string {
  const recipient = textOf(message.get("recipient")) || "all";
  if (recipient === "all") return shownText(content);
  return recipient === "canmore.create_textdoc" ? canvasText(content) : "";
}

/** A document that was written beside the talk. */
function canvasText(content: Fields): string {
  const source = textOf(content.get("text")) || shownText(content);
  const parsed = fieldsOf(parsedJson(source));
  const body = textOf(parsed.get("content"));
  if (body === "") return "";
  const [, language = ""] = /^code\/(.+)$/.exec(textOf(parsed.get("type"))) ?? [];
  const title = placeholder("document", textOf(parsed.get("name")));
  return `${title}\n\n${language === "" ? body : fenced(body, language)}`;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The kinds of content that are part of the talk. Thoughts, quotes of pages and the like are not. */
function shownText(content: Fields): string {
  switch (textOf(content.get("content_type"))) {
    case "code":
      return fenced(textOf(content.get("text")), knownLanguage(textOf(content.get("language"))));
    case "text":
    case "multimodal_text":
    case "":
      return listOf(content.get("parts")).map(partText).filter((part) => part !== "").join("\n\n");
    default:
      return "";
  }
}

function knownLanguage(language: string): string {
  return language === "unknown" ? "" : language;
}

function partText(part: unknown): string {
  if (typeof part === "string") return textOf(part);
  const fields = fieldsOf(part);
  const type = textOf(fields.get("content_type"));
  if (type === "audio_transcription") return textOf(fields.get("text"));
  if (type === "image_asset_pointer") {
    const prompt = textOf(fieldsOf(fieldsOf(fields.get("metadata")).get("dalle")).get("prompt"));
    return placeholder("image", prompt || assetName(fields));
  }
  if (type.includes("audio")) return "";
  return type === "" ? textOf(fields.get("text")) : placeholder("file", assetName(fields));
}

/** Pictures that a tool made for the answer. */
function pictures(content: Fields): string[] {
  return listOf(content.get("parts")).filter((part) =>
    fieldsOf(part).get("content_type") === "image_asset_pointer"
  ).map(partText);
}

function attachments(metadata: Fields): string[] {
  return listOf(metadata.get("attachments")).map(fieldsOf)
    .filter((file) => !/^image\//.test(textOf(file.get("mime_type") ?? file.get("mimeType"))))
    .map((file) => placeholder("attachment", textOf(file.get("name")) || textOf(file.get("id"))));
}

/** `file-service://file-abc` or `sediment://file_abc` as `file-abc`. */
function assetName(part: Fields): string {
  return textOf(part.get("asset_pointer")).replace(/^[a-z-]+:\/\//, "");
}

/** References to sources that only ChatGPT's own page can show, set in private characters. */
function withoutMarkers(text: string): string {
  return text.replace(/\ue200[^\ue200\ue201]{0,2000}\ue201/g, "").replace(/[\ue200-\ue2ff]/g, "");
}
