import assert from "node:assert/strict";
import {
  closure,
  codeLines,
  cycles,
  dynamicPackages,
  type Edge,
  layerViolations,
} from "./import_graph.ts";

function edge(from: string, to: string, kind: "value" | "type" | "dynamic" = "value"): Edge {
  return { from, to, typeOnly: kind === "type", dynamic: kind === "dynamic" };
}

const DOWN: readonly Edge[] = [
  edge("main.ts", "src/kernel/boot.ts", "dynamic"),
  edge("src/kernel/boot.ts", "src/rpc/channel.ts"),
  edge("src/kernel/boot.ts", "service/systemd.ts", "dynamic"),
  edge("src/kernel/boot.ts", "src/durable/file.ts"),
  edge("src/kernel/boot.ts", "src/vault/paths.ts"),
  edge("src/kernel/boot.ts", "src/protocol/kernel_calls.ts", "type"),
  edge("src/vault/vault.ts", "src/protocol/vault_calls.ts", "type"),
  edge("src/rooms/vault.ts", "src/vault/serve.ts"),
  edge("src/rooms/vault.ts", "src/rooms/first_message.ts"),
  edge("src/rooms/app.ts", "src/app.ts"),
  edge("src/rooms/app.ts", "src/protocol/kernel_calls.ts", "type"),
  edge("src/app.ts", "src/app_repl.ts", "dynamic"),
  edge("src/app_repl.ts", "src/repl/screen.ts"),
  edge("src/repl/screen.ts", "src/chat/ports.ts", "type"),
  edge("src/chat/x.ts", "src/sessions/store.ts"),
  edge("src/chat/x.ts", "src/agent/turn_loop.ts"),
  edge("src/config/a.ts", "src/config/b.ts"),
  edge("src/config/a.ts", "src/protocol/error.ts"),
  edge("src/config/a.ts", "src/durable/file.ts"),
  edge("src/config/a.ts", "npm:yaml@2.9.1"),
  edge("src/config/a.ts", "node:util"),
];

const UP: readonly (readonly [why: string, edge: Edge])[] = [
  ["rpc imports nothing", edge("src/rpc/x.ts", "src/durable/file.ts")],
  ["rpc imports no types either", edge("src/rpc/x.ts", "src/protocol/error.ts", "type")],
  ["durable imports nothing", edge("src/durable/x.ts", "src/rpc/error.ts")],
  ["the service's texts need nothing", edge("service/x.ts", "src/durable/file.ts")],
  ["the app makes no service", edge("src/commands/x.ts", "service/x.ts")],
  ["the kernel runs no vault code", edge("src/kernel/x.ts", "src/vault/vault.ts")],
  ["also not when needed", edge("src/kernel/x.ts", "src/vault/vault.ts", "dynamic")],
  ["the kernel runs no egress code", edge("src/kernel/x.ts", "src/egress/serve.ts")],
  ["the kernel does not know the app", edge("src/kernel/x.ts", "src/protocol/error.ts")],
  ["the vault runs no kernel code", edge("src/vault/x.ts", "src/kernel/boot.ts")],
  ["the vault knows only the contract", edge("src/vault/x.ts", "src/kernel/boot.ts", "type")],
  ["egress knows no vault", edge("src/egress/x.ts", "src/vault/paths.ts")],
  ["egress knows no kernel", edge("src/egress/x.ts", "src/kernel/boot.ts", "type")],
  [
    "the trusted base knows types of the protocol only",
    edge("src/egress/x.ts", "src/protocol/error.ts"),
  ],
  ["and no other file's", edge("src/chat/x.ts", "src/kernel/boot.ts", "type")],
  ["the app runs no vault code", edge("src/commands/x.ts", "src/vault/paths.ts")],
  ["the app runs no egress code", edge("src/app.ts", "src/egress/serve.ts")],
  ["a lower row knows no higher one", edge("src/protocol/x.ts", "src/agent/ports.ts")],
  ["not even its types", edge("src/agent/x.ts", "src/chat/ports.ts", "type")],
  ["siblings come in as ports", edge("src/sessions/x.ts", "src/config/load.ts")],
  ["their types too", edge("src/memory/x.ts", "src/providers/table.ts", "type")],
  ["surfaces do not know each other", edge("src/commands/x.ts", "src/repl/screen.ts")],
  ["the composition root is on top", edge("src/commands/x.ts", "src/app.ts")],
  ["rooms are entries, not parts", edge("src/app.ts", "src/rooms/fetch.ts")],
  ["a room runs its own code only", edge("src/rooms/vault.ts", "src/egress/serve.ts")],
  ["a room's first steps too", edge("src/rooms/fetch.ts", "src/vault/serve.ts")],
  ["main runs the kernel only", edge("main.ts", "src/app.ts", "dynamic")],
  ["a folder without a row", edge("src/extras/x.ts", "src/rpc/channel.ts")],
  ["a file without a row", edge("src/other.ts", "src/rpc/channel.ts")],
  ["tests are not imported", edge("src/chat/x.ts", "tests/fakes/kernel.ts")],
];

