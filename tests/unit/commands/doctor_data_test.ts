import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { RunUsage } from "../../../src/app_limits.ts";
import { takeLock } from "../../../src/locking/file_lock.ts";
import { openMemory } from "../../../src/memory/open.ts";
import { openSessionStore } from "../../../src/sessions/folder_store.ts";
import { newSessionId } from "../../../src/sessions/format.ts";
import type { TestProfile } from "../../fakes/command_context.ts";
import { doctor, wholeProfile } from "../../fakes/examined_profile.ts";

/** A profile with notes and their index, a record of usage and a conversation. */
async function usedProfile(): Promise<{ profile: TestProfile; session: string }> {
  const profile = await wholeProfile();
  const { home } = profile;
  {
    await using memory = openMemory({
      folder: `${home}/memory`,
      databases: `${home}/db`,
      now: Date.now,
    });
    for (const name of ["a/bread", "a/trains"]) {
      await memory.write(name, { body: `about ${name}` });
    }
    await memory.refresh({ signal: new AbortController().signal });
  }
  type Context = ConstructorParameters<typeof RunUsage>[0];
  using usage = new RunUsage(
    { boot: { profile: { db: `${home}/db` } }, now: Date.now } as unknown as Context,
  );
  await usage.ledger();
  const sessions = openSessionStore(`${home}/sessions`, Date.now);
  const session = newSessionId(Date.now());
  const created = new Date().toISOString();
  const log = await sessions.create({
    v: 1,
    type: "session",
    id: session,
    created,
    provider: "demo",
    model: "demo",
  });
  await log.append({ type: "question", at: created, parts: [{ type: "text", text: "hello" }] });
  await log[Symbol.asyncDispose]();
  return { profile, session };
}

/** Bytes in the middle of a file become others. */
async function damage(path: string, at: number, count: number): Promise<void> {
  using file = await Deno.open(path, { read: true, write: true });
  await file.seek(at, Deno.SeekMode.Start);
  await file.write(new Uint8Array(count).fill(0x5a));
}

Deno.test("what is whole is said to be, with how much there is", async () => {
  const { profile: used } = await usedProfile();
  await using profile = used;
  const { of } = await doctor(profile);
  assert.equal(of("memory"), "ok: 2 notes, the index whole and up to date");
  assert.match(of("usage"), /^ok: db\/state\.db: whole, \d/);
  assert.equal(of("sessions"), "ok: 1 session, readable");
  assert.equal(of("leftovers"), "ok: nothing");
});

Deno.test("a note that changed is told, and the index follows with --fix", async () => {
  const { profile: used } = await usedProfile();
  await using profile = used;
  await Deno.writeTextFile(`${profile.home}/memory/a/bread.md`, "about rolls instead");
  await Deno.remove(`${profile.home}/memory/a/trains.md`);
  const seen = await doctor(profile);
  assert.match(seen.of("memory"), /^warning: 2 notes changed since .* → run pyra doctor --fix$/);
  assert.match((await doctor(profile)).of("memory"), /^warning: 2 notes/);
  const mended = await doctor(profile, ["--fix"]);
  assert.match(mended.of("memory"), /^ok: 2 notes changed .*\(mended\)$/);
  assert.equal((await doctor(profile)).of("memory"), "ok: 1 note, the index whole and up to date");
});

