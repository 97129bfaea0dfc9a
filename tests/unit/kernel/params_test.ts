import assert from "node:assert/strict";
import fc from "fast-check";
import { KernelError } from "../../../src/kernel/error.ts";
import { identityPrograms } from "../../../src/kernel/identity_programs.ts";
import { fields, optionalText, textField } from "../../../src/kernel/params.ts";
import { profilePaths } from "../../../src/kernel/profile.ts";
import { readWish } from "../../../src/kernel/providers.ts";

const refusal = (code: string) => (error: unknown) =>
  error instanceof KernelError && error.code === code;

Deno.test("a field is a text within its limit, or the call is refused", () => {
  assert.equal(textField({ a: "xy" }, "a", 2), "xy");
  assert.equal(optionalText({}, "a"), undefined);
  assert.throws(() => textField({ a: "xyz" }, "a", 2), refusal("bad_call"));
  assert.throws(() => textField({}, "a"), refusal("bad_call"));
  assert.throws(() => optionalText({ a: 1 }, "a"), refusal("bad_call"));
});

Deno.test("whatever a room sends as parameters, reading it throws nothing but a refusal", () => {
  fc.assert(fc.property(fc.anything(), (params) => {
    for (const read of [fields, readWish]) {
      try {
        read(params);
      } catch (error) {
        assert.ok(error instanceof KernelError);
      }
    }
  }));
});

Deno.test("a provider is one of the table, and its address one of the web without a password", () => {
  assert.equal(readWish({ provider: "openai" }).origin, "https://api.openai.com");
  const own = readWish({ provider: "custom", baseUrl: "http://127.0.0.1:9/v1" });
  assert.deepEqual([own.origin, own.secret], ["http://127.0.0.1:9", "provider:custom"]);
  for (const provider of ["nobody", "constructor", "__proto__", ""]) {
    assert.throws(() => readWish({ provider }), refusal("usage"), provider);
  }
  for (const baseUrl of ["file:///etc", "https://me:word@h.example", "h.example", "ftp://h"]) {
    assert.throws(() => readWish({ provider: "custom", baseUrl }), refusal("usage"), baseUrl);
  }
  assert.throws(() => readWish({ provider: "custom" }), refusal("not_set_up"));
});

Deno.test("the name of a GPG key cannot be an option of gpg", () => {
  const { gpgEncrypt } = identityPrograms(profilePaths("/h"));
  const context = { signal: new AbortController().signal, input: (async function* () {})() };
  for (const key of ["--output=/h", "-o", "", "a;b"]) {
    assert.throws(() => gpgEncrypt({ text: "x", key }, context), refusal("usage"), key);
  }
});
