import assert from "node:assert/strict";
import { TestProfile } from "../../fakes/command_context.ts";
import { type ModelEvent, type ModelProvider } from "../../../src/protocol/model.ts";
import { says, ScriptedProvider, type Step } from "../chat/scripted_provider.ts";

const CONFIG = "ai:\n  provider_id: openai\n  model: m1\n";
const QUESTION = "why is the sky blue?";
const CUT: Step[] = [{ type: "text", text: "Beca" }, { type: "finish", reason: "length" }];
const FILTERED: Step[] = [{ type: "text", text: "Beca" }, { type: "finish", reason: "filtered" }];
const BROKEN: Step[] = [
  { type: "text", text: "Beca" },
  { type: "warning", message: "the stream broke" },
  { type: "finish", reason: "stop" },
];

/** A profile whose model counts how often it is asked. */
async function asking(
  play: (
    ask: (argv: readonly string[], more?: Parameters<TestProfile["run"]>[1]) => ReturnType<
      TestProfile["run"]
    >,
    model: ScriptedProvider,
    profile: TestProfile,
  ) => Promise<void>,
  scripts: Step[][] = [],
): Promise<void> {
  await using profile = await TestProfile.create();
  const model = new ScriptedProvider(
    scripts.length > 0 ? scripts : Array.from({ length: 20 }, (_, at) => says(`answer ${at + 1}`)),
    "openai",
  );
  await play(
    (argv, more = {}) =>
      profile.run(argv, { config: CONFIG, provider: () => Promise.resolve(model), ...more }),
    model,
    profile,
  );
}

Deno.test("the same question is answered again without the model, and says so", async () => {
  await asking(async (ask, model) => {
    assert.equal((await ask(["ask", QUESTION])).err, "");
    const again = await ask(["ask", QUESTION]);
    assert.equal(again.out, "answer 1\n");
    assert.match(again.err, /^pyra: this was answered \d+ seconds? ago; --no-cache asks/);
    assert.equal(again.code, 0);
    assert.equal(model.requests.length, 1);
  });
});

Deno.test("--json tells of it as an event before the answer, and counts no usage", async () => {
  await asking(async (ask) => {
    await ask(["ask", QUESTION], { options: { json: true } });
    const { out, err } = await ask(["ask", QUESTION], { options: { json: true } });
    const events = out.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(events.map(({ type }) => type), ["cached", "text", "done"]);
    assert.deepEqual(events[0].usage, { input_tokens: 10, output_tokens: 5, cached_tokens: 0 });
    assert.equal(err, "");
  });
});

Deno.test("--no-cache asks the model, and its answer is the one from then on", async () => {
  await asking(async (ask, model) => {
    await ask(["ask", QUESTION]);
    assert.equal((await ask(["ask", "--no-cache", QUESTION])).out, "answer 2\n");
    assert.equal((await ask(["ask", QUESTION])).out, "answer 2\n");
    assert.equal(model.requests.length, 2);
  });
});

Deno.test("another model, system text, limit, temperature, input or note is another question", async () => {
  await asking(async (ask, model, profile) => {
    const runs: [readonly string[], Parameters<TestProfile["run"]>[1]?][] = [
      [["ask", QUESTION]],
      [["ask", "--model", "m2", QUESTION]],
      [["ask", "--system", "be brief", QUESTION]],
      [["ask", "--max-tokens", "70", QUESTION]],
      [["ask", QUESTION], { config: `${CONFIG}  temperature: 0.5\n` }],
      [["ask", QUESTION], { config: `${CONFIG}  base_url: https://other.example\n` }],
      [["ask", QUESTION], { input: "about this" }],
      [["ask", QUESTION], { input: "about that" }],
      [["ask", "--no-tools", QUESTION]],
    ];
    for (const [argv, more] of runs) await ask(argv, more);
    assert.equal(model.requests.length, runs.length);
    for (const [argv, more] of runs) await ask(argv, more);
    assert.equal(model.requests.length, runs.length, "each of them is known now");
    await Deno.mkdir(`${profile.home}/memory/user`, { recursive: true });
    await Deno.writeTextFile(
      `${profile.home}/memory/user/profile.md`,
      "# Me\n\nI am colour-blind.\n",
    );
    await ask(["ask", QUESTION]);
    assert.equal(model.requests.length, runs.length + 1, "a note makes it another");
  });
});

Deno.test("what was cut, filtered, broken or failed is asked again", async () => {
  const failing = [CUT, FILTERED, BROKEN, [new Error("down")]];
  await asking(async (ask, model) => {
    for (const _ of failing) await ask(["ask", QUESTION]);
    assert.equal((await ask(["ask", QUESTION])).out, "at last\n");
    assert.equal((await ask(["ask", QUESTION])).out, "at last\n");
    assert.equal(model.requests.length, failing.length + 1);
  }, [...failing, says("at last")]);
});

Deno.test("an answer for which a tool was called is asked for again", async () => {
  const call = { id: "call00001", name: "memory_write", arguments: "{}" };
  const round: Step[] = [{ type: "tool_call", call }, { type: "finish", reason: "tool_calls" }];
  await asking(async (ask, model) => {
    await ask(["ask", QUESTION]);
    await ask(["ask", QUESTION]);
    assert.equal(model.requests.length, 4);
  }, [round, says("one"), round, says("two")]);
});

Deno.test("a session that goes on, and what changes by the minute, goes to the model", async () => {
  await asking(async (ask, model) => {
    await ask(["ask", QUESTION]);
    await ask(["ask", "--continue", QUESTION]);
    await ask(["ask", "--continue", QUESTION]);
    for (
      const question of ["what time is it?", "wie viel Uhr ist es?", "how much memory is free?"]
    ) {
      await ask(["ask", question]);
      await ask(["ask", question]);
    }
    assert.equal(model.requests.length, 9);
  });
});

Deno.test("0 seconds turn it off", async () => {
  await asking(async (ask, model, profile) => {
    const config = `${CONFIG}  cache_seconds: 0\n`;
    await ask(["ask", QUESTION], { config });
    await ask(["ask", QUESTION], { config });
    assert.equal(model.requests.length, 2);
    await assert.rejects(Deno.stat(`${profile.home}/cache/answers`), Deno.errors.NotFound);
  });
});

Deno.test("an answer that another model gave in its place is not kept", async () => {
  let asked = 0;
  const provider: ModelProvider & { answering: { provider: string; model: string } } = {
    id: "openai",
    answering: { provider: "groq", model: "other" },
    listModels: () => Promise.resolve([]),
    async *stream(): AsyncGenerator<ModelEvent> {
      asked++;
      yield { type: "text", text: "from another" };
      yield { type: "finish", reason: "stop" };
    },
  };
  await using profile = await TestProfile.create();
  for (const _ of [1, 2]) {
    await profile.run(["ask", QUESTION], {
      config: CONFIG,
      provider: () => Promise.resolve(provider),
    });
  }
  assert.equal(asked, 2);
});

Deno.test("pyra usage tells how often, and what it saved", async () => {
  await asking(async (ask) => {
    assert.doesNotMatch((await ask(["usage"])).out, /cache/);
    for (const _ of [1, 2, 3]) await ask(["ask", QUESTION]);
    const { out } = await ask(["usage"]);
    assert.match(
      out,
      /cache: 2 of 3 questions to pyra ask answered without a model, 30 tokens saved/,
    );
    const { query_cache } = JSON.parse((await ask(["usage"], { options: { json: true } })).out);
    assert.deepEqual(query_cache, { hits: 2, misses: 1, saved_tokens: 30 });
  });
});
