import assert from "node:assert/strict";
import { closure, codeLines, cycles, dynamicPackages, layerViolations } from "./import_graph.ts";
import { TRUSTED_BASE, TRUSTED_LINE_BUDGET } from "./layers.ts";
import { readGraph, sourceFiles } from "./read_graph.ts";

const files = await sourceFiles();
const graph = await readGraph(files);

/** All code that runs in the room that keeps the secrets. Whoever adds a line says why in the commit. */
const VAULT_ROOM: readonly string[] = [
  "node:crypto",
  "node:process",
  "npm:@noble/ciphers",
  "npm:@noble/curves",
  "npm:@noble/hashes",
  "npm:@noble/post-quantum",
  "npm:@scure/base",
  "npm:age-encryption",
  "src/durable/file.ts",
  "src/rooms/ambient_powers.ts",
  "src/rooms/first_message.ts",
  "src/rooms/seal_trusted.ts",
  "src/rooms/vault.ts",
  "src/rpc/call.ts",
  "src/rpc/channel.ts",
  "src/rpc/error.ts",
  "src/rpc/frame.ts",
  "src/rpc/stream.ts",
  "src/rpc/transport.ts",
  "src/vault/age_file.ts",
  "src/vault/binding.ts",
  "src/vault/error.ts",
  "src/vault/folder.ts",
  "src/vault/identity.ts",
  "src/vault/name.ts",
  "src/vault/paths.ts",
  "src/vault/secrets.ts",
  "src/vault/serve.ts",
  "src/vault/vault.ts",
];

Deno.test("every import goes down the table of layers", () => {
  assert.ok(graph.edges.length > 200, "the graph is there");
  assert.deepEqual(layerViolations(graph.edges), []);
});

Deno.test("no files import each other in a circle, types included", () => {
  assert.deepEqual(cycles(graph.edges), []);
});

Deno.test("packages are loaded lazily through a file of our own", () => {
  assert.deepEqual(dynamicPackages(graph.edges), []);
});

Deno.test("the vault room runs exactly this code", () => {
  assert.deepEqual(closure(graph, "src/rooms/vault.ts"), VAULT_ROOM);
});

const lines = new Map<string, number>();
for (const file of files) {
  const folder = /^(?:src\/)?([a-z_]+)\//.exec(file)?.[1] ?? "";
  const text = await Deno.readTextFile(new URL(`../../${file}`, import.meta.url));
  lines.set(folder, (lines.get(folder) ?? 0) + codeLines(text));
}
const counted = TRUSTED_BASE.map((folder) => `${folder} ${lines.get(folder) ?? 0}`).join(", ");
const total = TRUSTED_BASE.reduce((sum, folder) => sum + (lines.get(folder) ?? 0), 0);

Deno.test(`the trusted base has ${total} code lines of ${TRUSTED_LINE_BUDGET} (${counted})`, () => {
  assert.ok(total > 500, "the folders are counted");
  assert.ok(total <= TRUSTED_LINE_BUDGET);
});
