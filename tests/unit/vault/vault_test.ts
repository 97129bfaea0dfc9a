/** The life of a vault and of one secret. */
import assert from "node:assert/strict";
import { open } from "../../../src/vault/age_file.ts";
import { codeOf, ORIGIN, TestVault } from "./test_vault.ts";

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

Deno.test("only a plugin's secret that goes into no request is revealed", async () => {
  await using test = await TestVault.filled();
  const { vault } = test;
  const reveal = (name: string) => codeOf(() => vault.reveal({ name }));
  await vault.set({ name: "plugin:some:own", value: "v", origins: [], placement: "" });
  assert.equal(await vault.reveal({ name: "plugin:some:own" }), "v");
  const binding = { origins: [ORIGIN], placement: "x-key: {}" };
  await vault.set({ name: "plugin:some:key", value: "v", ...binding });
  assert.equal(await reveal("plugin:some:key"), "refused");
  assert.equal(await reveal("provider:one"), "refused");
  assert.equal(await reveal("note"), "refused");
  assert.equal(await reveal("plugin:some:none"), "no_secret");
  await vault.lock();
  assert.equal(await reveal("plugin:some:own"), "locked");
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
  const identity = (await test.keyFile()).text.trim();
  const file = await Deno.readFile(test.path("secrets/provider%3Aown.age"));
  assert.doesNotMatch(await open("it", file, [identity]), /third-value/);
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
  await using test = await TestVault.make();
  const { kernel, egress } = test.serve({ "provider:one": key });
  const context = { signal: new AbortController().signal, input: (async function* () {})() };
  const call = async (method: string, params: unknown = null) =>
    await { ...kernel, ...egress }[method]?.(params, context);
  const value = async (params: unknown) => Object(await call("release", params)).value;
  const one = { name: "provider:one", origin: ORIGIN };
  assert.equal(await value(one), "env-value");
  assert.equal(Object(await call("status")).state, "absent");
  const other = { name: "provider:one", origin: "https://my.example" };
  assert.equal(await codeOf(() => call("release", other)), "origin_unbound");
  await call("bindEnvironmentOrigin", other);
  assert.equal(await value(other), "env-value");
  const stranger = { name: "provider:two", origin: ORIGIN };
  assert.equal(await codeOf(() => call("bindEnvironmentOrigin", stranger)), "no_secret");
  const plain = { name: "provider:one", origin: "http://my.example" };
  assert.equal(await codeOf(() => call("bindEnvironmentOrigin", plain)), "refused");
  await call("lock");
  assert.equal(await value(one), "env-value");
  await call("create", { mode: "keyfile" });
  assert.deepEqual(Object(await call("list")).secrets, []);
});
