import assert from "node:assert/strict";
import fc from "fast-check";
import { readListing, readTools, type ServerListing } from "../../../src/mcp/listing.ts";
import { isPlain } from "../../../src/protocol/foreign_text.ts";
import { isToolName } from "../../../src/tools/tool_name.ts";

const DOCS = { plugin: "acme", server: "docs" };
const SCHEMA = { type: "object" };

function listed(...names: readonly string[]) {
  const tools = names.map((name) => ({ name, description: "x", parameters: SCHEMA }));
  return readTools({ tools, left: 0 }, DOCS);
}

Deno.test("a tool has its server's name before its own, with single marks between", () => {
  const names = listed("search", "get-sum", "Find.All v2", "__a__b--")?.tools.map(({ name }) =>
    name
  );
  assert.deepEqual(names, ["docs_search", "docs_get-sum", "docs_Find_All_v2", "docs_a_b"]);
  assert.equal(listed("a.b")?.tools[0]?.called, "a.b", "the server hears its own name");
});

Deno.test("tools that no model can be told of are left out, and counted in one sentence", () => {
  const read = listed("x".repeat(70), "a.b", "a b", "…", "fine");
  assert.deepEqual(read?.tools.map(({ name }) => name), ["docs_a_b", "docs_fine"]);
  assert.match(
    String(read?.problems),
    /^the MCP server docs of the plugin acme has 3 tools that cannot/,
  );
  assert.match(String(read?.problems), /, such as docs_x+.*, docs_a_b \(twice\)$/);
  assert.match(String(readTools({ tools: [], left: 1 }, DOCS)?.problems), /has a tool that cannot/);
  assert.equal(readTools({ tools: "all" }, DOCS), undefined);
  assert.equal(readTools(null, DOCS), undefined);
});

Deno.test("whatever a server sends, names are names, words are a line, and what is kept is read again", () => {
  const tool = fc.record({
    name: fc.string({ unit: "binary", maxLength: 60 }),
    description: fc.string({ unit: "binary", maxLength: 50 }),
    parameters: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
  });
  const tools = fc.array(fc.oneof(tool, fc.jsonValue()), { maxLength: 20 });
  fc.assert(
    fc.property(tools, fc.integer({ min: 0, max: 3 }), (given, left) => {
      const read = readTools({ tools: given, left }, DOCS);
      assert.ok(read);
      for (const { name, description } of read.tools) {
        assert.ok(isToolName(`acme.${name}`), name);
        assert.ok(isPlain(description));
      }
      const listing: ServerListing = { server: "docs", url: "https://a.example/", at: 1, ...read };
      const kept: unknown = JSON.parse(JSON.stringify(listing));
      assert.deepEqual(readListing(kept), kept);
    }),
    { numRuns: 100 },
  );
});
