/**
 * Command lines in the daemon's rooms: the same results as without, on the terminal that asked.
 * @module
 */
import assert from "node:assert/strict";
import { type ModelServer, startModelServer } from "../fakes/model_server.ts";
import { cleanEnvironment, run, type RunOptions, type RunResult, withHome } from "./command.ts";
import { DaemonProcess } from "./daemon_process.ts";
import { pyra } from "./executable.ts";
import { hasTmux, Screen } from "./tmux.ts";

const withoutTmux = !hasTmux();

/** The settings that ask the fake server. */
function asking(server: ModelServer): Record<string, string> {
  return {
    PYRA_AI_PROVIDER_ID: "custom",
    PYRA_AI_MODEL: "m",
    PYRA_AI_BASE_URL: server.url,
    PYRA_AI_CACHE_SECONDS: "0",
    PYRA_LIMITS_REQUESTS_PER_MINUTE: "0",
    NO_COLOR: "1",
  };
}

async function setUp(home: string): Promise<void> {
  const { code, stderr } = await run(["setup", "--provider", "demo"], { home });
  assert.equal(code, 0, stderr);
}

/** The lines of the kernel's log that tell of an event. */
function events(home: string, event: string): Record<string, unknown>[] {
  return Deno.readTextFileSync(`${home}/.pyra/security.log`).trimEnd().split("\n")
    .map((line) => JSON.parse(line)).filter((line) => line.event === event);
}

/** Runs a command line with the daemon, and again without. */
async function both(
  args: readonly string[],
  options: RunOptions,
): Promise<{ daemon: RunResult; alone: RunResult }> {
  const daemon = await run(args, options);
  const alone = await run([...args, "--no-daemon"], options);
  return { daemon, alone };
}

Deno.test("what a run says, and its exit code, are the same with and without the daemon", async () => {
  await withHome(async (home) => {
    await setUp(home);
    await Deno.writeTextFile(`${home}/list.txt`, "milk\neggs\n");
    await using _daemon = await DaemonProcess.start({ home });
    const lines: readonly { args: readonly string[]; input?: string; code: number }[] = [
      { args: ["ask", "--no-cache", "hello"], code: 0 },
      { args: ["ask", "--no-cache", "show markdown"], code: 0 },
      {
        args: ["--quiet", "ask", "--no-cache", "what is this"],
        input: "ümläute 🙂\n".repeat(5_000),
        code: 0,
      },
      { args: ["ask", "--no-cache", "--attach", "list.txt", "what is this"], code: 0 },
      { args: ["ask", "--attach", "nowhere.txt", "what is this"], code: 1 },
      { args: ["ask", "--wrong", "hello"], code: 2 },
      { args: ["ask"], input: "", code: 2 },
      { args: ["ask", "--provider", "nobody", "hello"], code: 2 },
      { args: ["ask", "--session", "none", "hello"], code: 1 },
      { args: ["ask", "--workspace", "/no/such/folder", "hello"], code: 2 },
    ];
    for (const { args, input, code } of lines) {
      const options = input === undefined ? { home } : { home, input };
      const { daemon, alone } = await both(args, options);
      assert.deepEqual(daemon, alone, args.join(" "));
      assert.equal(daemon.code, code, `${args.join(" ")}: ${daemon.stderr}`);
    }
    // Rooms that make themselves ready leave nothing, and say nothing.
    const { stdout } = await run(["sessions", "list", "--json"], { home });
    for (const { title } of JSON.parse(stdout)) assert.doesNotMatch(title, /nobody waits/);
    const cached = await Array.fromAsync(Deno.readDir(`${home}/.pyra/cache`), ({ name }) => name);
    // One may be about to be.
    assert.deepEqual(cached.filter((name) => name.startsWith("rehearsal-")).slice(1), []);
    assert.doesNotMatch(await Deno.readTextFile(`${home}/.pyra/logs/queries.log`), /nobody waits/);
    assert.doesNotMatch(await Deno.readTextFile(`${home}/.pyra/logs/daemon.log`), /failed/);
  });
});

