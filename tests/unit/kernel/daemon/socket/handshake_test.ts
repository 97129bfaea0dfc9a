import assert from "node:assert/strict";
import { connectDaemon } from "../../../../../src/kernel/daemon/socket/client.ts";
import { macOf } from "../../../../../src/kernel/daemon/socket/handshake.ts";
import { readToken } from "../../../../../src/kernel/daemon/instance.ts";
import { DoorRig, newProfile, Stranger } from "../../../../fakes/daemon_door.ts";

const NONCE = "ab".repeat(16);
const HELLO = { protocol: 1, version: "0.0.1", nonce: NONCE };

Deno.test("who proves it by hand is let in, and served", async () => {
  await using rig = await DoorRig.open();
  using stranger = await rig.stranger();
  const answer = await stranger.prove(rig.instance.token);
  assert.deepEqual(answer, { jsonrpc: "2.0", id: 2, result: {} });
  assert.deepEqual((await stranger.call(3, "echo", { a: 1 }))?.["result"], { a: 1 });
  assert.equal(rig.door.clients, 1);
});

Deno.test("the daemon proves itself before it is told anything", async () => {
  await using rig = await DoorRig.open();
  using stranger = await rig.stranger();
  const hello = await stranger.call(1, "hello", HELLO);
  const { protocol, version, instance, nonce, proof } = Object(hello?.["result"]);
  assert.deepEqual([protocol, version, instance], [1, "1.2.3", rig.instance.id]);
  const right = await macOf(rig.instance.token, `pyra 1 daemon ${instance} ${NONCE} ${nonce}`);
  assert.equal(proof, right);
});

Deno.test("a wrong token, no proof, or the daemon's own proof lets nobody in", async () => {
  await using rig = await DoorRig.open();
  const other = crypto.getRandomValues(new Uint8Array(32));
  using wrong = await rig.stranger();
  assert.match((await wrong.prove(other))?.error?.message ?? "", /the proof is wrong/);
  assert.equal(await wrong.next(), undefined);
  for (const proof of [undefined, null, 1, "", "0".repeat(64), ["0".repeat(64)]]) {
    using none = await rig.stranger();
    await none.call(1, "hello", HELLO);
    const answer = await none.call(2, "prove", { proof });
    assert.equal(answer?.error?.data.code, "denied");
    assert.equal(await none.next(), undefined);
  }
  using mirror = await rig.stranger();
  const hello = await mirror.call(1, "hello", HELLO);
  const { proof } = Object(hello?.["result"]);
  assert.equal((await mirror.call(2, "prove", { proof }))?.error?.data.code, "denied");
  assert.equal(rig.door.clients, 0);
  assert.equal(rig.door.refused, 8);
});

Deno.test("a proof that was right on another connection is worth nothing", async () => {
  await using rig = await DoorRig.open();
  using first = await rig.stranger();
  const hello = await first.call(1, "hello", HELLO);
  const { instance, nonce } = Object(hello?.["result"]);
  const proof = await macOf(rig.instance.token, `pyra 1 client ${instance} ${NONCE} ${nonce}`);
  assert.deepEqual((await first.call(2, "prove", { proof }))?.["result"], {});
  using replay = await rig.stranger();
  await replay.call(1, "hello", HELLO);
  assert.equal((await replay.call(2, "prove", { proof }))?.error?.data.code, "denied");
});

Deno.test("a proof for another daemon with the same token is none", async () => {
  await using rig = await DoorRig.open();
  using stranger = await rig.stranger();
  const hello = await stranger.call(1, "hello", HELLO);
  const { nonce } = Object(hello?.["result"]);
  const text = `pyra 1 client ${"0".repeat(32)} ${NONCE} ${nonce}`;
  const proof = await macOf(rig.instance.token, text);
  assert.equal((await stranger.call(2, "prove", { proof }))?.error?.data.code, "denied");
});

Deno.test("nothing is served before the proof, and who tries has tried", async () => {
  await using rig = await DoorRig.open();
  const tries: [string, unknown][][] = [
    [["echo", {}]],
    [["prove", { proof: "0".repeat(64) }]],
    [["hello", HELLO], ["hello", HELLO]],
    [["hello", HELLO], ["echo", {}]],
    [["hello", HELLO], ["constructor", {}]],
  ];
  for (const calls of tries) {
    using stranger = await rig.stranger();
    await stranger.send({ jsonrpc: "2.0", method: "interrupt" });
    const answers = [];
    for (const [at, [method, params]] of calls.entries()) {
      answers.push(await stranger.call(at + 1, method, params));
    }
    const { id, error } = answers.at(-1) ?? {};
    assert.equal(id, calls.length);
    assert.match(error?.data.code ?? "", /^(denied|method_not_found)$/);
    assert.equal(await stranger.next(), undefined);
  }
  assert.deepEqual(rig.notified, []);
  assert.deepEqual([rig.door.clients, rig.door.refused], [0, tries.length]);
});

