/** The room itself: the real worker with the rights that the kernel's table gives it. */
import assert from "node:assert/strict";
import { Channel, type Handler } from "../../../src/rpc/channel.ts";
import { portTransport } from "../../../src/rpc/transport.ts";
import { profilePaths } from "../../../src/kernel/profile.ts";
import { rights } from "../../../src/kernel/roles.ts";
import { makeFolder, ORIGIN } from "./test_vault.ts";

const ENTRY = new URL("../../../src/rooms/vault.ts", import.meta.url);

class VaultRoom implements Disposable {
  readonly kernel: Channel;
  readonly egress: Channel;
  readonly #worker: Worker;

  constructor(home: string, handlers: Readonly<Record<string, Handler>>) {
    const profile = profilePaths(home, undefined);
    const permissions = rights("vault", profile);
    this.#worker = new Worker(ENTRY, { type: "module", deno: { permissions } });
    const [kernel, egress] = [new MessageChannel(), new MessageChannel()];
    this.kernel = new Channel(portTransport(kernel.port1), handlers);
    this.egress = new Channel(portTransport(egress.port1));
    const key = { value: "env-value", origins: [ORIGIN], placement: "x-api-key: {}" };
    const boot = { folder: profile.vault, environmentKeys: { "provider:env": key } };
    this.#worker.postMessage({ boot, kernel: kernel.port2, egress: egress.port2 }, [
      kernel.port2,
      egress.port2,
    ]);
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
    this.kernel.close();
    this.egress.close();
  }
}

Deno.test("the vault's room does all its work with no right but to its own folder", async () => {
  const home = await Deno.makeTempDir({ prefix: "home_" });
  let kept: unknown = null;
  try {
    using room = new VaultRoom(home, {
      keystoreLoad: () => kept,
      keystoreStore: (params) => kept = Object(params).text,
      keystoreRemove: () => kept = null,
      gpgEncrypt: (params) => new TextEncoder().encode(Object(params).text),
      gpgDecrypt: (bytes) => new TextDecoder().decode(bytes as Uint8Array),
    });
    const environment = { name: "provider:env", origin: ORIGIN };
    const released = await room.egress.call("release", environment);
    assert.deepEqual(released, { value: "env-value", placement: "x-api-key: {}" });
    await makeFolder(`${home}/vault`);
    const call = (method: string, params: unknown = null) =>
      room.kernel.call(method, params, { limitMs: 120_000 });
    await call("create", { mode: "passphrase", passphrase: "secret" });
    const binding = { origins: [ORIGIN], placement: "authorization: Bearer {}" };
    await call("set", { name: "provider:one", value: "sk-value", ...binding });
    await call("lock");
    await call("unlock", { passphrase: "secret" });
    for (const mode of ["gpg", "keyfile", "keystore"]) {
      await call("changeMode", { mode, gpgKey: "someone" });
      await call("lock");
      assert.deepEqual(await call("unlock", {}), { unfinished: null });
    }
    assert.deepEqual(await room.egress.call("release", { name: "provider:one", origin: ORIGIN }), {
      value: "sk-value",
      placement: "authorization: Bearer {}",
    });
    assert.match(String(kept), /^AGE-SECRET-KEY-1/);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});
