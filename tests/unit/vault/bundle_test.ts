/** Exports and imports. */
import assert from "node:assert/strict";
import { codeOf, TestVault } from "./test_vault.ts";

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("an export holds every secret, encrypted, and is imported whole", async () => {
  await using test = await TestVault.filled();
  await test.set("provider:own", "third-value", "own words");
  for (const passphrase of ["words", undefined]) {
    await using other = await TestVault.make();
    await other.vault.create({ mode: "keyfile" });
    // For the other vault's own key where there is no passphrase.
    const { recipients } = await other.vault.status();
    const way = passphrase === undefined ? {} : { passphrase };
    const bytes = await test.vault.exportBundle(passphrase === undefined ? { recipients } : way);
    assert.doesNotMatch(decode(bytes), /value|provider/);
    const wrong = passphrase === undefined
      ? await codeOf(() => test.vault.importBundle({ bytes, replace: true }))
      : await codeOf(() => other.vault.importBundle({ bytes, passphrase: "no", replace: false }));
    assert.equal(wrong, passphrase === undefined ? "corrupt" : "wrong_passphrase");
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
  const bytes = await test.vault.exportBundle({ passphrase: "words" });
  const unasked = { bytes, replace: true };
  assert.equal(await codeOf(() => test.vault.importBundle(unasked)), "passphrase_needed");
  assert.equal(await codeOf(() => test.vault.exportBundle({})), "passphrase_needed");
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
