import assert from "node:assert/strict";
import { embedPending } from "../../../../src/memory/vectors/embed_pending.ts";
import { takeLock } from "../../../../src/locking/file_lock.ts";
import { startModelServer } from "../../../fakes/model_server.ts";
import { scriptedEmbedder } from "./scripted_embedder.ts";
import { VectorDatabase } from "./vector_database.ts";

const WORKER = new URL("embed_worker.ts", import.meta.url).pathname;

Deno.test("of processes at the same time one works, and no text is given twice", async () => {
  using base = new VectorDatabase();
  for (let at = 0; at < 150; at++) await base.note(`${at}.md`, `Text number ${at}.`);
  await using server = await startModelServer({}, { embeddings: { delay_ms: 30 } });
  const run = () =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--allow-all", WORKER, base.path, server.url],
    }).output();
  const outputs = await Promise.all([run(), run(), run()]);
  const counts = outputs.map(({ stdout, stderr }) => {
    assert.equal(new TextDecoder().decode(stderr).replace(/^.*(Check|Download).*\n/gm, ""), "");
    return Number(new TextDecoder().decode(stdout));
  });
  assert.equal(counts.reduce((sum, it) => sum + it), 150);
  const texts = server.embeddings.flatMap(({ body }) => body.input);
  assert.equal(texts.length, 150);
  assert.equal(new Set(texts).size, 150);
  assert.equal(Object.keys(base.embedded("ollama/m")).length, 150);
});

Deno.test("who waits for another tells how far that is, and can be stopped", async () => {
  using base = new VectorDatabase();
  await base.note("a.md", "A.");
  await using _other = await takeLock(`${base.path}.embedding`);
  const stop = new AbortController();
  const reason = new Error("enough");
  const waiting = embedPending(base.db, scriptedEmbedder(), {
    signal: stop.signal,
    progress: ({ done, total }) => {
      assert.deepEqual([done, total], [0, 1]);
      stop.abort(reason);
    },
  });
  await assert.rejects(waiting, reason);
});

Deno.test("what another one finishes is not waited for any longer", async () => {
  using base = new VectorDatabase();
  await base.note("a.md", "A.");
  await using _other = await takeLock(`${base.path}.embedding`);
  const embedder = scriptedEmbedder();
  const { signal } = new AbortController();
  const vectors = base.db.prepare(`
    UPDATE memory_meta SET embedding = zeroblob(128), embedding_model = 'm', embedding_dim = 32`);
  const report = await embedPending(base.db, embedder, { signal, progress: () => vectors.run() });
  assert.deepEqual(report, { embedded: 0, total: 1 });
  assert.deepEqual(embedder.calls, []);
});
