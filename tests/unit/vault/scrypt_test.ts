import assert from "node:assert/strict";
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { open, scryptIdentity, scryptRecipient, seal } from "../../../src/vault/age_file.ts";
import { codeOf } from "./test_vault.ts";

Deno.test("a passphrase file opens in age's own library, and one of the library's here", async () => {
  const ours = await seal("words", [scryptRecipient("pass phrase ü", 5)]);
  const decrypter = new Decrypter();
  decrypter.addPassphrase("pass phrase ü");
  assert.equal(await decrypter.decrypt(ours, "text"), "words");
  const encrypter = new Encrypter();
  encrypter.setPassphrase("pass phrase ü");
  encrypter.setScryptWorkFactor(5);
  const theirs = await encrypter.encrypt("words");
  assert.equal(await open("it", theirs, [scryptIdentity("pass phrase ü")]), "words");
});

Deno.test("new files take age's default work factor", async () => {
  const file = await seal("words", [scryptRecipient("secret")]);
  const [, stanza] = new TextDecoder().decode(file.subarray(0, 100)).split("\n");
  assert.match(stanza ?? "", /^-> scrypt \S{22} 18$/);
});

Deno.test("a wrong, an empty and a missing passphrase are told apart from damage", async () => {
  const file = await seal("words", [scryptRecipient("secret", 4)]);
  assert.equal(
    await codeOf(() => open("it", file, [scryptIdentity("Secret")])),
    "wrong_passphrase",
  );
  assert.equal(await codeOf(() => open("it", file, [scryptIdentity("")])), "wrong_passphrase");
  const none = () => open("it", file, [scryptIdentity(undefined)]);
  assert.equal(await codeOf(none), "passphrase_needed");
  const short = () => open("it", file.subarray(0, -1), [scryptIdentity("secret")]);
  assert.equal(await codeOf(short), "corrupt");
  assert.equal(await codeOf(() => scryptRecipient("")), "passphrase_needed");
});

Deno.test("a file for a key is not asked for a passphrase", async () => {
  const identity = await generateX25519Identity();
  const file = await seal("words", [await identityToRecipient(identity)]);
  assert.equal(await open("it", file, [scryptIdentity(undefined), identity]), "words");
  assert.equal(await codeOf(() => open("it", file, [scryptIdentity("x")])), "corrupt");
});
