import assert from "node:assert/strict";
import { withRedactedLogs } from "../../src/app_redaction.ts";
import { TestProfile } from "../fakes/command_context.ts";
import { FakeKernel, kernelError } from "../fakes/kernel.ts";
import { jumble } from "./guard/redaction_samples.ts";

const KEY = `ghp_${jumble(36)}`;
const CONFIG = "ai:\n  provider_id: openai\n  model: m1\n";

Deno.test("no line of a log has a secret, a JSON line stays one, other calls are as they were", async () => {
  const fake = new FakeKernel({ log: () => null, completePath: () => [] });
  const kernel = withRedactedLogs(fake);
  await kernel.call("log", { line: `it failed with ${KEY}` });
  await kernel.call("log", { line: JSON.stringify({ problem: KEY }), to: "plugin_errors" });
  await kernel.call("completePath", { prefix: KEY });
  assert.deepEqual(fake.calls.map(({ params }) => params), [
    { line: "it failed with [redacted: github token]" },
    { line: '{"problem":"[redacted: github token]"}', to: "plugin_errors" },
    { prefix: KEY },
  ]);
});

Deno.test("an error is shown without the key that it complains of, as text and as JSON", async () => {
  await using profile = await TestProfile.create();
  const provider = () => Promise.reject(kernelError("no_key", `bad key ${KEY}`));
  for (const json of [false, true]) {
    const { out, err, code } = await profile.run(["ask", "x"], {
      config: CONFIG,
      options: { json, verbose: true },
      provider,
    });
    assert.notEqual(code, 0);
    assert.match(out + err, /\[redacted: github token\]/);
    assert.ok(!(out + err).includes(KEY), out + err);
  }
});
