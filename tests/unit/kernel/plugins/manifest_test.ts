import assert from "node:assert/strict";
import fc from "fast-check";
import { KernelError } from "../../../../src/kernel/error.ts";
import { NO_WISHES, readManifest } from "../../../../src/kernel/plugins/manifest.ts";
import { wishLines } from "../../../../src/kernel/plugins/wishes.ts";
import { refusal } from "./some_run.ts";

const read = (fields: object) =>
  readManifest(JSON.stringify({ name: "some", version: "1.0.0", description: "x", ...fields }));
const wishesOf = (grants: object) => read({ grants }).wishes;

Deno.test("a manifest without grants asks for nothing", () => {
  assert.deepEqual(
    read({ homepage: "left alone", license: "MIT", author: "x", keywords: ["runs", "reads"] }),
    {
      name: "some",
      version: "1.0.0",
      description: "x",
      main: undefined,
      wishes: NO_WISHES,
    },
  );
});

Deno.test("each wish is taken as it is written, once", () => {
  const grants = {
    hosts: ["https://a.example", "*", "https://a.example", "http://127.0.0.1:8080"],
    tcp: ["imap.example:993", "[::1]:25"],
    workspace: "write",
    read: ["~/notes", "/srv/data"],
    run: ["git"],
    memory: true,
    secrets: { api_key: { label: "Key", origins: ["https://a.example"] }, own: {} },
  };
  const wishes = wishesOf(grants);
  assert.deepEqual(wishes.hosts, ["https://a.example", "*", "http://127.0.0.1:8080"]);
  assert.deepEqual(wishes.secrets, {
    api_key: {
      label: "Key",
      origins: ["https://a.example"],
      placement: "authorization: Bearer {}",
    },
    own: { label: "own", origins: [], placement: "" },
  });
  assert.deepEqual(wishes.write, []);
});

const REFUSED: readonly [string, object][] = [
  ["a name with capitals", { name: "Some" }],
  ["the name of what is built in", { name: "pyra" }],
  ["a name of one letter", { name: "s" }],
  ["a name that leaves its folder", { name: "../some" }],
  ["a version that is none", { version: "1.0" }],
  ["a description that is no text", { description: 5 }],
  ["a long description", { description: "x".repeat(201) }],
  ["a main that is no text", { main: ["plugin.ts"] }],
  ["grants that are a list", { grants: [] }],
  ["wishes under another system's name", { permissions: ["storage"] }],
  ["wishes under a browser's name", { host_permissions: ["https://a.example/*"] }],
  ["wishes under a slip of the name", { grant: { hosts: ["https://a.example"] } }],
  ["a wish beside the others", { hosts: ["https://a.example"] }],
  ["a wish with a capital", { Secrets: {} }],
  ["a wish nobody knows", { grants: { everything: true } }],
  ["hosts of the person's own", { grants: { addedHosts: ["https://a.example"] } }],
  ["a host with a path", { grants: { hosts: ["https://a.example/x"] } }],
  ["a host with a star in it", { grants: { hosts: ["https://*.example"] } }],
  ["a host without a scheme", { grants: { hosts: ["a.example"] } }],
  ["a host of another scheme", { grants: { hosts: ["ftp://a.example"] } }],
  ["a host with a name in it", { grants: { hosts: ["https://me@a.example"] } }],
  ["a single host as a text", { grants: { hosts: "https://a.example" } }],
  ["tcp to every port", { grants: { tcp: ["a.example"] } }],
  ["tcp to every host", { grants: { tcp: ["*:25"] } }],
  ["tcp to a port that is none", { grants: { tcp: ["a.example:65536"] } }],
  ["a relative folder", { grants: { read: ["notes"] } }],
  ["another person's home", { grants: { read: ["~root/x"] } }],
  ["a folder that climbs", { grants: { write: ["~/x/../../y"] } }],
  ["a program by its path", { grants: { run: ["/bin/sh"] } }],
  ["a program that is an option", { grants: { run: ["-c"] } }],
  ["a workspace of another kind", { grants: { workspace: true } }],
  ["memory that is no yes", { grants: { memory: "yes" } }],
  ["a conversation that is no yes", { grants: { conversation: 1 } }],
  ["a secret with a strange key", { grants: { secrets: { "a:b": {} } } }],
  ["a secret with a slip in a field", { grants: { secrets: { key: { origin: [] } } } }],
  ["hosts that are no list", { grants: { hosts: "https://a.example" } }],
  ["a secret for every origin", { grants: { secrets: { key: { origins: ["*"] } } } }],
  ["wishes that fill a screen by their length", {
    grants: { read: Array.from({ length: 7 }, (_, i) => `/${i}${"x".repeat(190)}`), run: ["sh"] },
  }],
  ["wishes that fill a screen by their wide letters", {
    grants: {
      secrets: Object.fromEntries(
        ["a", "b", "c", "d"].map((key) => [key, { label: "\u4e00".repeat(200) }]),
      ),
    },
  }],
  ["more than fits a screen", {
    grants: { hosts: Array.from({ length: 25 }, (_, i) => `https://h${i}.example`) },
  }],
];

