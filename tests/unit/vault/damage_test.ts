/** Files that were damaged, renamed, lost, or are none of the vault's. */
import assert from "node:assert/strict";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { scryptRecipient, seal } from "../../../src/vault/age_file.ts";
import { VaultError } from "../../../src/vault/error.ts";
import { codeOf, ORIGIN, QUICK, TestVault } from "./test_vault.ts";

Deno.test("a file renamed to another secret's name is refused", async () => {
  await using test = await TestVault.filled();
  const from = test.path("secrets/provider%3Atwo.age");
  await Deno.rename(from, test.path("secrets/provider%3Aone.age"));
  assert.equal(await codeOf(() => test.value("provider:one")), "corrupt");
  const { secrets, problems } = await test.vault.list();
  assert.deepEqual(secrets.map(({ name }) => name), ["note"]);
  assert.deepEqual(problems.map(({ name }) => name), ["secrets/provider%3Aone.age"]);
});

Deno.test("one flipped bit anywhere in a secret, or its end cut off, is refused", async () => {
  await using test = await TestVault.filled();
  const path = test.path("secrets/provider%3Aone.age");
  const whole = await Deno.readFile(path);
  await Deno.chmod(path, 0o600);
  for (let at = 0; at < whole.length; at++) {
    const flipped = whole.slice();
    flipped[at] = (flipped[at] ?? 0) ^ (1 << at % 8);
    await Deno.writeFile(path, flipped);
    await assert.rejects(test.value("provider:one"), (error) => {
      assert.ok(error instanceof VaultError, `byte ${at}`);
      assert.equal(error.code, "corrupt", `byte ${at}`);
      assert.match(error.message, /^secrets\/provider%3Aone.age /);
      assert.doesNotMatch(error.message + String(error.cause), /first-value/);
      return true;
    });
  }
  for (let length = 0; length < whole.length; length += 7) {
    await Deno.writeFile(path, whole.subarray(0, length));
    assert.equal(await codeOf(() => test.value("provider:one")), "corrupt");
  }
});

Deno.test("one flipped bit anywhere in the identity is refused and changes nothing", async () => {
  await using test = await TestVault.filled();
  await test.vault.changeMode({ mode: "passphrase", passphrase: "secret" });
  const path = test.path("identity.age");
  const whole = await Deno.readFile(path);
  await Deno.chmod(path, 0o600);
  const codes = new Set<string>();
  for (let at = 0; at < whole.length; at++) {
    const flipped = whole.slice();
    // The lowest bit: a higher one of the work factor's digits would only cost time.
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    await Deno.writeFile(path, flipped);
    codes.add(await codeOf(() => test.another().unlock({ passphrase: "secret" })));
  }
  assert.deepEqual([...codes].sort(), ["corrupt", "wrong_passphrase"]);
  await Deno.writeFile(path, whole);
  assert.deepEqual(await test.another().unlock({ passphrase: "secret" }), { unfinished: null });
});

Deno.test("what decrypts but is no secret is refused without showing it", async () => {
  await using test = await TestVault.filled();
  const recipients = (await test.vault.status()).recipients;
  const path = test.path("secrets/provider%3Aone.age");
  const valid = {
    name: "provider:one",
    value: "leaked-value",
    origins: [ORIGIN],
    placement: "authorization: Bearer {}",
    created: "2026-01-01T00:00:00.000Z",
    rotated: "2026-01-01T00:00:00.000Z",
  };
  const write = async (text: string) => {
    await Deno.remove(path);
    await Deno.writeFile(path, await seal(text, recipients));
  };
  await write(JSON.stringify(valid));
  assert.equal(await test.value("provider:one"), "leaked-value");
  const bad = [
    "leaked-value",
    '{"value": leaked-value}',
    "null",
    "[]",
    JSON.stringify([valid, { ...valid, name: "provider:more" }]),
    JSON.stringify({ ...valid, origins: "https://api.example.com" }),
    JSON.stringify({ ...valid, origins: [7] }),
    JSON.stringify({ ...valid, origins: ["http://leaked-value.example"] }),
    JSON.stringify({ ...valid, placement: "host: {}" }),
    JSON.stringify({ ...valid, value: "leaked-value\r\nx: y" }),
    JSON.stringify({ ...valid, value: 7 }),
    JSON.stringify({ ...valid, created: "leaked-value" }),
    JSON.stringify({ ...valid, name: "leaked-value" }),
  ];
  for (const text of bad) {
    await write(text);
    await assert.rejects(test.value("provider:one"), (error) => {
      assert.ok(error instanceof VaultError && error.code === "corrupt", text);
      for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
        assert.doesNotMatch(`${cause.message} ${cause.stack}`, /leaked/);
      }
      return true;
    });
  }
});

