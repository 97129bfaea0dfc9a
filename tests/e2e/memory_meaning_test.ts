/**
 * `pyra memory search --semantic` and `reindex` with a provider that makes vectors.
 * @module
 */
import assert from "node:assert/strict";
import { type ModelServer, startModelServer } from "../fakes/model_server.ts";
import { run, type RunResult, withHome } from "./command.ts";

interface Notes {
  readonly server: ModelServer;
  readonly home: string;
  /** Runs `pyra memory …` with the model in its settings. */
  readonly memory: (words: readonly string[], input?: string) => Promise<RunResult>;
}

function meaningTest(name: string, act: (notes: Notes) => Promise<void>): void {
  Deno.test(name, () =>
    withHome(async (home) => {
      await using server = await startModelServer();
      const env = {
        PYRA_AI_PROVIDER_ID: "custom",
        PYRA_AI_MODEL: "model",
        PYRA_AI_BASE_URL: server.url,
        PYRA_MEMORY_EMBEDDINGS: "custom/vectors",
      };
      await act({
        server,
        home,
        memory: (words, input) =>
          run(["memory", ...words], { home, env, ...(input === undefined ? {} : { input }) }),
      });
    }));
}

meaningTest("reindex sends every note once, and search its question", async (notes) => {
  const { memory, server } = notes;
  await memory(["write", "travel/train", "The night train to Vienna leaves at nine."]);
  await memory(["write", "user/cat", "My cat is called Miso."]);
  for (const words of [["list"], ["search", "vienna"], ["show", "user/cat"]]) await memory(words);
  assert.equal(server.embeddings.length, 0, "nothing is sent that was not asked for");
  const indexed = await memory(["reindex"]);
  assert.equal(indexed.stdout, "2 notes are indexed, 2 of them by meaning\n", indexed.stderr);
  const sent = JSON.stringify(server.embeddings.map(({ body }) => body));
  assert.match(sent, /Vienna[^]*Miso|Miso[^]*Vienna/);
  const asked = server.embeddings.length;
  const found = await memory(["search", "--semantic", "night", "train", "--json"]);
  assert.equal(found.code, 0, found.stderr);
  assert.equal(JSON.parse(found.stdout)[0].file, "travel/train.md");
  assert.equal(server.embeddings.length, asked + 1, "notes that have vectors are not sent again");
  const stats = await memory(["stats"]);
  assert.match(stats.stdout, /^embeddings +2 of 2 by custom\/vectors$/m);
});

meaningTest("a note written since gets its vectors before the search", async (notes) => {
  const { memory, server } = notes;
  await memory(["write", "user/cat", "My cat is called Miso."]);
  const questions = ["cat", "miso"].map((query, id) => `${JSON.stringify({ id, query })}\n`);
  const { code, stdout, stderr } = await memory(
    ["search", "--semantic", "--jsonl"],
    questions.join(""),
  );
  assert.equal(code, 0, stderr);
  for (const line of stdout.trimEnd().split("\n")) {
    assert.equal(JSON.parse(line).results[0].file, "user/cat.md");
  }
  assert.equal(server.embeddings.length, 3);
});

Deno.test("a server of vectors that is down is told, and words still find", async () => {
  await withHome(async (home) => {
    const env = {
      PYRA_AI_PROVIDER_ID: "custom",
      PYRA_AI_MODEL: "model",
      PYRA_AI_BASE_URL: "http://127.0.0.1:9/v1",
      PYRA_MEMORY_EMBEDDINGS: "custom/vectors",
    };
    await run(["memory", "write", "user/cat", "My cat is called Miso."], { home, env });
    const semantic = await run(["memory", "search", "--semantic", "miso"], { home, env });
    assert.deepEqual([semantic.code, semantic.stdout], [1, ""]);
    assert.match(semantic.stderr, /^pyra: [^\n]+\n$/);
    const plain = await run(["memory", "search", "miso"], { home, env });
    assert.match(plain.stdout, /^user\/cat\.md/);
  });
});
