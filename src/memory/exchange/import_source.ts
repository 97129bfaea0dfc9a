/**
 * What a path that the person typed leads to, and the notes in it.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import { chatPieces } from "./chat_export.ts";
import type { SourceKind } from "./exchange.ts";
import { EXPORT_MARK } from "./pyra_note.ts";
import { categoryFolder, freePiece } from "./free_name.ts";
import type { ImportPiece } from "./import_item.ts";
import { folderPieces } from "./markdown_folder.ts";
import { openFile, openFolder, type SourceTree } from "./source_tree.ts";
import { openZip } from "./zip_tree.ts";

const CHAT_FILE =
  /^(?:[^/]+\/){0,2}(?:(?:conversations(?:-\d+)?|projects|memories)\.json|(?:projects|conversations)\/[^/]+\.json)$/;

/** A source that was recognised. */
export interface ImportSource extends Disposable {
  readonly kind: SourceKind;
  /** Its notes and what else is to be told, in turn. @throws {PyraError} category `file`; the signal's reason */
  pieces(category: string | undefined, signal: AbortSignal): AsyncGenerator<ImportPiece>;
}

/**
 * Opens what is there: a folder, an archive, a Markdown or a JSON file.
 * @throws {PyraError} `no_import_source`, `unknown_import_source`, `import_unreadable`, `empty_import_source`
 */
export async function openImportSource(path: string, signal: AbortSignal): Promise<ImportSource> {
  const tree = await openTree(path, signal);
  try {
    return sourceOf(tree);
  } catch (thrown) {
    tree[Symbol.dispose]();
    throw thrown;
  }
}

function sourceOf(tree: SourceTree): ImportSource {
  const chats = chatFiles(tree);
  const kind = kindOf(tree, chats);
  return {
    kind,
    async *pieces(category, signal) {
      const folder = category === undefined ? undefined : categoryFolder(category);
      if (tree.links > 0) yield { kind: "skip", reason: "links", path: "", count: tree.links };
      for (const problem of tree.problems) yield { kind: "problem", ...problem };
      if (kind === "chats") yield* chatPieces(tree, chats, { category: folder, signal });
      else yield* folderPieces(tree, kind, folder ?? usualFolder(tree, kind), signal);
    },
    [Symbol.dispose]: () => tree[Symbol.dispose](),
  };
}

async function openTree(typed: string, signal: AbortSignal): Promise<SourceTree> {
  const path = Deno.build.os === "windows" ? typed.replaceAll("\\", "/") : typed;
  let info: Deno.FileInfo;
  try {
    info = await Deno.stat(path);
  } catch (cause) {
    const isMissing = cause instanceof Deno.errors.NotFound;
    const what = isMissing ? `there is no ${path}` : `${path} cannot be read`;
    throw new PyraError("file", "no_import_source", what, {
      hint: "name a folder of Markdown, a .zip, a .md or a conversations.json",
      cause,
    });
  }
  if (info.isDirectory) return await openFolder(path, signal);
  if (info.isFile && /\.zip$/i.test(path)) return await openZip(path);
  if (info.isFile && /\.(?:md|markdown|json|jsonl)$/i.test(path)) return openFile(path);
  throw new PyraError(
    "file",
    "unknown_import_source",
    `${path} is no folder, .zip, .md, .json or .jsonl file`,
    { hint: "name a folder of Markdown, or what ChatGPT or Claude sent you" },
  );
}

/** The JSON files that may hold conversations. A file that was named alone is believed to. */
function chatFiles(tree: SourceTree): string[] {
  const [only = ""] = tree.paths;
  if (tree.isOneFile && /\.jsonl?$/i.test(only)) return [only];
  return tree.paths.filter((path) => CHAT_FILE.test(path));
}

function kindOf(tree: SourceTree, chats: readonly string[]): SourceKind {
  const { top, paths } = tree;
  const isMemory = top.has("MEMORY_INDEX.md") && top.has("memory_index.json");
  if (top.has(EXPORT_MARK) || isMemory) return "pyra";
  if (top.has(".obsidian")) return "obsidian";
  if (top.has("logseq") && (top.has("pages") || top.has("journals"))) return "logseq";
  if (chats.length > 0) return "chats";
  if (paths.some((path) => /\.(?:md|markdown)$/i.test(path))) return "markdown";
  throw new PyraError("file", "empty_import_source", `there is nothing to import in ${tree.name}`, {
    hint: "it has no Markdown files and no conversations.json",
  });
}

function usualFolder(tree: SourceTree, kind: SourceKind): string {
  if (kind === "pyra") return "";
  return tree.isOneFile ? "imported" : `imported/${freePiece(tree.name)}`;
}
