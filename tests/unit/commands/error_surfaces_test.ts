/**
 * The one error type, as each surface shows it.
 * @module
 */
import assert from "node:assert/strict";
import { causesOf, type ErrorCategory, PyraError } from "../../../src/protocol/error.ts";
import { TurnEvent } from "../../../src/protocol/turn_event.ts";
import { describeError } from "../../../src/repl/turn.ts";
import { TestProfile } from "../../fakes/command_context.ts";
import { ScriptedProvider } from "../chat/scripted_provider.ts";
import { KEYS } from "../guard/redaction_samples.ts";

const CONFIG = "ai:\n  provider_id: openai\n  model: m1\n";
const CATEGORIES: readonly ErrorCategory[] = [
  "system",
  "api",
  "configuration",
  "file",
  "permission",
  "network",
];
const [SECRET = ""] = KEYS;

function failure(category: ErrorCategory): PyraError {
  const root = new TypeError(`the socket\u001b[2J said ${SECRET}`);
  const cause = new Error("the connection broke", { cause: root });
  return new PyraError(category, "it_failed", "it failed", { hint: "do this", cause });
}

async function failing(category: ErrorCategory, options: { json?: boolean; verbose?: boolean }) {
  await using profile = await TestProfile.create();
  const model = new ScriptedProvider([[failure(category)]], "openai");
  const run = await profile.run(["ask", "x"], {
    config: CONFIG,
    provider: () => Promise.resolve(model),
    options,
  });
  const files: string[] = [];
  for await (const { name } of Deno.readDir(`${profile.home}/sessions`)) {
    files.push(await Deno.readTextFile(`${profile.home}/sessions/${name}`));
  }
  return { ...run, session: files.join("") };
}

for (const category of CATEGORIES) {
  Deno.test(`an error of the category ${category} is one line, one event, one object`, async () => {
    const plain = await failing(category, {});
    assert.equal(plain.err, "pyra: it failed — do this\n");
    assert.equal(plain.out, "");
    assert.equal(plain.code, category === "permission" ? 4 : 1);
    assert.doesNotMatch(plain.session, /because|connection broke/);
    const { out, err, code } = await failing(category, { json: true });
    const events = out.trimEnd().split("\n").map((line) => TurnEvent.parse(JSON.parse(line)));
    const [told] = events.flatMap((event) => event.type === "error" ? [event.error] : []);
    const report = { category, severity: "error", code: "it_failed", message: "it failed" };
    assert.deepEqual(told, { ...report, hint: "do this" });
    assert.deepEqual(JSON.parse(err), { error: { ...report, hint: "do this" } });
    assert.equal(code, plain.code);
  });
}

Deno.test("--verbose tells what lay below, on every surface, without secrets or control bytes", async () => {
  const { err, session } = await failing("network", { verbose: true });
  const [line, first, second] = err.split("\n");
  assert.equal(line, "pyra: it failed — do this");
  assert.equal(first, "  because: Error: the connection broke");
  assert.match(second ?? "", /^ {2}because: TypeError: the socket \[2J said /);
  const json = await failing("network", { verbose: true, json: true });
  const { causes } = JSON.parse(json.err);
  assert.equal(causes.length, 2);
  assert.match(json.out, /"causes":\["Error: the connection broke","TypeError: the socket/);
  const chat = describeError(failure("network").report({ causes: true }));
  assert.match(
    chat,
    /^error: it failed\ndo this\nbecause: Error: the connection broke\nbecause: Ty/,
  );
  for (const text of [err, json.err, json.out, chat]) {
    assert.ok(!text.includes(SECRET) && !text.includes("\u001b"), text);
  }
  assert.match(session, /connection broke/);
});

Deno.test("a chain of causes without end, or of what is no error, is told in bounds", () => {
  const round = new Error("round");
  round.cause = round;
  assert.equal(causesOf(new PyraError("system", "x", "x", { cause: round })).length, 8);
  const odd = causesOf(new PyraError("system", "x", "x", { cause: "y".repeat(9_999) }));
  assert.equal(odd[0]?.length, 400);
});
