import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { DaemonStatus } from "../../../src/protocol/daemon_calls.ts";
import type { ScheduleRule } from "../../../src/scheduler/rule/rule.ts";
import { ScheduleStore } from "../../../src/scheduler/store.ts";
import type { TestProfile } from "../../fakes/command_context.ts";
import { doctor, NO_SERVICE, wholeProfile } from "../../fakes/examined_profile.ts";
import { daemonStatus, keptJob } from "./doctor_daemon.ts";

const HOUR_MS = 3_600_000;
const HOSTED = "ai:\n  provider_id: openai\n  model: m\n";
const DAILY: ScheduleRule = { kind: "cron", expression: "0 8 * * *", zone: "Europe/Berlin" };

/** Schedules of these ids, due in an hour. */
async function scheduled(profile: TestProfile, ...ids: readonly string[]): Promise<ScheduleStore> {
  const store = await ScheduleStore.open(`${profile.home}/db/state.db`);
  const now = Date.now();
  for (const id of ids) {
    store.add({ name: id, rule: DAILY, missed: "late" }, { now, nextAt: now + HOUR_MS });
  }
  return store;
}

const WITH_DAEMON = { daemonStatus: () => daemonStatus() };

Deno.test("schedules that run are told of in a line, and so is what was never there", async () => {
  await using profile = await wholeProfile();
  assert.equal((await doctor(profile)).of("schedules"), "ok: there is none");
  assert.ok(!(await Array.fromAsync(Deno.readDir(`${profile.home}/db`))).length, "nothing is made");
  using _store = await scheduled(profile, "news", "mail");
  const answers = { ...WITH_DAEMON, keptJobs: () => [keptJob("news"), keptJob("mail")] };
  const { code, of } = await doctor(profile, [], { answers });
  assert.equal(code, 0);
  assert.match(of("schedules"), /^ok: 2 schedules, the next at \d{4}-/);
  assert.equal(of("usage"), "ok: no model was asked yet", "the same file, without its tables");
});

Deno.test("a schedule nobody typed, words nothing runs, and words of an older Pyra are told", async () => {
  await using profile = await wholeProfile();
  using _store = await scheduled(profile, "planted", "odd");
  const keptJobs = () => [keptJob("lost"), keptJob("odd", "--gone-option", "1")];
  const { code, of } = await doctor(profile, [], { answers: { ...WITH_DAEMON, keptJobs } });
  assert.equal(code, 1);
  const [odd, planted, lost] = of("schedules").split("\n");
  assert.match(odd ?? "", /^broken: odd cannot run: .*--gone-option.* → run pyra schedule rm odd/);
  assert.match(planted ?? "", /^broken: nobody typed what planted does, .* rm planted, and add/);
  assert.match(lost ?? "", /^warning: what was typed for lost is kept.* → .*schedule rm lost$/);
});

Deno.test("three failures in a row are a warning, fewer or older ones are not", async () => {
  await using profile = await wholeProfile();
  using store = await scheduled(profile, "news");
  const schedule = store.find("news");
  assert.ok(schedule);
  const answers = { ...WITH_DAEMON, keptJobs: () => [keptJob("news")] };
  const told = async () => (await doctor(profile, [], { answers })).of("schedules");
  const end = (state: "done" | "failed" | "skipped", reason: string) => {
    const { id } = store.ledger.beginManual(schedule, Date.now());
    store.ledger.finish(id, { state, reason }, Date.now());
  };
  for (const state of ["failed", "failed", "done", "failed", "skipped", "failed"] as const) {
    end(state, "no network");
    assert.match(await told(), /^ok/);
  }
  end("failed", "the key is refused");
  assert.match(
    await told(),
    /^warning: news failed 3 times in a row: the key is refused → see pyra schedule history news/,
  );
});

Deno.test("one that was due and did not run is told, unless it runs or is disabled", async () => {
  await using profile = await wholeProfile();
  using store = await scheduled(profile, "news");
  const past = Date.now() - HOUR_MS;
  store.enable("news", past);
  const keptJobs = () => [keptJob("news")];
  const told = async (answers = {}) =>
    (await doctor(profile, [], { answers: { keptJobs, ...answers } })).of("schedules");
  assert.match(await told(), /^warning: news was due at .* → run pyra daemon start$/);
  assert.match(await told(WITH_DAEMON), /^warning: news was due at .* → see pyra daemon status/);
  const schedule = store.find("news");
  assert.ok(schedule);
  const { id } = store.ledger.beginManual(schedule, Date.now());
  assert.match(await told(), /^ok/);
  store.ledger.finish(id, { state: "failed", reason: "cut off" }, Date.now());
  using db = opened(profile);
  db.exec("UPDATE schedules SET enabled = 0");
  assert.equal(await told(), "ok: 1 schedule, none comes again");
});