Deno.test("the daemon's vault serves who has no passphrase, until it is locked", async () => {
  await withHome(async (home) => {
    const key = "sk-e2e-0123456789abcdef";
    await using server = await startModelServer(undefined, { key });
    const passphrase = { PYRA_VAULT_PASSPHRASE: "correct horse" };
    const setup = ["setup", "--provider", "custom", "--base-url", server.url, "--model", "m"];
    const kept = await run([...setup, "--vault", "passphrase", "--key-stdin"], {
      home,
      env: passphrase,
      input: key,
    });
    assert.equal(kept.code, 0, kept.stderr);
    const ask = ["ask", "--no-cache"];
    assert.equal((await run([...ask, "one"], { home })).code, 4);

    await using _daemon = await DaemonProcess.start({ home, env: passphrase });
    const asked = await run([...ask, "two"], { home });
    assert.equal(asked.code, 0, asked.stderr);
    assert.match(asked.stdout, /Hello from the fake model/);
    assert.equal((await run([...ask, "--no-daemon", "three"], { home })).code, 4);
    // A wrong one of the client's own changes nothing: it is not needed.
    const wrong = { PYRA_VAULT_PASSPHRASE: "nearly" };
    assert.equal((await run([...ask, "four"], { home, env: wrong })).code, 0);

    assert.equal((await run(["vault", "lock"], { home })).code, 0);
    const locked = await run([...ask, "five"], { home });
    assert.equal(locked.code, 4, locked.stderr);
    assert.match(locked.stderr, /the vault is locked/);
    // Who has it goes on without the daemon.
    assert.equal((await run([...ask, "six"], { home, env: passphrase })).code, 0);
    assert.ok(events(home, "secret_used").length >= 3);
  });
});

Deno.test("who has another key in the environment is not served by the daemon's", async () => {
  await withHome(async (home) => {
    await setUp(home);
    await using server = await startModelServer();
    const env = asking(server);
    await using _daemon = await DaemonProcess.start({
      home,
      env: { ...env, PYRA_CUSTOM_API_KEY: "sk-of-the-daemon-0123456789" },
    });
    const own = { ...env, PYRA_CUSTOM_API_KEY: "sk-of-the-client-0123456789" };
    for (const mine of [own, env]) {
      const { code, stderr } = await run(["ask", "whose key is it?"], { home, env: mine });
      assert.equal(code, 0, stderr);
    }
    const sent = server.requests.map(({ headers }) => headers["authorization"]);
    assert.equal(sent[0], "Bearer sk-of-the-client-0123456789");
    assert.notEqual(sent[1], "Bearer sk-of-the-daemon-0123456789");
  });
});

