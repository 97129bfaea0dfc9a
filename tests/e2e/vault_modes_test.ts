/**
 * The ways of keeping the vault's identity, with the real programs.
 * @module
 */
import assert from "node:assert/strict";
import { startModelServer } from "../fakes/model_server.ts";
import { run, withHome } from "./command.ts";

function has(program: string): boolean {
  try {
    new Deno.Command(program, { args: ["--version"], stdout: "null", stderr: "null" }).outputSync();
    return true;
  } catch {
    return false;
  }
}

const VALUE = "sk-modes-0123456789abcdef";
const SET = ["vault", "set", "mail", "--origin", "https://mail.example", "--stdin"];

async function names(home: string, env: Record<string, string> = {}): Promise<string[]> {
  const { stdout, stderr, code } = await run(["vault", "list", "--json"], { home, env });
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout).secrets.map(({ name }: { name: string }) => name);
}

Deno.test("a key-file vault opens without a question, and moves behind a passphrase", async () => {
  await withHome(async (home) => {
    const set = await run([...SET, "--vault", "keyfile"], { home, input: VALUE });
    assert.equal(set.code, 0, set.stderr);
    assert.deepEqual(await names(home), ["mail"]);
    const env = { PYRA_VAULT_PASSPHRASE: "correct horse" };
    const moved = await run(["vault", "passphrase", "--vault", "passphrase"], { home, env });
    assert.equal(moved.code, 0, moved.stderr);
    assert.equal((await run(["vault", "list"], { home })).code, 4);
    assert.deepEqual(await names(home, env), ["mail"]);
  });
});

Deno.test({
  name: "a GnuPG key opens the vault",
  ignore: !has("gpg"), // GnuPG is not installed; `.ci/run` does that
  fn: () =>
    withHome(async (home) => {
      const GNUPGHOME = `${home}/gnupg`;
      await Deno.mkdir(GNUPGHOME, { mode: 0o700 });
      const made = await new Deno.Command("gpg", {
        args: [
          "--batch",
          "--passphrase",
          "",
          "--quick-gen-key",
          "ada@pyra.test",
          "rsa2048",
          "encr",
        ],
        env: { GNUPGHOME },
        stderr: "null",
      }).output();
      assert.ok(made.success);
      try {
        const env = { GNUPGHOME };
        const more = ["--vault", "gpg", "--gpg-key", "ada@pyra.test"];
        const set = await run([...SET, ...more], { home, env, input: VALUE });
        assert.equal(set.code, 0, set.stderr);
        assert.deepEqual(await names(home, env), ["mail"]);
        const without = await run(["vault", "list"], { home, env: { GNUPGHOME: `${home}/none` } });
        assert.notEqual(without.code, 0);
      } finally {
        const env = { GNUPGHOME };
        await new Deno.Command("gpgconf", { args: ["--kill", "all"], env }).output();
      }
    }),
});

Deno.test({
  name: "a recovery recipient opens every secret with the standard age program",
  ignore: !has("age"), // age is not installed; `.ci/run` does that
  fn: () =>
    withHome(async (home) => {
      await run([...SET, "--vault", "keyfile"], { home, input: VALUE });
      const key = `${home}/recovery.txt`;
      await new Deno.Command("age-keygen", { args: ["-o", key], stderr: "null" }).output();
      const recipient = /public key: (age1\w+)/.exec(await Deno.readTextFile(key))?.[1] ?? "";
      const added = await run(["vault", "recipients", "--add", recipient], { home });
      assert.equal(added.code, 0, added.stderr);
      const secrets = `${home}/.pyra/vault/secrets`;
      const [entry] = await Array.fromAsync(Deno.readDir(secrets));
      const file = `${secrets}/${entry?.name}`;
      const open = () => new Deno.Command("age", { args: ["-d", "-i", key, file] }).output();
      assert.equal(JSON.parse(new TextDecoder().decode((await open()).stdout)).value, VALUE);
      await run(["vault", "recipients", "--remove", recipient], { home });
      assert.equal((await open()).success, false);
    }),
});

Deno.test("a key with a passphrase of its own is refused where nobody can be asked", async () => {
  await withHome(async (home) => {
    await using server = await startModelServer();
    const name = "provider:custom";
    const origin = new URL(server.url).origin;
    // Its own passphrase is asked for on a terminal; here there is none, so the secret is not made.
    const args = ["vault", "set", name, "--origin", origin, "--own-passphrase", "--stdin"];
    const set = await run([...args, "--vault", "keyfile"], { home, input: VALUE });
    assert.equal(set.code, 4, set.stderr);
    assert.deepEqual(await names(home), []);
  });
});
