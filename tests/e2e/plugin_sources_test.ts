/**
 * `pyra plugin install` from archives, from git, and of what comes with Pyra.
 * @module
 */
import assert from "node:assert/strict";
import { run, withHome } from "./command.ts";
import { out, pluginTest, writeEcho, writeFiles } from "./echo_plugin.ts";

async function program(name: string, args: readonly string[], cwd: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(name, { args: [...args], cwd }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

function has(name: string): boolean {
  try {
    return new Deno.Command(name, { args: ["--version"], stdout: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

Deno.test({
  name: "an archive is installed; one whose entries leave it, or are links, is refused",
  ignore: !has("tar"), // Windows without it
  fn: () =>
    withHome(async (home) => {
      await writeEcho(home);
      const install = (name: string) => run(["plugin", "install", `./${name}`, "--yes"], { home });
      await program("tar", ["-czf", "echo.tgz", "echo"], home);
      assert.match(out(await install("echo.tgz")), /^echo 1\.0\.0 is installed/);
      await Deno.writeTextFile(`${home}/outside`, "x");
      await program("tar", ["-P", "-czf", "leaves.tgz", "echo", "echo/../outside"], home);
      await Deno.symlink("/etc/hosts", `${home}/echo/link`);
      await program("tar", ["-czf", "link.tgz", "echo"], home);
      for (const name of ["leaves.tgz", "link.tgz", "outside", "echo"]) {
        const { code, stdout, stderr } = await install(name);
        assert.deepEqual([code, stdout], [1, ""], name);
        assert.match(stderr, /^pyra: [^\n]+ — [^\n]+\n$/, name);
      }
    }),
});

Deno.test({
  name: "a git repository is installed, and none of its hooks or scripts run",
  ignore: !has("git"), // not every machine has it
  fn: () =>
    withHome(async (home) => {
      await writeEcho(home);
      const repository = `${home}/echo`;
      const script = `#!/bin/sh\ntouch ${home}/ran\n`;
      await writeFiles(repository, { "package.json": '{"scripts":{"install":"touch ran"}}' });
      await program("git", ["init", "-q", "-b", "main"], repository);
      await writeFiles(repository, { ".git/hooks/post-checkout": script });
      await Deno.chmod(`${repository}/.git/hooks/post-checkout`, 0o755);
      await program("git", ["add", "."], repository);
      const who = ["-c", "user.name=a", "-c", "user.email=a@example"];
      await program("git", [...who, "commit", "-q", "-m", "one"], repository);
      await program("git", ["clone", "-q", "--bare", "echo", "bare.git"], home);
      const done = await run(["plugin", "install", `${home}/bare.git`, "--yes"], { home });
      assert.match(out(done), /^echo 1\.0\.0 is installed/);
      assert.match(done.stderr, /from [^\n]*bare\.git/);
      await assert.rejects(Deno.stat(`${home}/ran`), Deno.errors.NotFound);
      const none = await run(["plugin", "install", `${home}/none.git`, "--yes"], { home });
      assert.equal(none.code, 1);
      assert.match(none.stderr, /^pyra: [^\n]+\n$/);
    }),
});

pluginTest("what comes with Pyra is listed and installed by its name", async ({ pyra }) => {
  const available = JSON.parse(out(await pyra("plugin available --json")));
  assert.ok(available.some(({ name }: { name: string }) => name === "clock"));
  assert.match(out(await pyra("plugin install clock --yes")), /^clock \S+ is installed/);
  assert.match(out(await pyra("plugin available")), /^clock +(\S+) +\1/m);
  const unknown = await pyra("plugin install clok --yes");
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /did you mean clock\?/);
});