Deno.test("what is sent behind the proof and before its answer is not served", async () => {
  await using rig = await DoorRig.open();
  using stranger = await rig.stranger();
  const { instance, nonce } = Object((await stranger.call(1, "hello", HELLO))?.["result"]);
  const text = `pyra 1 client ${instance} ${NONCE} ${nonce}`;
  const proof = { proof: await macOf(rig.instance.token, text) };
  const call = (id: number, method: string, params: unknown) => ({
    jsonrpc: "2.0",
    id,
    method,
    params,
  });
  await stranger.send(call(2, "prove", proof), call(3, "prove", proof), call(4, "echo", {}));
  const [first, ...more] = await stranger.rest();
  assert.match(first?.error?.data.code ?? "", /^(denied|method_not_found)$/);
  assert.deepEqual(more, []);
  await (await rig.client()).send("echo", 1);
  assert.equal(rig.door.clients, 1, "who was cut off became no client when its proof was right");
});

Deno.test("a client of another protocol is told to restart the daemon", async () => {
  await using rig = await DoorRig.open();
  using stranger = await rig.stranger();
  const answer = await stranger.call(1, "hello", { ...HELLO, protocol: 2, version: "9.8.7" });
  assert.equal(answer?.error?.data.code, "daemon_version");
  assert.equal(
    answer?.error?.message,
    "the daemon that runs is Pyra 1.2.3, this is 9.8.7: run pyra daemon restart",
  );
  assert.equal(await stranger.next(), undefined);
});

Deno.test("a hello that is none is refused in one sentence", async () => {
  await using rig = await DoorRig.open();
  const wrong = [null, [], { ...HELLO, nonce: "1" }, { ...HELLO, version: "\u001b[2J" }, {
    ...HELLO,
    protocol: "1",
  }];
  for (const params of wrong) {
    using stranger = await rig.stranger();
    const answer = await stranger.call(1, "hello", params);
    assert.equal(answer?.error?.code, -32_602, JSON.stringify(params));
  }
});

Deno.test("a stranger who holds the daemon's place learns no proof, and is not served", async () => {
  const profile = newProfile();
  const path = `${profile.run}/daemon.sock`;
  using listener = Deno.listen({ transport: "unix", path });
  const record = {
    pid: Deno.pid,
    id: "1".repeat(32),
    started: "2026-01-01T00:00:00.000Z",
    version: "0.1.0",
    endpoint: { kind: "unix", path },
  };
  await Deno.writeTextFile(`${profile.run}/daemon.pid`, JSON.stringify(record));
  await Deno.writeTextFile(`${profile.run}/token`, "2".repeat(64));
  assert.ok(readToken(profile));
  let wasRead = false;
  const handlers = { read: () => wasRead = true };
  const connecting = connectDaemon(profile, { handlers, limitMs: 20_000 });
  using held = new Stranger(await listener.accept());
  const hello = await held.next();
  assert.equal(hello?.["method"], "hello");
  await held.send({ jsonrpc: "2.0", id: 7, method: "read" });
  assert.equal((await held.next())?.error?.data.code, "method_not_found");
  const result = { ...HELLO, instance: record.id, nonce: NONCE, proof: "0".repeat(64) };
  await held.send({ jsonrpc: "2.0", id: hello?.["id"], result });
  assert.equal(await connecting, undefined);
  // It ended the connection without a proof.
  assert.equal(await held.next(), undefined);
  assert.equal(wasRead, false);
});

Deno.test("a proof that is made of another daemon's answer does not fit", async () => {
  // A stranger on the place of a daemon that ended passes the questions on to the one that runs now.
  await using rig = await DoorRig.open();
  const { profile } = rig;
  const pidFile = `${profile.run}/daemon.pid`;
  const stale = JSON.parse(await Deno.readTextFile(pidFile));
  const path = `${profile.run}/elsewhere.sock`;
  using listener = Deno.listen({ transport: "unix", path });
  const record = { ...stale, id: "3".repeat(32), endpoint: { kind: "unix", path } };
  await Deno.writeTextFile(pidFile, JSON.stringify(record));
  const connecting = connectDaemon(profile, { limitMs: 20_000 });
  using held = new Stranger(await listener.accept());
  using real = await rig.stranger();
  // The rig's own place, not the one that its PID file names now.
  await real.send(await held.next());
  await held.send(await real.next());
  assert.equal(await connecting, undefined);
  assert.equal(await held.next(), undefined);
});
