import assert from "node:assert/strict";
import type { HandlerContext } from "../../../src/rpc/channel.ts";
import { type Asked, fault, SomeHost } from "./some_host.ts";

/** Answers `fetch` with what it was asked. */
async function* mirror({ params }: Asked, { input }: HandlerContext): AsyncGenerator<unknown> {
  const bytes = await Array.fromAsync(input as AsyncIterable<Uint8Array>);
  const body = bytes.map((piece) => new TextDecoder().decode(piece)).join("");
  yield { status: 201, statusText: "made", headers: [["x-answer", "yes"]] };
  yield new TextEncoder().encode(JSON.stringify({ ...Object(params), body }));
}

function host(): SomeHost {
  const some = new SomeHost();
  some.answer = (asked, context) => asked.method === "fetch" ? mirror(asked, context) : null;
  return some;
}

const CREDENTIALS = {
  header: { sentinel: "stand-in-1", placement: "x-api-key: Key {}" },
  path: { sentinel: "stand-in-2", placement: "path: /bot{}/" },
  form: { sentinel: "stand-in-3", placement: "form: api_key" },
};

Deno.test("a request goes to the kernel with its body, and the answer comes back", async () => {
  await using some = host();
  const text = await some.run(`const response = await context.fetch("https://a.example/x?y",
      { method: "POST", body: "hello", headers: { a: "b" } });
    const { headers, ...rest } = await response.json();
    return [response.status, response.headers.get("x-answer"), response.url, rest, Object.fromEntries(headers).a];`);
  assert.deepEqual(JSON.parse(text), [
    201,
    "yes",
    "https://a.example/x?y",
    { url: "https://a.example/x?y", method: "POST", body: "hello" },
    "b",
  ]);
  assert.equal(some.asked[0]?.name, "some");
});

Deno.test("a credential's stand-in goes where the secret belongs, and its key along", async () => {
  await using some = host();
  const send = async (call: string) =>
    JSON.parse(
      await some.run(`return await (await context.fetch(${call})).json();`, {
        boot: { credentials: CREDENTIALS },
      }),
    );
  const header = await send(`"https://a.example/", { credential: "header" }`);
  assert.equal(header.credential, "header");
  assert.equal(Object.fromEntries(header.headers)["x-api-key"], "Key stand-in-1");
  const path = await send(`"https://a.example/bot{}/send", { credential: "path" }`);
  assert.equal(path.url, "https://a.example/botstand-in-2/send");
  const form = await send(
    `"https://a.example/", { credential: "form", body: new URLSearchParams({ q: "1" }) }`,
  );
  assert.equal(form.body, "q=1&api_key=stand-in-3");
  assert.equal(form.method, "POST");
});

Deno.test("a credential that does not fit is refused with a sentence", async () => {
  await using some = host();
  const boot = { credentials: CREDENTIALS };
  for (
    const [call, message] of [
      [`"https://a.example/", { credential: "none" }`, /names no secret "none"/],
      [`"https://a.example/", { credential: "toString" }`, /names no secret/],
      [`"https://a.example/other", { credential: "path" }`, /write the address with \/bot\{\}\//],
      [
        `"https://a.example/", { credential: "form", body: new Blob(["x"]), method: "POST" }`,
        /URLSearchParams/,
      ],
    ] as const
  ) {
    await assert.rejects(
      some.run(`await context.fetch(${call});`, { boot }),
      fault("plugin_failed", message),
    );
  }
  assert.deepEqual(some.asked, []);
});

Deno.test("what the kernel refuses reaches the plugin as an error with its code", async () => {
  await using some = new SomeHost();
  some.answer = () => {
    throw Object.assign(new Error("not granted"), { code: "denied" });
  };
  const text = await some.run(`const codes = [];
    for (const ask of [() => context.secrets.get("x"), () => context.memory.search("y"),
      () => context.fetch("https://a.example/")]) await ask().catch((error) => codes.push([error.code, error.message]));
    return codes;`);
  assert.deepEqual(JSON.parse(text), Array.from({ length: 3 }, () => ["denied", "not granted"]));
});
