import assert from "node:assert/strict";
import fc from "fast-check";
import { readLines } from "../../../src/repl/line_reader.ts";
import { runPlain } from "../../../src/repl/plain.ts";
import type { ReplPorts } from "../../../src/repl/ports.ts";
import { type FakePorts, fakePorts } from "../../fakes/repl_ports.ts";

async function* pieces(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    await Promise.resolve();
    yield typeof part === "string" ? new TextEncoder().encode(part) : part;
  }
}

interface Run extends FakePorts {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

async function run(
  input: AsyncIterable<Uint8Array>,
  changes: Partial<ReplPorts> = {},
  act: (fake: FakePorts) => void = () => {},
  pace = 0,
): Promise<Run> {
  const fake = fakePorts(changes, pace);
  let out = "";
  let error = "";
  act(fake);
  const code = await runPlain(fake.ports, {
    input,
    write: (text) => out += text,
    writeError: (text) => error += text,
    readerLeft: new AbortController().signal,
  });
  return { ...fake, code, out, error };
}

Deno.test("a pipe gets the answers and nothing else, and the end of input ends with 0", async () => {
  const { code, out, error, conversation } = await run(pieces("hel", "lo\nsecond"));
  assert.equal(code, 0);
  assert.equal(out, "you said: hello\nyou said: second\n");
  assert.equal(error, "");
  assert.ok(conversation.disposed);
});

Deno.test("a dumb terminal gets a prompt, notices, and tokens and time", async () => {
  const terminal = { stdin: true, stdout: true };
  const { out, error } = await run(pieces("hi\n"), { terminal, notice: ["a demo\x1b[2J"] });
  assert.equal(out, "> you said: hi\n> ");
  assert.match(error, /a demo␛\[2J\n\(1,200 in · 34 out · [\d.]+ s\)/);
});

Deno.test("slash commands work in a pipe, and errors say what to do", async () => {
  const { out, error, conversation } = await run(
    pieces("/help\n/modle\n/model beta\n/model\n/attach missing\n/quit\nnever asked\n"),
  );
  assert.match(out, /\/sessions +list earlier conversations/);
  assert.match(out, /models of demo:\nalpha +\nbeta +in use/);
  assert.match(error, /no command \/modle\ndid you mean \/model\?/);
  assert.match(error, /no file missing\ncheck it/);
  assert.equal(conversation.choice.model, "beta");
  assert.equal(conversation.asked.length, 0);
});

Deno.test("a backslash at the end of a line goes on in the next", async () => {
  const { out } = await run(pieces("count a\\\nb\\\nc\n"));
  assert.match(out, /got 3 lines/);
});

Deno.test("an answer's escape sequences and errors are shown safely", async () => {
  const { out, error } = await run(pieces("evil\nfail\n"));
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(out + error, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  assert.match(out, /half an ans\n/);
  assert.match(error, /error: the provider does not answer\ntry again/);
});

Deno.test("the kernel's interrupt stops a turn, twice ends with 130, terminate with 143", async () => {
  const never = async function* (): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode("slow\n");
    await new Promise((resolve) => setTimeout(resolve, 400));
  };
  const stopped = await run(
    never(),
    {},
    (fake) => setTimeout(() => fake.kernel("interrupt"), 100),
    5,
  );
  assert.equal(stopped.code, 0);
  assert.match(stopped.error, /stopped/);
  const interrupt = (fake: FakePorts): void => {
    setTimeout(() => fake.kernel("interrupt"), 50);
    setTimeout(() => fake.kernel("interrupt"), 100);
  };
  assert.equal((await run(never(), {}, interrupt, 5)).code, 130);
  const terminate = (fake: FakePorts): void => void setTimeout(() => fake.kernel("terminate"), 50);
  assert.equal((await run(never(), {}, terminate, 5)).code, 143);
  await new Promise((resolve) => setTimeout(resolve, 400));
});

Deno.test("a resumed room runs its command again", async () => {
  const { calls, conversation } = await run(pieces(""), {
    resumed: { command: "/provider openai" },
  });
  assert.deepEqual(calls, ["connect openai"]);
  assert.equal(conversation.choice.provider, "openai");
});

Deno.test("a resumed room attaches again what was to go with the next question", async () => {
  const { conversation } = await run(pieces("look\n"), { resumed: { attached: ["a.png"] } });
  assert.equal(conversation.asked.at(-1)?.length, 2);
});

Deno.test("lines are the same however the bytes are cut, and invalid bytes are tolerated", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 120 }),
      fc.integer({ min: 1, max: 9 }),
      async (bytes, size) => {
        const parts = Array.from(
          { length: Math.ceil(bytes.length / size) },
          (_, i) => bytes.slice(i * size, (i + 1) * size),
        );
        const lines: string[] = [];
        for await (const line of readLines(pieces(...parts))) lines.push(line.text);
        const expected = new TextDecoder().decode(bytes).split("\n");
        if (expected.at(-1) === "") expected.pop();
        assert.deepEqual(lines, expected.map((line) => line.replace(/\r$/, "")));
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("a line is bounded", async () => {
  const lines = [];
  for await (const line of readLines(pieces("x".repeat(50), "y\nnext\n"), 20)) lines.push(line);
  assert.deepEqual(lines, [{ text: "x".repeat(20), cut: true }, { text: "next", cut: false }]);
});
