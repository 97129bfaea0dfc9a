import assert from "node:assert/strict";
import { type AskedQuery, queryLine, WrittenQueries } from "../../../src/audit/query_log.ts";
import { KEYS } from "../guard/redaction_samples.ts";
import { redact } from "../../../src/guard/redaction.ts";

const QUERY: AskedQuery = {
  session: "1m7y91",
  provider: "openai",
  model: "m1",
  parts: [{ type: "text", text: "why is the sky blue?" }],
};
const PORTS = { surface: "ask", redact };
/** What a call of the kernel's log takes. */
const LINE_LIMIT = 8_192;

Deno.test("a line says who asked what of whom, and how long it was", () => {
  assert.deepEqual(JSON.parse(queryLine(QUERY, PORTS)), {
    who: "person",
    surface: "ask",
    session: "1m7y91",
    provider: "openai",
    model: "m1",
    length: 20,
    text: "why is the sky blue?",
  });
  const changed = JSON.parse(queryLine({ ...QUERY, from: "plugin tidy" }, PORTS));
  assert.equal(changed.who, "plugin tidy");
});

Deno.test("of what others wrote there is only where it came from, and no secret of anybody's", () => {
  const [secret = ""] = KEYS;
  const line = queryLine({
    ...QUERY,
    parts: [
      { type: "text", text: `my key is ${secret}\u001b[2J` },
      { type: "text", text: "their words", origin: { kind: "input", from: "standard input" } },
      { type: "image", media_type: "image/png", data: "AAAA", name: "x.png" },
    ],
  }, PORTS);
  assert.doesNotMatch(line, /their words|AAAA|u001b/);
  assert.ok(!line.includes(secret));
  const { with: places } = JSON.parse(line);
  assert.deepEqual(places, ["standard input", "image"]);
});

Deno.test("no question is too long or too strange for a line of the log", () => {
  for (
    const text of [
      "x".repeat(1e6),
      "\u0001".repeat(5_000),
      '"\\\n'.repeat(2_000),
      "😀".repeat(3_000),
    ]
  ) {
    const others = Array.from({ length: 20 }, () => ({
      type: "text" as const,
      text: "y",
      origin: { kind: "input" as const, from: '"'.repeat(500) },
    }));
    const line = queryLine({ ...QUERY, parts: [{ type: "text", text }, ...others] }, PORTS);
    assert.ok(line.length < LINE_LIMIT, String(line.length));
    assert.ok(!line.includes("\n") && line.isWellFormed());
  }
});

Deno.test("what cannot be written is told once, and holds nothing up", async () => {
  const written: string[] = [];
  let isFull = true;
  const record = new WrittenQueries(() =>
    Promise.resolve({
      ...PORTS,
      write: (line) =>
        isFull
          ? Promise.reject(new Error("the disk is full"))
          : Promise.resolve(written.push(line)),
    })
  );
  record.add(QUERY);
  record.add(QUERY);
  await record.settled();
  assert.deepEqual(record.notices, [
    "questions are not written to the log of queries: the disk is full",
  ]);
  isFull = false;
  record.add(QUERY);
  await record.settled();
  assert.equal(written.length, 1);
});