/** Starts `pyra ask` and does not wait for its end. */
async function asked(home: string, env: Readonly<Record<string, string>>) {
  const { path, args } = await pyra();
  return new Deno.Command(path, {
    args: [...args, "ask", "--no-cache", "a long question"],
    clearEnv: true,
    env: cleanEnvironment(home, env),
    cwd: home,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

const SLOW = { text: "word ".repeat(400), chunk_delay_ms: 50 };

async function runsOf(daemon: DaemonProcess): Promise<readonly unknown[]> {
  return (await daemon.status())?.["runs"] as readonly unknown[];
}

Deno.test({
  name: "Ctrl-C and a killed client end the run in the daemon, which goes on",
  ignore: Deno.build.os === "windows", // there are no such signals
  fn: () =>
    withHome(async (home) => {
      await setUp(home);
      await using server = await startModelServer(SLOW);
      const env = asking(server);
      await using daemon = await DaemonProcess.start({ home });
      for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGKILL", 137]] as const) {
        const client = await asked(home, env);
        await server.request(server.requests.length);
        assert.deepEqual((await runsOf(daemon)).length, 1, "it runs in the daemon");
        client.kill(signal);
        assert.equal((await client.output()).code, code, signal);
        for (let look = 0; look < 50 && (await runsOf(daemon)).length > 0; look++);
        assert.deepEqual(await runsOf(daemon), [], signal);
      }
      assert.equal((await run(["ask", "--provider", "demo", "hello"], { home })).code, 0);
    }),
});

Deno.test("a daemon that dies under a question is told of, and the next one needs none", async () => {
  await withHome(async (home) => {
    await setUp(home);
    await using server = await startModelServer(SLOW);
    await using daemon = await DaemonProcess.start({ home });
    const client = await asked(home, asking(server));
    await server.request(0);
    await daemon.kill();
    const { code, stderr } = await client.output();
    assert.equal(code, 1);
    assert.match(new TextDecoder().decode(stderr), /pyra: the daemon ended while it worked — /);
    const next = await run(["ask", "--provider", "demo", "hello"], { home });
    assert.equal(next.code, 0, next.stderr);
    assert.match(next.stdout, /demo/);
  });
});

for (const columns of [40, 100]) {
  Deno.test({
    name: `at ${columns} columns a chat in the daemon asks on the terminal that it came from`,
    ignore: withoutTmux, // tmux is the terminal; `.ci/run` installs it
    fn: () =>
      withHome(async (home) => {
        await setUp(home);
        const given = JSON.stringify({ name: "knowledge/boat.md", text: "# Boat\n\nRed." });
        await using server = await startModelServer([
          { tool_calls: [{ name: "memory_write", arguments: given }] },
          { text: "That is that." },
        ]);
        await using daemon = await DaemonProcess.start({ home });
        const { path, args } = await pyra();
        const env = cleanEnvironment(home, asking(server));
        const command = [path, ...args, "chat"];
        await using screen = await Screen.start({ command, env, cwd: home, rows: 60, columns });
        await screen.until(/custom\/m$/);
        assert.equal((await runsOf(daemon)).length, 1);
        await screen.type("keep it");
        await screen.press("Enter");
        await screen.until(/y once · a always · n no/);
        await screen.resize(columns + 10, 50);
        await screen.press("y");
        await screen.until(/That is that\./);
        assert.match(
          await Deno.readTextFile(`${home}/.pyra/memory/knowledge/boat.md`),
          /Red\./,
        );
        await screen.press("C-d");
        await screen.until(/\[exit 0\]/);
        assert.deepEqual(await runsOf(daemon), []);
      }),
  });
}

Deno.test({
  name:
    "what the kernel asks in a chat is asked here, and the conversation goes on without the daemon",
  ignore: withoutTmux, // tmux is the terminal; `.ci/run` installs it
  fn: () =>
    withHome(async (home) => {
      await setUp(home);
      await using server = await startModelServer({ text: "Said." });
      await using daemon = await DaemonProcess.start({ home });
      const elsewhere = await Deno.makeTempDir();
      await Deno.writeTextFile(`${elsewhere}/list.txt`, "milk\n");
      const { path, args } = await pyra();
      const env = cleanEnvironment(home, asking(server));
      const command = [path, ...args, "chat"];
      await using screen = await Screen.start({ command, env, cwd: home, rows: 40, columns: 100 });
      await screen.until(/custom\/m$/);
      await screen.type("remember this");
      await screen.press("Enter");
      await screen.until(/Said\./);
      await screen.type(`/attach ${elsewhere}/list.txt`);
      await screen.press("Enter");
      await screen.until(/May this run read the files in .*\? \[y\/N\] *$/);
      assert.deepEqual(await runsOf(daemon), [], "no room of third-party code is alive");
      await screen.type("y");
      await screen.press("Enter");
      await screen.until(/custom\/m · 1 attached$/);
      await screen.type("what is in it?");
      await screen.press("Enter");
      const request = await server.request(1);
      assert.match(JSON.stringify(request.body), /remember this.*milk/);
      await screen.until(/what is in it\?[^]*Said\.[^]*custom\/m$/);
      await screen.press("C-d");
      await screen.until(/\[exit 0\]/);
      await Deno.remove(elsewhere, { recursive: true });
    }),
});
