import assert from "node:assert/strict";
import { interruption } from "../../../src/commands/context.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import { TurnEvent } from "../../../src/protocol/turn_event.ts";
import {
  echoProvider,
  scriptedPrompts,
  scriptedProvider,
  TestProfile,
} from "../../fakes/command_context.ts";
import { kernelError } from "../../fakes/kernel.ts";

const CONFIG = "ai:\n  provider_id: openai\n  model: m1\n";

function events(out: string): TurnEvent[] {
  assert.ok(out.endsWith("\n"));
  return out.trimEnd().split("\n").map((line) => TurnEvent.parse(JSON.parse(line)));
}

Deno.test("an answer goes to standard output and ends with a line feed", async () => {
  await using profile = await TestProfile.create();
  const provider = echoProvider("openai");
  const { code, out, err } = await profile.run(["ask", "hello", "there"], {
    config: CONFIG,
    provider: () => Promise.resolve(provider),
  });
  assert.equal(err, "");
  assert.equal(out, "you said: hello there\n");
  assert.equal(code, 0);
  assert.equal(provider.requests[0]?.model, "m1");
});

Deno.test("the words come first, then the piped input", async () => {
  await using profile = await TestProfile.create();
  const both = await profile.run(["sum this up"], { config: CONFIG, input: "a\nb\n" });
  assert.equal(both.out, "you said: sum this up\n\na\nb\n");
  const input = await profile.run([], { input: "only input\n" });
  assert.equal(input.out, "you said: only input\n");
});

Deno.test("nothing to ask is a usage error, with and without a pipe", async () => {
  await using profile = await TestProfile.create();
  for (const run of [{}, { input: " \n" }]) {
    const { code, out, err } = await profile.run(["ask"], { config: CONFIG, ...run });
    assert.equal(code, 2);
    assert.equal(out, "");
    assert.match(err, /^pyra: nothing was asked — .*\n$/);
  }
});

Deno.test("the way to the provider is open before standard input is read", async () => {
  await using profile = await TestProfile.create();
  const order: string[] = [];
  await profile.run(["ask", "x"], {
    config: CONFIG,
    provider: ({ provider }) => {
      order.push("open");
      return Promise.resolve(echoProvider(provider));
    },
    readStdin: () => {
      order.push("read");
      return Promise.resolve("y");
    },
  });
  assert.deepEqual(order, ["open", "read"]);
});

Deno.test("options choose provider, model, system text and limit", async () => {
  await using profile = await TestProfile.create();
  const provider = echoProvider("groq");
  const asked: unknown[] = [];
  const { code } = await profile.run(
    ["ask", "-p", "groq", "-m", "other", "-s", "be brief", "--max-tokens", "7", "--no-stream", "x"],
    {
      config: CONFIG,
      provider: (choice) => {
        asked.push(choice);
        return Promise.resolve(provider);
      },
    },
  );
  assert.equal(code, 0);
  assert.deepEqual(asked, [{ provider: "groq", model: "other" }]);
  const [request] = provider.requests;
  assert.equal(request?.model, "other");
  assert.equal(request?.max_output_tokens, 7);
  assert.equal(request?.stream, false);
  const [system] = request?.messages ?? [];
  assert.ok(system?.role === "system" && system.text.endsWith("be brief"));
  assert.equal((await profile.run(["ask", "--max-tokens", "x", "y"])).code, 2);
});

Deno.test("another provider is asked with its own usual model", async () => {
  await using profile = await TestProfile.create();
  const provider = echoProvider("mistral");
  await profile.run(["ask", "--provider", "mistral", "x"], {
    config: CONFIG,
    provider: () => Promise.resolve(provider),
  });
  assert.match(provider.requests[0]?.model ?? "", /^mistral-/);
});

Deno.test("an unknown provider is refused with the nearest one", async () => {
  await using profile = await TestProfile.create();
  const { code, err } = await profile.run(["ask", "--provider", "opnai", "x"], { config: CONFIG });
  assert.equal(code, 2);
  assert.match(err, /did you mean openai/);
});

Deno.test("without set-up and without a terminal the exit code is 3", async () => {
  await using profile = await TestProfile.create();
  const { code, out, err } = await profile.run(["ask", "x"], { input: "y" });
  assert.equal(code, 3);
  assert.equal(out, "");
  assert.match(err, /^pyra: .*pyra setup.*\n$/);
});

