import assert from "node:assert/strict";
import { interruption } from "../../../src/commands/context.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import { TurnEvent } from "../../../src/protocol/turn_event.ts";
import { scriptedProvider, TestProfile } from "../../fakes/command_context.ts";
import { kernelError } from "../../fakes/kernel.ts";

const CONFIG = "ai:\n  provider_id: openai\n  model: m1\n";

function events(out: string): TurnEvent[] {
  assert.ok(out.endsWith("\n"));
  return out.trimEnd().split("\n").map((line) => TurnEvent.parse(JSON.parse(line)));
}

Deno.test("nothing to ask is a usage error, with and without a pipe", async () => {
  await using profile = await TestProfile.create();
  for (const run of [{}, { input: " \n" }]) {
    const { code, out, err } = await profile.run(["ask"], { config: CONFIG, ...run });
    assert.equal(code, 2);
    assert.equal(out, "");
    assert.match(err, /^pyra: nothing was asked — .*\n$/);
  }
});

Deno.test("an unknown provider is refused with the nearest one", async () => {
  await using profile = await TestProfile.create();
  for (const model of [[], ["--model", "m"]]) {
    const line = ["ask", "--provider", "opnai", ...model, "x"];
    const { code, err } = await profile.run(line, { config: CONFIG });
    assert.equal(code, 2);
    assert.match(err, /did you mean openai/);
  }
});

Deno.test("without set-up and without a terminal the exit code is 3", async () => {
  await using profile = await TestProfile.create();
  const { code, out, err } = await profile.run(["ask", "x"], { input: "y" });
  assert.equal(code, 3);
  assert.equal(out, "");
  assert.match(err, /^pyra: .*pyra setup.*\n$/);
});

Deno.test("a failure before the answer is an error event and an error object, with --json", async () => {
  await using profile = await TestProfile.create();
  const { code, out, err } = await profile.run(["ask", "hi"], {
    input: "",
    options: { json: true },
  });
  assert.equal(code, 3);
  const [error, done] = events(out);
  assert.ok(error?.type === "error" && error.error.code === "not_set_up");
  assert.ok(done?.type === "done" && done.reason === "error");
  assert.equal(JSON.parse(err).error.code, "not_set_up");
});

Deno.test("what a provider refuses decides the exit code, and what arrived stays", async () => {
  await using profile = await TestProfile.create();
  const cases = [
    ["api", "rate_limited", 1],
    ["permission", "origin_refused", 4],
    ["configuration", "no_key", 3],
  ] as const;
  for (const [category, failure, expected] of cases) {
    // deno-lint-ignore require-yield -- it fails before its first event
    const provider = scriptedProvider("openai", async function* () {
      throw await Promise.resolve(
        new PyraError(category, failure, "it went wrong", { hint: "try later" }),
      );
    });
    const { code, out, err } = await profile.run(["ask", "hi"], {
      config: CONFIG,
      provider: () => Promise.resolve(provider),
    });
    assert.equal(code, expected, failure);
    assert.equal(out, "");
    assert.equal(err, "pyra: it went wrong — try later\n");
  }
  const half = scriptedProvider("openai", async function* () {
    yield await Promise.resolve({ type: "text", text: "half" });
    throw new PyraError("network", "stream_broken", "it broke off");
  });
  const { code, out } = await profile.run(["ask", "hi"], {
    config: CONFIG,
    provider: () => Promise.resolve(half),
  });
  assert.equal(code, 1);
  assert.equal(out, "half\n");
});

Deno.test("refusals of the kernel keep their hint and their exit code", async () => {
  await using profile = await TestProfile.create();
  for (const [code, exit] of [["vault_locked", 4], ["no_key", 3], ["cancelled", 130]] as const) {
    const run = await profile.run(["ask", "hi"], {
      config: CONFIG,
      provider: () => Promise.reject(kernelError(code, "it is so", "do that")),
    });
    assert.equal(run.code, exit);
    assert.equal(run.err, "pyra: it is so — do that\n");
  }
});

Deno.test("--verbose adds the causes of an error, one a line", async () => {
  await using profile = await TestProfile.create();
  const cause = new Error("the root", { cause: new Error("deeper\nstill") });
  const { err } = await profile.run(["ask", "hi"], {
    config: CONFIG,
    options: { verbose: true },
    provider: () => Promise.reject(new PyraError("network", "network", "no way", { cause })),
  });
  assert.equal(err, "pyra: no way\n  because: Error: the root\n  because: Error: deeper still\n");
});

Deno.test("an interrupt ends the turn with 130, and what was printed ends with a line feed", async () => {
  await using profile = await TestProfile.create();
  const ended = new AbortController();
  const provider = scriptedProvider("openai", async function* (_, signal) {
    yield await Promise.resolve({ type: "text", text: "begun" });
    ended.abort(interruption("interrupt"));
    signal.throwIfAborted();
  });
  const { code, out, err } = await profile.run(["ask", "hi"], {
    config: CONFIG,
    signal: ended.signal,
    provider: () => Promise.resolve(provider),
  });
  assert.equal(code, 130);
  assert.equal(out, "begun\n");
  assert.equal(err, "");
});

Deno.test("SIGTERM while standard input is read ends with 143", async () => {
  await using profile = await TestProfile.create();
  const ended = new AbortController();
  const { code, err } = await profile.run(["ask", "hi"], {
    config: CONFIG,
    signal: ended.signal,
    readStdin: (signal) => {
      ended.abort(interruption("terminate"));
      return Promise.reject(signal.reason);
    },
  });
  assert.equal(code, 143);
  assert.equal(err, "");
});

Deno.test("a reader who has gone ends the run quietly, and the request with it", async () => {
  await using profile = await TestProfile.create();
  let stopped = false;
  const provider = scriptedProvider("openai", async function* () {
    try {
      while (true) yield await Promise.resolve({ type: "text", text: "more\n" });
    } finally {
      stopped = true;
    }
  });
  let printed = 0;
  const { code, err } = await profile.run(["ask", "hi"], {
    config: CONFIG,
    provider: () => Promise.resolve(provider),
    print: () =>
      ++printed > 3 ? Promise.reject(new Deno.errors.BrokenPipe("gone")) : Promise.resolve(),
  });
  assert.equal(code, 0);
  assert.equal(err, "");
  assert.equal(stopped, true);
});

Deno.test("a file that cannot be attached is named, and nothing is asked", async () => {
  await using profile = await TestProfile.create();
  const missing = `${profile.home}/none.txt`;
  for (const path of [missing, profile.home]) {
    const { code, out, err } = await profile.run(["ask", "--attach", "the.file", "x"], {
      config: CONFIG,
      granted: [path],
      provider: () => Promise.reject(new Error("it was asked")),
    });
    assert.equal(code, 1);
    assert.equal(out, "");
    assert.match(err, /^pyra: the\.file .*\n$/);
  }
});

Deno.test("--continue without any conversation says so", async () => {
  await using profile = await TestProfile.create();
  const { code, err } = await profile.run(["ask", "-c", "x"], { config: CONFIG });
  assert.equal(code, 1);
  assert.match(err, /no session to go on with/);
});

Deno.test("a broken config is an error that names the place", async () => {
  await using profile = await TestProfile.create();
  const { code, err } = await profile.run(["ask", "x"], { config: "ai: [1,\n" });
  assert.equal(code, 1);
  assert.match(err, /line \d+, column \d+/);
});
