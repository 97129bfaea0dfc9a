import assert from "node:assert/strict";
import { Schedules } from "../../../src/daemon/schedules.ts";
import { DaemonTasks } from "../../../src/daemon/serve.ts";
import type { TaskFactory } from "../../../src/daemon/task.ts";
import type {
  DaemonAsk,
  JobParams,
  JobResult,
  TaskStatus,
} from "../../../src/protocol/daemon_calls.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import { until } from "../../../src/protocol/waiting.ts";
import { outcomeLine } from "../../../src/scheduler/outcome.ts";
import { nextTimes, type ScheduleRule } from "../../../src/scheduler/rule/rule.ts";
import { ScheduleStore } from "../../../src/scheduler/store.ts";
import { FakeKernel } from "../../fakes/kernel.ts";

const HOURLY: ScheduleRule = { kind: "every", ms: 3_600_000, from: Date.UTC(2026, 0, 1) };

/** Runs until it is told to end. */
const idle = (version: string): TaskFactory => () => ({
  version,
  run: (signal) => until(new Promise<never>(() => {}), signal),
});

/** A daemon's room with a kernel of the test's, and a ledger of its own. */
class Rig implements AsyncDisposable {
  readonly kernel: FakeKernel;
  readonly store: ScheduleStore;
  readonly logged: string[] = [];
  readonly jobs: { readonly params: JobParams; readonly signal: AbortSignal }[] = [];
  /** What reading the plugins' tasks comes to. */
  plugins: () => Promise<ReadonlyMap<string, TaskFactory>> = () => Promise.resolve(new Map());
  /** What a job comes to. */
  job: (signal: AbortSignal) => Promise<JobResult> = () =>
    Promise.resolve({ code: 0, output: outcomeLine({ state: "done", reason: "" }), errors: "" });
  readonly folder: string;
  readonly schedules: Schedules;

  private constructor(folder: string, store: ScheduleStore) {
    this.folder = folder;
    this.store = store;
    this.kernel = new FakeKernel({ serveDaemon: () => null });
    this.schedules = new Schedules({
      database: `${this.folder}/state.db`,
      runJob: (params, signal) => {
        this.jobs.push({ params, signal });
        return this.job(signal);
      },
      log: (sentence) => this.logged.push(sentence),
    });
  }

  static async make(): Promise<Rig> {
    const folder = await Deno.makeTempDir();
    return new Rig(folder, await ScheduleStore.open(`${folder}/state.db`));
  }

  /** Starts the room. */
  async start(): Promise<void> {
    const { kernel, schedules } = this;
    await new DaemonTasks({
      kernel,
      schedules,
      pluginTasks: () => this.plugins(),
      log: ({ event, task }) => this.logged.push(`${event}: ${task}`),
    }).start();
    await this.eventually(() => this.logged.includes("task started: schedules"));
  }

  async ask(ask: DaemonAsk): Promise<unknown> {
    assert.ok(this.kernel.serveDaemon, "nobody serves");
    return await this.kernel.serveDaemon(ask, new AbortController().signal);
  }

  async tasks(): Promise<Record<string, TaskStatus>> {
    const status = await this.ask({ method: "status" }) as TaskStatus[];
    return Object.fromEntries(status.map((task) => [task.name, task]));
  }

  add(name: string, nextAt: number | null): void {
    this.store.add({ name, rule: HOURLY, missed: "late" }, { now: Date.now(), nextAt });
  }

  async eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
    for (let look = 0; !(await holds()); look++) {
      assert.ok(look < 1_000, "it does not come to that");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.ask({ method: "drain", limitMs: 0 });
    this.store[Symbol.dispose]();
    await Deno.remove(this.folder, { recursive: true });
  }
}

Deno.test("the room serves at once, with the schedules, and the plugins' tasks beside them", async () => {
  await using rig = await Rig.make();
  const read = Promise.withResolvers<ReadonlyMap<string, TaskFactory>>();
  rig.plugins = () => read.promise;
  const starting = rig.start();
  await rig.eventually(() => rig.kernel.of("serveDaemon").length === 1);
  assert.deepEqual(Object.keys(await rig.tasks()), ["schedules"]);
  read.resolve(new Map([["mail.poll", idle("1")]]));
  await starting;
  const { "mail.poll": mail } = await rig.tasks();
  assert.equal(mail?.state, "running");
  await rig.eventually(async () => (await rig.tasks())["schedules"]?.detail === "0 schedules");
});

Deno.test("a reload reads the plugins anew, and where that fails all goes on as it was", async () => {
  await using rig = await Rig.make();
  rig.plugins = () => Promise.resolve(new Map([["a.x", idle("1")], ["b.x", idle("1")]]));
  await rig.start();
  rig.plugins = () => Promise.resolve(new Map([["a.x", idle("1")], ["b.x", idle("2")]]));
  assert.deepEqual(await rig.ask({ method: "reload" }), {
    started: ["b.x"],
    stopped: ["b.x"],
    kept: ["schedules", "a.x"],
  });
  const broken = new PyraError("configuration", "config_shape", "the settings are broken");
  rig.plugins = () => Promise.reject(broken);
  await assert.rejects(rig.ask({ method: "reload" }), broken);
  const tasks = await rig.tasks();
  assert.deepEqual(
    ["a.x", "b.x", "plugins"].map((name) => tasks[name]?.state),
    ["running", "running", "failed"],
  );
  assert.equal(tasks["plugins"]?.lastError, "the settings are broken");
  rig.plugins = () => Promise.resolve(new Map());
  await rig.ask({ method: "reload" });
  assert.deepEqual(Object.keys(await rig.tasks()), ["schedules"]);
});

