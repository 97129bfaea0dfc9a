/**
 * The memory as the commands, the chat and the tools see it: the notes and their index as one.
 * @module
 */
import type { Embedder } from "../protocol/embedding.ts";
import type { ContextOptions, MemoryContext } from "./context.ts";
import type { EmbedReport, IndexFigures, RefreshReport, WorkOptions } from "./index/note_index.ts";
import type { Note, NoteDraft, NoteEntry } from "./note/note.ts";
import type { Hit, SearchOptions } from "./search/hit.ts";
import type { Change, Version } from "./store/store.ts";

/** How `Memory.search` is asked. */
export interface MemorySearch extends Omit<SearchOptions, "meaning"> {
  /** Counts meaning beside words; needs an embedder. */
  readonly semantic?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * The notes of a profile. Errors are those of `NoteStore`; a change is in the index when the call
 * returns, and in the index files within a second or when the memory is disposed.
 */
export interface Memory extends AsyncDisposable {
  /** The folder of the notes, absolute. */
  readonly folder: string;
  /** What the person should be told; grows while the memory is open. */
  readonly notices: readonly string[];
  /** Whether the index says all that the notes say; false until the first `refresh` of a new one. */
  readonly isComplete: boolean;
  list(category?: string): Promise<readonly NoteEntry[]>;
  read(name: string): Promise<Note>;
  write(name: string, draft: NoteDraft, options?: { readonly create?: boolean }): Promise<Change>;
  replace(name: string, text: string): Promise<Change>;
  append(name: string, text: string, facts?: Omit<NoteDraft, "body">): Promise<Change>;
  remove(name: string): Promise<Change>;
  move(from: string, to: string): Promise<Change>;
  history(name?: string): Promise<readonly Version[]>;
  version(id: string): Promise<string>;
  undo(name?: string): Promise<Change>;
  /** @throws {PyraError} `no_embedder` for `semantic` without one; what the embedder throws */
  search(query: string, options?: MemorySearch): Promise<readonly Hit[]>;
  /** What a question is sent along with; `undefined` if there is nothing to send. */
  contextFor(question: string, options: ContextOptions): Promise<MemoryContext | undefined>;
  /** Notices what changed while Pyra did not run. One look at a time; a second call joins it. */
  refresh(options: WorkOptions): Promise<RefreshReport>;
  rebuild(options: WorkOptions): Promise<RefreshReport>;
  /** Follows changes by other programs until the signal aborts. */
  follow(signal: AbortSignal): Promise<void>;
  /** Gives vectors to notes that have none yet. @throws {PyraError} as `search`; the signal's reason */
  embed(options: WorkOptions): Promise<EmbedReport>;
  /** The same beside a conversation: `undefined` if no model is set, or the person would be asked. */
  embedQuietly(options: WorkOptions): Promise<EmbedReport | undefined>;
  figures(): Promise<IndexFigures>;
}

/** What the memory needs. */
export interface MemoryPorts {
  /** The folder of the notes, absolute. */
  readonly folder: string;
  /** The folder of the databases, absolute. */
  readonly databases: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /**
   * Opens the model that makes vectors, for a command of the person's, who may be asked for the vault's
   * passphrase; absent if the settings name none.
   */
  readonly openEmbedder?: (signal: AbortSignal) => Promise<Embedder>;
  /** The same beside a conversation; `undefined` if the person would have to be asked. */
  readonly quietEmbedder?: (signal: AbortSignal) => Promise<Embedder | undefined>;
  /** That model as `provider/model`; known without opening it. */
  readonly embeddingModel?: string;
}
