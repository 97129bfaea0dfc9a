import assert from "node:assert/strict";
import fc from "fast-check";
import { VaultError } from "../../../src/vault/error.ts";
import { ENCODED_LIMIT_BYTES, encodeName } from "../../../src/vault/name.ts";

/** Names of every kind, with those that have tripped disks more often than chance. */
const names = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.constantFrom(
    ..."con CON Con.txt nul aux com1 COM9 lpt0 prn . .. ... a. a/b ../x %41 %3a provider:openai"
      .split(" "),
    "é",
    "e\u0301",
    "ﬁ",
    "ß",
    "SS",
    "İ",
    "K",
    "K",
  ),
);

function encoded(name: string): string | undefined {
  try {
    return encodeName(name);
  } catch (error) {
    assert.ok(error instanceof VaultError && error.code === "refused");
    return undefined;
  }
}

Deno.test("a name's file name is safe on every disk and leads back to the name", () => {
  fc.assert(
    fc.property(names, (name) => {
      const file = encoded(name);
      if (file === undefined) return;
      assert.match(file, /^(?:[a-z0-9_-]|%[0-9A-F]{2})+$/);
      assert.ok(file.length <= ENCODED_LIMIT_BYTES);
      assert.doesNotMatch(file, /^(?:con|prn|aux|nul|com\d|lpt\d)$/i);
      assert.equal(decodeURIComponent(file), name);
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("two names never share a file, also where the disk ignores case or composes letters", () => {
  fc.assert(
    fc.property(names, names, (one, other) => {
      const [a, b] = [encoded(one), encoded(other)];
      if (one === other || a === undefined || b === undefined) return;
      assert.notEqual(a.toLowerCase(), b.toLowerCase());
      assert.notEqual(a.normalize("NFKC"), b.normalize("NFKC"));
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("the usual names are readable in the folder", () => {
  assert.equal(encodeName("provider:openai"), "provider%3Aopenai");
  assert.equal(encodeName("plugin:mail:imap_password"), "plugin%3Amail%3Aimap_password");
  assert.equal(encodeName("a.b"), "a%2Eb");
  assert.equal(encodeName("con"), "%63on");
});

Deno.test("names that are empty, too long, invisible or no text are refused", () => {
  const bad = ["", " a", "a\n", "a\0b", "a\u202Eb", "a\u200Bb", "\uD800", "x".repeat(201)];
  for (const name of bad) assert.equal(encoded(name), undefined, JSON.stringify(name));
  assert.equal(encodeName("x".repeat(200)).length, 200);
});
