/**
 * What a person sees when a room dies, hangs or misbehaves.
 * @module
 */
import assert from "node:assert/strict";
import { cleanEnvironment, withHome } from "./command.ts";
import { RUN_FLAGS } from "./executable.ts";
import { hasTmux, Screen } from "./tmux.ts";

interface Ended {
  readonly code: number;
  readonly stderr: string;
}

/** Runs the broken program; `signals` are sent once it is ready, 100 ms apart. */
async function breakRoom(how: string, signals: readonly Deno.Signal[] = []): Promise<Ended> {
  return await withHome(async (home) => {
    const main = "tests/fakes/broken_rooms/main.ts";
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", ...RUN_FLAGS, main, how],
      clearEnv: true,
      env: cleanEnvironment(home),
      // Left open: a call that reads it goes on.
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout(20_000),
    }).spawn();
    const stderr = new Response(child.stderr).text();
    const reader = child.stdout.getReader();
    await reader.read();
    for (const signal of signals) {
      await new Promise((done) => setTimeout(done, 100));
      child.kill(signal);
    }
    const { code } = await child.status;
    await reader.cancel();
    // Its other end is gone.
    await child.stdin.close().catch(() => undefined);
    return { code, stderr: await stderr };
  });
}

Deno.test("a room that throws is reported with its name and cause, and the exit code is 1", async () => {
  for (const how of ["throw", "reject"]) {
    const { code, stderr } = await breakRoom(how);
    assert.equal(code, 1);
    assert.match(stderr, /pyra: the app room ended: .*it broke/);
    assert.doesNotMatch(stderr.split("pyra: ")[1] ?? "", /\[31m/);
  }
});

Deno.test("a room that vanishes without a word is a failure", async () => {
  assert.equal((await breakRoom("close")).code, 1);
});

Deno.test("a room that sends more than it may is cut off", async () => {
  const { code, stderr } = await breakRoom("overrun");
  assert.equal(code, 1);
  assert.match(stderr, /the app room ended: .*credit/);
});

Deno.test("messages that are none do no harm", async () => {
  assert.equal((await breakRoom("nonsense")).code, 7);
});

Deno.test({
  name: "a room that spins is ended by a second Ctrl-C, and by SIGTERM in a few seconds",
  ignore: Deno.build.os === "windows", // there are no such signals
  async fn() {
    assert.equal((await breakRoom("spin", ["SIGINT", "SIGINT"])).code, 130);
    assert.equal((await breakRoom("spin", ["SIGTERM"])).code, 143);
  },
});

Deno.test({
  name: "of two questions at once one is asked, and a yes opens one file and not its folder",
  ignore: !hasTmux(), // tmux is the terminal; `.ci/run` installs it
  fn: () =>
    withHome(async (home) => {
      await using screen = await screenOf("two", home);
      await screen.until(/May this run read the files in \/etc\? \[y\/N\] *$/);
      // A second question, or a room beside it, would show by now.
      await new Promise((done) => setTimeout(done, 500));
      const shown = (await screen.lines({ history: true })).join("\n");
      assert.equal(shown.split("May this run").length, 2);
      await screen.type("y");
      await screen.press("Enter");
      await screen.until(/y\n[^]*ready/);
      const log = await Deno.readTextFile(`${home}/.pyra/security.log`);
      assert.match(log, /"path.grant","access":"read","path":"\/etc\/hosts"/);
      assert.doesNotMatch(log, /"path":"\/etc"/);
    }),
});

Deno.test("a secret that is piped in is not there for the room", async () => {
  await withHome(async (home) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        ...RUN_FLAGS,
        "tests/fakes/broken_rooms/main.ts",
        "setup",
        "--key-stdin",
      ],
      clearEnv: true,
      env: cleanEnvironment(home),
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode("sk-piped-secret"));
    await writer.close();
    const { code, stdout } = await child.output();
    assert.equal(code, 9);
    assert.match(new TextDecoder().decode(stdout), /room read end/);
  });
});

Deno.test({
  name: "what the kernel shows before a question cannot be hidden by what a room drew",
  ignore: !hasTmux(), // tmux is the terminal; `.ci/run` installs it
  fn: () =>
    withHome(async (home) => {
      await using screen = await screenOf("hide", home);
      await screen.until(/Write this to the config \(security\)\? \[y\/N\] *$/);
      const shown = (await screen.lines()).join("\n");
      assert.match(shown, /security:\n +first: 1\n +second: 2\n +third: 3\n +fourth: 4\n/);
      await screen.press("Enter");
    }),
});

/** A terminal on which a program runs whose app room does this. */
function screenOf(what: string, home: string): Promise<Screen> {
  const program = [Deno.execPath(), "run", "--quiet", ...RUN_FLAGS];
  const main = new URL("../fakes/broken_rooms/main.ts", import.meta.url).pathname;
  return Screen.start({
    command: [...program, "--config", `${Deno.cwd()}/deno.json`, main, what],
    env: cleanEnvironment(home),
    cwd: home,
    columns: 120,
  });
}
