import assert from "node:assert/strict";
import { TurnEvent } from "../../../src/protocol/turn_event.ts";
import {
  echoProvider,
  scriptedPrompts,
  scriptedProvider,
  TestProfile,
} from "../../fakes/command_context.ts";

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
  assert.match(
    both.out,
    /^you said: sum this up\|\[data ([a-z2-7]{16}) from standard input\]\na\nb\n\[end \1\]\n$/,
  );
  const input = await profile.run([], { input: "only input\n" });
  assert.equal(input.out, "you said: only input\n");
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
  const list = await profile.run(["sessions", "list"], { options: { json: true } });
  const [{ id, questions }] = JSON.parse(list.out);
  assert.equal(questions, 2);
  assert.equal((await profile.run(["ask", "--session", id, "third"], again)).code, 0);
  assert.equal(provider.requests.at(-1)?.messages.filter(({ role }) => role === "user").length, 3);
  assert.equal((await profile.run(["ask", "-c", "--session", id, "x"])).code, 2);
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
