import fc from "fast-check";
import { isPlain } from "../../../src/protocol/foreign_text.ts";
import type { Effect } from "../../../src/protocol/tool.ts";
import type { Rule } from "../../../src/tools/rule.ts";
import type { RuledCall } from "../../../src/tools/rule_match.ts";

/** Places near to each other, some of them traps. */
export const PLACES = [
  "/a",
  "/a/",
  "/a/b",
  "/a/b/c",
  "/a/B",
  "/ab",
  "/a/../b",
  "/a/b/..",
  "/",
  "/A",
  "/a/b c",
  '/a/"b"',
  "/a/é",
  "notes",
  "notes/a",
  "notes2",
  "C:\\a",
  "*",
];
const HOSTS = [
  "a.org",
  "A.org",
  "b.a.org",
  "a.org:8080",
  "a.org.evil.net",
  "*",
  "[::1]",
  "no host",
];
const PROGRAMS = ["git", "Git", "git2", "a program", "*"];

const someEffect: fc.Arbitrary<Effect> = fc.oneof(
  fc.constantFrom(...PLACES).map((where): Effect => ({ kind: "reads", where })),
  fc.constantFrom(...PLACES).map((where): Effect => ({ kind: "writes", where })),
  fc.constantFrom(...HOSTS).map((host): Effect => ({ kind: "network", host })),
  fc.constantFrom(...PROGRAMS).map((program): Effect => ({ kind: "runs", program })),
);

/** A call of one of two tools. */
export const someCall: fc.Arbitrary<RuledCall> = fc.record({
  tool: fc.constantFrom("a.b", "a.c"),
  effects: fc.array(someEffect, { maxLength: 3 }),
});

/** A call of the first tool. */
export function callOf(...effects: Effect[]): RuledCall {
  return { tool: "a.b", effects };
}

/** Any code points, halves of pairs among them; mostly Latin letters and marks. */
export const someText: fc.Arbitrary<string> = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.nat(0x17f) }, fc.nat(0x10ffff)),
  { maxLength: 40 },
).map((codes) => String.fromCodePoint(...codes));

const someName = someText
  .map((text) => text.replace(/[\p{C}/\\]/gu, "")).filter((text) =>
    text !== "" && isPlain(text) && text !== "." && text !== ".." && text === text.trim()
  );
const someFolder = fc.array(someName, { minLength: 1, maxLength: 3 })
  .map((parts) => `/${parts.join("/")}`);
const someHost = fc.tuple(fc.domain(), fc.option(fc.integer({ min: 1, max: 65_535 })))
  .map(([host, port]) => port === null || port === 443 ? host : `${host}:${port}`)
  .map((host) => host.toLowerCase());

/** A rule as it is after it was read. */
export const someRule: fc.Arbitrary<Rule> = fc.oneof(
  fc.record({
    decision: fc.constant("allow" as const),
    tool: fc.constantFrom("memory_write", "a.b", "web-search.find_all"),
    where: someFolder,
    reads: fc.oneof(someFolder, fc.constant("*")),
    host: someHost,
    program: someName,
  }, { requiredKeys: ["decision", "tool"], noNullPrototype: true }).filter(({ program }) =>
    program !== "*"
  ),
  fc.record(
    { decision: fc.constant("deny" as const), tool: fc.constant("a.b"), host: someHost },
    { noNullPrototype: true },
  ),
);
