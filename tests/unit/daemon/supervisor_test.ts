import assert from "node:assert/strict";
import { Supervisor, type SupervisorOptions } from "../../../src/daemon/supervisor.ts";
import { OutsideFault, type Task, type TaskEvent } from "../../../src/daemon/task.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import { FakeTaskClock, settle } from "../../fakes/task_clock.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** A supervisor with a clock of the test's. */
function rig(options: Partial<SupervisorOptions> = {}) {
  const clock = new FakeTaskClock();
  const events: TaskEvent[] = [];
  const supervisor = new Supervisor({ clock, log: (event) => events.push(event), ...options });
  const status = (name: string) => {
    const found = supervisor.status().find((task) => task.name === name);
    assert.ok(found, `there is no task ${name}`);
    return found;
  };
  return { clock, events, supervisor, status };
}

/** A task whose runs the test ends, by their number. */
class Runs {
  readonly ends: PromiseWithResolvers<void>[] = [];
  readonly signals: AbortSignal[] = [];
  readonly beats: (() => void)[] = [];
  readonly #more: Partial<Task>;
  /** Whether it ends when it is told to. */
  readonly #obeys: boolean;

  constructor(more: Partial<Task> = {}, { obeys = true } = {}) {
    this.#more = more;
    this.#obeys = obeys;
  }