Deno.test("plugins that cannot be read at the start cost no schedule, and are told of", async () => {
  await using rig = await Rig.make();
  rig.plugins = () => Promise.reject(new Error("no plugins"));
  rig.add("Morning", Date.now());
  await rig.start();
  await rig.eventually(() => rig.store.ledger.history("morning", 1)[0]?.state === "done");
  assert.equal((await rig.tasks())["plugins"]?.lastError, "no plugins");
});

Deno.test("what is due, and what is asked for, runs as a job, and ends as that says", async () => {
  await using rig = await Rig.make();
  rig.add("Asked", null);
  await rig.start();
  await rig.eventually(async () => (await rig.tasks())["schedules"]?.detail === "1 schedule");
  const [nextAt = null] = await nextTimes(HOURLY, Date.now(), 1);
  rig.add("Later", nextAt);
  assert.equal(await rig.ask({ method: "schedules.changed" }), null);
  const { "schedules": { detail = "" } = {} } = await rig.tasks();
  assert.match(detail, /^2 schedules, next at 2\d{3}-.*:00:00\.000Z$/);
  const ends: readonly (readonly [JobResult, string, string])[] = [
    [
      { code: 0, output: outcomeLine({ state: "done", reason: "said" }), errors: "" },
      "done",
      "said",
    ],
    [
      { code: 5, output: outcomeLine({ state: "skipped", reason: "nothing to do" }), errors: "" },
      "skipped",
      "nothing to do",
    ],
    [{ code: 1, output: "", errors: "pyra: no key\n" }, "failed", "no key"],
  ];
  for (const [result, state, reason] of ends) {
    rig.job = () => Promise.resolve(result);
    const id = await rig.ask({ method: "schedules.run", schedule: "asked" }) as number;
    await rig.eventually(() => rig.store.ledger.record(id)?.state !== "started");
    const record = rig.store.ledger.record(id);
    assert.deepEqual([record?.state, record?.reason], [state, reason]);
    const { schedule, occurrence, limitMs } = rig.jobs.at(-1)?.params ?? {};
    assert.deepEqual([schedule, occurrence], ["asked", id]);
    assert.ok(limitMs !== undefined && limitMs > 6 * 3_600_000);
  }
  await assert.rejects(rig.ask({ method: "schedules.run", schedule: "none" }), {
    code: "schedule_unknown",
  });
});

Deno.test("at the end nothing is begun any more, and what runs is waited for, then told of as interrupted", async () => {
  await using rig = await Rig.make();
  rig.plugins = () => Promise.resolve(new Map([["mail.poll", idle("1")]]));
  rig.add("Long", null);
  rig.job = (signal) => until(new Promise<never>(() => {}), signal);
  await rig.start();
  await rig.eventually(async () => (await rig.tasks())["schedules"]?.detail === "1 schedule");
  const id = await rig.ask({ method: "schedules.run", schedule: "Long" }) as number;
  assert.deepEqual(await rig.ask({ method: "drain", limitMs: 20 }), ["Long"]);
  assert.equal(rig.jobs[0]?.signal.aborted, true);
  const record = rig.store.ledger.record(id);
  assert.deepEqual([record?.state, record?.reason], ["failed", "Pyra was stopped while it ran"]);
  const states = Object.values(await rig.tasks()).map(({ state }) => state);
  assert.deepEqual(states, ["stopped", "stopped"]);
  await assert.rejects(rig.ask({ method: "schedules.run", schedule: "Long" }), {
    code: "scheduler_stopped",
  });
  // Read anew, but started no more.
  assert.deepEqual(await rig.ask({ method: "reload" }), {
    started: [],
    stopped: [],
    kept: ["schedules", "mail.poll"],
  });
});

Deno.test("schedules that are started again at the end begin nothing that is due", async () => {
  await using rig = await Rig.make();
  rig.add("Due", Date.now());
  const { schedules, folder } = rig;
  assert.deepEqual(await schedules.drain(0), []);
  const leave = new AbortController();
  const beaten: string[] = [];
  const running = schedules.factory().run(leave.signal, () => beaten.push("beat"));
  // Long enough for a scheduler to look at the clock, which is the first thing it does.
  const other = await ScheduleStore.open(`${folder}/state.db`);
  other[Symbol.dispose]();
  await new Promise((resolve) => setTimeout(resolve, 50));
  leave.abort(new Error("stopped"));
  await assert.rejects(running, /stopped/);
  assert.deepEqual([beaten, rig.store.ledger.history("due", 5)], [[], []]);
  await rig.start();
});
