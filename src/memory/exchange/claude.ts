/**
 * What an export from Claude holds: conversations, projects with their documents, and its memory.
 * @module
 */
import { type ChatTurn, type Conversation, fenced, placeholder } from "./conversation.ts";
import { freeName, freePiece } from "./free_name.ts";
import type { ImportItem } from "./import_item.ts";
import { type Fields, fieldsOf, idOf, listOf, textOf, timeOf } from "./json_fields.ts";
import { type ImportFacts, newFrontMatter, oneLine } from "./written_facts.ts";

/** Whether an element of an export is a conversation. */
export function isClaude(element: Fields): boolean {
  return Array.isArray(element.get("chat_messages"));
}

/** Reads a conversation. `id` stands in where the export has none. */
export function readClaude(element: Fields, id: string): Conversation {
  return {
    service: "Claude",
    id: idOf(element.get("uuid")) || id,
    title: textOf(element.get("name")),
    created: timeOf(element.get("created_at")),
    updated: timeOf(element.get("updated_at")),
    turns: branchOf(element).flatMap(turnOf),
  };
}

/**
 * The messages of the branch that was seen last. Older exports are plain lists; newer ones name each
 * message's parent, and an edited question begins a branch.
 */
function branchOf(element: Fields): readonly Fields[] {
  const messages = listOf(element.get("chat_messages")).map(fieldsOf);
  const byId = new Map(messages.map((message) => [textOf(message.get("uuid")), message]));
  const parents = messages.map((message) => textOf(message.get("parent_message_uuid")));
  const known = parents.filter((parent) => byId.has(parent));
  const isTree = byId.size === messages.length && new Set(known).size < known.length;
  if (!isTree) return messages;
  const branch: Fields[] = [];
  const seen = new Set<string>();
  const leaf = textOf(element.get("current_leaf_message_uuid"));
  let id = byId.has(leaf) ? leaf : textOf(messages.at(-1)?.get("uuid"));
  for (let at = byId.get(id); at && !seen.has(id); at = byId.get(id)) {
    seen.add(id);
    branch.push(at);
    id = textOf(at.get("parent_message_uuid"));
  }
  return branch.reverse();
}

function turnOf(message: Fields): ChatTurn[] {
  const sender = textOf(message.get("sender"));
  if (sender !== "human" && sender !== "assistant") return [];
  const blocks = listOf(message.get("content")).map(blockText).filter((block) => block !== "");
  const said = blocks.length > 0 ? blocks : [withoutNotices(textOf(message.get("text")))];
  const files = [...listOf(message.get("attachments")), ...listOf(message.get("files"))]
    .map((file) => placeholder("attachment", textOf(fieldsOf(file).get("file_name"))));
  const text = [...said, ...files].filter((piece) => piece !== "").join("\n\n");
  if (text.trim() === "") return [];
  const who = sender === "human" ? "person" : "assistant";
  return [{ who, at: timeOf(message.get("created_at")), text }];
}

/** Text, and documents that were written beside the talk; tools and thoughts are left out. */
function blockText(block: unknown): string {
  const fields = fieldsOf(block);
  const type = textOf(fields.get("type"));
  if (type === "text") return textOf(fields.get("text"));
  if (type === "image") return placeholder("image", textOf(fields.get("file_name")));
  if (type !== "tool_use" || fields.get("name") !== "artifacts") return "";
  const input = fieldsOf(fields.get("input"));
  const content = textOf(input.get("content"));
  if (content === "") return "";
  const title = placeholder("document", textOf(input.get("title")) || textOf(input.get("id")));
  const isMarkdown = textOf(input.get("type")) === "text/markdown";
  return `${title}\n\n${isMarkdown ? content : fenced(content, textOf(input.get("language")))}`;
}

/** The older field `text` has a notice in place of each tool's call. */
function withoutNotices(text: string): string {
  return text.replace(/```\s*This block is not supported on your current device yet\.\s*```/g, "");
}

/** Whether an element is a project. */
export function isClaudeProject(element: Fields): boolean {
  return Array.isArray(element.get("docs")) && element.has("name") && element.has("uuid");
}

/** A project's description and instructions, and each of its documents. */
export function projectItems(element: Fields, id: string, base: string): ImportItem[] {
  const uuid = idOf(element.get("uuid")) || id;
  const title = oneLine(textOf(element.get("name")), 200) || "untitled";
  const folder = freePiece(title, 100);
  const instructions = textOf(element.get("prompt_template")).trim();
  const about = [
    textOf(element.get("description")).trim(),
    ...(instructions === "" ? [] : [`## Instructions\n\n${instructions}`]),
  ].filter((piece) => piece !== "").join("\n\n");
  const times = timesOf(element);
  const own = about === "" ? [] : [
    itemOf(base, [`projects`, folder, "project"], title, about, {
      summary: title,
      ...times,
      source: `import claude project ${uuid}`,
    }),
  ];
  const documents = listOf(element.get("docs")).map(fieldsOf).flatMap((document, index) => {
    const content = textOf(document.get("content"));
    if (content.trim() === "") return [];
    const name = oneLine(textOf(document.get("filename")), 200) || `document ${index + 1}`;
    const documentId = idOf(document.get("uuid")) || `${uuid}.${index + 1}`;
    return itemOf(
      base,
      ["projects", folder, name.replace(/\.(?:md|markdown|txt)$/i, "")],
      "",
      content,
      {
        summary: name,
        ...timesOf(document),
        source: `import claude document ${documentId}`,
      },
    );
  });
  return [...own, ...documents];
}

/** Whether an element is what Claude remembered of the person. */
export function isClaudeMemory(element: Fields): boolean {
  return element.has("conversations_memory") || element.has("project_memories");
}

/** Claude's memory: that of all conversations, and one of each project. */
export function memoryItems(element: Fields, id: string, base: string): ImportItem[] {
  const account = idOf(element.get("account_uuid")) || id;
  const all = textOf(element.get("conversations_memory")).trim();
  const projects = [...fieldsOf(element.get("project_memories"))].flatMap(([project, memory]) => {
    const text = textOf(memory).trim();
    const projectId = idOf(project);
    if (text === "" || projectId === "") return [];
    const source = `import claude project-memory ${projectId}`;
    const summary = "What Claude remembered of a project";
    return itemOf(base, ["memory", projectId], summary, text, { summary, source });
  });
  if (all === "") return projects;
  const summary = "What Claude remembered";
  const source = `import claude memory ${account}`;
  return [itemOf(base, ["memory"], summary, all, { summary, source }), ...projects];
}

function timesOf(fields: Fields): Pick<ImportFacts, "created" | "updated"> {
  return { created: timeOf(fields.get("created_at")), updated: timeOf(fields.get("updated_at")) };
}

function itemOf(
  base: string,
  pieces: readonly string[],
  title: string,
  content: string,
  facts: ImportFacts,
): ImportItem {
  const body = `${title === "" ? "" : `# ${title}\n\n`}${content}\n`;
  return {
    source: facts.source,
    name: freeName(base, pieces),
    text: `${newFrontMatter({ keywords: [], ...facts })}\n${body}`,
    version: body,
    place: "",
  };
}
