import assert from "node:assert/strict";
import fc from "fast-check";
import { endpointOf, readEndpoint } from "../../../../src/kernel/daemon/socket/endpoint.ts";
import {
  daemonFiles,
  findInstance,
  Instance,
  recordedInstance,
} from "../../../../src/kernel/daemon/instance.ts";
import type { Profile } from "../../../../src/kernel/profile.ts";
import { newProfile } from "../../../fakes/daemon_door.ts";

const FILES = { socket: "daemon.sock", pid: "daemon.pid", port: 0 };

function names({ run }: Profile): string[] {
  return [...Deno.readDirSync(run)].map(({ name }) => name).sort();
}

Deno.test("links and files of others in the daemon's places are replaced and never followed", async () => {
  const profile = newProfile();
  const outside = await Deno.makeTempDir();
  const places = ["daemon.sock", "daemon.pid", "daemon.pid.tmp", "token", "token.tmp"];
  for (const name of places) {
    await Deno.writeTextFile(`${outside}/${name}`, "mine");
    await Deno.symlink(`${outside}/${name}`, `${profile.run}/${name}`);
  }
  const instance = await Instance.take(profile, FILES);
  const listener = instance.listen();
  for (const name of places) assert.equal(await Deno.readTextFile(`${outside}/${name}`), "mine");
  assert.equal((await Deno.lstat(`${profile.run}/token`)).isSymlink, false);
  assert.equal((await Deno.lstat(`${profile.run}/daemon.pid`)).isSymlink, false);
  listener.close();
  instance.release();
  // Files and sockets that are just there are replaced, too.
  for (const name of places) await Deno.writeTextFile(`${profile.run}/${name}`, "left");
  const next = await Instance.take(profile, FILES);
  next.listen().close();
  next.release();
  assert.deepEqual(names(profile), ["daemon.lock"]);
});

Deno.test("a folder in the daemon's places, and a lock that is a link, are refused by name", async () => {
  for (const name of ["daemon.sock", "daemon.pid", "token"]) {
    const profile = newProfile();
    await Deno.mkdir(`${profile.run}/${name}/full`, { recursive: true });
    const refusal = { code: "daemon", message: `${profile.run}/${name} is in the way` };
    await assert.rejects(Instance.take(profile, FILES), refusal);
    await Deno.remove(`${profile.run}/${name}`, { recursive: true });
    // Whoever was refused did not keep the lock.
    (await Instance.take(profile, FILES)).release();
  }
  const profile = newProfile();
  await Deno.symlink(`${profile.home}/elsewhere`, `${profile.run}/daemon.lock`);
  await assert.rejects(Instance.take(profile, FILES), { code: "daemon", message: /is no file/ });
});

Deno.test({
  name: "a folder run that is a link, or open to others, is refused",
  // Windows has no modes.
  ignore: Deno.build.os === "windows",
  async fn() {
    const profile = newProfile();
    await Deno.chmod(profile.run, 0o750);
    await assert.rejects(Instance.take(profile, FILES), { code: "daemon" });
    await Deno.chmod(profile.run, 0o700);
    await Deno.rename(profile.run, `${profile.home}/moved`);
    await Deno.symlink(`${profile.home}/moved`, profile.run);
    await assert.rejects(Instance.take(profile, FILES), { code: "daemon" });
  },
});

Deno.test("a path that is too long for a socket becomes a loopback port", async () => {
  const folder = `${await Deno.makeTempDir()}/${"long".repeat(40)}`;
  await Deno.mkdir(folder);
  const profile = newProfile(folder);
  const instance = await Instance.take(profile, FILES);
  const listener = instance.listen();
  const endpoint = (await findInstance(profile))?.endpoint;
  assert.ok(endpoint?.kind === "tcp" && endpoint.port > 0);
  assert.equal(await Deno.readTextFile(`${profile.run}/daemon.port`), `${endpoint.port}\n`);
  assert.equal(Object(listener.addr).hostname, "127.0.0.1");
  listener.close();
  instance.release();
  assert.deepEqual(names(profile), ["daemon.lock"]);
});

Deno.test("a port that is taken is told of, with what to do", async () => {
  const folder = `${await Deno.makeTempDir()}/${"long".repeat(40)}`;
  await Deno.mkdir(folder);
  const profile = newProfile(folder);
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr as Deno.NetAddr;
  const instance = await Instance.take(profile, { ...FILES, port });
  assert.throws(() => instance.listen(), { code: "daemon", message: new RegExp(`port ${port}`) });
  instance.release();
});

Deno.test("names of the config are used, unless two files would have the same", async () => {
  const profile = newProfile();
  const config = "daemon:\n  socket_path: other.sock\n  pid_file: 'other.pid'\n  ipc_port: 4711\n";
  await Deno.writeTextFile(profile.config, config);
  const files = daemonFiles(profile.config);
  assert.deepEqual(files, { socket: "other.sock", pid: "other.pid", port: 4711 });
  const instance = await Instance.take(profile, files);
  const listener = instance.listen();
  assert.deepEqual(names(profile), ["daemon.lock", "other.pid", "other.sock", "token"]);
  assert.equal((await findInstance(profile))?.id, instance.id);
  listener.close();
  instance.release();
  const clashes = [
    { socket: "token" },
    { socket: "daemon.lock" },
    { pid: "daemon.port" },
    { pid: "daemon.sock" },
    { pid: "daemon.sock.tmp" },
  ];
  for (const clash of clashes) {
    const message = "two files of the daemon have the same name";
    await assert.rejects(Instance.take(profile, { ...FILES, ...clash }), {
      code: "daemon",
      message,
    });
  }
});

Deno.test("whatever a PID file holds, it is a daemon's or none", async () => {
  const profile = newProfile();
  const path = `${profile.run}/daemon.pid`;
  const right = {
    pid: 1,
    id: "0".repeat(32),
    started: "2026-01-01T00:00:00.000Z",
    version: "1",
    endpoint: { kind: "tcp", port: 1 },
  };
  await Deno.writeTextFile(path, JSON.stringify(right));
  assert.deepEqual(recordedInstance(profile), right);
  const wrong = [
    { pid: 0 },
    { pid: "1" },
    { id: "0" },
    { started: "\u001b[2J" },
    { version: "1\n" },
    { endpoint: { kind: "tcp", port: 65_536 } },
    { endpoint: { kind: "unix", port: 1 } },
    { endpoint: null },
  ];
  for (const field of wrong) {
    await Deno.writeTextFile(path, JSON.stringify({ ...right, ...field }));
    assert.equal(recordedInstance(profile), undefined, JSON.stringify(field));
  }
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string(), fc.constant("x".repeat(5_000))), (text) => {
      Deno.writeTextFileSync(path, text);
      assert.equal(recordedInstance(profile), undefined);
    }),
  );
  await Deno.remove(path);
  await Deno.mkdir(path);
  assert.equal(recordedInstance(profile), undefined);
  assert.equal(await findInstance(profile), undefined);
});

Deno.test("an endpoint is a socket up to 100 bytes of path, and is read as it was written", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme", maxLength: 150 }), (name) => {
    const path = `/${name}`;
    const endpoint = endpointOf(path, 7);
    const bytes = new TextEncoder().encode(path).length;
    assert.equal(endpoint.kind, bytes > 100 || Deno.build.os === "windows" ? "tcp" : "unix");
    assert.deepEqual(readEndpoint(JSON.parse(JSON.stringify(endpoint))), endpoint);
  }));
});