Deno.test("a zone that is none, a row of another hand and tables of another shape are named", async () => {
  await using profile = await wholeProfile();
  (await scheduled(profile, "far", "odd"))[Symbol.dispose]();
  using db = opened(profile);
  const far = JSON.stringify({ ...DAILY, zone: "Mars/Base" });
  db.prepare("UPDATE schedules SET rule = ? WHERE id = 'far'").run(far);
  db.exec("UPDATE schedules SET rule = '{}' WHERE id = 'odd'");
  const answers = { ...WITH_DAEMON, keptJobs: () => [keptJob("far"), keptJob("odd")] };
  const { code, of } = await doctor(profile, [], { answers });
  assert.equal(code, 1);
  const [zone, odd, ...more] = of("schedules").split("\n");
  assert.match(zone ?? "", /^broken: far cannot run: there is no time zone "Mars\/Base"/);
  assert.match(odd ?? "", /^broken: odd cannot be read, and does not run/);
  assert.deepEqual(more, []);
  db.exec("ALTER TABLE occurrences RENAME COLUMN reason TO why");
  const strange = await doctor(profile, [], { answers });
  assert.match(strange.of("schedules"), /^broken: schedules cannot be read: .*reason.* → restore/);
  assert.equal(strange.of("usage"), "ok: no model was asked yet");
});

Deno.test("the vault of the daemon is told of where it is locked and schedules need its key", async () => {
  await using profile = await wholeProfile();
  using store = await scheduled(profile, "news", "demo", "off");
  using db = opened(profile);
  db.exec("UPDATE schedules SET enabled = 0 WHERE id = 'off'");
  const locked = { state: "locked", until: null } as const;
  const passphrase = { state: "locked", mode: "passphrase", secrets: 1, recipients: [] } as const;
  const answers = {
    keptJobs: () => [keptJob("news"), keptJob("demo", "--provider", "demo"), keptJob("off")],
    daemonStatus: () => daemonStatus({ vault: locked }),
    vaultStatus: () => passphrase,
  };
  const told = async (more = {}) => {
    const run = { config: HOSTED, answers: { ...answers, ...more } };
    return (await doctor(profile, ["--offline"], run)).of("daemon");
  };
  assert.equal(
    await told(),
    "warning: its vault is locked, so 1 schedule cannot ask a model: news → " +
      "run pyra vault unlock --for 8h",
  );
  const open = { state: "open", until: null } as const;
  assert.match(await told({ daemonStatus: () => daemonStatus({ vault: open }) }), /^ok/);
  const keyfile = { ...passphrase, mode: "keyfile" } as const;
  assert.match(await told({ vaultStatus: () => keyfile }), /^ok/);
  store.remove("news", Date.now());
  assert.match(await told(), /^ok/);
});

Deno.test("a confined service that may not write where a schedule works is told of", async () => {
  await using profile = await wholeProfile();
  using _store = await scheduled(profile, "news", "near");
  const service = {
    ...NO_SERVICE,
    written: "current",
    enabled: true,
    running: true,
    folders: ["/home/me", "/srv/data"],
  } as const;
  const keptJobs = () => [
    { ...keptJob("news"), workspace: "/srv/database" },
    { ...keptJob("near"), workspace: "/home/me/near" },
    { ...keptJob("gone"), workspace: "/mnt" },
  ];
  const status: DaemonStatus = daemonStatus();
  const told = async (folders: readonly string[] | null) => {
    const serviceStatus = () => ({ ...service, folders });
    const answers = { keptJobs, serviceStatus, daemonStatus: () => status };
    return (await doctor(profile, [], { answers })).of("service");
  };
  assert.equal(
    await told(service.folders),
    "warning: news works in /srv/database, which pyra may not write to → " +
      "run pyra daemon install --writable /srv/database",
  );
  assert.match(await told(null), /^ok/);
  assert.match(await told(["/"]), /^ok/);
});

function opened(profile: TestProfile): DatabaseSync & Disposable {
  const db = new DatabaseSync(`${profile.home}/db/state.db`);
  return Object.assign(db, { [Symbol.dispose]: () => db.close() });
}