Deno.test("the demo needs no set-up and says what it is, on standard error", async () => {
  await using profile = await TestProfile.create();
  const run = await profile.run(["ask", "--provider", "demo", "x"], { input: "" });
  assert.equal(run.code, 0);
  assert.equal(run.out, "you said: x\n");
  assert.match(run.err, /demo/);
  const quiet = await profile.run(["ask", "-p", "demo", "x"], {
    input: "",
    options: { quiet: true },
  });
  assert.equal(quiet.err, "");
});

Deno.test("on a terminal the wizard runs first, and the question is asked then", async () => {
  await using profile = await TestProfile.create();
  const run = await profile.run(["why not?"], {
    terminal: true,
    prompts: scriptedPrompts(["enter"]),
  });
  assert.equal(run.code, 0);
  assert.match(run.out, /you said: why not\?\n$/);
  assert.match(await Deno.readTextFile(profile.configPath), /provider_id: demo/);
});

Deno.test("--json prints one event a line, from the first to done", async () => {
  await using profile = await TestProfile.create();
  const { code, out, err } = await profile.run(["ask", "hi"], {
    config: CONFIG,
    options: { json: true },
  });
  assert.equal(code, 0);
  assert.equal(err, "");
  const all = events(out);
  assert.equal(
    all.map((event) => event.type === "text" ? event.text : "").join(""),
    "you said: hi",
  );
  assert.deepEqual(all.at(-1)?.type, "done");
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

Deno.test("files are sent along: text as text, images as images", async () => {
  await using profile = await TestProfile.create();
  const [note, image] = [`${profile.home}/note.txt`, `${profile.home}/dot.png`];
  await Deno.writeTextFile(note, "remember the milk");
  await Deno.writeFile(image, Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0));
  const { code, out } = await profile.run(
    ["ask", "--attach", "note.txt", "--attach=dot.png", "what?"],
    { config: CONFIG, granted: [note, image] },
  );
  assert.equal(code, 0);
  assert.match(out, /what\?\|[^]*note\.txt[^]*remember the milk[^]*\|\[image\/png\]/);
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

Deno.test("--continue and --session go on with a conversation", async () => {
  await using profile = await TestProfile.create();
  await profile.run(["ask", "first question"], { config: CONFIG });
  const provider = echoProvider("openai");
  const again = { provider: () => Promise.resolve(provider) };
  assert.equal((await profile.run(["ask", "--continue", "second"], again)).code, 0);
  const texts = provider.requests[0]?.messages.map((message) =>
    message.role === "user" ? "user" : message.role
  );
  assert.deepEqual(texts?.filter((role) => role !== "system"), ["user", "assistant", "user"]);
  const [name] = [...Deno.readDirSync(`${profile.home}/sessions`)].map(({ name }) => name)
    .filter((name) => name.endsWith(".jsonl"));
  assert.ok(name);
  const list = await profile.run(["sessions", "list"], { options: { json: true } });
  const [{ id, questions }] = JSON.parse(list.out);
  assert.equal(questions, 2);
  assert.equal((await profile.run(["ask", "--session", id, "third"], again)).code, 0);
  assert.equal(provider.requests.at(-1)?.messages.filter(({ role }) => role === "user").length, 3);
  assert.equal((await profile.run(["ask", "-c", "--session", id, "x"])).code, 2);
});

Deno.test("--continue without any conversation says so", async () => {
  await using profile = await TestProfile.create();
  const { code, err } = await profile.run(["ask", "-c", "x"], { config: CONFIG });
  assert.equal(code, 1);
  assert.match(err, /no session to go on with/);
});

Deno.test("an answer cannot control the terminal, and a pipe gets every byte", async () => {
  await using profile = await TestProfile.create();
  const provider = scriptedProvider("openai", async function* () {
    yield await Promise.resolve({ type: "text", text: "a\x1b]52;c;eA==\x07b\t\n" });
    yield { type: "finish", reason: "stop" };
  });
  const run = { config: CONFIG, provider: () => Promise.resolve(provider) };
  assert.equal(
    (await profile.run(["ask", "x"], { ...run, terminal: true })).out,
    "a]52;c;eA==b\t\n",
  );
  assert.equal((await profile.run(["ask", "x"], run)).out, "a\x1b]52;c;eA==\x07b\t\n");
});

Deno.test("a broken config is an error that names the place", async () => {
  await using profile = await TestProfile.create();
  const { code, err } = await profile.run(["ask", "x"], { config: "ai: [1,\n" });
  assert.equal(code, 1);
  assert.match(err, /line \d+, column \d+/);
});
