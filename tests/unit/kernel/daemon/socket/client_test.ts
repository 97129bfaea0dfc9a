import assert from "node:assert/strict";
import { connectDaemon } from "../../../../../src/kernel/daemon/socket/client.ts";
import { VERSION } from "../../../../../src/kernel/version.ts";
import { DoorRig, newProfile, Stranger } from "../../../../fakes/daemon_door.ts";

Deno.test("where no daemon runs there is no connection", async () => {
  assert.equal(await connectDaemon(newProfile()), undefined);
});

Deno.test("a client learns the daemon's version and id", async () => {
  await using rig = await DoorRig.open();
  const client = await rig.client();
  assert.deepEqual([client.version, client.instance, client.token], [
    "1.2.3",
    rig.instance.id,
    rig.instance.token,
  ]);
  client.close();
});

Deno.test("a socket that nobody listens at, and a token that is gone, count as no daemon", async () => {
  const rig = await DoorRig.open();
  const { profile } = rig;
  const kept = await Deno.readTextFile(`${profile.run}/daemon.pid`);
  const token = await Deno.readTextFile(`${profile.run}/token`);
  await Deno.remove(`${profile.run}/token`);
  assert.equal(await connectDaemon(profile), undefined);
  await Deno.writeTextFile(`${profile.run}/token`, "not a token");
  assert.equal(await connectDaemon(profile), undefined);
  await rig[Symbol.asyncDispose]();
  await Deno.writeTextFile(`${profile.run}/daemon.pid`, kept);
  await Deno.writeTextFile(`${profile.run}/token`, token);
  assert.equal(await connectDaemon(profile), undefined);
});

Deno.test("a config that cannot be read stands in nobody's way", async () => {
  const profile = newProfile();
  await Deno.writeTextFile(profile.config, "daemon:\n  enabled: true\n? what\n");
  assert.equal(await connectDaemon(profile), undefined);
});

Deno.test("a daemon that does not answer is given up in time", async () => {
  await using rig = await DoorRig.open();
  const { profile } = rig;
  const path = `${profile.run}/silent.sock`;
  using listener = Deno.listen({ transport: "unix", path });
  const record = JSON.parse(await Deno.readTextFile(`${profile.run}/daemon.pid`));
  const endpoint = { kind: "unix", path };
  await Deno.writeTextFile(`${profile.run}/daemon.pid`, JSON.stringify({ ...record, endpoint }));
  const connecting = connectDaemon(profile, { limitMs: 50 });
  using silent = new Stranger(await listener.accept());
  assert.equal(await connecting, undefined);
  assert.equal((await silent.next())?.["method"], "hello");
});

Deno.test("a daemon of another protocol is an error that says what to do", async () => {
  await using rig = await DoorRig.open();
  const { profile } = rig;
  const path = `${profile.run}/other.sock`;
  using listener = Deno.listen({ transport: "unix", path });
  const record = JSON.parse(await Deno.readTextFile(`${profile.run}/daemon.pid`));
  const endpoint = { kind: "unix", path };
  await Deno.writeTextFile(`${profile.run}/daemon.pid`, JSON.stringify({ ...record, endpoint }));
  const message = `the daemon that runs is Pyra 9.9.9, this is ${VERSION}: run pyra daemon restart`;
  const answers = [
    { result: { protocol: 2, version: "9.9.9", instance: "", nonce: "0".repeat(32), proof: "" } },
    { error: { code: -32_000, message, data: { code: "daemon_version" } } },
  ];
  for (const answer of answers) {
    const connecting = connectDaemon(profile, { limitMs: 20_000 });
    // Looked at below.
    connecting.catch(() => undefined);
    using other = new Stranger(await listener.accept());
    const id = (await other.next())?.["id"];
    await other.send({ jsonrpc: "2.0", id, ...answer });
    await assert.rejects(connecting, { code: "daemon_version", message });
  }
});

Deno.test("a call has its time, and a daemon that ended meanwhile is told of", async () => {
  const rig = await DoorRig.open({
    serve: () => ({ handlers: { wait: () => new Promise(() => {}) } }),
  });
  const client = await rig.client();
  await assert.rejects(client.send("wait", null, 20), { code: "timeout" });
  const waiting = client.send("wait", null);
  // Looked at below.
  waiting.catch(() => undefined);
  await rig[Symbol.asyncDispose]();
  await assert.rejects(waiting, { code: "no_daemon" });
  await client.channel.closed;
});

Deno.test("what the daemon's handler refuses arrives with its code and hint", async () => {
  class Refusal extends TypeError {
    readonly code = "vault_locked";
    readonly data = { hint: "unlock it" };
  }
  await using rig = await DoorRig.open({
    serve: () => ({
      handlers: {
        fail: () => {
          throw new Refusal("the vault is locked");
        },
      },
    }),
  });
  const client = await rig.client();
  await assert.rejects(client.send("fail", null), {
    remoteCode: "vault_locked",
    message: "the vault is locked",
    data: { hint: "unlock it" },
  });
});
