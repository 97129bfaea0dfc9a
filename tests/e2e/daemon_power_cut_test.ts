/**
 * What a power cut, or somebody else, may leave of the daemon's files: each start is clean, or says in one
 * sentence what is wrong and what to do.
 * @module
 */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { startModelServer } from "../fakes/model_server.ts";
import { run, type RunResult, withHome } from "./command.ts";
import { DaemonProcess } from "./daemon_process.ts";

const LIMIT_MS = 20_000;
const LOOK_MS = 100;
/** One sentence, and what to do. */
const SENTENCE = /^(pyra: [^\n]+ — [^\n]+\n)+$/;
/** Bytes of a frame in SQLite's log of changes, beside its page. */
const FRAME_HEAD = 24;
const LOG_HEAD = 32;

const DAMAGES: Readonly<Record<string, (whole: string) => string>> = {
  "empty": () => "",
  "cut in half": (whole) => whole.slice(0, whole.length / 2),
  "all zeros": (whole) => "\0".repeat(whole.length),
  "other text": () => "what is this?\n",
  "far too long": (whole) => whole.repeat(2_000),
};

async function setUp(home: string, env: Readonly<Record<string, string>> = {}) {
  const pyra = (...args: string[]) => run(args, { home, env });
  const { code, stderr } = await pyra("setup", "--provider", "demo");
  assert.equal(code, 0, stderr);
  return pyra;
}

