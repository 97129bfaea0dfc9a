import assert from "node:assert/strict";
import { type Finding, tellingOnes } from "../../../src/guard/finding.ts";

function finding(label: string, start: number, end: number, more: Partial<Finding> = {}): Finding {
  const category = "instruction_override";
  return { label, category, severity: "medium", start, end, excerpt: "", ...more };
}

Deno.test("of findings in one another the gravest and longest is told", () => {
  const told = tellingOnes([
    finding("again", 56, 88),
    finding("part", 56, 75),
    finding("gravest", 56, 88, { severity: "high" }),
    finding("later", 90, 95),
  ]);
  assert.deepEqual(told.map(({ label }) => label), ["gravest", "later"]);
});

Deno.test("a graver finding inside, one of another category and one that overlaps are told too", () => {
  const told = tellingOnes([
    finding("around", 0, 50),
    finding("graver", 10, 20, { severity: "high" }),
    finding("other", 10, 20, { category: "hidden_text" }),
    finding("overlaps", 40, 60),
    finding("weaker, inside the graver", 12, 14, { severity: "low" }),
  ]);
  assert.deepEqual(told.map(({ label }) => label), ["around", "graver", "other", "overlaps"]);
});
