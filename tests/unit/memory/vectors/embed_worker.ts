/**
 * Gives vectors to the notes of a database, as one of several processes.
 *
 * `deno run -A embed_worker.ts DATABASE URL` prints how many notes it gave theirs.
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { embedPending } from "../../../../src/memory/vectors/embed_pending.ts";
import { openEmbedder } from "../../../../src/providers/embeddings.ts";
import { findProvider } from "../../../../src/providers/table.ts";

const [path = "", baseUrl = ""] = Deno.args;
const entry = findProvider("ollama");
if (entry === undefined) throw new Error("no ollama");
const db = new DatabaseSync(path, { timeout: 5_000 });
const embedder = openEmbedder(entry, "m", { baseUrl, apiKey: null, fetch });
const { signal } = new AbortController();
const { embedded } = await embedPending(db, embedder, { signal });
await Deno.stdout.write(new TextEncoder().encode(`${embedded}`));
db.close();
