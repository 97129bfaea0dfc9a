/**
 * `pyra ask` and the exit codes, as a script meets them.
 * @module
 */
import assert from "node:assert/strict";
import { type Answer, FAILURES, startModelServer } from "../fakes/model_server.ts";
import { TurnEvent } from "../../src/protocol/turn_event.ts";
import { cleanEnvironment, detached, run, withHome } from "./command.ts";

function settings(url: string): Record<string, string> {
  return {
    PYRA_AI_PROVIDER_ID: "custom",
    PYRA_AI_MODEL: "m",
    PYRA_AI_BASE_URL: url,
    PYRA_CUSTOM_API_KEY: "sk-e2e-0123456789abcdef",
  };
}

Deno.test("the demo answers without set-up, and says what it is on standard error only", async () => {
  await withHome(async (home) => {
    const { code, stdout, stderr } = await run(["ask", "--provider", "demo", "hello"], { home });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /demo/);
    assert.match(stderr, /no model answers/);
    const piped = await run(["--quiet", "--provider", "demo"], { home, input: "hello" });
    assert.equal(piped.code, 0, piped.stderr);
    assert.equal(piped.stderr, "");
    assert.equal(piped.stdout, stdout);
  });
});

Deno.test("a host that nobody knows is told of, and nothing else", async () => {
  await withHome(async (home) => {
    const env = settings("https://no.such.name.invalid/v1");
    const { code, stderr } = await run(["ask", "hello"], { home, env });
    assert.equal(code, 1, stderr);
    assert.match(stderr, /^pyra: the name no\.such\.name\.invalid leads nowhere.*\n$/);
  });
});

Deno.test("words and piped input are asked together, and every JSON line is an event", async () => {
  await withHome(async (home) => {
    await using server = await startModelServer();
    const env = settings(server.url);
    const result = await run(["--json", "what is this"], {
      home,
      env,
      input: "a list\nof lines\n",
    });
    assert.equal(result.code, 0, result.stderr);
    const events = result.stdout.trim().split("\n").map((line) =>
      TurnEvent.parse(JSON.parse(line))
    );
    assert.equal(events.at(-1)?.type, "done");
    const body = server.requests[0]?.body as { messages: { content: string }[] };
    assert.match(
      body.messages.at(-1)?.content ?? "",
      /^what is this\n\n\[data (\w{16}) from standard input\]\na list\nof lines\n\[end \1\]$/,
    );
    // 1,024 and the fence's two lines.
    assert.ok(JSON.stringify(body).length < 1_100);
  });
});

Deno.test("a session goes on by its id, and the latest by --continue", async () => {
  await withHome(async (home) => {
    await using server = await startModelServer();
    const env = settings(server.url);
    await run(["ask", "first"], { home, env });
    const [session] = JSON.parse((await run(["sessions", "list", "--json"], { home })).stdout);
    await run(["ask", "--session", session.short_id, "second"], { home, env });
    await run(["ask", "--continue", "third"], { home, env });
    const body = server.requests.at(-1)?.body as { messages: { role: string; content: string }[] };
    const asked = body.messages.filter(({ role }) => role === "user").map(({ content }) => content);
    assert.deepEqual(asked, ["first", "second", "third"]);
  });
});

Deno.test("a file that the command line names is sent along; others cannot be read", async () => {
  await withHome(async (home) => {
    await using server = await startModelServer();
    const env = settings(server.url);
    await Deno.writeTextFile(`${home}/note.txt`, "the attached words");
    const { code, stderr } = await run(["ask", "--attach", "note.txt", "what?"], { home, env });
    assert.equal(code, 0, stderr);
    assert.match(JSON.stringify(server.requests[0]?.body), /the attached words/);
    const vault = await run(["ask", "--attach", ".pyra/vault/.vault_lock", "what?"], { home, env });
    assert.equal(vault.code, 4);
    const missing = await run(["ask", "--attach", "nothing.txt", "what?"], { home, env });
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /nothing\.txt/);
  });
});

const FAILING: readonly (readonly [string, Answer, number, RegExp])[] = [
  ["a bad key", FAILURES.bad_key, 1, /key/],
  ["no such model", FAILURES.no_such_model, 1, /model/],
  ["a server that is down", { status: 500, body: "out of order" }, 1, /server|later|again/],
  ["an answer that is none", { body: "<html>" }, 1, /answer/],
];

for (const [name, answer, exit, message] of FAILING) {
  Deno.test(`${name} is told apart and says what to do`, async () => {
    await withHome(async (home) => {
      await using server = await startModelServer(answer);
      const { code, stdout, stderr } = await run(["ask", "hi"], {
        home,
        env: settings(server.url),
      });
      assert.equal(code, exit, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, message);
      assert.match(stderr, / — /, "a hint");
    });
  });
}

