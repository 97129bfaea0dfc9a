/**
 * The JSON files of an export from ChatGPT, Claude or Pyra, told apart by what is in them.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import { isChatGpt, readChatGpt } from "./chatgpt.ts";
import {
  isClaude,
  isClaudeMemory,
  isClaudeProject,
  memoryItems,
  projectItems,
  readClaude,
} from "./claude.ts";
import { conversationItems } from "./conversation.ts";
import type { ImportItem, ImportPiece } from "./import_item.ts";
import { shortHash } from "./import_state.ts";
import { jsonElements } from "./json_elements.ts";
import { type Fields, fieldsOf, listOf } from "./json_fields.ts";
import { isPyraNote, pyraNoteItem } from "./pyra_note.ts";
import type { SourceTree } from "./source_tree.ts";

/** The largest element (a conversation, a note) that is read, bytes. */
const ELEMENT_LIMIT_BYTES = 64 * 1024 * 1024;
/** The largest file, bytes; it is never in the memory as a whole. */
const FILE_LIMIT_BYTES = 2 * 1024 * 1024 * 1024;
const NOTE_BYTES = 4 * 1024 * 1024;

/** Reads these files of an export. `category` is the person's; without it the notes say where they go. */
export async function* chatPieces(
  tree: SourceTree,
  paths: readonly string[],
  options: { readonly category: string | undefined; readonly signal: AbortSignal },
): AsyncGenerator<ImportPiece> {
  const sizes = await Promise.all(paths.map((path) => tree.size(path)));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let before = 0;
  for (const [index, path] of paths.entries()) {
    const size = sizes[index] ?? 0;
    if (size > FILE_LIMIT_BYTES) {
      const message = "the file is larger than 2 GB: split it";
      yield { kind: "skip", reason: "too_large", path, message };
    } else {
      for await (const piece of filePieces(tree, path, options)) {
        yield piece.kind === "progress"
          ? { kind: "progress", done: before + piece.done, total }
          : piece;
      }
    }
    before += size;
    yield { kind: "progress", done: before, total };
  }
}

async function* filePieces(
  tree: SourceTree,
  path: string,
  { category, signal }: { readonly category: string | undefined; readonly signal: AbortSignal },
): AsyncGenerator<ImportPiece> {
  let number = 0;
  const elements = jsonElements(tree.chunks(path), ELEMENT_LIMIT_BYTES, signal);
  try {
    for await (const element of elements) {
      number++;
      const where = `${path} (${number})`;
      yield { kind: "progress", done: element.done, total: element.done };
      if (element.kind === "truncated") {
        const message = "the file ends in the middle: what comes before was read, export it again";
        yield { kind: "problem", path, message };
      } else if (element.kind === "too_large") {
        const message = "this one is larger than 64 MB and was left out";
        yield { kind: "skip", reason: "too_large", path: where, message };
      } else if (element.kind === "broken") {
        const message = "this is no JSON and was left out: export it again";
        yield { kind: "skip", reason: "unreadable", path: where, message };
      } else yield* elementPieces(element.value, where, category);
    }
  } catch (thrown) {
    if (!(thrown instanceof PyraError) || thrown.category !== "file") throw thrown;
    yield { kind: "skip", reason: "unreadable", path, message: thrown.message };
  }
}

async function* elementPieces(
  value: unknown,
  where: string,
  category: string | undefined,
): AsyncGenerator<ImportPiece> {
  const element = fieldsOf(value);
  // Other programs wrap the list.
  const wrapped = ["conversations", "notes"].map((name) => listOf(element.get(name)));
  const inner = wrapped.find((list) => list.length > 0);
  if (inner && !isChatGpt(element) && !isClaude(element)) {
    for (const [index, one] of inner.entries()) {
      yield* itemPieces(fieldsOf(one), `${where.replace(/\)$/, "")}.${index + 1})`, category);
    }
  } else yield* itemPieces(element, where, category);
}

async function* itemPieces(
  element: Fields,
  where: string,
  category: string | undefined,
): AsyncGenerator<ImportPiece> {
  const items = await itemsOf(element, category);
  if (!items) yield { kind: "skip", reason: "not_understood", path: where };
  else if (items.length === 0) yield { kind: "skip", reason: "empty", path: where };
  for (const item of items ?? []) {
    if (item.text.length > NOTE_BYTES / 3 && byteLength(item.text) > NOTE_BYTES) {
      const message = "this would be a note larger than 4 MB and was left out";
      yield { kind: "skip", reason: "too_large", path: item.name, message };
    } else yield { kind: "note", item };
  }
}

/** The notes of an element; `undefined` if it is none that is known. */
async function itemsOf(
  element: Fields,
  category: string | undefined,
): Promise<ImportItem[] | undefined> {
  const chatgpt = category ?? "imported/chatgpt";
  const claude = category ?? "imported/claude";
  if (isPyraNote(element)) return pyraNoteItem(element, category ?? "");
  if (isChatGpt(element)) {
    return conversationItems(readChatGpt(element, await standIn(element)), chatgpt);
  }
  if (isClaude(element)) {
    return conversationItems(readClaude(element, await standIn(element)), claude);
  }
  if (isClaudeProject(element)) return projectItems(element, await standIn(element), claude);
  if (isClaudeMemory(element)) return memoryItems(element, "account", claude);
  return undefined;
}

/** An id for what has none: by when it began and what it is called, which stay when it grows. */
async function standIn(element: Fields): Promise<string> {
  const facts = ["create_time", "created_at", "title", "name"].map((name) => element.get(name));
  return `unnamed-${await shortHash(JSON.stringify(facts))}`;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
