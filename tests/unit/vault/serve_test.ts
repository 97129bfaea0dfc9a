import assert from "node:assert/strict";
import fc from "fast-check";
import { Channel, type Handler } from "../../../src/rpc/channel.ts";
import { RpcError } from "../../../src/rpc/error.ts";
import { portTransport } from "../../../src/rpc/transport.ts";
import { codeOf, ORIGIN, TestVault } from "./test_vault.ts";

/** Two ends of a channel; the far one serves. */
class Link implements Disposable {
  readonly near: Channel;
  readonly #far: Channel;

  constructor(handlers: Readonly<Record<string, Handler>>) {
    const { port1, port2 } = new MessageChannel();
    this.near = new Channel(portTransport(port1));
    this.#far = new Channel(portTransport(port2), handlers);
  }

  async failure(method: string, params: unknown): Promise<RpcError> {
    try {
      await this.near.call(method, params);
    } catch (error) {
      assert.ok(error instanceof RpcError);
      return error;
    }
    throw new Error(`${method} succeeded`);
  }

  [Symbol.dispose](): void {
    this.near.close();
    this.#far.close();
  }
}

Deno.test("the kernel's calls work over a channel", async () => {
  await using test = await TestVault.make();
  using link = new Link(test.serve().kernel);
  const call = (method: string, params: unknown = null) => link.near.call(method, params);
  assert.equal(await call("create", { mode: "passphrase", passphrase: "secret" }), null);
  const binding = { origins: [ORIGIN], placement: "x-api-key: {}" };
  assert.equal(await call("set", { name: "provider:one", value: "sk-value", ...binding }), null);
  const { secrets } = await call("list") as { secrets: { name: string }[] };
  assert.deepEqual(secrets.map(({ name }) => name), ["provider:one"]);
  assert.equal(await call("lock"), null);
  assert.deepEqual(await call("unlock", { passphrase: "secret" }), { unfinished: null });
  assert.equal(await call("rotateIdentity", { passphrase: "secret" }), null);
  const bundle = await call("exportBundle", { passphrase: "words" });
  assert.ok(bundle instanceof Uint8Array);
  const names = await call("importBundle", { bytes: bundle, passphrase: "words", replace: true });
  assert.deepEqual(names, ["provider:one"]);
  assert.equal((await call("changeRecipients", { add: [], remove: [] }) as string[]).length, 1);
  assert.equal(await call("changeMode", { mode: "keyfile" }), null);
  assert.equal(await call("remove", { name: "provider:one" }), null);
  assert.equal((await call("status") as { state: string }).state, "open");
});

Deno.test("egress may release and nothing else; the kernel's channel does not release", async () => {
  await using test = await TestVault.filled();
  using egress = new Link(test.serve().egress);
  using kernel = new Link(test.serve().kernel);
  const params = { name: "provider:one", origin: ORIGIN };
  assert.deepEqual(await egress.near.call("release", params), {
    value: "first-value",
    placement: "authorization: Bearer {}",
  });
  assert.equal((await kernel.failure("release", params)).remoteCode, "method_not_found");
  for (const method of Object.keys(test.serve().kernel)) {
    assert.equal((await egress.failure(method, {})).remoteCode, "method_not_found", method);
  }
  const elsewhere = await egress.failure("release", { ...params, origin: "https://evil.example" });
  assert.equal(elsewhere.remoteCode, "origin_unbound");
  assert.doesNotMatch(JSON.stringify([elsewhere.message, elsewhere.data]), /first-value/);
});

Deno.test("a failure crosses with its code and hint, and with no cause or stack", async () => {
  await using test = await TestVault.filled();
  using link = new Link(test.serve().kernel);
  const error = await link.failure("set", {
    name: "a",
    value: "v",
    origins: ["x"],
    placement: "y",
  });
  assert.equal(error.remoteCode, "refused");
  assert.deepEqual(Object.keys(error.data as object), ["hint"]);
  assert.equal(error.cause, undefined);
});

const anyParams = fc.oneof(
  fc.anything(),
  fc.dictionary(
    fc.constantFrom(
      ..."name value origins placement passphrase mode gpgKey add remove bytes replace recipients identity origin ownPassphrase"
        .split(" "),
    ),
    fc.anything(),
  ),
);

Deno.test("whatever is sent is answered with a documented code, and never opens or breaks the vault", async () => {
  await using test = await TestVault.make();
  await test.vault.create({ mode: "passphrase", passphrase: "secret" });
  await test.set("provider:one", "first-value");
  await test.vault.lock();
  const { kernel, egress } = test.serve();
  const handlers = { ...kernel, ...egress };
  const context = {
    signal: new AbortController().signal,
    input: { async *[Symbol.asyncIterator]() {} },
  };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(handlers)),
      anyParams,
      async (method, params) => {
        const code = await codeOf(() => handlers[method]?.(params, context));
        assert.notEqual(code, "internal", method);
      },
    ),
    { numRuns: 2_000 },
  );
  assert.equal((await test.vault.status()).state, "locked");
  await test.vault.unlock({ passphrase: "secret" });
  assert.equal(await test.value("provider:one"), "first-value");
});

Deno.test("an unforeseen error leaves the room without its words", async () => {
  await using test = await TestVault.filled();
  using link = new Link(test.serve().kernel);
  const lstat = Deno.lstat;
  try {
    Deno.lstat = () => Promise.reject(new Error("it was sk-secret-value"));
    const odd = await link.failure("list", null);
    assert.equal(odd.remoteCode, "internal");
    assert.doesNotMatch(odd.message + JSON.stringify(odd.data), /sk-secret/);
    const full = Object.assign(new Error("no space: sk-secret-value"), { code: "ENOSPC" });
    Deno.lstat = () => Promise.reject(full);
    const disk = await link.failure("list", null);
    assert.equal(disk.remoteCode, "file");
    assert.match(disk.message, /ENOSPC/);
    assert.doesNotMatch(disk.message, /sk-secret/);
  } finally {
    Deno.lstat = lstat;
  }
});