Deno.test("a rate limit is waited for, and then answered", async () => {
  await withHome(async (home) => {
    const limited = { ...FAILURES.rate_limited, headers: { "retry-after": "1" } };
    await using server = await startModelServer([limited, { text: "at last" }]);
    const { code, stdout } = await run(["ask", "hi"], { home, env: settings(server.url) });
    assert.equal(code, 0);
    assert.equal(stdout.trim(), "at last");
    assert.equal(server.requests.length, 2);
  });
});

Deno.test("a stream that breaks in the middle keeps what arrived", async () => {
  await withHome(async (home) => {
    await using server = await startModelServer({
      text: "one two three four five six",
      cut_after: 4,
    });
    const { code, stdout, stderr } = await run(["ask", "hi"], { home, env: settings(server.url) });
    assert.equal(code, 1);
    assert.match(stdout, /^one/);
    assert.notEqual(stderr, "");
  });
});

Deno.test("an address that nobody allowed is refused with exit code 4", async () => {
  await withHome(async (home) => {
    await using server = await startModelServer();
    const config = `ai:\n  provider_id: custom\n  model: m\n  base_url: ${server.url}\n`;
    await run(["sessions", "list"], { home });
    await Deno.writeTextFile(`${home}/.pyra/config.yaml`, config, { mode: 0o600 });
    const { code, stderr } = await run(["ask", "hi"], { home });
    assert.equal(code, 4, stderr);
    assert.match(stderr, /allowed/);
    assert.equal(server.requests.length, 0);
  });
});

Deno.test("without set-up the exit code is 3, for nonsense 2, with the nearest command", async () => {
  await withHome(async (home) => {
    const notSetUp = await run(["ask", "hi"], { home });
    assert.equal(notSetUp.code, 3);
    assert.match(notSetUp.stderr, /pyra setup/);
    const unknown = await run(["sesions"], { home });
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /sessions/);
    const option = await run(["ask", "--modle", "x", "hi"], { home });
    assert.equal(option.code, 2);
    assert.match(option.stderr, /--model/);
    assert.equal((await run(["--home"], { home })).code, 2);
  });
});

Deno.test("set-up by a script asks nothing, and the next question works", async () => {
  await withHome(async (home) => {
    await using server = await startModelServer();
    const key = "sk-setup-0123456789abcdef";
    const args = ["setup", "--provider", "custom", "--base-url", server.url, "--model", "m"];
    const more = ["--key-stdin", "--vault", "keyfile", "--yes"];
    const setup = await run([...args, ...more], { home, input: key });
    assert.equal(setup.code, 0, setup.stderr);
    const { code, stderr } = await run(["ask", "hi"], { home });
    assert.equal(code, 0, stderr);
    assert.equal(server.requests.at(-1)?.headers["authorization"], `Bearer ${key}`);
    const { mode } = await Deno.stat(`${home}/.pyra/config.yaml`);
    if (Deno.build.os !== "windows") assert.equal((mode ?? 0) & 0o777, 0o600);
  });
});

Deno.test("a protected setting that the command line does not name needs the person", async () => {
  await withHome(async (home) => {
    const file = `${home}/.pyra/config.yaml`;
    await run(["sessions", "list"], { home });
    await Deno.writeTextFile(file, "ai:\n  provider_id: demo\n  model: demo\n", { mode: 0o600 });
    const set = ["config", "set", "security.injection_detection", "false"];
    assert.equal((await run(set, { home })).code, 0);
    assert.match(await Deno.readTextFile(file), /injection_detection: false/);
    const broken = "ai: [\n";
    await Deno.writeTextFile(file, broken, { mode: 0o600 });
    const { code, stderr } = await run(["config", "set", "ai.model", "x"], { home });
    assert.equal(code, 1);
    assert.match(stderr, /line \d/i);
    assert.equal(await Deno.readTextFile(file), broken);
  });
});

for (const [signal, exit] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test({
    name: `${signal} ends a question cleanly with exit code ${exit}`,
    ignore: Deno.build.os === "windows", // there are no such signals
    fn: () =>
      withHome(async (home) => {
        await using server = await startModelServer({ text: "slow words", hang_after: 2 });
        const [program, args] = await detached(["ask", "hi"]);
        const direct = program === "setsid" ? args.slice(1) : [program, ...args];
        const child = new Deno.Command(direct[0] ?? "", {
          args: direct.slice(1),
          clearEnv: true,
          env: cleanEnvironment(home, settings(server.url)),
          stdin: "null",
          stdout: "piped",
          stderr: "piped",
        }).spawn();
        const output = child.output();
        while (server.requests.length === 0) await new Promise((done) => setTimeout(done, 20));
        await new Promise((done) => setTimeout(done, 200));
        child.kill(signal);
        const { code, stdout } = await output;
        assert.equal(code, exit);
        assert.match(new TextDecoder().decode(stdout), /slow/);
        const sessions = await run(["sessions", "list", "--json"], { home });
        assert.equal(JSON.parse(sessions.stdout).length, 1);
      }),
  });
}
