/**
 * What a person at a terminal has of a daemon that ends, or that is not used; and who reads no further.
 * @module
 */
import assert from "node:assert/strict";
import { type ModelServer, startModelServer } from "../fakes/model_server.ts";
import { cleanEnvironment, run, withHome } from "./command.ts";
import { DaemonProcess } from "./daemon_process.ts";
import { pyra } from "./executable.ts";
import { hasTmux, Screen } from "./tmux.ts";

const withoutTmux = !hasTmux();

function asking(server: ModelServer): Record<string, string> {
  return {
    PYRA_AI_PROVIDER_ID: "custom",
    PYRA_AI_MODEL: "m",
    PYRA_AI_BASE_URL: server.url,
    PYRA_AI_CACHE_SECONDS: "0",
    NO_COLOR: "1",
  };
}

async function setUp(home: string): Promise<void> {
  const { code, stderr } = await run(["setup", "--provider", "demo"], { home });
  assert.equal(code, 0, stderr);
}

async function screenOf(
  home: string,
  env: Readonly<Record<string, string>>,
  line: readonly string[],
): Promise<Screen> {
  const { path, args } = await pyra();
  return await Screen.start({
    command: [path, ...args, ...line],
    env: cleanEnvironment(home, env),
    cwd: home,
    rows: 40,
    columns: 100,
  });
}

Deno.test({
  name: "a chat finishes its answer when the daemon ends, and goes on without it, draft and all",
  ignore: withoutTmux, // tmux is the terminal; `.ci/run` installs it
  fn: () =>
    withHome(async (home) => {
      await setUp(home);
      const words = { text: `${"word ".repeat(30)}and done.`, chunk_delay_ms: 40 };
      await using server = await startModelServer([words, { text: "Here still." }]);
      await using daemon = await DaemonProcess.start({ home });
      await using screen = await screenOf(home, asking(server), []);
      await screen.until(/custom\/m$/);
      const runs = (await daemon.status())?.["runs"] as readonly { readonly what: string }[];
      assert.deepEqual(runs.map(({ what }) => what), ["chat"], "it is no question");
      await screen.type("say much");
      await screen.press("Enter");
      await screen.until(/word word/);
      await screen.type("half a thought");
      const stopped = await run(["daemon", "stop"], { home });
      assert.equal(stopped.stdout, "the daemon has ended\n", "it interrupted nothing");
      await screen.until(
        /the daemon ends; this goes on without it[^]*half a thought\n─+\ncustom\/m$/,
      );
      assert.match((await screen.lines({ history: true })).join("\n"), /and done\./);
      await screen.press("Enter");
      await screen.until(/Here still\./);
      assert.equal(server.requests.length, 2, "nothing was asked twice");
      await screen.press("C-d");
      await screen.until(/\[exit 0\]/);
    }),
});

Deno.test({
  name: "a person is told why the daemon that runs is not used; a script is not",
  ignore: withoutTmux, // tmux is the terminal; `.ci/run` installs it
  fn: () =>
    withHome(async (home) => {
      await setUp(home);
      await using _daemon = await DaemonProcess.start({ home });
      const env = { PYRA_CUSTOM_API_KEY: "sk-of-the-client-0123456789" };
      const ask = ["ask", "--provider", "demo", "hello"];
      await using screen = await screenOf(home, env, ask);
      const shown = await screen.until(/\[exit 0\]/);
      assert.match(shown, /other keys in its environment; this goes on without it/);
      assert.doesNotMatch((await run(ask, { home, env })).stderr, /without it/);
    }),
});

Deno.test({
  name: "who reads no further ends a question in the daemon with 0, a full disk says so",
  ignore: Deno.build.os !== "linux", // only there is /dev/full
  fn: () =>
    withHome(async (home) => {
      await setUp(home);
      await using server = await startModelServer({ text: "a line\n".repeat(60_000) });
      await using _daemon = await DaemonProcess.start({ home });
      const { path, args } = await pyra();
      for (const to of ["| head -n 1", "> /dev/full"]) {
        const line = `set -o pipefail; "$@" ${to}`;
        const { code, stderr } = await new Deno.Command("bash", {
          args: ["-c", line, "bash", path, ...args, "ask", "--no-cache", "say much"],
          clearEnv: true,
          env: cleanEnvironment(home, asking(server)),
          stdin: "null",
        }).output();
        const said = new TextDecoder().decode(stderr);
        assert.equal(code, to.startsWith("|") ? 0 : 1, `${to}: ${said}`);
        assert.equal(/No space left/.test(said), !to.startsWith("|"), said);
      }
    }),
});

Deno.test({
  name: "runs that have ended leave no open files in the daemon",
  ignore: Deno.build.os !== "linux", // where they can be counted
  fn: () =>
    withHome(async (home) => {
      await setUp(home);
      await using daemon = await DaemonProcess.start({ home });
      const files = () => {
        const list = new Deno.Command("ls", { args: [`/proc/${daemon.pid()}/fd`] }).outputSync();
        return new TextDecoder().decode(list.stdout).split("\n").length;
      };
      const ask = async (times: number) => {
        for (let time = 0; time < times; time++) await run(["ask", "--wrong"], { home });
        // The next warm room is there, and opens no more.
        await new Promise((resolve) => setTimeout(resolve, 4_000));
      };
      await ask(1);
      const before = files();
      await ask(15);
      assert.ok(files() < before + 15, `${before}, then ${files()}`);
    }),
});
