/**
 * `pyra vault` as a script uses it, and the standard `age` program on what it leaves.
 * @module
 */
import assert from "node:assert/strict";
import { cleanEnvironment, run, withHome } from "./command.ts";
import { pyra } from "./executable.ts";

const PASSPHRASE = "correct horse battery";
const VALUE = "sk-test-9f8e7d6c5b4a";
const env = { PYRA_VAULT_PASSPHRASE: PASSPHRASE };

async function setSecret(home: string): Promise<void> {
  const args = ["vault", "set", "mail", "--origin", "https://mail.example", "--stdin"];
  const { code, stderr } = await run(args, { home, env, input: `${VALUE}\n` });
  assert.equal(code, 0, stderr);
}

Deno.test("a secret is kept, listed without its value, rotated and removed", async () => {
  await withHome(async (home) => {
    await setSecret(home);
    const listed = await run(["vault", "list", "--json"], { home, env });
    const [secret] = JSON.parse(listed.stdout).secrets;
    assert.equal(secret.name, "mail");
    assert.deepEqual(secret.origins, ["https://mail.example"]);
    assert.ok(!listed.stdout.includes(VALUE));
    const rotate = ["vault", "rotate", "mail", "--stdin"];
    assert.equal((await run(rotate, { home, env, input: "another" })).code, 0);
    assert.equal((await run(["vault", "rotate"], { home, env })).code, 0);
    assert.equal((await run(["vault", "rm", "mail"], { home, env })).code, 0);
    const empty = await run(["vault", "list", "--json"], { home, env });
    assert.deepEqual(JSON.parse(empty.stdout).secrets, []);
  });
});

Deno.test("no file of the profile and no output holds the value", async () => {
  await withHome(async (home) => {
    await setSecret(home);
    const forms = [VALUE, btoa(VALUE), PASSPHRASE];
    for await (const path of files(`${home}/.pyra`)) {
      const text = new TextDecoder("latin1").decode(await Deno.readFile(path));
      for (const form of forms) assert.ok(!text.includes(form), path);
    }
    for (const args of [["vault", "list", "--verbose"], ["vault", "rm", "nothing", "--verbose"]]) {
      const { stdout, stderr } = await run(args, { home, env });
      for (const form of forms) assert.ok(!`${stdout}${stderr}`.includes(form));
    }
  });
});

async function* files(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isDirectory) yield* files(`${folder}/${entry.name}`);
    else yield `${folder}/${entry.name}`;
  }
}

Deno.test("a locked vault without a terminal is refused with exit code 4", async () => {
  await withHome(async (home) => {
    await setSecret(home);
    const { code, stderr } = await run(["vault", "list"], { home });
    assert.equal(code, 4);
    assert.match(stderr, /PYRA_VAULT_PASSPHRASE/);
    const wrong = await run(["vault", "list"], { home, env: { PYRA_VAULT_PASSPHRASE: "nearly" } });
    assert.equal(wrong.code, 4);
    assert.match(wrong.stderr, /not the passphrase/);
  });
});

Deno.test({
  name: "a passphrase comes by a descriptor that is a pipe, and a file is refused",
  ignore: Deno.build.os === "windows", // there are no such descriptors
  fn: () =>
    withHome(async (home) => {
      await setSecret(home);
      await Deno.writeTextFile(`${home}/passphrase`, `${PASSPHRASE}\n`);
      const { path, args } = await pyra();
      const listed = async (redirection: string) => {
        const line = `"$@" --passphrase-fd 9 vault list ${redirection}`;
        const { code, stdout, stderr } = await new Deno.Command("bash", {
          args: ["-c", line, "bash", path, ...args],
          clearEnv: true,
          env: cleanEnvironment(home),
          cwd: home,
          stdin: "null",
        }).output();
        const decoder = new TextDecoder();
        return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
      };
      const piped = await listed("9< <(cat passphrase)");
      assert.equal(piped.code, 0, piped.stderr);
      assert.match(piped.stdout, /mail/);
      for (const redirection of ["9< passphrase", ""]) {
        const { code, stderr } = await listed(redirection);
        assert.equal(code, 2);
        assert.match(stderr, /descriptor 9 cannot be read — hand it over as a pipe/);
      }
    }),
});

Deno.test("an export opens in an empty vault, and never overwrites a file", async () => {
  await withHome(async (home) => {
    await setSecret(home);
    const bundle = `${home}/secrets.age`;
    assert.equal((await run(["vault", "export", "--output", bundle], { home, env })).code, 0);
    assert.equal((await run(["vault", "export", "--output", bundle], { home, env })).code, 2);
    const other = `${home}/other`;
    const imported = await run(["--home", other, "vault", "import", bundle], { home, env });
    assert.equal(imported.code, 0, imported.stderr);
    const listed = await run(["--home", other, "vault", "list", "--json"], { home, env });
    assert.equal(JSON.parse(listed.stdout).secrets[0].name, "mail");
  });
});

Deno.test("what the command line does not say is not done to the vault", async () => {
  await withHome(async (home) => {
    await setSecret(home);
    for (
      const args of [["vault", "set"], ["vault", "rm"], ["vault", "frob"], ["vault", "export"]]
    ) {
      assert.equal((await run(args, { home, env })).code, 2, args.join(" "));
    }
    const bad = ["vault", "set", "x", "--origin", "http://plain.example", "--stdin"];
    assert.notEqual((await run(bad, { home, env, input: "v" })).code, 0);
    const listed = await run(["vault", "list", "--json"], { home, env });
    assert.equal(JSON.parse(listed.stdout).secrets.length, 1);
  });
});

Deno.test("a profile whose vault lost its lock refuses to start", async () => {
  await withHome(async (home) => {
    await setSecret(home);
    await Deno.remove(`${home}/.pyra/vault/.vault_lock`);
    const { code, stderr } = await run(["vault", "list"], { home, env });
    assert.equal(code, 4);
    assert.match(stderr, /\.vault_lock is missing/);
  });
});