Deno.test("a damaged index is told, left as it is, and made anew with --fix", async () => {
  const { profile: used } = await usedProfile();
  await using profile = used;
  const path = `${profile.home}/db/memory.db`;
  for (const [at, count] of [[0, 100], [8_192, 4_096]] as const) {
    await damage(path, at, count);
    const before = await Deno.readFile(path);
    const seen = await doctor(profile);
    assert.match(seen.of("memory"), /^warning: the index is damaged \(.*→ run pyra doctor --fix$/);
    assert.deepEqual(await Deno.readFile(path), before);
    const mended = await doctor(profile, ["--fix"]);
    assert.match(mended.of("memory"), /^ok: the index is damaged .*made anew \(mended\)$/);
    assert.equal(
      (await doctor(profile)).of("memory"),
      "ok: 2 notes, the index whole and up to date",
    );
  }
});

Deno.test("a damaged record breaks, and is put aside with --fix only", async () => {
  const { profile: used } = await usedProfile();
  await using profile = used;
  const path = `${profile.home}/db/state.db`;
  await damage(path, 0, 64);
  const seen = await doctor(profile);
  assert.equal(seen.code, 1);
  assert.match(seen.of("usage"), /^broken: db\/state\.db is damaged \(.*→ run pyra doctor --fix$/);
  const mended = await doctor(profile, ["--fix"]);
  assert.equal(mended.code, 0);
  assert.match(mended.of("usage"), /^ok: .*state\.db\.damaged-\d+ now.*\(mended\)$/);
  const names = (await Array.fromAsync(Deno.readDir(`${profile.home}/db`))).map(({ name }) => name);
  assert.ok(names.some((name) => /^state\.db\.damaged-\d+$/.test(name)), names.join());
  assert.equal((await doctor(profile)).of("usage"), "ok: no model was asked yet");
});

Deno.test("a record without its tables is damaged, one of a newer Pyra is not mended", async () => {
  await using profile = await wholeProfile();
  const path = `${profile.home}/db/state.db`;
  for (
    const [sql, pattern] of [
      [
        "PRAGMA user_version = 1; CREATE TABLE request (id INTEGER)",
        /is damaged \(no such (?:table|column)/,
      ],
      ["PRAGMA user_version = 99", /newer Pyra/],
    ] as const
  ) {
    await Deno.remove(path).catch(() => undefined);
    const db = new DatabaseSync(path);
    if (sql.endsWith("99")) {
      db.exec((await import("../../../src/guard/limits/tables.ts")).USAGE_TABLES);
    }
    db.exec(sql);
    db.close();
    await Deno.chmod(path, 0o600);
    assert.match((await doctor(profile)).of("usage"), pattern);
  }
  assert.match((await doctor(profile, ["--fix"])).of("usage"), /^broken: .*newer Pyra's/);
});

Deno.test("a damaged conversation is named, with what to do", async () => {
  const { profile: used, session } = await usedProfile();
  await using profile = used;
  const path = `${profile.home}/sessions/${session}.jsonl`;
  await Deno.writeTextFile(path, '{"type":"what\n{"v":1}\n', { append: true });
  const { of, code } = await doctor(profile);
  assert.equal(code, 0);
  assert.ok(
    of("sessions").startsWith(`warning: ${session}: line 3 of the session`),
    of("sessions"),
  );
  assert.ok(of("sessions").includes(`pyra sessions export ${session}`));
  await Deno.writeTextFile(path, "\u0000\u0001 nothing\n");
  const lost = await doctor(profile);
  assert.equal(lost.code, 1);
  assert.ok(lost.of("sessions").startsWith(`broken: ${session}: `));
});

Deno.test("a lock that nobody holds is removed with --fix, one that is held stays", async () => {
  const { profile: used, session } = await usedProfile();
  await using profile = used;
  const held = `${profile.home}/sessions/${session}.lock`;
  const free = `${profile.home}/db/memory.db.lock`;
  await using _lock = await takeLock(held);
  await Deno.writeTextFile(free, "", { mode: 0o600 });
  const seen = await doctor(profile);
  assert.match(seen.of("leftovers"), /^warning: 1 lock of killed runs/);
  const mended = await doctor(profile, ["--fix"]);
  assert.match(mended.of("leftovers"), /^ok: 1 lock that nobody holds removed \(mended\)$/);
  await assert.rejects(Deno.stat(free), Deno.errors.NotFound);
  await Deno.stat(held);
  assert.equal((await doctor(profile)).of("leftovers"), "ok: nothing; 1 lock of running Pyras");
});

Deno.test({
  name: "modes are told by what they open, and mended",
  // Windows has no such modes.
  ignore: Deno.build.os === "windows",
  async fn() {
    const { profile: used } = await usedProfile();
    await using profile = used;
    const { home } = profile;
    await Deno.chmod(`${home}/memory/a/bread.md`, 0o644);
    assert.match(
      (await doctor(profile)).of("files"),
      /^warning: 1 file open .*memory\/a\/bread\.md/,
    );
    await Deno.mkdir(`${home}/vault/secrets`, { recursive: true, mode: 0o700 });
    await Deno.chmod(`${home}/vault`, 0o700);
    await Deno.writeTextFile(`${home}/vault/secrets/x.age`, "x", { mode: 0o644 });
    const seen = await doctor(profile);
    assert.equal(seen.code, 1);
    assert.match(seen.of("files"), /^broken: 2 files open to others: .* → run pyra doctor --fix$/);
    const mended = await doctor(profile, ["--fix"]);
    assert.match(mended.of("files"), /^ok: 2 files closed to others: .*\(mended\)$/);
    assert.equal((await doctor(profile)).of("files"), "ok: all are yours, and closed to others");
  },
});

Deno.test("a clock behind the profile's files, a full disk and a copied folder are told", async () => {
  await using profile = await wholeProfile();
  const found = (newest: number, bavail: number, exposed: string[] = []) => ({
    answers: {
      examineProfile: () => ({
        faults: [],
        more: 0,
        isWhole: true,
        repaired: ["db was open to others; its mode is 700 again"],
        exposed,
        disk: { blocks: 1_000_000, bavail, bsize: 4_096, type: 0x6969 },
        newest,
      }),
    },
  });
  const late = await doctor(profile, [], found(Date.now() + 3_600_000, 50_000));
  assert.match(late.of("clock"), /^warning: it says .* and a file of the profile is from /);
  assert.match(late.of("disk"), /^warning: 205 MB of 4\.1 GB free/);
  assert.equal(late.of("files"), "ok: db was open to others; its mode is 700 again (mended)");
  if (Deno.build.os === "linux") assert.match(late.of("folder"), /\(NFS\)/);
  const full = await doctor(profile, [], found(0, 1_000, ["/srv/all"]));
  assert.equal(full.code, 1);
  assert.match(full.of("disk"), /^broken: 4\.1 MB of/);
  assert.match(full.of("folder"), /^broken: anybody may rename .* → run chmod o-w \/srv\/all/);
});
