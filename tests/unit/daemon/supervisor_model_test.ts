import assert from "node:assert/strict";
import fc from "fast-check";
import { Supervisor } from "../../../src/daemon/supervisor.ts";
import { OutsideFault, type TaskFactory } from "../../../src/daemon/task.ts";
import type { TaskStatus } from "../../../src/protocol/daemon_calls.ts";
import { FakeTaskClock, settle } from "../../fakes/task_clock.ts";

const NAMES = ["a", "b", "c"] as const;
const LIMITS = {
  firstWaitMs: 5,
  longestWaitMs: 30,
  restarts: 3,
  quietMs: 100,
  heartbeatMs: 20,
  endMs: 5,
};

/** What may happen to a task, or to all. */
type Step =
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "crash" | "cut" | "beat"; readonly name: string }
  | { readonly do: "reload"; readonly versions: Readonly<Record<string, number | undefined>> };

/** A task as its rules say it is, told in the plainest way: one step of a millisecond after another. */
interface Model {
  version: number;
  state: TaskStatus["state"];
  crashes: number;
  own: number;
  /** ms that it runs, or is left to wait. */
  ran: number;
  left: number;
  /** ms since its last beat; undefined: not watched. */
  still: number | undefined;
  hung: number | undefined;
  starts: number;
}

function begin(version: number, starts = 1): Model {
  return {
    version,
    state: "running",
    crashes: 0,
    own: 0,
    ran: 0,
    left: 0,
    still: undefined,
    hung: undefined,
    starts,
  };
}

function crash(model: Model, isOwn: boolean): void {
  if (model.state !== "running") return;
  if (model.ran >= LIMITS.quietMs) model.crashes = model.own = 0;
  model.crashes++;
  if (isOwn) model.own++;
  model.still = model.hung = undefined;
  if (model.own > LIMITS.restarts) {
    model.state = "failed";
    return;
  }
  model.state = "waiting";
  model.left = Math.min(LIMITS.firstWaitMs * 2 ** (model.crashes - 1), LIMITS.longestWaitMs);
}

function tick(model: Model): void {
  if (model.state === "waiting" && --model.left === 0) {
    model.state = "running";
    model.ran = 0;
    model.starts++;
  } else if (model.state === "running") {
    model.ran++;
    if (model.hung !== undefined && ++model.hung === LIMITS.endMs) crash(model, true);
    else if (model.still !== undefined && ++model.still === LIMITS.heartbeatMs) {
      model.still = undefined;
      model.hung = 0;
    }
  }
}

const name = fc.constantFrom(...NAMES);
const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant("pass" as const),
        ms: fc.integer({ min: 1, max: 60 }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom("crash" as const, "cut" as const, "beat" as const),
        name,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant("reload" as const),
        versions: fc.dictionary(name, fc.integer({ min: 1, max: 2 })),
      }),
    },
  ) as fc.Arbitrary<Step>,
  { maxLength: 60 },
);

Deno.test("whatever happens to tasks, they are as the rules say", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const clock = new FakeTaskClock();
      const supervisor = new Supervisor({ clock, log() {}, ...LIMITS });
      const models = new Map<string, Model>();
      const ends = new Map<string, (error: Error) => void>();
      const beats = new Map<string, () => void>();
      const starts = new Map<string, number>();
      // None of them ends when it is told to: the hardest kind.
      const factory = (name: string, version: number): TaskFactory => () => ({
        version: String(version),
        run(_signal, beat) {
          starts.set(name, (starts.get(name) ?? 0) + 1);
          beats.set(name, beat);
          return new Promise((_, reject) => ends.set(name, reject));
        },
      });
      for (const name of NAMES) {
        supervisor.addTask(name, factory(name, 1));
        models.set(name, begin(1));
      }
      supervisor.start();
      for (const step of steps) {
        await act(step);
        await settle();
        const real = supervisor.status().map(({ name, state, crashes }) => ({
          name,
          state,
          crashes,
        }));
        const expected = [...models].map(([name, { state, crashes, ran }]) => ({
          name,
          state,
          crashes: state === "running" && ran >= LIMITS.quietMs ? 0 : crashes,
        }));
        const byName = (one: { name: string }, other: { name: string }) =>
          one.name < other.name ? -1 : 1;
        assert.deepEqual(real.toSorted(byName), expected.toSorted(byName));
        for (const [name, model] of models) assert.equal(starts.get(name), model.starts, name);
      }
      const stopping = supervisor.stop(10);
      await clock.pass(10);
      await stopping;
      assert.equal(clock.waiting, 0);

      async function act(step: Step): Promise<void> {
        switch (step.do) {
          case "pass":
            for (let ms = 0; ms < step.ms; ms++) for (const model of models.values()) tick(model);
            return await clock.pass(step.ms);
          case "crash":
          case "cut": {
            const model = models.get(step.name);
            const isRunning = model?.state === "running";
            // One that hung has that as its reason, whatever it says at last.
            if (model) crash(model, step.do === "crash" || model.hung !== undefined);
            const error = step.do === "crash" ? new Error("x") : new OutsideFault("x");
            if (isRunning) ends.get(step.name)?.(error);
            return;
          }
          case "beat": {
            const model = models.get(step.name);
            if (model?.state !== "running") return;
            if (model.hung === undefined) model.still = 0;
            return beats.get(step.name)?.();
          }
          case "reload":
            return await reload(step.versions);
        }
      }

      async function reload(versions: Readonly<Record<string, number | undefined>>): Promise<void> {
        const wanted = Object.entries(versions).flatMap(([name, version]) =>
          version === undefined ? [] : [[name, version] as const]
        );
        const isKept = (name: string, model: Model) =>
          model.state !== "failed" && versions[name] === model.version;
        const isWaitedFor = [...models].some(([name, model]) =>
          !isKept(name, model) && model.state === "running"
        );
        const reloading = supervisor.reload(
          new Map(wanted.map(([name, version]) => [name, factory(name, version)])),
        );
        // What has to end does not, and is left behind after so long.
        await settle();
        for (const [name, model] of models) {
          if (!isKept(name, model)) models.delete(name);
        }
        if (isWaitedFor) {
          for (let ms = 0; ms < LIMITS.endMs; ms++) {
            for (const model of models.values()) tick(model);
          }
          await clock.pass(LIMITS.endMs);
        }
        await reloading;
        for (const [name, version] of wanted) {
          if (!models.has(name)) models.set(name, begin(version, starts.get(name) ?? 0));
        }
      }
    }),
    { numRuns: 200 },
  );
});