for (const [what, fields] of REFUSED) {
  Deno.test(`a manifest is refused for ${what}`, () => {
    assert.throws(() => read(fields), refusal("bad_plugin"));
  });
}

Deno.test("what is no JSON, or no object, is no manifest", () => {
  for (const text of ["", "{", "[]", "null", '"x"']) {
    assert.throws(() => readManifest(text), refusal("bad_plugin"));
  }
});

Deno.test("a name from the prototype is no wish and no secret", () => {
  assert.throws(
    () =>
      readManifest('{"name":"some","version":"1.0.0","description":"","grants":{"__proto__":{}}}'),
    refusal("bad_plugin"),
  );
  assert.throws(() => wishesOf({ constructor: 1 }), refusal("bad_plugin"));
  assert.throws(() => wishesOf({ toString: [] }), refusal("bad_plugin"));
});

Deno.test("whatever a manifest holds, it is read or refused with a sentence", () => {
  const grants = fc.record({
    hosts: fc.anything(),
    tcp: fc.anything(),
    secrets: fc.oneof(fc.anything(), fc.dictionary(fc.string(), fc.anything())),
    read: fc.oneof(fc.anything(), fc.array(fc.string())),
  }, { requiredKeys: [] });
  fc.assert(fc.property(fc.oneof(fc.anything(), grants), (value) => {
    const text = JSON.stringify({ name: "some", version: "1.0.0", description: "", grants: value });
    try {
      const { wishes } = readManifest(text);
      assert.deepEqual(Object.keys(wishes), Object.keys(NO_WISHES));
    } catch (error) {
      assert.ok(error instanceof KernelError && error.code === "bad_plugin", String(error));
    }
  }));
});

Deno.test("each wish has its line, and only what is new counts as new", () => {
  const before = wishesOf({ hosts: ["https://a.example"], memory: true });
  const after = wishesOf({
    hosts: ["https://a.example", "*", "http://nas.local"],
    memory: true,
    run: ["git", "rg", "apt-get"],
    outside: ["apt-get"],
    conversation: true,
    workspace: "read",
    secrets: { key: { label: "Key", origins: ["https://a.example"] }, own: { label: "Own" } },
  });
  assert.equal(wishLines(before).length, 2);
  assert.deepEqual(wishLines(after).filter((line) => !wishLines(before).includes(line)), [
    "reach every public host: it could send what it sees to anyone",
    "reach http://nas.local (which may lie in your own network)",
    "read the files in the folder that Pyra works in",
    "run git, rg, held by your sandbox (see below)",
    "run apt-get outside any sandbox: that can do all that you can do yourself",
    "see what you, the model and tools say, and change it",
    "use its secret key at https://a.example without seeing it, sent as " +
    "authorization: Bearer {} (Key)",
    "know its secret own (Own)",
  ]);
  assert.ok(wishLines(before).every((line) => wishLines(after).includes(line)));
});

Deno.test("a secret that now is to be read, or goes elsewhere, is new", () => {
  const bound = wishesOf({ secrets: { key: { label: "K", origins: ["https://a.example"] } } });
  const elsewhere = wishesOf({ secrets: { key: { label: "K", origins: ["https://b.example"] } } });
  const known = wishesOf({ secrets: { key: { label: "K" } } });
  assert.notDeepEqual(wishLines(elsewhere), wishLines(bound));
  assert.notDeepEqual(wishLines(known), wishLines(bound));
});
