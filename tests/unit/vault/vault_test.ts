import assert from "node:assert/strict";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { open, seal } from "../../../src/vault/age_file.ts";
import { VaultError } from "../../../src/vault/error.ts";
import { codeOf, namesIn, ORIGIN, TestVault } from "./test_vault.ts";

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("a vault goes from absent to open to locked and back", async () => {
  await using test = await TestVault.make();
  const { vault } = test;
  assert.deepEqual(await vault.status(), {
    state: "absent",
    mode: undefined,
    secrets: 0,
    recipients: [],
  });
  assert.equal(await codeOf(() => vault.unlock({})), "absent");
  await vault.create({ mode: "passphrase", passphrase: "secret" });
  assert.equal((await vault.status()).state, "open");
  await test.set("provider:one", "value");
  await vault.lock();
  assert.equal((await vault.status()).state, "locked");
  assert.equal((await vault.status()).secrets, 1);
  for (
    const work of [
      () => vault.list(),
      () => test.set("a", "b"),
      () => test.value("provider:one"),
      () => vault.remove({ name: "provider:one" }),
      () => vault.rotateIdentity({ passphrase: "secret" }),
      () => vault.changeMode({ mode: "keyfile" }),
      () => vault.changeRecipients({ add: [], remove: [] }),
      () => vault.exportBundle({ passphrase: "x" }),
    ]
  ) assert.equal(await codeOf(work), "locked");
  assert.equal(await codeOf(() => vault.unlock({})), "passphrase_needed");
  assert.equal(await codeOf(() => vault.unlock({ passphrase: "Secret" })), "wrong_passphrase");
  assert.deepEqual(await vault.unlock({ passphrase: "secret" }), { unfinished: null });
  assert.equal(await test.value("provider:one"), "value");
});

Deno.test("files and folders have the modes that keep others out", async () => {
  await using test = await TestVault.filled();
  await test.vault.changeMode({ mode: "passphrase", passphrase: "secret" });
  const mode = async (path: string) => ((await Deno.stat(path)).mode ?? 0) & 0o777;
  if (Deno.build.os === "windows") return;
  assert.equal(await mode(test.folder), 0o700);
  assert.equal(await mode(test.path("secrets")), 0o700);
  for (const file of [".vault_lock", "identity.age", "secrets/provider%3Aone.age"]) {
    assert.equal(await mode(test.path(file)), 0o400, file);
  }
});

