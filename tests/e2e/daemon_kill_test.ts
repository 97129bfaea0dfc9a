/**
 * The daemon under `kill -9` at random moments, with much to do: nothing that was accepted is lost, nothing is
 * done twice, and all is whole.
 *
 * `PYRA_TEST_KILLS` says how often, `PYRA_TEST_SEED` repeats what was chosen.
 * @module
 */
import assert from "node:assert/strict";
import { type Answer, type ModelServer, startModelServer } from "../fakes/model_server.ts";
import { SeededChance } from "../fakes/seeded_chance.ts";
import { type RunResult, withHome } from "./command.ts";
import type { DaemonProcess } from "./daemon_process.ts";
import { KillHome, markOf, PASSPHRASE } from "./kill_home.ts";
import { KillLedger, type SeenRequest } from "./kill_ledger.ts";

const KILLS = Number(Deno.env.get("PYRA_TEST_KILLS") ?? "200");
const SEED = Number(Deno.env.get("PYRA_TEST_SEED") ?? Date.now() % 1_000_000);
/** Profiles at a time. */
const LANES = 3;
/** The latest moment of a kill after the daemon serves, ms. */
const LATEST_MS = 3_000;
const LATEST_IN_START_MS = 600;
const LATEST_IN_STOP_MS = 500;
const GONE_LIMIT_MS = 20_000;
/** How those end that a kill or a stop cut off: one sentence that tells of the daemon. */
const CUT_OFF = /^(pyra: [^\n]+\n)?pyra: [^\n]*\bdaemon\b[^\n]*\n$/;

type Moment = "start" | "work" | "stop";

const answers: readonly Answer[] = [
  { text: "done" },
  { text: "in good time", delay_ms: 300 },
  { text: "word ".repeat(20), chunk_delay_ms: 40 },
];

/** A slow answer takes two seconds. */
function answer(mark: string, chance: SeededChance): Answer {
  if (mark.includes("slow")) return { text: "word ".repeat(40), chunk_delay_ms: 50 };
  return mark.includes("fast") ? { text: "done" } : chance.of(answers);
}

/** One profile, killed again and again. */
class Lane {
  readonly #home: KillHome;
  readonly #ledger: KillLedger;
  readonly #chance: SeededChance;
  #written = 0;
  /** Clients that have not ended. */
  #clients: Promise<void>[] = [];
  readonly #faults: unknown[] = [];
  /** What clients said that were cut off. */
  cutOff = 0;

  constructor(home: KillHome, seed: number) {
    this.#home = home;
    this.#ledger = new KillLedger(home.database);
    this.#chance = new SeededChance(seed);
  }

