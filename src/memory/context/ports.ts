/**
 * What choosing notes for a question needs of the memory.
 * @module
 */
import type { Note, NoteEntry } from "../note/note.ts";
import type { Hit } from "../search/hit.ts";

/** The notes and their index. */
export interface ContextPorts {
  /** The notes in any order. Only the pinned ones count, so these alone will do. */
  entries(): Promise<readonly NoteEntry[]> | readonly NoteEntry[];
  /** @throws {PyraError} category `file` if the note is gone or cannot be read */
  read(name: string): Promise<Note>;
  /** The best notes for these words, the best first. */
  search(query: string, limit: number): Promise<readonly Hit[]>;
}