Deno.test("a vault is not made over another, nor over secrets whose identity is gone", async () => {
  await using test = await TestVault.filled();
  assert.equal(await codeOf(() => test.another().create({ mode: "keyfile" })), "exists");
  await Deno.remove(test.path("identity.txt"));
  assert.equal(await codeOf(() => test.another().create({ mode: "keyfile" })), "identity_broken");
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

Deno.test("a secret is released for its own origins only, as it was set", async () => {
  await using test = await TestVault.make();
  await test.vault.create({ mode: "keyfile" });
  await test.vault.set({
    name: "provider:one",
    value: "sk-value",
    origins: ["https://API.example.com/", "http://localhost:1234"],
    placement: "X-Api-Key: {}",
  });
  const release = (origin: string) => test.vault.release({ name: "provider:one", origin });
  assert.deepEqual(await release(ORIGIN), { value: "sk-value", placement: "x-api-key: {}" });
  assert.equal((await release("http://localhost:1234")).value, "sk-value");
  for (
    const origin of [
      "https://api.example.com:8443",
      "http://api.example.com",
      "https://api.example.com.evil.example",
      "https://API.example.com",
      "",
    ]
  ) assert.equal(await codeOf(() => release(origin)), "origin_unbound", origin);
  const missing = () => test.vault.release({ name: "provider:other", origin: ORIGIN });
  assert.equal(await codeOf(missing), "no_secret");
});

Deno.test("a secret without a binding goes into no request", async () => {
  await using test = await TestVault.filled();
  assert.equal(await codeOf(() => test.value("note")), "origin_unbound");
});

Deno.test("setting a secret again replaces value and binding", async () => {
  await using test = await TestVault.filled();
  const other = "https://other.example";
  const binding = { origins: [other], placement: "form: key" };
  await test.vault.set({ name: "provider:one", value: "new", ...binding });
  assert.equal(await codeOf(() => test.value("provider:one")), "origin_unbound");
  const { value } = await test.vault.release({ name: "provider:one", origin: other });
  assert.equal(value, "new");
});

Deno.test("a value that would break a request's head, or is none, is refused", async () => {
  await using test = await TestVault.filled();
  for (const value of ["", "a\r\nx: y", "two words", "schlüssel", "x".repeat(65_537), "\uD800"]) {
    assert.equal(await codeOf(() => test.set("provider:one", value)), "refused");
  }
  assert.equal(await test.value("provider:one"), "first-value");
});

Deno.test("a new value keeps the binding and the day it was made", async () => {
  await using test = await TestVault.filled();
  const [before] = (await test.vault.list()).secrets.filter(({ name }) => name === "provider:one");
  await new Promise((resolve) => setTimeout(resolve, 5));
  await test.vault.rotateSecret({ name: "provider:one", value: "newer" });
  const [after] = (await test.vault.list()).secrets.filter(({ name }) => name === "provider:one");
  assert.equal(await test.value("provider:one"), "newer");
  assert.deepEqual({ ...after, rotated: "" }, { ...before, rotated: "" });
  assert.ok(before && after && after.rotated > before.rotated);
  const none = () => test.vault.rotateSecret({ name: "provider:none", value: "x" });
  assert.equal(await codeOf(none), "no_secret");
});

Deno.test("a list shows every secret and no value", async () => {
  await using test = await TestVault.filled();
  await test.set("provider:own", "third-value", "own words");
  const list = await test.vault.list();
  assert.deepEqual(
    list.secrets.map(({ name, locked }) => [name, locked]),
    [
      ["note", false],
      ["provider:own", true],
      ["provider:one", false],
      ["provider:two", false],
    ].sort(),
  );
  assert.doesNotMatch(JSON.stringify(list), /value|few|BEGIN AGE/);
});

Deno.test("a secret with a passphrase of its own opens with it, until the vault is locked", async () => {
  await using test = await TestVault.filled();
  await test.set("provider:own", "third-value", "own words");
  assert.equal(await codeOf(() => test.value("provider:own")), "own_passphrase");
  const name = "provider:own";
  const wrong = () => test.vault.unlockSecret({ name, passphrase: "Own words" });
  assert.equal(await codeOf(wrong), "wrong_passphrase");
  await test.vault.unlockSecret({ name, passphrase: "own words" });
  assert.equal(await test.value(name), "third-value");
  // Its file, opened with the vault's identity, still shows no value.
  const pairs = (await Deno.readTextFile(test.path("identity.txt"))).split("\n");
  const identity = pairs.find((line) => line.startsWith("AGE-SECRET-KEY-1")) ?? "";
  const file = await Deno.readFile(test.path("secrets/provider%3Aown.age"));
  assert.doesNotMatch(await open(file, [identity]), /third-value/);
  await test.vault.lock();
  await test.vault.unlock({});
  assert.equal(await codeOf(() => test.value(name)), "own_passphrase");
  const rotate = { name, value: "fourth-value" };
  assert.equal(await codeOf(() => test.vault.rotateSecret(rotate)), "own_passphrase");
  const mistyped = { ...rotate, ownPassphrase: "own wordz" };
  assert.equal(await codeOf(() => test.vault.rotateSecret(mistyped)), "wrong_passphrase");
  await test.vault.rotateSecret({ ...rotate, ownPassphrase: "own words" });
  await test.vault.rotateIdentity({});
  assert.equal(await codeOf(() => test.value(name)), "own_passphrase");
  await test.vault.unlockSecret({ name, passphrase: "own words" });
  assert.equal(await test.value(name), "fourth-value");
});

Deno.test("a key from the environment comes first, is never written, and outlives a lock", async () => {
  const key = { value: "env-value", origins: [ORIGIN], placement: "authorization: Bearer {}" };
  await using test = await TestVault.make({ environmentKeys: { "provider:one": key } });
  assert.equal(await test.value("provider:one"), "env-value");
  assert.equal((await test.vault.status()).state, "absent");
  const other = { name: "provider:one", origin: "https://my.example" };
  assert.equal(await codeOf(() => test.vault.release(other)), "origin_unbound");
  await test.vault.bindEnvironmentOrigin(other);
  assert.equal((await test.vault.release(other)).value, "env-value");
  const stranger = { name: "provider:two", origin: ORIGIN };
  assert.equal(await codeOf(() => test.vault.bindEnvironmentOrigin(stranger)), "no_secret");
  const plain = { name: "provider:one", origin: "http://my.example" };
  assert.equal(await codeOf(() => test.vault.bindEnvironmentOrigin(plain)), "refused");
  await test.vault.lock();
  assert.equal(await test.value("provider:one"), "env-value");
  await test.vault.create({ mode: "keyfile" });
  assert.deepEqual((await test.vault.list()).secrets, []);
});

Deno.test("a file renamed to another secret's name is refused", async () => {
  await using test = await TestVault.filled();
  const from = test.path("secrets/provider%3Atwo.age");
  await Deno.rename(from, test.path("secrets/provider%3Aone.age"));
  assert.equal(await codeOf(() => test.value("provider:one")), "corrupt");
  const { secrets, problems } = await test.vault.list();
  assert.deepEqual(secrets.map(({ name }) => name), ["note"]);
  assert.deepEqual(problems.map(({ name }) => name), ["provider:one"]);
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
      assert.match(error.message, /^provider:one /);
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
  assert.deepEqual([...codes].sort(), ["identity_broken", "wrong_passphrase"]);
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
    [".DS_Store", "Notes.age", "folder", "link", "note.txt"].sort(),
  );
  // An age file that may be encrypted to the old identity stops a rotation before it starts.
  const before = await Deno.readTextFile(test.path("identity.txt"));
  assert.equal(await codeOf(() => test.vault.rotateIdentity({})), "corrupt");
  assert.equal(await Deno.readTextFile(test.path("identity.txt")), before);
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
  await test.set("provider:one", "again");
  assert.equal(await test.value("provider:one"), "again");
  await test.vault.remove({ name: "provider:one" });
  assert.equal(await codeOf(() => test.vault.remove({ name: "provider:one" })), "no_secret");
});

Deno.test("an identity that is cut off, empty or gone is a clear error", async () => {
  await using test = await TestVault.filled();
  const path = test.path("identity.txt");
  const text = await Deno.readTextFile(path);
  await Deno.chmod(path, 0o600);
  for (const broken of ["", "# only a comment\n", text.slice(0, -10), text + "garbage\n"]) {
    await Deno.writeTextFile(path, broken);
    assert.equal(await codeOf(() => test.another().unlock({})), "identity_broken");
  }
  await Deno.writeTextFile(path, text);
  await test.vault.changeMode({ mode: "keystore" });
  test.fake.kept = null;
  assert.equal(await codeOf(() => test.another().unlock({})), "identity_broken");
});

Deno.test("a missing or broken list of recipients stops writing, not reading", async () => {
  await using test = await TestVault.filled();
  const path = test.path("recipients.txt");
  const list = await Deno.readTextFile(path);
  for (const broken of [undefined, "", "# nobody\n", `${list}ssh-ed25519 AAAA\n`]) {
    await Deno.remove(path);
    if (broken !== undefined) await Deno.writeTextFile(path, broken);
    assert.equal(await codeOf(() => test.set("provider:one", "x")), "recipients_broken");
    assert.notEqual(await codeOf(() => test.vault.rotateIdentity({})), "none");
    assert.notEqual(await codeOf(() => test.vault.changeMode({ mode: "keystore" })), "none");
    assert.equal(await test.value("provider:one"), "first-value");
    assert.equal((await test.vault.list()).secrets.length, 3);
    if (broken === undefined) await Deno.writeTextFile(path, "");
  }
  // Missing, it is written anew by adding a key.
  await Deno.remove(path);
  const key = await identityToRecipient(await generateX25519Identity());
  const recipients = await test.vault.changeRecipients({ add: [key], remove: [] });
  assert.equal(recipients.length, 2);
  await test.set("provider:one", "x");
});

Deno.test("a recovery key opens every secret, until it is removed", async () => {
  await using test = await TestVault.filled();
  const identity = await generateX25519Identity();
  const key = await identityToRecipient(identity);
  const { vault } = test;
  const file = async () => await Deno.readFile(test.path("secrets/provider%3Aone.age"));
  assert.equal(await codeOf(async () => open(await file(), [identity])), "wrong_identity");
  const both = await vault.changeRecipients({ add: [key, key], remove: [] });
  assert.equal(both.length, 2);
  assert.match(await open(await file(), [identity]), /first-value/);
  await test.set("provider:one", "newer");
  assert.match(await open(await file(), [identity]), /newer/);
  await vault.rotateIdentity({});
  assert.match(await open(await file(), [identity]), /newer/);
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
  assert.equal(await codeOf(async () => open(await file(), [identity])), "wrong_identity");
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
  const before = await Deno.readTextFile(test.path("identity.txt"));
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
  assert.equal(await Deno.readTextFile(test.path("identity.txt")), before);
  const another = test.another();
  assert.deepEqual(await another.unlock({}), { unfinished: null });
  assert.equal((await another.status()).mode, "keyfile");
});

Deno.test("after a rotation the old identity opens nothing", async () => {
  await using test = await TestVault.filled();
  const old = await Deno.readTextFile(test.path("identity.txt"));
  await test.vault.changeMode({ mode: "passphrase", passphrase: "secret" });
  const { vault } = test;
  assert.equal(await codeOf(() => vault.rotateIdentity({})), "passphrase_needed");
  assert.equal(await codeOf(() => vault.rotateIdentity({ passphrase: "x" })), "wrong_passphrase");
  await vault.rotateIdentity({ passphrase: "secret" });
  const identity = old.split("\n").find((line) => line.startsWith("AGE-")) ?? "";
  for await (const { name } of Deno.readDir(test.path("secrets"))) {
    const file = await Deno.readFile(test.path(`secrets/${name}`));
    assert.equal(await codeOf(() => open(file, [identity])), "wrong_identity", name);
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
  const identity = await Deno.readTextFile(test.path("identity.txt"));
  const binding = { origins: [], placement: "" };
  for (
    const work of [
      () => other.release({ name: "provider:one", origin: ORIGIN }),
      () => other.set({ name: "a", value: "b", ...binding }),
      () => other.changeMode({ mode: "passphrase", passphrase: "x" }),
      () => other.changeRecipients({ add: [], remove: [] }),
    ]
  ) assert.equal(await codeOf(work), "locked");
  assert.equal(await Deno.readTextFile(test.path("identity.txt")), identity);
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

Deno.test("an export holds every secret, encrypted, and is imported whole", async () => {
  await using test = await TestVault.filled();
  await test.set("provider:own", "third-value", "own words");
  const identity = await generateX25519Identity();
  const key = await identityToRecipient(identity);
  const exports = [
    { bytes: await test.vault.exportBundle({ passphrase: "words" }), passphrase: "words" },
    { bytes: await test.vault.exportBundle({ recipients: [key] }), identity },
  ];
  for (const { bytes, ...way } of exports) {
    assert.doesNotMatch(decode(bytes), /value|provider/);
    await using other = await TestVault.make();
    await other.vault.create({ mode: "keyfile" });
    const wrong = "passphrase" in way ? { passphrase: "no" } : {};
    const code = "passphrase" in way ? "wrong_passphrase" : "wrong_identity";
    const refused = () => other.vault.importBundle({ bytes, ...wrong, replace: false });
    assert.equal(await codeOf(refused), code);
    const names = await other.vault.importBundle({ bytes, ...way, replace: false });
    assert.equal(names.length, 4);
    assert.deepEqual(await other.vault.list(), await test.vault.list());
    assert.equal(await other.value("provider:one"), "first-value");
    await other.vault.unlockSecret({ name: "provider:own", passphrase: "own words" });
    assert.equal(await other.value("provider:own"), "third-value");
    const again = { bytes, ...way, replace: false };
    assert.equal(await codeOf(() => other.vault.importBundle(again)), "exists");
    await other.set("provider:one", "changed");
    await other.vault.importBundle({ ...again, replace: true });
    assert.equal(await other.value("provider:one"), "first-value");
    const cut = { ...again, bytes: bytes.subarray(0, -1) };
    assert.equal(await codeOf(() => other.vault.importBundle(cut)), "corrupt");
  }
  const [bundle] = exports;
  const unasked = { bytes: bundle?.bytes ?? new Uint8Array(), replace: true };
  assert.equal(await codeOf(() => test.vault.importBundle(unasked)), "passphrase_needed");
  assert.equal(await codeOf(() => test.vault.exportBundle({})), "bad_params");
  const both = { recipients: [key], passphrase: "x" };
  assert.equal(await codeOf(() => test.vault.exportBundle(both)), "bad_params");
  assert.equal(await codeOf(() => test.vault.exportBundle({ recipients: ["x"] })), "refused");
});

Deno.test("one secret's file from a backup is imported like a bundle", async () => {
  await using test = await TestVault.filled();
  const bytes = await Deno.readFile(test.path("secrets/provider%3Aone.age"));
  await test.vault.remove({ name: "provider:one" });
  const names = await test.vault.importBundle({ bytes, replace: false });
  assert.deepEqual(names, ["provider:one"]);
  assert.equal(await test.value("provider:one"), "first-value");
});

Deno.test("what a killed write left is swept away, and nothing else", async () => {
  await using test = await TestVault.filled();
  const left = ["secrets/a.age.12-3-0123abcd.tmp", "identity.txt.12-3-0123abcd.tmp"];
  for (const file of [...left, "secrets/mine.tmp"]) {
    await Deno.writeTextFile(test.path(file), "x");
  }
  assert.equal((await test.vault.list()).problems.length, 1);
  await test.set("provider:one", "again");
  for (const file of left) assert.equal(await codeOf(() => Deno.stat(test.path(file))), "ENOENT");
  await Deno.stat(test.path("secrets/mine.tmp"));
});

Deno.test("without its lock the vault is not changed", async () => {
  await using test = await TestVault.filled();
  await Deno.remove(test.path(".vault_lock"));
  assert.equal(await codeOf(() => test.set("provider:one", "x")), "absent");
  assert.equal(await test.value("provider:one"), "first-value");
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
