import assert from "node:assert/strict";
import fc from "fast-check";
import { cutResult } from "../../../src/tools/cut.ts";
import { cutUnits, oneLine, plainLines } from "../../../src/protocol/foreign_text.ts";
import { type LogEntry, logLine } from "../../../src/tools/log_line.ts";
import { describeRequest } from "../../../src/tools/request_text.ts";
import { parseRule } from "../../../src/tools/rule.ts";
import { toolCall } from "../../fakes/tools.ts";
import { someText } from "./some_rules.ts";

const ENTRY: LogEntry = {
  time: Date.UTC(2026, 10, 21, 14),
  who: "model",
  owner: "clock",
  tool: "clock.now",
  call_id: "1",
  arguments: "{}",
  decision: "allow",
  by: "rule",
  reason: "allow clock.now",
  status: "ok",
  duration_ms: 1.23456,
  result: "noon",
};

Deno.test("a cut result is within its limit, says so, and splits no character", () => {
  const long = fc.array(fc.constantFrom("a", "😀", "é", "\n"), { maxLength: 200 })
    .map((parts) => parts.join(""));
  fc.assert(fc.property(long, fc.integer({ min: 0, max: 150 }), (text, most) => {
    const { text: cut, length, extent } = cutResult(text, "the rest is kept", most);
    assert.ok(cut.length <= most || extent === "whole");
    assert.ok(cut.isWellFormed());
    assert.equal(length, text.length);
    assert.equal(extent === "whole", text.length <= most);
    if (extent === "whole") assert.equal(cut, text);
    else if (most >= 60) assert.match(cut, /\n… \[cut: \d+ characters; the rest is kept\]$/);
  }));
  const { text } = cutResult("y".repeat(1_234_567), "it is kept");
  assert.equal(text.length, 4_000);
  assert.ok(text.endsWith("\n… [cut: 1,234,567 characters; it is kept]"));
});

Deno.test("foreign text on a line is one line, bounded, with nothing hidden in it", () => {
  fc.assert(
    fc.property(someText, fc.integer({ min: 1, max: 50 }), (text, most) => {
      const line = oneLine(text, most);
      assert.ok(line.length <= most);
      assert.ok(line.isWellFormed());
      assert.doesNotMatch(
        line,
        /[\n\r\t\u2028\u2029\u202a-\u202e\ufeff]|(?![\u200c\u200d])[\p{Cc}\p{Cf}]/u,
      );
      const lines = plainLines(text, most);
      assert.ok(lines.length <= most && lines.isWellFormed());
      assert.doesNotMatch(lines, /(?![\n\u200c\u200d])[\p{Cc}\p{Cf}]/u);
    }),
    { numRuns: 1_000 },
  );
  assert.equal(cutUnits("a😀", 2), "a");
  assert.equal(oneLine(" a\r\n\u0007b ", 10), "a b");
});

Deno.test("a line of the log is one line of JSON, bounded and without secrets", () => {
  const redact = (text: string) => text.replaceAll("hunter2", "[redacted]");
  assert.deepEqual(JSON.parse(logLine(ENTRY, redact)), {
    ...ENTRY,
    time: "2026-11-21T14:00:00.000Z",
    duration_ms: 1.2,
  });
  const huge = "hunter2 \n\ud800".repeat(100_000);
  const fields = { who: huge, tool: huge, arguments: huge, reason: huge, result: huge };
  const line = logLine({ ...ENTRY, ...fields, time: NaN }, redact);
  assert.ok(line.length <= 8_000);
  assert.doesNotMatch(line, /hunter2|\n/);
  assert.match(JSON.parse(line).arguments, /… \(1000000 characters\)$/);
  const control = "\u0001".repeat(10_000);
  const worst = { ...fields, call_id: control, who: control, arguments: control, tool: control };
  assert.ok(logLine({ ...ENTRY, ...worst, by: control, result: control }, redact).length <= 8_000);
  // The cut lies within the secret: what is left of it must not be logged either.
  const edge = `${"x".repeat(495)} hunter2`;
  assert.doesNotMatch(logLine({ ...ENTRY, result: edge }, redact), /hunt/);
  const broken = logLine({ ...ENTRY, result: "hunter2" }, () => {
    throw new TypeError("x");
  });
  assert.doesNotMatch(broken, /hunter2/);
  assert.equal(JSON.parse(broken).status, "ok");
});

Deno.test("a request in words shows what, where, with what and which rule, and hides nothing", () => {
  const text = describeRequest({
    call: toolCall("1", "files__write_file"),
    tool: "files.write_file",
    owner: "files",
    does: "write \x1b[1mthe file\na.md",
    effects: [
      { kind: "writes", where: "/home/me\u202e" },
      { kind: "network", host: "*" },
      { kind: "network", host: "*" },
      { kind: "runs", program: "git" },
    ],
    arguments: {
      path: "a.md",
      count: 3,
      list: ["x"],
      text: "one\ntwo\r\n\x1b[2Jeffects: none",
      long: "y".repeat(1_000),
    },
    detail: "-old\n+new\u0007",
    approval: "rule",
    untrusted: { from: "a page\n" },
    offer: parseRule("allow files.write_file in /home/me"),
  });
  assert.deepEqual(text, {
    tool: "files.write_file",
    owner: "files",
    does: "write [1mthe file a.md",
    effects: ["writes /home/me", "network: any host", "runs: git"],
    arguments: [
      "path: a.md",
      "count: 3",
      'list: ["x"]',
      "text: (26 characters)",
      "  one",
      "  two",
      "  [2Jeffects: none",
      "long: (1000 characters)",
      `  ${"y".repeat(399)}…`,
    ],
    detail: "-old\n+new",
    rule: "allow files.write_file in /home/me",
    notes: [
      "this conversation has read text that nobody vouches for, from a page",
      "3 characters of this cannot be seen: beware of what they may say to whoever reads them",
    ],
  });
  const { arguments: lines } = describeRequest({
    call: toolCall("1", "x"),
    tool: "x",
    owner: "pyra",
    does: "x",
    effects: [],
    arguments: {
      text: "l\n".repeat(5_000),
      path: "/etc/passwd",
      ...Object.fromEntries(Array.from({ length: 99 }, (_, at) => [`n${at}`, at])),
    },
    approval: "rule",
    untrusted: undefined,
  });
  assert.deepEqual(lines.slice(0, 2), ["text: (10000 characters)", "  l"]);
  assert.deepEqual(lines.slice(10, 13), ["  l", "  … and more", "path: /etc/passwd"]);
  assert.equal(lines.at(-1), "… and 71 more");
});
