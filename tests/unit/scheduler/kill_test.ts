import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { ScheduleStore } from "../../../src/scheduler/store.ts";
import { Stage } from "./stage.ts";

const ROUNDS = 50;
const RUNNER = fileURLToPath(new URL("./kill_runner.ts", import.meta.url));
const START = "2026-03-02T07:00:00Z";

/** Runs schedules, kills them some time after the first began, and gives the lines of what began. */
async function runUntilKilled(path: string, start: number, delayMs: number): Promise<string[]> {
  const runner = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", RUNNER, path, String(start)],
    stdout: "piped",
  }).spawn();
  let shown = "";
  for await (const text of runner.stdout.pipeThrough(new TextDecoderStream())) {
    if (shown === "") setTimeout(() => runner.kill("SIGKILL"), delayMs);
    shown += text;
  }
  await runner.status;
  return shown.split("\n").filter((line) => /^\d+ \S+ \d+$/.test(line));
}

Deno.test(`after ${ROUNDS} kills each occurrence has one end, and none was run twice`, async () => {
  await using stage = await Stage.open(START);
  const began: string[] = [];
  let start = Date.parse(START);
  for (let round = 0; round < ROUNDS; round += 1) {
    began.push(...await runUntilKilled(stage.path, start, Math.random() * 60));
    using store = await ScheduleStore.open(stage.path);
    start = store.ledger.lastWritten() + Math.floor(Math.random() * 3) * 60_000;
  }
  const open = stage.store.ledger.history(undefined, 10_000)
    .filter(({ state }) => state === "started").length;
  await stage.start();
  await stage.stop();
  const records = stage.store.ledger.history(undefined, 10_000);
  const byId = new Map(records.map((record) => [record.id, record]));
  for (const line of began) {
    const [id, schedule, dueAt] = line.split(" ");
    const record = byId.get(Number(id));
    assert.deepEqual([record?.schedule, String(record?.dueAt)], [schedule, dueAt], line);
    assert.ok(record?.state === "done" || record?.state === "failed", `${line} has ended`);
  }
  const runs = began.map((line) => line.slice(line.indexOf(" ") + 1));
  assert.equal(new Set(runs).size, runs.length, "none was run twice");
  assert.equal(new Set(began.map((line) => line.split(" ")[0])).size, runs.length);
  assert.ok(records.every(({ state, endedAt }) => state !== "started" && endedAt !== null));
  const due = records.map(({ schedule, dueAt }) => `${schedule} ${dueAt}`);
  assert.equal(new Set(due).size, due.length);
  const cut = records.filter(({ reason }) => reason === "Pyra ended while it ran").length;
  assert.ok(runs.length > ROUNDS && cut >= open, `${runs.length} runs, ${cut} were cut off`);
  using db = new DatabaseSync(stage.path);
  assert.equal(db.prepare("PRAGMA integrity_check").get()?.["integrity_check"], "ok");
});