/** A daemon that was killed, and left all its files. */
async function killed(home: string): Promise<void> {
  const daemon = await DaemonProcess.start({ home });
  await daemon.kill();
  await daemon.said;
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name);
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  while (!await holds()) {
    assert.ok(!limit.aborted, what);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

for (const file of ["daemon.pid", "token", "daemon.port", "daemon.sock"]) {
  Deno.test({
    name: `a ${file} that is damaged is none: commands work, and the daemon starts`,
    ignore: Deno.build.os === "windows", // there is no such signal
    fn: () =>
      withHome(async (home) => {
        const pyra = await setUp(home);
        const path = `${home}/.pyra/run/${file}`;
        for (const [name, damage] of Object.entries(DAMAGES)) {
          await killed(home);
          const whole = file === "daemon.pid" || file === "token"
            ? await Deno.readTextFile(path)
            : "45123\n";
          await Deno.remove(path).catch(() => undefined);
          await Deno.writeTextFile(path, damage(whole), { mode: 0o600 });
          const status = await pyra("daemon", "status");
          assert.equal(status.code, 3, `${name}: ${status.stderr}`);
          const stopped = await pyra("daemon", "stop");
          assert.equal(stopped.stdout, "no daemon runs\n", name);
          const asked = await pyra("ask", "--no-cache", "hello");
          assert.deepEqual([asked.code, asked.stderr.includes("daemon")], [0, false], name);
        }
        await using _daemon = await DaemonProcess.start({ home });
        assert.equal((await pyra("daemon", "stop")).code, 0);
        assert.deepEqual(namesIn(`${home}/.pyra/run`), ["daemon.lock"]);
      }),
  });
}

/** The results of a schedule, the latest first. */
function results({ code, stdout, stderr }: RunResult): { state: string; reason: string }[] {
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

Deno.test("jobs that were damaged in grants.json run nothing, and say so until they are mended", () =>
  withHome(async (home) => {
    await using server = await startModelServer({ text: "done" });
    const env = {
      PYRA_AI_PROVIDER_ID: "custom",
      PYRA_AI_MODEL: "m",
      PYRA_AI_BASE_URL: server.url,
    };
    const pyra = await setUp(home, env);
    const added = await pyra("schedule", "add", "every 10s", "say it", "--name", "job");
    assert.equal(added.code, 0, added.stderr);
    const path = `${home}/.pyra/grants.json`;
    const whole = await Deno.readTextFile(path);
    const changed = whole.replace("say it", "say not");
    assert.notEqual(changed, whole);
    await using _daemon = await DaemonProcess.start({ home, env });
    for (const damaged of [changed, whole.slice(0, -40), "", "\0".repeat(whole.length)]) {
      await Deno.writeTextFile(path, damaged);
      const listed = await pyra("schedule", "list");
      assert.equal(listed.code, 4);
      assert.match(listed.stderr, SENTENCE);
      assert.match(listed.stderr, /grants\.json was changed by something else than Pyra — remove/);
      const ran = await pyra("schedule", "run", "job");
      assert.notEqual(ran.code, 0);
    }
    const failed = async () =>
      results(await pyra("schedule", "history", "--json"))
        .some(({ state, reason }) => state === "failed" && /grants\.json was changed/.test(reason));
    await until("what was due has failed", failed);
    assert.deepEqual(server.requests, [], "nothing was asked");
    await Deno.remove(path);
    const lost = await pyra("schedule", "run", "job");
    assert.equal(lost.code, 4);
    assert.match(lost.stderr, /nobody typed what job does.* — remove it with pyra schedule rm job/);
    await Deno.writeTextFile(path, whole, { mode: 0o600 });
    const again = await pyra("schedule", "run", "job");
    assert.equal(again.code, 0, again.stderr + again.stdout);
  }));

/** What a kill left of the ledger, with its log of changes. */
interface Left {
  readonly database: Uint8Array<ArrayBuffer>;
  readonly log: Uint8Array<ArrayBuffer>;
}

Deno.test({
  name: "a ledger whose log of changes is torn anywhere opens as it was at some moment before",
  ignore: Deno.build.os === "windows", // there is no such signal
  fn: () =>
    withHome(async (home) => {
      const pyra = await setUp(home);
      const path = `${home}/.pyra/db/state.db`;
      const daemon = await DaemonProcess.start({ home });
      const add = ["schedule", "add", "2099-01-01 08:00", "say it", "--name", "job"];
      const added = await pyra(...add, "--provider", "demo");
      assert.equal(added.code, 0, added.stderr);
      for (let number = 0; number < 3; number++) {
        const { code, stderr } = await pyra("schedule", "run", "job");
        assert.equal(code, 0, stderr);
      }
      await daemon.kill();
      await daemon.said;
      const left: Left = {
        database: await Deno.readFile(path),
        log: await Deno.readFile(`${path}-wal`),
      };
      const page = new DataView(left.log.buffer).getUint32(8);
      const frames = Math.floor((left.log.length - LOG_HEAD) / (page + FRAME_HEAD));
      assert.ok(frames > 3, `${frames} frames`);
      // What was synced is there after a power cut; what follows may be anything.
      const garbage = crypto.getRandomValues(new Uint8Array(page / 2));
      assert.equal(await opened(path, left, [...left.log, ...garbage]), 3);
      assert.equal(await opened(path, left, [...left.log, ...new Uint8Array(page * 2)]), 3);
      let before = 3;
      for (let frame = frames; frame >= 0; frame--) {
        const length = LOG_HEAD + frame * (page + FRAME_HEAD);
        const ends = await opened(path, left, [...left.log.subarray(0, length), ...garbage]);
        assert.ok(ends <= before, `${ends} ends after ${frame} frames, and ${before} after more`);
        before = ends;
      }
      await put(path, left, left.log.subarray(0, -page / 2));
      await using _next = await DaemonProcess.start({ home });
      const { code, stdout } = await pyra("schedule", "history", "--json");
      assert.equal(code, 0);
      assert.ok(results({ code, stdout, stderr: "" }).every(({ state }) => state !== "started"));
    }),
});

async function put(path: string, { database }: Left, log: Iterable<number>): Promise<void> {
  await Deno.remove(`${path}-shm`).catch(() => undefined);
  await Deno.writeFile(path, database);
  await Deno.writeFile(`${path}-wal`, new Uint8Array(log));
}

/** Opens it with that log. @returns how many occurrences have ended */
async function opened(path: string, left: Left, log: Iterable<number>): Promise<number> {
  await put(path, left, log);
  using db = new DatabaseSync(path);
  assert.equal(db.prepare("PRAGMA integrity_check").get()?.["integrity_check"], "ok");
  const isThere = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'occurrences'").get();
  if (isThere === undefined) return 0;
  const sql = "SELECT count(*) AS count FROM occurrences WHERE state <> 'started'";
  return Number(db.prepare(sql).get()?.["count"]);
}

Deno.test("a ledger that is no database stops the schedules with a sentence, and not the daemon", () =>
  withHome(async (home) => {
    const pyra = await setUp(home);
    const path = `${home}/.pyra/db/state.db`;
    for (const end of ["-wal", "-shm"]) await Deno.remove(path + end).catch(() => undefined);
    await Deno.writeTextFile(path, "what is this?\n".repeat(1_000), { mode: 0o600 });
    await using _daemon = await DaemonProcess.start({ home });
    const { code, stdout } = await pyra("daemon", "status");
    assert.equal(code, 0);
    assert.match(stdout, /schedules: waiting .*; schedules cannot be read: file is not a database/);
    const listed = await pyra("schedule", "list");
    assert.equal(listed.code, 1);
    assert.match(listed.stderr, SENTENCE);
    assert.match(listed.stderr, /schedules cannot be read: .* — .*pyra doctor/);
  }));
