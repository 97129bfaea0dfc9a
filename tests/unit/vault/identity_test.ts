/** The identity and the recipients: how they are kept, changed and shared between programs. */
import assert from "node:assert/strict";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { open } from "../../../src/vault/age_file.ts";
import { VaultError } from "../../../src/vault/error.ts";
import { codeOf, namesIn, ORIGIN, TestVault } from "./test_vault.ts";

Deno.test("a vault is not made over another, nor over secrets whose identity is gone", async () => {
  await using test = await TestVault.filled();
  assert.equal(await codeOf(() => test.another().create({ mode: "keyfile" })), "exists");
  await Deno.remove(test.path("identity.keyfile.age"));
  assert.equal(await codeOf(() => test.another().create({ mode: "keyfile" })), "corrupt");
  assert.equal((await test.another().status()).secrets, 3);
});

Deno.test("a vault that could not be made is absent and can be made", async () => {
  await using test = await TestVault.make();
  test.fake.fail = "no key store here";
  assert.equal(await codeOf(() => test.vault.create({ mode: "keystore" })), "backend");
  assert.equal((await test.vault.status()).state, "absent");
  const empty = () => test.vault.create({ mode: "passphrase", passphrase: "" });
  assert.equal(await codeOf(empty), "passphrase_needed");
  await test.vault.create({ mode: "keyfile" });
});

Deno.test("a recovery key opens every secret, until it is removed", async () => {
  await using test = await TestVault.filled();
  const identity = await generateX25519Identity();
  const key = await identityToRecipient(identity);
  const { vault } = test;
  const file = async () => await Deno.readFile(test.path("secrets/provider%3Aone.age"));
  assert.equal(await codeOf(async () => open("it", await file(), [identity])), "corrupt");
  const both = await vault.changeRecipients({ add: [key, key], remove: [] });
  assert.equal(both.length, 2);
  assert.match(await open("it", await file(), [identity]), /first-value/);
  await test.set("provider:one", "newer");
  assert.match(await open("it", await file(), [identity]), /newer/);
  await vault.rotateIdentity({});
  assert.match(await open("it", await file(), [identity]), /newer/);
  const [own] = await vault.changeRecipients({ add: [], remove: [] });
  for (const bad of [own ?? "", "age1unknown"]) {
    const remove = () => vault.changeRecipients({ add: [], remove: [bad] });
    assert.equal(await codeOf(remove), "refused");
  }
  for (const bad of ["", "ssh-ed25519 AAAA", key.slice(0, -1) + "x", identity]) {
    const add = () => vault.changeRecipients({ add: [bad], remove: [] });
    assert.equal(await codeOf(add), "refused");
  }
  assert.deepEqual(await vault.changeRecipients({ add: [], remove: [key] }), [own]);
  assert.equal(await codeOf(async () => open("it", await file(), [identity])), "corrupt");
  assert.equal(await test.value("provider:one"), "newer");
});

Deno.test("every way of keeping the identity leads to every other", async () => {
  await using test = await TestVault.filled();
  const modes = [
    { mode: "passphrase", passphrase: "one" },
    { mode: "passphrase", passphrase: "two" },
    { mode: "keystore" },
    { mode: "gpg", gpgKey: "A@B" },
    { mode: "keyfile" },
    { mode: "gpg", gpgKey: "A@B" },
    { mode: "passphrase", passphrase: "three" },
    { mode: "keyfile" },
    { mode: "keystore" },
    { mode: "keyfile" },
  ] as const;
  for (const keeping of modes) {
    await test.vault.changeMode(keeping);
    assert.equal((await test.vault.status()).mode, keeping.mode);
    const files = await namesIn(test.folder);
    assert.equal(files.filter((name) => name.startsWith("identity.")).length, 1);
    assert.ok(!files.includes("unfinished.txt"));
    assert.equal(test.fake.kept !== null, keeping.mode === "keystore");
    const passphrase = "passphrase" in keeping ? { passphrase: keeping.passphrase } : {};
    const another = test.another();
    assert.deepEqual(await another.unlock(passphrase), { unfinished: null });
    await another.rotateIdentity(passphrase);
    test.vault = another;
    assert.equal(await test.value("provider:one"), "first-value");
  }
});

Deno.test("a program that fails, or keeps something else, loses nothing", async () => {
  await using test = await TestVault.filled();
  const before = await Deno.readFile(test.path("identity.keyfile.age"));
  test.fake.fail = "the key store is locked";
  for (const keeping of [{ mode: "keystore" }, { mode: "gpg", gpgKey: "A" }] as const) {
    await assert.rejects(test.vault.changeMode(keeping), (error) => {
      assert.ok(error instanceof VaultError && error.code === "backend");
      assert.match(error.message, /the key store is locked/);
      return true;
    });
  }
  assert.equal(await codeOf(() => test.vault.changeMode({ mode: "gpg" })), "bad_params");
  test.fake.fail = undefined;
  Object.defineProperty(test.fake, "kept", { get: () => "something else", set: () => {} });
  assert.equal(await codeOf(() => test.vault.changeMode({ mode: "keystore" })), "backend");
  assert.deepEqual(await Deno.readFile(test.path("identity.keyfile.age")), before);
  const another = test.another();
  assert.deepEqual(await another.unlock({}), { unfinished: null });
  assert.equal((await another.status()).mode, "keyfile");
});

