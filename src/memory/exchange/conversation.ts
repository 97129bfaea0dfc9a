/**
 * A conversation with another assistant as notes.
 * @module
 */
import { freeName, freePiece } from "./free_name.ts";
import type { ImportItem } from "./import_item.ts";
import { isoTime, newFrontMatter, oneLine } from "./written_facts.ts";

/** The most characters of a note's body; a longer talk goes into several notes. */
const PART_CHARACTERS = 300_000;
const TITLE_BYTES = 100;

/** Where conversations come from. */
export type ChatService = "ChatGPT" | "Claude";

/** What one side said, as Markdown. */
export interface ChatTurn {
  readonly who: "person" | "assistant";
  /** Milliseconds since 1970. */
  readonly at: number | undefined;
  readonly text: string;
}

/** A conversation of an export: the branch that the person saw last. */
export interface Conversation {
  readonly service: ChatService;
  readonly id: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly created: number | undefined;
  readonly updated: number | undefined;
  readonly turns: readonly ChatTurn[];
}

/** The notes of a conversation, in the folder `base`; none if nothing was said. */
export function conversationItems(conversation: Conversation, base: string): ImportItem[] {
  const turns = joinedTurns(conversation.turns);
  const [first] = turns;
  if (first === undefined) return [];
  const { service, id } = conversation;
  const title = oneLine(conversation.title, 200) || oneLine(first.text, 60) || "untitled";
  const created = conversation.created ?? turns.find(({ at }) => at !== undefined)?.at;
  const updated = conversation.updated ?? turns.findLast(({ at }) => at !== undefined)?.at ??
    created;
  const day = created === undefined ? "" : isoTime(created).slice(0, 10);
  const folder = day === "" ? "undated" : day.slice(0, 4);
  const stem = [day, freePiece(title, TITLE_BYTES)].filter((piece) => piece !== "").join(" ");
  const bodies = partsOf(turns, service);
  return bodies.map((body, index) => {
    // The first part is called as a short talk is: a talk that grows too long keeps its note.
    const part = index === 0 ? "" : ` part ${index + 1}`;
    const source = `import ${service.toLowerCase()} ${id}${part}`;
    const which = bodies.length === 1 ? "" : ` (part ${index + 1} of ${bodies.length})`;
    const facts = newFrontMatter({
      summary: `${title}${which}`,
      keywords: [],
      created,
      updated,
      source,
    });
    const name = freeName(base, [folder, index === 0 ? stem : `${stem} (part ${index + 1})`]);
    const text = `${facts}\n# ${title}\n\n${body}`;
    return { source, name, text, version: `${title}${which}\n${body}`, place: "" };
  });
}

/** What one side said in several messages, with tools between them, is one turn. */
function joinedTurns(turns: readonly ChatTurn[]): ChatTurn[] {
  const joined: ChatTurn[] = [];
  for (const turn of turns) {
    const text = closedFence(turn.text.replaceAll("\r\n", "\n").trim());
    if (text === "") continue;
    const last = joined.at(-1);
    if (last?.who === turn.who) {
      joined[joined.length - 1] = { ...last, text: `${last.text}\n\n${text}` };
    } else joined.push({ ...turn, text });
  }
  return joined;
}

function partsOf(turns: readonly ChatTurn[], service: ChatService): string[] {
  const parts: string[] = [];
  let part = "";
  for (const turn of turns) {
    const when = turn.at === undefined
      ? ""
      : ` · ${isoTime(turn.at).slice(0, 16).replace("T", " ")}`;
    const heading = `### ${turn.who === "person" ? "You" : service}${when}\n\n`;
    for (const piece of piecesOf(turn.text)) {
      if (part !== "" && part.length + piece.length > PART_CHARACTERS) {
        parts.push(part);
        part = "";
      }
      part += `${part === "" ? "" : "\n"}${heading}${piece}\n`;
    }
  }
  return [...parts, part];
}

/** A text in pieces that fit into a note, cut at the ends of lines where there are some. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > PART_CHARACTERS) {
    const line = rest.lastIndexOf("\n", PART_CHARACTERS);
    const end = line > PART_CHARACTERS / 2 ? line : PART_CHARACTERS;
    pieces.push(closedFence(rest.slice(0, end).toWellFormed()));
    rest = rest.slice(end);
  }
  return [...pieces, rest];
}

/** Ends a code block that was left open: the next turn is not part of it. */
function closedFence(text: string): string {
  let open = "";
  for (const [, fence = "", rest = ""] of text.matchAll(/^ {0,3}(`{3,}|~{3,})(.*)$/gm)) {
    if (open === "") open = fence;
    else if (fence.startsWith(open) && rest.trim() === "") open = "";
  }
  return open === "" ? text : `${text}\n${open}`;
}

/** A code block that holds any text. */
export function fenced(text: string, language = ""): string {
  let length = 3;
  for (const [run] of text.matchAll(/`{3,}/g)) length = Math.max(length, run.length + 1);
  const fence = "`".repeat(length);
  return `${fence}${/^[\w+#.-]{1,30}$/.test(language) ? language : ""}\n${text}\n${fence}`;
}

/** What cannot be in a text, by its name: `*[image: a red fox]*`. */
export function placeholder(kind: string, name: string): string {
  const shown = name.replace(/[\p{Cc}\s[\]*_`]+/gu, " ").trim().slice(0, 200).toWellFormed();
  return shown === "" ? `*[${kind}]*` : `*[${kind}: ${shown}]*`;
}