Deno.test("files that are none of the vault's are named and left alone", async () => {
  await using test = await TestVault.filled();
  for (const file of [".DS_Store", "Notes.age", "note.txt"]) {
    await Deno.writeTextFile(test.path(`secrets/${file}`), "x");
  }
  await Deno.mkdir(test.path("secrets/folder.age"));
  if (Deno.build.os !== "windows") {
    await Deno.symlink(test.path("secrets/note.age"), test.path("secrets/link.age"));
  }
  const { secrets, problems } = await test.vault.list();
  assert.equal(secrets.length, 3);
  assert.deepEqual(
    problems.map(({ name }) => name).sort(),
    ["Notes.age", "folder.age", "link.age"].map((file) => `secrets/${file}`),
  );
  // An age file that may be encrypted to the old identity stops a rotation before it starts.
  const before = await Deno.readFile(test.path("identity.keyfile.age"));
  assert.equal(await codeOf(() => test.vault.rotateIdentity({})), "corrupt");
  assert.deepEqual(await Deno.readFile(test.path("identity.keyfile.age")), before);
  for (const file of ["Notes.age", "folder.age", "link.age"]) {
    await Deno.remove(test.path(`secrets/${file}`));
  }
  await test.vault.rotateIdentity({});
  assert.equal(await Deno.readTextFile(test.path("secrets/note.txt")), "x");
  assert.equal(await Deno.readTextFile(test.path("secrets/.DS_Store")), "x");
});

Deno.test("a corrupt secret stops a rotation before it starts, and can be removed or set again", async () => {
  await using test = await TestVault.filled();
  const path = test.path("secrets/provider%3Aone.age");
  await Deno.remove(path);
  await Deno.writeTextFile(path, "no age file");
  assert.equal(await codeOf(() => test.vault.rotateIdentity({})), "corrupt");
  const key = await identityToRecipient(await generateX25519Identity());
  const add = () => test.vault.changeRecipients({ add: [key], remove: [] });
  assert.equal(await codeOf(add), "corrupt");
  assert.deepEqual((await test.vault.status()).recipients.length, 1);
  assert.equal(await test.value("provider:two"), "second-value");
  // How the identity is kept has nothing to do with it.
  await test.vault.changeMode({ mode: "passphrase", passphrase: "secret" });
  await test.set("provider:one", "again");
  assert.equal(await test.value("provider:one"), "again");
  await test.vault.remove({ name: "provider:one" });
  assert.equal(await codeOf(() => test.vault.remove({ name: "provider:one" })), "no_secret");
});

Deno.test("an identity that is cut off, empty or gone is a clear error", async () => {
  await using test = await TestVault.filled();
  const { path, text, passphrase } = await test.keyFile();
  const whole = await Deno.readFile(path);
  await Deno.chmod(path, 0o600);
  for (const broken of ["", "# only a comment\n", text.slice(0, -10), text + "garbage\n"]) {
    await Deno.writeFile(path, await seal(broken, [scryptRecipient(passphrase, QUICK)]));
    assert.equal(await codeOf(() => test.another().unlock({})), "corrupt");
  }
  for (const broken of [new Uint8Array(), whole.subarray(1), whole.subarray(0, -1)]) {
    await Deno.writeFile(path, broken);
    assert.equal(await codeOf(() => test.another().unlock({})), "corrupt");
  }
  await Deno.writeFile(path, whole);
  await test.vault.changeMode({ mode: "keystore" });
  test.fake.kept = null;
  assert.equal(await codeOf(() => test.another().unlock({})), "corrupt");
});

Deno.test("a missing or broken list of recipients stops writing, not reading", async () => {
  await using test = await TestVault.filled();
  const path = test.path("recipients.txt");
  const list = await Deno.readTextFile(path);
  for (const broken of [undefined, "", "# nobody\n", `${list}ssh-ed25519 AAAA\n`]) {
    await Deno.remove(path);
    if (broken !== undefined) await Deno.writeTextFile(path, broken);
    const code = broken?.includes("ssh") ? "refused" : "corrupt";
    assert.equal(await codeOf(() => test.set("provider:one", "x")), code);
    assert.notEqual(await codeOf(() => test.vault.rotateIdentity({})), "none");
    assert.notEqual(await codeOf(() => test.vault.changeMode({ mode: "keystore" })), "none");
    assert.equal(await test.value("provider:one"), "first-value");
    assert.equal((await test.vault.list()).secrets.length, 3);
    if (broken === undefined) await Deno.writeTextFile(path, "");
  }
});

Deno.test("what a killed write left is swept away, and nothing else", async () => {
  await using test = await TestVault.filled();
  const left = ["secrets/a.age.12-3-0123abcd.tmp", "identity.keyfile.age.12-3-0123abcd.tmp"];
  for (const file of [...left, "secrets/mine.tmp"]) {
    await Deno.writeTextFile(test.path(file), "x");
  }
  assert.equal((await test.vault.list()).problems.length, 0);
  await test.set("provider:one", "again");
  for (const file of left) assert.equal(await codeOf(() => Deno.stat(test.path(file))), "ENOENT");
  await Deno.stat(test.path("secrets/mine.tmp"));
});

Deno.test("without its lock the vault is not changed", async () => {
  await using test = await TestVault.filled();
  await Deno.remove(test.path(".vault_lock"));
  assert.equal(await codeOf(() => test.set("provider:one", "x")), "ENOENT");
  assert.equal(await test.value("provider:one"), "first-value");
});
