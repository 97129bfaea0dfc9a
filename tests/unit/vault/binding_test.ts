import assert from "node:assert/strict";
import fc from "fast-check";
import { readBinding, readOrigin } from "../../../src/vault/binding.ts";
import { VaultError } from "../../../src/vault/error.ts";

const refused = (error: unknown) => error instanceof VaultError && error.code === "refused";

Deno.test("an origin is brought to one form", () => {
  const forms = {
    "https://API.Example.com": "https://api.example.com",
    "HTTPS://api.example.com/": "https://api.example.com",
    "https://api.example.com:443": "https://api.example.com",
    "https://api.example.com:8443": "https://api.example.com:8443",
    "http://localhost:11434": "http://localhost:11434",
    "http://127.0.0.1:80": "http://127.0.0.1",
    "http://0x7f.1:1234": "http://127.0.0.1:1234",
    "http://[0:0::1]:8080/": "http://[::1]:8080",
    "https://bücher.example": "https://xn--bcher-kva.example",
  };
  for (const [text, origin] of Object.entries(forms)) assert.equal(readOrigin(text), origin);
});

Deno.test("what is no origin for a secret is refused", () => {
  const bad = [
    "",
    "api.example.com",
    "https://",
    "https://api.example.com/v1",
    "https://api.example.com?",
    "https://api.example.com#",
    "https://user@api.example.com",
    "https://api.example.com@evil.example",
    "https://api.example.com\\@evil.example",
    "https://*.example.com",
    "https://api.example.com.",
    "https://api.example.com:99999",
    " https://api.example.com",
    "https://a b",
    "http://api.example.com",
    "http://10.0.0.1",
    "http://localhost.evil.example",
    "http://127.0.0.1.evil.example",
    "ftp://localhost",
    "file:///etc/passwd",
    "javascript:alert(1)",
  ];
  for (const text of bad) assert.throws(() => readOrigin(text), refused, text);
});

Deno.test("an accepted origin is the one that a URL of it has, and is its own form", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.webUrl(), fc.string(), fc.domain().map((d) => `https://${d}`)),
      (text) => {
        let origin: string;
        try {
          origin = readOrigin(text);
        } catch (error) {
          return assert.ok(refused(error));
        }
        assert.equal(new URL(text).origin, origin);
        assert.equal(readOrigin(origin), origin);
      },
    ),
    { numRuns: 2_000 },
  );
});

Deno.test("a placement is a header, a part of the path or a form's field, in one form", () => {
  const forms = {
    "authorization: Bearer {}": "authorization: Bearer {}",
    "Authorization:Bearer {}": "authorization: Bearer {}",
    "X-API-Key: {}": "x-api-key: {}",
    "x-key:   {} ": "x-key: {}",
    "cookie: session={}; a=b": "cookie: session={}; a=b",
    "path: /bot{}/send": "path: /bot{}/send",
    "Path:/v1/{}": "path: /v1/{}",
    "form: api_key": "form: api_key",
    "form: user[token]": "form: user[token]",
  };
  for (const [text, placement] of Object.entries(forms)) {
    assert.equal(readBinding(["https://a.example"], text).placement, placement);
    assert.equal(readBinding(["https://a.example"], placement).placement, placement);
  }
});

Deno.test("what is no placement is refused", () => {
  const bad = [
    "authorization",
    "authorization: Bearer",
    "authorization: {} {}",
    "authorization: {{}}",
    "authorization: {}\r\nx: y",
    "x key: {}",
    ": {}",
    "host: {}",
    "Content-Length: {}",
    "transfer-encoding: {}",
    "proxy-authorization: {}",
    "path: v1/{}",
    "path: /v1",
    "path: /a/../{}",
    "path: /./{}",
    "path: /{}?a=b",
    "path: /{}#a",
    "form: ",
    "form: a=b",
    "form: {}",
    `x: ${"a".repeat(600)}{}`,
  ];
  for (const text of bad) {
    assert.throws(() => readBinding(["https://a.example"], text), refused, text);
  }
});

Deno.test("origins and placement come both or not at all", () => {
  assert.deepEqual(readBinding([], ""), { origins: [], placement: "" });
  assert.throws(() => readBinding([], "x-api-key: {}"), refused);
  assert.throws(() => readBinding(["https://a.example"], ""), refused);
  const many = Array.from({ length: 33 }, (_, index) => `https://h${index}.example`);
  assert.throws(() => readBinding(many, "x-api-key: {}"), refused);
  const twice = readBinding(["https://a.example", "https://A.example/"], "x-api-key: {}");
  assert.deepEqual(twice.origins, ["https://a.example"]);
});
