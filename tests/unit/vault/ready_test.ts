import assert from "node:assert/strict";
import { Folder } from "../../../src/vault/folder.ts";
import { serveVault } from "../../../src/vault/serve.ts";

Deno.test("whether a key is ready tells nothing of it, and follows what release would do", async () => {
  const keys = {
    "provider:x": { value: "sk-1", origins: ["https://a.example"], placement: "x-api-key: {}" },
  };
  const { kernel } = serveVault(new Folder("/nowhere"), keys, () => Promise.reject(new Error()));
  const context = { signal: new AbortController().signal, input: (async function* () {})() };
  const ready = (origin: string) => kernel["ready"]?.({ name: "provider:x", origin }, context);
  assert.equal(await ready("https://a.example"), undefined);
  await assert.rejects(async () => await ready("https://b.example"), { code: "origin_unbound" });
});