  /** Starts the daemon, has it work, kills it, and looks at what it left. */
  async round(number: number): Promise<void> {
    const chance = this.#chance;
    const moment: Moment = chance.of(["start", "work", "work", "work", "work", "work", "stop"]);
    const isOpened = chance.below(8) === 0;
    const afterMs = chance.next() ** 2 *
      (moment === "start" ? LATEST_IN_START_MS : LATEST_MS);
    const what = `kill ${number} in ${moment} after ${Math.round(afterMs)} ms`;
    const daemon = await this.#home.daemon(isOpened ? PASSPHRASE : {});
    const stop = new AbortController();
    try {
      if (moment === "start") await sleep(afterMs);
      else await this.#work(daemon, { moment, afterMs, isOpened, what, stop });
    } finally {
      stop.abort();
      await daemon.kill();
    }
    const said = await daemon.said;
    assert.equal(said, "", `${what}: ${said}`);
    await Promise.all(this.#clients.splice(0));
    assert.deepEqual(this.#faults, [], what);
    await this.#gone(what);
    this.#ledger.afterKill(what);
    this.#written = this.#home.checkPlugin(this.#written);
  }

  async #work(
    daemon: DaemonProcess,
    { moment, afterMs, isOpened, what, stop }: {
      readonly moment: Moment;
      readonly afterMs: number;
      readonly isOpened: boolean;
      readonly what: string;
      readonly stop: AbortController;
    },
  ): Promise<void> {
    const status = await this.#home.ready(daemon);
    assert.ok(status, `${what}: it did not start: ${status === undefined && await daemon.said}`);
    assert.equal(status.vault.state, isOpened ? "open" : "locked", `${what}: the vault`);
    for (const client of [this.#ask(stop.signal), this.#callOn(stop.signal)]) {
      this.#clients.push(client.catch((fault) => void this.#faults.push(fault)));
    }
    await sleep(afterMs);
    if (moment === "work") return;
    void this.#home.call("stop", { limitMs: 1_000 });
    await sleep(this.#chance.next() * LATEST_IN_STOP_MS);
  }

  /** Clients with a process of their own. */
  async #ask(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const [home, chance] = [this.#home, this.#chance.next()];
      if (chance < 0.5) this.#ended(await home.ask(chance < 0.25 ? "fast" : "slow"));
      else if (chance < 0.8) this.#ended(await home.runTyped());
      else if (chance < 0.9) this.#ended(await home.pyra(["daemon", "reload"]));
      else this.#ended(await home.pyra(["schedule", "history", "--json"]));
      await sleep(this.#chance.next() * 200);
    }
  }

  /** Whoever ends badly was cut off by the kill, and says so. */
  #ended({ code, stdout, stderr }: RunResult): void {
    if (code === 0) return;
    assert.equal(code, 1, stderr);
    this.cutOff++;
    const isRight = CUT_OFF.test(stderr) || /^failed: Pyra (ended|was stopped)/.test(stdout);
    assert.ok(isRight, `${stdout}\n${stderr}`);
  }

  /** Clients that keep to the socket. */
  async #callOn(signal: AbortSignal): Promise<void> {
    const open = new Set<Promise<void>>();
    while (!signal.aborted) {
      const chance = this.#chance.next();
      const call = chance < 0.6 ? this.#home.runAsked(this.#chance.next()) : this.#call(chance);
      open.add(call);
      void call.finally(() => open.delete(call));
      await sleep(10 + this.#chance.next() * 120);
    }
    await Promise.all(open);
  }

  async #call(chance: number): Promise<void> {
    if (chance < 0.65) await this.#home.call("reload", null);
    else if (chance < 0.7) await this.#home.call("vault.lock", null);
    else if (chance < 0.8) await this.#home.call("tasks", { method: "schedules.changed" });
    else await this.#home.call("status", null);
  }

