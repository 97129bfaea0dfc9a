import assert from "node:assert/strict";
import { readSkill } from "../../../src/skills/skill.ts";

const VECTORS = new URL(
  "../../../../shared/corpora/protocol/skills_ref_vectors.jsonl",
  import.meta.url,
);

interface Vector {
  readonly test: string;
  readonly dir: string | null;
  readonly skill_md: string | null;
  readonly expect: "valid" | "invalid";
}

async function vectors(): Promise<Vector[]> {
  try {
    const text = await Deno.readTextFile(VECTORS);
    return text.trimEnd().split("\n").map((line) => JSON.parse(line));
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return [];
    throw thrown;
  }
}

const all = await vectors();
// Those without a text are made by code, and stand below.
const whole = all.filter(({ dir, skill_md }) => dir !== null && skill_md?.startsWith("---"));

Deno.test({
  name: `the format's ${whole.length} own examples are read as it says`,
  // They are not part of this project; where they lie beside it, they are run.
  ignore: whole.length === 0,
  fn() {
    assert.ok(whole.length >= 13, `${whole.length}`);
    for (const { test, dir, skill_md, expect } of whole) {
      const read = readSkill(skill_md ?? "", dir ?? "");
      const told = read.kind === "invalid" ? read.problems.join("; ") : "";
      assert.equal(read.kind === "skill" ? "valid" : "invalid", expect, `${test}: ${told}`);
    }
  },
});

const skillOf = (lines: string[], folder = "tea", body = "Boil water.") =>
  readSkill(["---", ...lines, "---", body].join("\n"), folder);
const problemsOf = (read: ReturnType<typeof readSkill>) =>
  read.kind === "invalid" ? read.problems : [];

Deno.test("a skill is its name, its description on one line, and what stands below", () => {
  const read = skillOf(["name: tea", "description: >", "  Makes tea.", "  Use it for tea."]);
  assert.deepEqual(read, {
    kind: "skill",
    skill: { name: "tea", description: "Makes tea. Use it for tea.", body: "Boil water." },
  });
  const onWindows = readSkill("\uFEFF---\r\nname: tea\r\ndescription: d\r\n---\r\nBoil.", "tea");
  assert.ok(onWindows.kind === "skill" && onWindows.skill.body === "Boil.");
});

Deno.test("names and texts of more characters than the format allows are refused", () => {
  const named = (name: string) => problemsOf(skillOf([`name: ${name}`, "description: d"], name));
  assert.deepEqual(named("a".repeat(64)), []);
  assert.deepEqual(named("a".repeat(65)), ["its name is longer than 64 characters"]);
  const described = (length: number) =>
    problemsOf(skillOf(["name: tea", `description: ${"d".repeat(length)}`]));
  assert.deepEqual(described(1_024), []);
  assert.deepEqual(described(1_025), ["its description is longer than 1024 characters"]);
  const compatible = (length: number) =>
    problemsOf(skillOf(["name: tea", "description: d", `compatibility: ${"c".repeat(length)}`]));
  assert.deepEqual([compatible(500), compatible(501).length], [[], 1]);
});

Deno.test("a name composed otherwise is the same name", () => {
  const [composed, apart] = ["caf\u00e9", "cafe\u0301"];
  for (const [name, folder] of [[composed, apart], [apart, composed]] as const) {
    const read = skillOf([`name: ${name}`, "description: d"], folder);
    assert.ok(read.kind === "skill" && read.skill.name === composed);
  }
});

Deno.test("front matter that is missing, no YAML, or a bomb is refused in one sentence", () => {
  const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"];
  for (let at = 0; at < 8; at++) {
    const [own, last] = ["bcdefghi"[at], "abcdefgh"[at]];
    bomb.push(`${own}: &${own} [${Array(9).fill(`*${last}`).join(", ")}]`);
  }
  const texts = [
    "",
    "# Tea",
    "--- name: tea ---",
    "---\nname: tea\ndescription: d\n",
    "---\n- name\n---\n",
    "---\nname: [\n---\n",
    "---\nname: tea\nname: two\ndescription: d\n---\n",
    `---\n${bomb.join("\n")}\nname: tea\ndescription: d\n---\n`,
    `---\n${"x: y\n".repeat(10_000)}---\n`,
  ];
  for (const text of texts) {
    const problems = problemsOf(readSkill(text, "tea"));
    assert.equal(problems.length, 1, text.slice(0, 60));
  }
});
