/**
 * What the process of a daemon shows, and where it takes its environment from.
 * @module
 */
import assert from "node:assert/strict";
import { run, type RunResult, withHome } from "../e2e/command.ts";

/** Starts a daemon, acts, and ends it. */
async function withStarted(
  env: (home: string) => Readonly<Record<string, string>>,
  act: (home: string, pid: string) => Promise<void>,
): Promise<void> {
  await withHome(async (home) => {
    const pyra = (...words: readonly string[]): Promise<RunResult> =>
      run(["--home", `${home}/.pyra`, ...words], { home, env: env(home) });
    await pyra("setup", "--provider", "demo");
    try {
      const started = await pyra("daemon", "start");
      assert.equal(started.code, 0, started.stderr);
      const [, pid = ""] = /process (\d+)/.exec(started.stdout) ?? [];
      await act(home, pid);
    } finally {
      await pyra("daemon", "stop", "--limit", "1s", "--force");
    }
  });
}

/** A file of `/proc`, which the tests themselves may not read. */
async function procFile(pid: string, name: string): Promise<string> {
  const { stdout } = await new Deno.Command("cat", { args: [`/proc/${pid}/${name}`] }).output();
  return new TextDecoder().decode(stdout);
}

Deno.test({
  name: "a daemon's process shows no secret, and leaves no dump of its memory",
  ignore: Deno.build.os !== "linux", // /proc
  fn: () => {
    const secrets = { PYRA_VAULT_PASSPHRASE: "correct horse", OPENAI_API_KEY: "sk-of-a-test" };
    return withStarted(() => secrets, async (_, pid) => {
      assert.match(await procFile(pid, "limits"), /^Max core file size +0 +0 /m);
      const shown = `${await procFile(pid, "environ")} ${await procFile(pid, "cmdline")}`;
      assert.match(shown, /daemon/);
      assert.doesNotMatch(shown, /correct horse|sk-of-a-test/);
    });
  },
});

Deno.test({
  name: "it starts where the home folder of the environment is none",
  ignore: Deno.build.os === "windows", // the home folder is told otherwise there
  fn: () => withStarted((home) => ({ HOME: `${home}/gone` }), () => Promise.resolve()),
});

Deno.test("only a daemon takes an environment from its standard input", async () => {
  await withHome(async (home) => {
    const input = JSON.stringify({ PYRA_AI_PROVIDER_ID: "openai" });
    const { code, stderr } = await run(["--handed-over", "daemon", "status"], { home, input });
    assert.equal(code, 2, stderr);
    assert.match(stderr, /--handed-over/);
  });
});