  /** No process of the profile is left. */
  async #gone(what: string): Promise<void> {
    if (Deno.build.os !== "linux") return;
    const limit = Date.now() + GONE_LIMIT_MS;
    for (let left = "-"; left !== ""; left = await this.#home.processes()) {
      assert.ok(Date.now() < limit, `${what}: processes are left: ${left}`);
      if (left !== "-") await sleep(50);
    }
  }

  /** A last daemon, which ends in order. @param seen what the model has seen of this profile */
  async end(seen: () => readonly SeenRequest[]): Promise<KillLedger> {
    const home = this.#home;
    const daemon = await home.daemon();
    assert.ok(await home.ready(daemon));
    const stopped = await home.pyra(["daemon", "stop", "--limit", "5s"]);
    assert.equal(stopped.code, 0, stopped.stderr);
    assert.equal((await daemon.ended).code, 0, await daemon.said);
    await daemon.said;
    await this.#gone("at the end");
    this.#ledger.atEnd(home.accepted);
    this.#ledger.checkTimes();
    const requests = seen();
    this.#ledger.checkRequests(
      requests.filter(({ mark }) => !home.asked.has(mark)),
      (schedule) => home.mark(schedule),
    );
    this.#checkAsked(requests);
    await this.#checkFiles();
    return this.#ledger;
  }

  /** No question reached the model twice, and what was answered had been asked. */
  #checkAsked(requests: readonly SeenRequest[]): void {
    for (const [mark, code] of this.#home.asked) {
      const count = requests.filter((request) => request.mark === mark).length;
      assert.ok(code === 0 ? count === 1 : count <= 1, `${mark} (${code}): ${count} requests`);
    }
    const typed = this.#ledger.rows.filter(({ schedule }) => schedule === "typed").length;
    assert.ok(typed <= this.#home.typedRuns, `${typed} runs of ${this.#home.typedRuns} typed`);
  }

  async #checkFiles(): Promise<void> {
    const { home } = this.#home;
    const said = async (...args: string[]) => {
      const { code, stdout, stderr } = await this.#home.pyra(args);
      assert.equal(code, 0, `${args.join(" ")}: ${stdout} ${stderr}`);
      return stdout;
    };
    await said("security", "log", "verify");
    const { schedules, kept } = JSON.parse(await said("schedule", "list", "--json"));
    assert.deepEqual(kept, []);
    assert.ok(schedules.every(({ typed }: { typed: boolean }) => typed), "grants.json is whole");
    const history = JSON.parse(await said("schedule", "history", "--json", "--limit", "10000"));
    const shown = history.map(({ id, state }: { id: number; state: string }) => `${id} ${state}`);
    const rows = this.#ledger.rows.map(({ id, state }) => `${id} ${state}`);
    assert.deepEqual(shown.sort(), rows.sort());
    const sessions = JSON.parse(await said("sessions", "list", "--json"));
    assert.ok(sessions.length > 0);
    for await (const { name } of Deno.readDir(`${home}/.pyra/sessions`)) {
      if (!name.endsWith(".jsonl")) continue;
      const text = await Deno.readTextFile(`${home}/.pyra/sessions/${name}`);
      for (const line of text.split("\n").slice(0, -1)) JSON.parse(line);
    }
    const left = [...Deno.readDirSync(`${home}/.pyra/run`)].map(({ name }) => name);
    assert.deepEqual(left, ["daemon.lock"]);
  }
}

function seen(server: ModelServer, name: string): SeenRequest[] {
  return server.requests.map((request) => ({
    mark: markOf(request),
    at: performance.timeOrigin + request.at,
  })).filter(({ mark }) => mark.startsWith(name));
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

Deno.test({
  name: `after ${KILLS} kills of the daemon each job has one end, none ran twice, and all is whole`,
  ignore: Deno.build.os === "windows", // there are no such signals
  fn: () =>
    withHome(async (base) => {
      console.warn(`PYRA_TEST_SEED=${SEED}`);
      const chance = new SeededChance(SEED);
      await using server = await startModelServer((request) => answer(markOf(request), chance));
      const lanes = await Promise.all(
        Array.from({ length: LANES }, async (_, number) => {
          const home = await KillHome.make(base, `lane${number}`, server.url);
          return new Lane(home, SEED + number + 1);
        }),
      );
      let kills = 0;
      const faults: unknown[] = [];
      await Promise.all(lanes.map(async (lane) => {
        try {
          while (kills < KILLS && faults.length === 0) await lane.round(++kills);
        } catch (fault) {
          // The others come to an end before it is told.
          faults.push(fault);
        }
      }));
      if (faults.length > 0) throw new AggregateError(faults, `a lane failed at kill ${kills}`);
      let [rows, cut, clients] = [0, 0, 0];
      for (const [number, lane] of lanes.entries()) {
        const ledger = await lane.end(() => seen(server, `lane${number}-`));
        rows += ledger.rows.length;
        cut += ledger.cutOff;
        clients += lane.cutOff;
      }
      console.warn(`${rows} occurrences, ${cut} of them and ${clients} clients were cut off`);
      // A machine with much else to do has fewer.
      assert.ok(rows > KILLS && cut > KILLS / 20 && (clients > 0 || KILLS < 100));
    }),
});
