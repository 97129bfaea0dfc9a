/**
 * Which notes have no vectors of a model yet, and what is to be made vectors of.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import type { TimeSlice } from "../index/time_slice.ts";
import { passageText } from "./passage_text.ts";
import { NUMBER_BYTES, packVectors } from "./stored_vectors.ts";

/** A note that waits for its vectors. */
export interface PendingNote {
  readonly id: number;
  /** Of the file that was indexed: vectors of another text are not written. */
  readonly hash: string;
}

/** What of a note is to be made vectors of. */
export interface TextsOfNote {
  readonly note: PendingNote;
  /** The note's name. */
  readonly path: string;
  /** One a passage, in their order. */
  readonly texts: readonly string[];
}

/** Rows looked at in one step. */
const ROWS_AT_ONCE = 500;

/**
 * A note has its vectors if they are of this model and there is one for each passage; `:dimension` is
 * null while it is not known.
 */
const HAS_VECTORS = `
  embedding_model = :model AND embedding IS NOT NULL
  AND embedding_dim = coalesce(:dimension, embedding_dim)
  AND length(embedding) = ${NUMBER_BYTES} * embedding_dim
    * (SELECT count(*) FROM memory_passage WHERE note = memory_meta.id)`;

/** The notes without vectors of the model, the newest first, and how many have them. */
export async function pendingNotes(
  db: DatabaseSync,
  { model, dimension }: { readonly model: string; readonly dimension?: number | undefined },
  slice: TimeSlice,
): Promise<{ readonly pending: PendingNote[]; readonly embedded: number }> {
  const rows = db.prepare(`
    SELECT id, hash, modified, coalesce(${HAS_VECTORS}, 0) AS done FROM memory_meta
    WHERE id > :after ORDER BY id LIMIT ${ROWS_AT_ONCE}`);
  const waiting: (PendingNote & { readonly modified: number })[] = [];
  let embedded = 0;
  for (let after = -1;;) {
    const some = rows.all({ model, dimension: dimension ?? null, after });
    for (const { id, hash, modified, done } of some) {
      after = Number(id);
      if (done === 1) embedded++;
      else waiting.push({ id: after, hash: String(hash), modified: Number(modified) });
    }
    if (some.length < ROWS_AT_ONCE) break;
    await slice.pause();
  }
  waiting.sort((a, b) => b.modified - a.modified);
  return { pending: waiting.map(({ id, hash }) => ({ id, hash })), embedded };
}

/** What to make vectors of; `undefined` if the note is gone, changed, or has its vectors by now. */
export function textsOf(
  db: DatabaseSync,
  pending: PendingNote,
  { model, dimension }: { readonly model: string; readonly dimension?: number | undefined },
): TextsOfNote | undefined {
  const { id, hash } = pending;
  const note = db.prepare(`
    SELECT path, summary FROM memory_meta
    WHERE id = :id AND hash = :hash AND NOT coalesce(${HAS_VECTORS}, 0)`)
    .get({ id, hash, model, dimension: dimension ?? null });
  if (note === undefined) return undefined;
  const passages = db.prepare(
    "SELECT heading, text FROM memory_passage WHERE note = ? ORDER BY ordinal",
  );
  const about = { path: String(note["path"]), summary: String(note["summary"]) };
  const texts = passages.all(id).map(({ heading, text }) =>
    passageText({ ...about, heading: String(heading), text: String(text) })
  );
  return { note: pending, path: about.path, texts };
}

/** Writes a note's vectors, if it still is what they were made of. @returns whether they were written */
export function writeVectors(
  db: DatabaseSync,
  { id, hash }: PendingNote,
  { model, dimension, vectors }: {
    readonly model: string;
    readonly dimension: number;
    readonly vectors: readonly Float32Array[];
  },
): boolean {
  const { changes } = db.prepare(`
    UPDATE memory_meta SET embedding = ?, embedding_model = ?, embedding_dim = ?
    WHERE id = ? AND hash = ?
      AND ? = (SELECT count(*) FROM memory_passage WHERE note = memory_meta.id)`)
    .run(packVectors(vectors, dimension), model, dimension, id, hash, vectors.length);
  return Number(changes) > 0;
}
