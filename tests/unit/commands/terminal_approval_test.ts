import assert from "node:assert/strict";
import { scriptedProvider, TestProfile } from "../../fakes/command_context.ts";
import { READING_MS, typed } from "../../fakes/typed_lines.ts";

const CONFIG = "ai:\n  provider_id: openai\n  model: m1\n";
const BOAT = { name: "knowledge/boat.md", text: "The boat needs red paint." };

/** Has a model ask for a note to be written. @returns whether it was, the settings, and what was said */
async function asked(...lines: readonly (readonly [ms: number, line: string])[]) {
  await using profile = await TestProfile.create();
  let round = 0;
  const provider = scriptedProvider("openai", async function* () {
    if (round++ === 0) {
      const call = { id: "c1", name: "memory_write", arguments: JSON.stringify(BOAT) };
      yield await Promise.resolve({ type: "tool_call", call });
    }
    yield { type: "finish", reason: "stop" };
  });
  const { err } = await profile.run(["ask", "a question"], {
    config: CONFIG,
    provider: () => Promise.resolve(provider),
    input: "",
    ...typed(...lines),
  });
  const written = await Deno.readTextFile(`${profile.home}/memory/${BOAT.name}`)
    .then(() => true, () => false);
  return { err, written, config: await Deno.readTextFile(profile.configPath) };
}

Deno.test("what was typed before the question could be read is no answer", async () => {
  for (const [early, late] of [[["y"], "n"], [["y", "yes", "a"], ""], [["n"], "y"]] as const) {
    const { err, written, config } = await asked(
      ...early.map((line) => [0, line] as const),
      [READING_MS, late],
    );
    assert.equal(written, late === "y", early.join());
    assert.equal(config, CONFIG);
    assert.match(err, /\nwhat was typed before this is no answer\ny once/);
  }
});

Deno.test("input that ended before the question is no yes", async () => {
  assert.equal((await asked([0, "y"])).written, false);
  assert.equal((await asked()).written, false);
});

Deno.test("in a narrow terminal every part of what the model wrote stands behind the bar", async () => {
  await using profile = await TestProfile.create();
  let round = 0;
  const text = "y once · n no · ? details ".repeat(6).trim();
  const provider = scriptedProvider("openai", async function* () {
    if (round++ === 0) {
      const call = { id: "c1", name: "memory_write", arguments: JSON.stringify({ ...BOAT, text }) };
      yield await Promise.resolve({ type: "tool_call", call });
    }
    yield { type: "finish", reason: "stop" };
  });
  const { err } = await profile.run(["ask", "a question"], {
    config: CONFIG,
    provider: () => Promise.resolve(provider),
    input: "",
    columns: 40,
    ...typed([READING_MS, "n"]),
  });
  const question = err.slice(
    err.indexOf("memory_write wants"),
    err.indexOf("y once · n no · ? details [n]"),
  );
  const lines = question.trimEnd().split("\n");
  assert.ok(lines.length > 6 && lines.every((line) => line.length <= 40), err);
  const behind = lines.filter((line) => line.startsWith("  │ ")).map((line) => line.slice(4)).join(
    "",
  );
  assert.ok(behind.includes(text), behind);
});

/** Has a model ask the person back. @returns what it was told, and what was said */
async function askedBack(run: Parameters<TestProfile["run"]>[1]) {
  await using profile = await TestProfile.create();
  let told: string | undefined;
  const provider = scriptedProvider("openai", async function* ({ messages }) {
    const last = messages.at(-1);
    if (last?.role === "tool") told = last.text;
    else {
      const given = { question: "Which one?", choices: ["red", "blue"] };
      const call = { id: "c1", name: "ask_clarification", arguments: JSON.stringify(given) };
      yield await Promise.resolve({ type: "tool_call", call });
    }
    yield { type: "finish", reason: "stop" };
  });
  const { err } = await profile.run(["ask", "a question"], {
    config: CONFIG,
    provider: () => Promise.resolve(provider),
    input: "",
    ...run,
  });
  return { told, err };
}

Deno.test("the model's question is answered by a number or in one's own words", async () => {
  const chosen = await askedBack(typed([READING_MS, "2"]));
  assert.equal(chosen.told, "The person chose: blue");
  assert.match(
    chosen.err,
    /the model asks you\n {2}│ Which one\?\n {2}│ 1 {2}red\n {2}│ 2 {2}blue\n/,
  );
  assert.equal((await askedBack(typed([READING_MS, "n"]))).told, "The person says: n");
  assert.match((await askedBack(typed([READING_MS, ""]))).told ?? "", /gave no answer/);
  assert.match((await askedBack(typed())).told ?? "", /gave no answer/);
});

Deno.test("where nobody is the model is told so at once", async () => {
  for (const run of [{ input: "piped" }, { ...typed(), options: { json: true } }]) {
    const { told, err } = await askedBack(run);
    assert.match(told ?? "", /^not available/);
    assert.doesNotMatch(err, /asks you/);
  }
});