Deno.test("imports that go down the layers are allowed", () => {
  assert.deepEqual(layerViolations(DOWN), []);
});

for (const [why, planted] of UP) {
  Deno.test(`a planted import that breaks the layers is found: ${why}`, () => {
    const [found, ...others] = layerViolations([...DOWN, planted]);
    assert.ok(found?.startsWith(planted.from), found);
    assert.deepEqual(others, []);
  });
}

Deno.test("a planted circle is found, also one of types and one through a lazy import", () => {
  assert.deepEqual(cycles(DOWN), []);
  const back = [
    edge("src/chat/x.ts", "src/chat/y.ts", "type"),
    edge("src/chat/y.ts", "src/chat/z.ts", "dynamic"),
    edge("src/chat/z.ts", "src/chat/x.ts", "type"),
    edge("src/chat/z.ts", "src/chat/outside.ts"),
  ];
  assert.deepEqual(cycles([...DOWN, ...back]), [[
    "src/chat/x.ts",
    "src/chat/y.ts",
    "src/chat/z.ts",
  ]]);
  assert.deepEqual(cycles([edge("src/a/a.ts", "src/a/a.ts")]), [["src/a/a.ts"]]);
});

Deno.test("a package that is imported dynamically is found", () => {
  const found = dynamicPackages([...DOWN, edge("src/chat/x.ts", "npm:openai@7.55.0", "dynamic")]);
  assert.equal(found.length, 1);
});

Deno.test("a closure has what runs: lazy parts and packages' packages, but no types", () => {
  const graph = {
    edges: [...DOWN, edge("src/vault/serve.ts", "npm:age-encryption@0.3.1", "dynamic")],
    packages: new Map([["age-encryption@0.3.1", ["@noble/hashes@2.0.0"]], [
      "@noble/hashes@2.0.0",
      [],
    ]]),
  };
  const run = ["src/rooms/first_message.ts", "src/rooms/vault.ts", "src/vault/serve.ts"];
  assert.deepEqual(closure(graph, "src/rooms/vault.ts"), [
    "npm:@noble/hashes",
    "npm:age-encryption",
    ...run,
  ]);
  assert.deepEqual(closure(graph, "src/rooms/vault.ts", { statically: true }), run);
  // What a planted import adds is seen, at any depth.
  const planted = {
    ...graph,
    edges: [...graph.edges, edge("src/vault/serve.ts", "src/chat/x.ts")],
  };
  assert.ok(closure(planted, "src/rooms/vault.ts").includes("src/agent/turn_loop.ts"));
});

Deno.test("code lines are those that are neither blank nor comment", () => {
  const source = `/**
 * A comment.
 */
// Another.
const a = 1; // with a comment behind

/* one */
/* two
lines */ 
  b();
`;
  assert.equal(codeLines(source), 2);
  assert.equal(codeLines(""), 0);
});