Deno.test("after a rotation the old identity opens nothing", async () => {
  await using test = await TestVault.filled();
  const identity = (await test.keyFile()).text.trim();
  await test.vault.changeMode({ mode: "passphrase", passphrase: "secret" });
  const { vault } = test;
  assert.equal(await codeOf(() => vault.rotateIdentity({})), "passphrase_needed");
  assert.equal(await codeOf(() => vault.rotateIdentity({ passphrase: "x" })), "wrong_passphrase");
  await vault.rotateIdentity({ passphrase: "secret" });
  for await (const { name } of Deno.readDir(test.path("secrets"))) {
    const file = await Deno.readFile(test.path(`secrets/${name}`));
    assert.equal(await codeOf(() => open("it", file, [identity])), "corrupt", name);
  }
  const another = test.another();
  await another.unlock({ passphrase: "secret" });
  assert.equal((await another.list()).secrets.length, 3);
});

Deno.test("a program with an old identity in memory can neither read nor overwrite a new one", async () => {
  await using test = await TestVault.filled();
  const other = test.another();
  await other.unlock({});
  await test.vault.rotateIdentity({});
  const identity = await Deno.readFile(test.path("identity.keyfile.age"));
  const binding = { origins: [], placement: "" };
  for (
    const work of [
      () => other.release({ name: "provider:one", origin: ORIGIN }),
      () => other.set({ name: "a", value: "b", ...binding }),
      () => other.changeMode({ mode: "passphrase", passphrase: "x" }),
      () => other.changeRecipients({ add: [], remove: [] }),
    ]
  ) assert.equal(await codeOf(work), "locked");
  assert.deepEqual(await Deno.readFile(test.path("identity.keyfile.age")), identity);
  await other.unlock({});
  await other.set({ name: "a", value: "b", ...binding });
  assert.equal((await test.vault.list()).secrets.length, 4);
});

Deno.test("changes of two programs to one vault do not cross", async () => {
  await using test = await TestVault.filled();
  const others = [test.another(), test.another()];
  for (const other of others) await other.unlock({});
  const binding = { origins: [], placement: "" };
  let refused = 0;
  await Promise.all([
    test.vault.rotateIdentity({}),
    ...others.flatMap((other, index) =>
      Array.from({ length: 10 }, async (_, count) => {
        const code = await codeOf(() =>
          other.set({ name: `n${index}_${count}`, value: "v", ...binding })
        );
        if (code === "locked") refused++;
        else assert.equal(code, "none");
      })
    ),
  ]);
  const fresh = test.another();
  assert.deepEqual(await fresh.unlock({}), { unfinished: null });
  const { secrets, problems } = await fresh.list();
  assert.deepEqual(problems, []);
  assert.equal(secrets.length, 3 + 20 - refused);
});

Deno.test("no file of the vault holds a plaintext", async () => {
  await using test = await TestVault.filled();
  await test.vault.changeMode({ mode: "passphrase", passphrase: "the-passphrase" });
  await test.set("provider:own", "third-value", "own-words");
  await test.vault.rotateIdentity({ passphrase: "the-passphrase" });
  const secrets = (await namesIn(test.path("secrets"))).map((name) => `secrets/${name}`);
  const files = [...secrets, "identity.age", "recipients.txt", ".vault_lock"];
  assert.equal(files.length, 3 + 4);
  for (const file of files) {
    const text = new TextDecoder("latin1").decode(await Deno.readFile(test.path(file)));
    assert.doesNotMatch(text, /-value|a few|SECRET-KEY|passphrase|own-words|api\.example/);
  }
});

Deno.test("in key-file mode no content, without the folder's listing, leads to the identity", async () => {
  await using test = await TestVault.filled();
  await test.vault.changeMode({ mode: "passphrase", passphrase: "secret" });
  await test.vault.changeMode({ mode: "keyfile" });
  const former = await test.keyFile();
  await test.vault.rotateIdentity({});
  const { text, passphrase } = await test.keyFile();
  assert.match(text, /^AGE-SECRET-KEY-1/);
  assert.notEqual(passphrase, former.passphrase, "a rotation takes a new passphrase");
  const secrets = (await namesIn(test.path("secrets"))).map((name) => `secrets/${name}`);
  const files = (await namesIn(test.folder)).filter((name) => name !== "secrets");
  assert.equal(files.length, 4, files.join(" "));
  for (const file of [...files, ...secrets]) {
    const content = new TextDecoder("latin1").decode(await Deno.readFile(test.path(file)));
    if (file.startsWith("keyfile-")) assert.equal(content, "");
    assert.doesNotMatch(content, /SECRET-KEY/);
    // Neither the passphrase nor a good part of it, in any spelling that a search would find.
    for (let at = 0; at + 8 <= passphrase.length; at += 8) {
      assert.ok(!content.toLowerCase().includes(passphrase.slice(at, at + 8)), file);
    }
  }
  // The passphrase decides: without it the file stays shut.
  await Deno.remove(test.path(`keyfile-${passphrase}`));
  assert.equal(await codeOf(() => test.another().unlock({})), "corrupt");
  await Deno.writeTextFile(test.path(`keyfile-${former.passphrase}`), "");
  assert.equal(await codeOf(() => test.another().unlock({})), "corrupt");
  await Deno.writeTextFile(test.path(`keyfile-${passphrase}`), "");
  assert.deepEqual(await test.another().unlock({}), { unfinished: null });
});

Deno.test("a change from key-file mode leaves no name that was its passphrase", async () => {
  await using test = await TestVault.filled();
  await test.vault.changeMode({ mode: "keystore" });
  assert.deepEqual((await namesIn(test.folder)).filter((name) => /keyfile/.test(name)), []);
});

Deno.test("a change waits until that of another program is over", async () => {
  await using test = await TestVault.filled();
  const other = await Deno.open(test.path(".vault_lock"));
  await other.lock(true);
  let isDone = false;
  const change = test.set("provider:one", "newer").then(() => isDone = true);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(isDone, false);
  assert.equal(await test.value("provider:one"), "first-value");
  other.close();
  await change;
  assert.equal(await test.value("provider:one"), "newer");
});
