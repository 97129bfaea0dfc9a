/**
 * The index of the notes: what it is asked, and what keeps it true.
 * @module
 */
import type { Embedder } from "../../protocol/embedding.ts";
import type { NoteEntry } from "../note/note.ts";
import type { Hit, SearchOptions } from "../search/hit.ts";

/** What a look through the folder found and did. */
export interface RefreshReport {
  readonly notes: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** Files that could not be read or not whole, with the reason. */
  readonly problems: readonly { readonly name: string; readonly message: string }[];
}

/** How far a long piece of work has come. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** How the work is watched and ended. */
export interface WorkOptions {
  readonly signal: AbortSignal;
  readonly progress?: (progress: Progress) => void;
}

/** What was done with the vectors. */
export interface EmbedReport {
  /** Notes that got vectors in this run. */
  readonly embedded: number;
  /** Notes that have vectors of this model now. */
  readonly total: number;
}

/** Figures of the index. */
export interface IndexFigures {
  readonly notes: number;
  readonly passages: number;
  readonly words: number;
  /** Bytes of the notes together. */
  readonly size_bytes: number;
  /** Bytes of the database's file. */
  readonly database_bytes: number;
  readonly pinned: number;
  readonly problems: number;
  /** Notes with an embedding of the model in use. */
  readonly embedded: number;
}

/**
 * The index. Synchronous where SQLite is; work over many files yields between them. Disposing closes the
 * database; what `flush` would write is then written by the next one that looks through the folder.
 */
export interface NoteIndex extends Disposable {
  /** What the person should be told, such as that it was made anew; one sentence each. */
  readonly notices: readonly string[];
  /** False until the first `refresh` of an empty or remade database has ended. */
  readonly isComplete: boolean;
  /** By name; all, or those of a folder and below it. */
  list(category?: string): NoteEntry[];
  /** The pinned notes by name: what every question asks for. */
  pinned(): NoteEntry[];
  entry(name: string): NoteEntry | undefined;
  /** Never throws for what the query says. */
  search(query: string, options?: SearchOptions): Promise<Hit[]>;
  /** Makes the index say what one file says now, or forgets a file that is gone. */
  update(name: string): Promise<void>;
  /**
   * Looks through the folder and indexes what changed. Yields to others every few milliseconds.
   * @throws the signal's reason; what was done until then stays
   */
  refresh(options: WorkOptions): Promise<RefreshReport>;
  /** Empties the index and makes it anew. */
  rebuild(options: WorkOptions): Promise<RefreshReport>;
  /** Follows changes by other programs until the signal aborts; each is indexed within a second. */
  follow(signal: AbortSignal): Promise<void>;
  /** Gives vectors to notes that have none of this model; what was done before an abort stays. */
  embed(embedder: Embedder, options: WorkOptions): Promise<EmbedReport>;
  /** @param model `embedded` counts the vectors of this one */
  figures(model?: string): IndexFigures;
  /** Writes the index files now if they are behind; they follow by themselves within a second. */
  flush(): Promise<void>;
}
