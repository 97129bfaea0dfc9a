/**
 * Notes of an index that have vectors and nothing else: to look at the search by meaning alone.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { packVectors } from "../../../src/memory/vectors/stored_vectors.ts";

/** Writes a note with these vectors, and gives its id. */
export type WriteVectors = (
  name: string,
  vectors: readonly Float32Array[],
  model: string,
) => number;

/** Fills whatever other columns the table has with nothing. */
export function vectorWriter(db: DatabaseSync): WriteVectors {
  const columns = db.prepare("SELECT name, type FROM pragma_table_info('memory_meta')").all()
    .map(({ name, type }) => [String(name), type === "TEXT" ? "''" : "0"] as const);
  const values: Readonly<Record<string, string>> = {
    ...Object.fromEntries(columns),
    id: "NULL",
    path: ":name",
    category: ":category",
    keywords: "'[]'",
    embedding_model: ":model",
    embedding_dim: ":dimension",
    embedding: ":embedding",
  };
  const write = db.prepare(`
    INSERT INTO memory_meta (${Object.keys(values).join(", ")})
    VALUES (${Object.values(values).join(", ")})`);
  return (name, vectors, model) => {
    const dimension = vectors[0]?.length ?? 0;
    const { lastInsertRowid } = write.run({
      name,
      category: name.slice(0, Math.max(0, name.lastIndexOf("/"))),
      model,
      dimension,
      embedding: packVectors(vectors, dimension),
    });
    return Number(lastInsertRowid);
  };
}
