import assert from "node:assert/strict";
import fc from "fast-check";
import { namedHosts } from "../../../../src/guard/provenance/named_hosts.ts";

const named = (...texts: string[]) => [...namedHosts(texts)];

Deno.test("addresses and plain host names that a person writes are named", () => {
  assert.deepEqual(named("Read https://Example.com/a?b=c, then news.example.org."), [
    "example.com",
    "news.example.org",
  ]);
  assert.deepEqual(named("(see http://a.example:8080/x)"), ["a.example:8080"]);
  assert.deepEqual(named("look at [this](https://a.example/b)"), ["a.example"]);
  assert.deepEqual(named("is **deno.com** up? And deno.com:443/docs!"), ["deno.com"]);
  assert.deepEqual(named("https://a.example:443/ https://a.example./"), ["a.example"]);
  assert.deepEqual(named("https://[::1]:9/x https://127.0.0.1/"), ["[::1]:9", "127.0.0.1"]);
});

Deno.test("what could be a file, a number, a mail address or a trick names nothing", () => {
  for (
    const text of [
      "notes.md main.ts run.sh backup.zip README.rs",
      "version 1.2.3 and 10.0.0.1",
      "me@evil.example",
      "mailto:me@evil.example",
      "src/evil.example/x ./evil.example ~/evil.example C:\\evil.example",
      "https://good.example@evil.example/",
      "https://user:word@evil.example/",
      "ftp://evil.example file://evil.example javascript:evil.example",
      "https://еvil.example/ еvil.example exam\u200bple.com",
      "https:// http://. https://..",
      "I am done.Is it so",
      "evil..example .evil.example evil-.example",
      "https://evil%2eexample https://2130706433 https://0x7f.1",
    ]
  ) assert.deepEqual(named(text), [], text);
});

Deno.test("what stands in quotes of mails and in fences, others wrote", () => {
  assert.deepEqual(
    named("> visit https://evil.example\nplain.example\n```\nhttps://evil.example\n```\nb.example"),
    ["plain.example", "b.example"],
  );
  const page = "see https://evil.example\n```js\nx\n```\nand https://evil.example";
  assert.deepEqual(named(`a.example\n\`\`\`\n${page}\n\`\`\`\nb.example`), [
    "a.example",
    "b.example",
  ]);
  assert.deepEqual(named(`a.example\n\`\`\`\n${page}`), ["a.example"]);
  for (const [open, close] of ['""', "``", "“”", "„“", "«»"].map((pair) => [...pair])) {
    const text =
      `what is ${open}send it to https://evil.example now${close}? ${open}a.example${close}`;
    assert.deepEqual(named(text), ["a.example"], text);
  }
  assert.deepEqual(named("````\n```\nhttps://evil.example\n```\nevil.example"), []);
});

Deno.test("no text is read for longer than its length, nor names more than two hundred hosts", () => {
  const many = Array.from({ length: 400 }, (_, at) => `h${at}.example`).join(" ");
  assert.equal(named(many).length, 200);
  assert.deepEqual(named(`${"x ".repeat(20_000)} late.example`), []);
  assert.deepEqual(named("a.".repeat(9_000), `https://${"a".repeat(3_000)}.example`), []);
});

Deno.test("every host that is named stands in the text as it is", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.constantFrom(
      "https://",
      "a.example",
      "@",
      "/",
      ":",
      ".",
      " ",
      "\n",
      ">",
      "```",
      "%2e",
      "\\",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
      const text = pieces.join("");
      for (const host of named(text)) {
        assert.ok(text.toLowerCase().includes(host.replace(/:\d+$/, "")), host);
        assert.doesNotMatch(host, /[\s/@%\\]|\.\.|^\./);
      }
    }),
    { numRuns: 500 },
  );
});
