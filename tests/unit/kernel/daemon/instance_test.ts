import assert from "node:assert/strict";
import {
  findInstance,
  Instance,
  readToken,
  recordedInstance,
} from "../../../../src/kernel/daemon/instance.ts";
import type { Profile } from "../../../../src/kernel/profile.ts";
import { connectDaemon } from "../../../../src/kernel/daemon/socket/client.ts";
import { newProfile } from "../../../fakes/daemon_door.ts";

const FILES = { socket: "daemon.sock", pid: "daemon.pid", port: 0 };

function names({ run }: Profile): string[] {
  return [...Deno.readDirSync(run)].map(({ name }) => name).sort();
}

/** Another process that takes and releases the profile. */
class Holder implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamDefaultReader<string>;

  constructor(profiles: readonly Profile[]) {
    const script = new URL("./instance_holder.ts", import.meta.url).pathname;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-check", "-A", script, ...profiles.map(({ home }) => home)],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#output = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  async say(line: "take" | "release"): Promise<string[]> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
    return (await this.#output.read()).value?.trim().split(" ") ?? [];
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
  }

  get pid(): number {
    return this.#child.pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => undefined);
    await this.#output.cancel();
    await this.#child.status;
  }
}

Deno.test("a daemon is found as soon as it listens, and no more when it has let go", async () => {
  const profile = newProfile();
  assert.equal(await findInstance(profile), undefined);
  const instance = await Instance.take(profile, FILES);
  assert.equal(await findInstance(profile), undefined);
  const listener = instance.listen();
  const found = await findInstance(profile);
  assert.deepEqual([found?.pid, found?.id, found?.started], [
    Deno.pid,
    instance.id,
    instance.started,
  ]);
  assert.match(instance.id, /^[0-9a-f]{32}$/);
  assert.deepEqual(readToken(profile), instance.token);
  assert.deepEqual(names(profile), ["daemon.lock", "daemon.pid", "daemon.sock", "token"]);
  listener.close();
  instance.release();
  instance.release();
  assert.equal(await findInstance(profile), undefined);
  assert.deepEqual(names(profile), ["daemon.lock"]);
});

Deno.test({
  name: "what the daemon makes is its user's alone",
  // Windows has no modes; the profile's folder is the user's there.
  ignore: Deno.build.os === "windows",
  async fn() {
    const profile = newProfile();
    const instance = await Instance.take(profile, FILES);
    const before = Deno.umask(0);
    const listener = instance.listen();
    // The mask of the process is as it was.
    assert.equal(Deno.umask(before), 0);
    for (const name of names(profile)) {
      const { mode } = await Deno.stat(`${profile.run}/${name}`);
      assert.equal((mode ?? 0) & 0o777, 0o600, name);
    }
    listener.close();
    instance.release();
  },
});

Deno.test("each start has another token and another id", async () => {
  const profile = newProfile();
  const first = await Instance.take(profile, FILES);
  first.release();
  const second = await Instance.take(profile, FILES);
  second.release();
  assert.notDeepEqual(first.token, second.token);
  assert.notEqual(first.id, second.id);
});

Deno.test("a second daemon of a profile is refused, and told of the first", async () => {
  const profile = newProfile();
  const first = await Instance.take(profile, FILES);
  const listener = first.listen();
  await assert.rejects(Instance.take(profile, FILES), (error: Error) => {
    assert.equal(Object(error).code, "daemon_running");
    assert.match(
      error.message,
      new RegExp(`process ${Deno.pid}, since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d`),
    );
    return true;
  });
  assert.equal((await findInstance(profile))?.id, first.id);
  listener.close();
  first.release();
});

Deno.test("of two processes that start at the same time exactly one is the daemon", async () => {
  const profiles = Array.from({ length: 25 }, () => newProfile());
  await using one = new Holder(profiles);
  await using other = new Holder(profiles);
  // Both are there.
  await Promise.all([one.say("release"), other.say("release")]);
  for (let round = 0; round < 2; round++) {
    const [ones = [], others = []] = await Promise.all([one.say("take"), other.say("take")]);
    assert.equal(ones.length, profiles.length);
    for (const [at, answer] of ones.entries()) {
      assert.deepEqual([answer, others[at]].sort(), ["daemon_running", "taken"]);
    }
    await Promise.all([one.say("release"), other.say("release")]);
  }
});

Deno.test("after a kill the next one starts clean", async () => {
  const profile = newProfile();
  await using holder = new Holder([profile]);
  assert.deepEqual(await holder.say("take"), ["taken"]);
  assert.equal((await findInstance(profile))?.pid, holder.pid);
  await holder.kill();
  // What it left says that it runs.
  assert.equal(recordedInstance(profile)?.pid, holder.pid);
  assert.equal(await findInstance(profile), undefined);
  assert.equal(await connectDaemon(profile), undefined);
  const next = await Instance.take(profile, FILES);
  const listener = next.listen();
  assert.equal((await findInstance(profile))?.id, next.id);
  listener.close();
  next.release();
});

Deno.test("a process number that another program has by now is no daemon", async () => {
  const profile = newProfile();
  const record = {
    pid: Deno.pid,
    id: "0".repeat(32),
    started: "2026-01-01T00:00:00.000Z",
    version: "0.1.0",
    endpoint: { kind: "unix", path: `${profile.run}/daemon.sock` },
  };
  await Deno.writeTextFile(`${profile.run}/daemon.pid`, JSON.stringify(record));
  assert.equal(recordedInstance(profile)?.pid, Deno.pid);
  assert.equal(await findInstance(profile), undefined);
  const instance = await Instance.take(profile, FILES);
  instance.release();
});