  readonly factory = (): Task => ({
    version: "1",
    run: async (signal, beat) => {
      const end = Promise.withResolvers<void>();
      this.ends.push(end);
      this.signals.push(signal);
      this.beats.push(beat);
      if (this.#obeys) signal.addEventListener("abort", () => end.resolve());
      await end.promise;
    },
    ...this.#more,
  });

  crash(message = "boom"): void {
    this.ends.at(-1)?.reject(new PyraError("system", "boom", message));
  }
}

Deno.test("a task that crashes is started again after 5 s, then after twice as long, up to 5 minutes", async () => {
  const { clock, supervisor, status } = rig();
  const runs = new Runs();
  supervisor.addTask("some", runs.factory);
  assert.equal(status("some").state, "starting");
  supervisor.start();
  assert.equal(status("some").state, "running");
  for (const seconds of [5, 10, 20, 40, 80, 160, 300, 300, 300, 300]) {
    runs.crash();
    await settle();
    const { state, nextStart } = status("some");
    assert.equal(state, "waiting");
    assert.equal(nextStart, new Date(clock.now() + seconds * SECOND).toISOString());
    const before = runs.ends.length;
    await clock.pass(seconds * SECOND - 1);
    assert.equal(runs.ends.length, before);
    await clock.pass(1);
    assert.equal(runs.ends.length, before + 1);
    assert.deepEqual([status("some").state, status("some").nextStart], ["running", null]);
  }
  assert.equal(clock.waiting, 0);
});

Deno.test("after ten restarts in a row the next crash is the last, and that is said", async () => {
  const { clock, supervisor, status, events } = rig();
  supervisor.addTask(
    "bad",
    () => ({ version: "1", run: () => Promise.reject(new Error("no disk")) }),
  );
  supervisor.start();
  await clock.pass(24 * 60 * MINUTE);
  const { state, crashes, lastError, nextStart } = status("bad");
  assert.deepEqual([state, crashes, lastError, nextStart], ["failed", 11, "no disk", null]);
  assert.equal(events.filter(({ event }) => event === "task started").length, 11);
  assert.deepEqual(events.at(-1), { event: "task failed", task: "bad", reason: "no disk" });
  assert.equal(clock.waiting, 0);
});

Deno.test("ten quiet minutes forgive what was before", async () => {
  const { clock, supervisor, status } = rig();
  const runs = new Runs();
  supervisor.addTask("some", runs.factory);
  supervisor.start();
  for (let crash = 1; crash <= 10; crash++) {
    runs.crash();
    await clock.pass(5 * MINUTE);
  }
  assert.equal(status("some").crashes, 10);
  await clock.pass(10 * MINUTE);
  assert.deepEqual([status("some").crashes, status("some").lastError], [0, "boom"]);
  runs.crash();
  await settle();
  assert.deepEqual([status("some").state, status("some").crashes], ["waiting", 1]);
  await clock.pass(5 * SECOND);
  assert.equal(status("some").state, "running");
});

Deno.test("what ends early, throws when it is made, or throws no error has crashed too", async () => {
  const { supervisor, status } = rig();
  supervisor.addTask("early", () => ({ version: "1", run: () => Promise.resolve() }));
  supervisor.addTask("unmade", () => {
    throw new Error("cannot be made");
  });
  supervisor.addTask("odd", () => ({ version: "1", run: () => Promise.reject("odd") }));
  supervisor.addTask("sync", () => ({
    version: "1",
    run() {
      throw new Error("at once");
    },
  }));
  supervisor.start();
  await settle();
  const errors = ["early", "unmade", "odd", "sync"].map((name) => {
    const { state, crashes, lastError } = status(name);
    assert.deepEqual([state, crashes], ["waiting", 1]);
    return lastError;
  });
  assert.deepEqual(errors, ["it ended by itself", "cannot be made", "odd", "at once"]);
  await supervisor.stop(0);
});

Deno.test("a task that hangs is told to end, left behind after 5 s, and started again", async () => {
  const { clock, supervisor, status } = rig();
  const runs = new Runs({ heartbeatMs: 2 * SECOND }, { obeys: false });
  supervisor.addTask("some", runs.factory);
  supervisor.start();
  await clock.pass(1_500);
  runs.beats[0]?.();
  await clock.pass(1_999);
  assert.equal(runs.signals[0]?.aborted, false);
  await clock.pass(1);
  assert.equal(runs.signals[0]?.aborted, true);
  assert.equal(status("some").state, "running");
  await clock.pass(5 * SECOND);
  const { state, crashes, lastError } = status("some");
  assert.deepEqual([state, crashes], ["waiting", 1]);
  assert.equal(lastError, "it gave no sign of life for 2 s");
  // What was left behind counts no more, whatever becomes of it.
  runs.beats[0]?.();
  await clock.pass(5 * SECOND);
  assert.deepEqual([status("some").state, runs.ends.length], ["running", 2]);
  // Nor does it end, or keep alive, the one that took its place.
  runs.beats[0]?.();
  runs.ends[0]?.resolve();
  await settle();
  assert.deepEqual([status("some").state, status("some").crashes], ["running", 1]);
  const stopping = supervisor.stop(0);
  await clock.pass(0);
  assert.deepEqual(await stopping, ["some"]);
});

Deno.test("a task that hangs and ends when it is told to is started again without that wait", async () => {
  const { clock, supervisor, status } = rig();
  const runs = new Runs();
  supervisor.addTask("some", runs.factory);
  supervisor.start();
  // One that never beat is not watched; one that did is, for 60 s.
  await clock.pass(30 * MINUTE);
  assert.equal(status("some").state, "running");
  runs.beats[0]?.();
  await clock.pass(MINUTE);
  assert.deepEqual([status("some").state, status("some").crashes], ["waiting", 1]);
  assert.match(status("some").lastError, /no sign of life for 60 s/);
  await supervisor.stop(0);
  assert.equal(clock.waiting, 0);
});

Deno.test("what others brought about is waited for longer each time, and never the last", async () => {
  const { clock, supervisor, status } = rig();
  const cut = () => Promise.reject(new OutsideFault("the process ended"));
  supervisor.addTask("some", () => ({ version: "1", run: cut }));
  supervisor.start();
  await clock.pass(24 * 60 * MINUTE);
  const { state, crashes, lastError } = status("some");
  assert.deepEqual([state, lastError], ["waiting", "the process ended"]);
  assert.ok(crashes > 200);
  await supervisor.stop(0);
});

Deno.test("stop tells all to end, waits for them up to the limit, and names what did not", async () => {
  const { clock, supervisor, status, events } = rig();
  const good = new Runs();
  const bad = new Runs({}, { obeys: false });
  supervisor.addTask("good", good.factory);
  supervisor.addTask("bad", bad.factory);
  supervisor.addTask("waits", () => ({ version: "1", run: () => Promise.resolve() }));
  supervisor.start();
  await settle();
  const stopping = supervisor.stop(3 * SECOND);
  await clock.pass(3 * SECOND - 1);
  assert.equal(status("good").state, "stopped");
  await clock.pass(1);
  assert.deepEqual(await stopping, ["bad"]);
  assert.deepEqual(supervisor.status().map(({ state }) => state), [
    "stopped",
    "stopped",
    "stopped",
  ]);
  await clock.pass(10 * MINUTE);
  assert.equal(good.ends.length + bad.ends.length, 2);
  const told = events.filter(({ event }) => event === "task stopped").map(({ task }) => task);
  assert.deepEqual(told.toSorted(), ["bad", "good", "waits"]);
  assert.throws(() => supervisor.addTask("late", good.factory), { code: "tasks_stopped" });
  assert.deepEqual(await supervisor.stop(0), []);
});

Deno.test("a reload starts what is new, stops what is gone, keeps what is the same, restarts what changed", async () => {
  const { clock, supervisor } = rig();
  const all = new Map(["same", "changed", "gone"].map((name) => [name, new Runs()]));
  for (const [name, runs] of all) supervisor.addTask(name, runs.factory);
  supervisor.start();
  const [changed, added, again] = [new Runs({ version: "2" }), new Runs(), new Runs()];
  const reply = await supervisor.reload(
    new Map([["same", again.factory], ["changed", changed.factory], ["new", added.factory]]),
  );
  assert.deepEqual(reply, {
    started: ["changed", "new"],
    stopped: ["changed", "gone"],
    kept: ["same"],
  });
  const aborted = [...all.values()].map(({ signals }) => signals[0]?.aborted);
  assert.deepEqual(aborted, [false, true, true]);
  assert.deepEqual([changed.ends.length, added.ends.length, again.ends.length], [1, 1, 0]);
  // From now on it is made by the newer factory.
  all.get("same")?.crash();
  await clock.pass(5 * SECOND);
  assert.equal(again.ends.length, 1);
  await supervisor.stop(0);
});

Deno.test("a reload tries anew what has failed, and keeps what waits", async () => {
  const { clock, supervisor, status } = rig({ restarts: 0 });
  supervisor.addTask("bad", () => ({ version: "1", run: () => Promise.resolve() }));
  supervisor.start();
  await settle();
  assert.equal(status("bad").state, "failed");
  const runs = new Runs();
  assert.deepEqual((await supervisor.reload(new Map([["bad", runs.factory]]))).started, ["bad"]);
  assert.deepEqual([status("bad").state, status("bad").crashes], ["running", 0]);
  await supervisor.stop(0);
  assert.equal(clock.waiting, 0);
});

Deno.test("two reloads at a time follow one another, and none starts what was stopped", async () => {
  const { supervisor } = rig();
  supervisor.start();
  const [one, two] = [new Runs(), new Runs({ version: "2" })];
  const replies = await Promise.all([
    supervisor.reload(new Map([["some", one.factory]])),
    supervisor.reload(new Map([["some", two.factory]])),
  ]);
  assert.deepEqual(replies.map(({ started }) => started), [["some"], ["some"]]);
  assert.deepEqual([one.ends.length, two.ends.length], [1, 1]);
  const late = supervisor.reload(new Map([["other", new Runs().factory]]));
  await supervisor.stop(SECOND);
  assert.deepEqual((await late).started, []);
});

Deno.test("what is told of a task is one bounded line, even if it cannot say", async () => {
  const { supervisor, status } = rig();
  const long = "x\n".repeat(100_000);
  supervisor.addTask("long", () => ({
    version: "1",
    run: () => Promise.reject(new Error(long)),
  }));
  supervisor.addTask("says", new Runs({ detail: () => long }).factory);
  supervisor.addTask(
    "cannot",
    new Runs({
      detail() {
        throw new Error("closed");
      },
    }).factory,
  );
  supervisor.start();
  await settle();
  for (const text of [status("long").lastError, status("says").detail]) {
    assert.ok(text.length <= 300 && !text.includes("\n"));
  }
  assert.equal(status("cannot").detail, "it cannot say: closed");
  await supervisor.stop(0);
});
