import assert from "node:assert/strict";
import type { FakeKernel } from "../../fakes/kernel.ts";
import { TestProfile } from "../../fakes/command_context.ts";

const CONFIG = "ai:\n  provider_id: openai\n  model: m1\n";

function queriesOf(kernel: FakeKernel) {
  return kernel.of("log").flatMap((params) => {
    const { to, line } = params as { to?: string; line: string };
    return to === "queries" ? [JSON.parse(line)] : [];
  });
}

Deno.test("each question of ask and recipe is a line of the log of queries", async () => {
  await using profile = await TestProfile.create();
  const asked = await profile.run(["ask", "why", "so?"], { config: CONFIG, input: "their words" });
  const [line, ...others] = queriesOf(asked.kernel);
  assert.equal(others.length, 0);
  assert.deepEqual([line.who, line.surface, line.model], ["person", "ask", "m1"]);
  assert.equal(line.text, "why so?");
  assert.deepEqual(line.with, ["standard input"]);
  await Deno.mkdir(`${profile.home}/recipes`);
  await profile.run(["recipe", "new", "two"]);
  const ran = await profile.run(["recipe", "run", "two", "--param", "topic=tea"]);
  const steps = queriesOf(ran.kernel);
  assert.deepEqual(steps.map(({ surface }) => surface), ["recipe", "recipe"]);
  assert.match(steps[0].text, /about tea/);
});

Deno.test("security.log_queries turns it off", async () => {
  await using profile = await TestProfile.create();
  const config = `${CONFIG}security:\n  log_queries: false\n`;
  const { kernel } = await profile.run(["ask", "why?"], { config });
  assert.deepEqual(queriesOf(kernel), []);
});

Deno.test("a question that cannot be written down is answered, and the person is told", async () => {
  await using profile = await TestProfile.create();
  const { code, out, err } = await profile.run(["ask", "why?"], {
    config: CONFIG,
    answers: {
      log: () => {
        throw new Error("the disk is full");
      },
    },
  });
  assert.equal(code, 0);
  assert.equal(out, "you said: why?\n");
  assert.match(
    err,
    /^pyra: warning: questions are not written to the log of queries: .*disk is full/,
  );
});
