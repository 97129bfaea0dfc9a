import assert from "node:assert/strict";
import { ScheduleStore } from "../../../../src/scheduler/store.ts";
import { ScheduleBench } from "./schedule_bench.ts";

const WHEN = ["--zone", "Europe/Berlin"];

Deno.test("what is added is shown whole: when, what it may do, where its result goes", async () => {
  await using bench = await ScheduleBench.create();
  const { code, out, err } = await bench.run([
    ...["schedule", "add", "weekdays 08:00", "what is on", "today?", "--name", "Morning news"],
    ...["--zone", "Europe/Berlin", "--allow", "memory_write=in notes/context", "--missed", "skip"],
    ...["--max-cost", "0.10", "--limit", "90s", "--output", "news.md", "--notify"],
    ...["--check", "memory_search", "--check-args", '{"query":"mail"}'],
  ]);
  assert.equal(code, 0, err);
  for (
    const line of [
      /^schedule +morning-news$/m,
      /^when +at 08:00 on weekdays, Europe\/Berlin$/m,
      /^next +(Mon|Tue|Wed|Thu|Fri) \d{4}-\d\d-\d\d 08:00\n +\w{3} [\d-]+ 08:00\n +\w{3} [\d-]+ 08:00$/m,
      /^prompt +what is on today\?$/m,
      /^asks +openai\/gpt-5 \(the usual one\)$/m,
      /^checks +memory_search \{"query":"mail"\}, and asks if it has news$/m,
      /^may use +memory_write in notes\/context; what only reads$/m,
      /^at most +20 requests, \$0\.1, 90 s$/m,
      /^result +a session, news\.md, a notification$/m,
      /^missed +is skipped$/m,
    ]
  ) assert.match(out, line);
  assert.match(err, /where the clock|no daemon runs, so it does not run yet; pyra daemon start/);
  assert.deepEqual(bench.kept.map(({ schedule }) => schedule), ["morning-news"]);
  assert.deepEqual(bench.asked, [{ method: "schedules.changed" }]);
});

Deno.test("what is wrong is one clear sentence, and nothing is kept", async () => {
  await using bench = await ScheduleBench.create();
  const wrong: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [["dialy 08:00", "x"], /"dialy 08:00" is no time — did you mean "daily 08:00"\?/],
    [["0 0 30 2 *", "x"], /never comes/],
    [["2020-01-01 08:00", "x"], /has gone by/],
    [["* * * * * *", "x"], /too near to each other/],
    [["daily 08:00"], /needs PROMPT/],
    [["daily 08:00", " "], /there is nothing to ask/],
    [["daily 08:00", "x", "--zone", "Europe/Berln"], /did you mean Europe\/Berlin\?/],
    [["daily 08:00", "x", "--missed", "never"], /--missed needs one of late, skip/],
    [["daily 08:00", "x", "--name", "a\nb"], /needs another name/],
    [["daily 08:00", "x", "--name", "n".repeat(81)], /at most 80 characters/],
    [["daily 08:00", "x", "--allow", "memory_wite"], /did you mean memory_write\?/],
    [["daily 08:00", "x", "--allow", "nope=in /home"], /there is no tool "nope"/],
    [["daily 08:00", "x", "--allow", "memory_write=at notes"], /in, reading, on or running/],
    [["daily 08:00", "x", "--max-cost", "a lot"], /--max-cost needs dollars/],
    [["daily 08:00", "x", "--max-cost", "0"], /--max-cost needs dollars/],
    [["daily 08:00", "x", "--max-cost", "1", "--model", "odd"], /price of openai\/odd is unknown/],
    [["daily 08:00", "x", "--max-requests", "0"], /whole number from 1/],
    [["daily 08:00", "x", "--limit", "10"], /--limit needs a time/],
    [["daily 08:00", "x", "--limit", "7h"], /6 h at most/],
    [["daily 08:00", "x", "--provider", "opnai"], /did you mean openai\?/],
    [["daily 08:00", "x", "--check", "nope"], /there is no tool "nope"/],
    [["daily 08:00", "x", "--check", "memory_search"], /query is missing/],
    [["daily 08:00", "x", "--check-args", "{}"], /--check-args is for a tool/],
    [["daily 08:00", "x", "--check", "memory_search", "--check-args", "[1]"], /no JSON object/],
    [["daily 08:00", "x", "--yes"], /has no option --yes/],
  ];
  for (const [args, message] of wrong) {
    const { code, out, err } = await bench.run(["schedule", "add", ...args]);
    assert.equal(code, 2, `${args.join(" ")}: ${err}`);
    assert.equal(out, "");
    assert.match(err, message);
    assert.equal(err.trimEnd().split("\n").length, 1, err);
  }
  assert.deepEqual(bench.kept, []);
  const list = await bench.run(["schedule", "list"], { options: { json: true } });
  assert.deepEqual(JSON.parse(list.out), { schedules: [], kept: [] });
});

Deno.test("where nothing is set up nothing is kept either", async () => {
  await using bench = await ScheduleBench.create();
  const { code } = await bench.run(["schedule", "add", "daily 08:00", "x"], {
    config: "",
    input: "",
  });
  assert.equal(code, 3);
  assert.deepEqual(bench.kept, []);
});

Deno.test("a file of the result that is a folder is refused", async () => {
  await using bench = await ScheduleBench.create();
  const { home } = bench.profile;
  const { code, err } = await bench.run(["schedule", "add", "hourly", "x", "--output", "memory"], {
    granted: [`${home}/memory`],
  });
  assert.equal(code, 2);
  assert.match(err, /memory is no file/);
});

Deno.test("every table fits 40 columns", async () => {
  await using bench = await ScheduleBench.create();
  const run = (...argv: string[]) => bench.run(["schedule", ...argv], { columns: 40 });
  const prompt = "tell me all that is new in the world of boats and of their paint";
  const outputs = [await run("add", "weekly mon 09:00", prompt, ...WHEN, "--notify")];
  const [id = ""] = bench.kept.map(({ schedule }) => schedule);
  {
    using store = await ScheduleStore.open(`${bench.profile.home}/db/state.db`);
    const schedule = store.find(id);
    assert.ok(schedule);
    const { id: begun } = store.ledger.beginManual(schedule, Date.now());
    const reason = "the provider answered with an error that is told at some length";
    store.ledger.finish(begun, { state: "failed", reason }, Date.now());
  }
  outputs.push(await run("list"), await run("show", id), await run("history"));
  for (const { code, out, err } of outputs) {
    assert.equal(code, 0, err);
    for (const line of out.split("\n")) assert.ok(line.length <= 40, `${line.length}: ${line}`);
  }
  assert.match(outputs[1]?.out ?? "", /^tell-me-all.* +\d{4}-\d\d-\d\d 09:00|\d\d:00 +failed/m);
  assert.match(outputs[2]?.out ?? "", /failed: the\s+provider/);
});

Deno.test("schedules are disabled, enabled and removed, by their ids", async () => {
  await using bench = await ScheduleBench.create();
  const run = (...argv: string[]) => bench.run(["schedule", ...argv], { options: { json: true } });
  await run("add", "daily 08:00", "x", "--name", "Morning", "--disabled");
  const listed = async () => JSON.parse((await run("list")).out).schedules[0];
  assert.deepEqual([(await listed()).enabled, (await listed()).next], [false, null]);
  assert.equal((await run("enable", "morning")).code, 0);
  assert.deepEqual([(await listed()).enabled, (await listed()).typed], [true, true]);
  assert.equal((await run("disable", "morning")).code, 0);
  assert.equal((await listed()).enabled, false);
  const byName = await run("rm", "Morning");
  assert.equal(byName.code, 2);
  assert.match(byName.err, /did you mean morning\?/);
  assert.equal((await run("rm", "morning")).code, 0);
  assert.equal(bench.kept.length, 0);
  assert.equal(await listed(), undefined);
  assert.equal((await run("rm", "morning")).code, 2);
  assert.equal((await run("enable", "morning")).code, 2);
  // Its id is in the ledger still, so the next one of that name gets another.
  await run("add", "daily 08:00", "x", "--name", "Morning");
  assert.equal(bench.kept.at(0)?.schedule, "morning-2");
});

Deno.test("a time that is over cannot be enabled", async () => {
  await using bench = await ScheduleBench.create();
  const at = Date.now() - 1_000;
  {
    using store = await ScheduleStore.open(`${bench.profile.home}/db/state.db`);
    const draft = { name: "once", rule: { kind: "once", at }, missed: "late" } as const;
    store.add(draft, { now: at - 5_000, nextAt: null });
  }
  bench.kept = [{
    schedule: "once",
    typed: ["schedule", "add", "in 1s", "x"],
    workspace: "/",
    added: "",
  }];
  const { code, err } = await bench.run(["schedule", "enable", "once"]);
  assert.equal(code, 1);
  assert.match(err, /once has no time to come — pyra schedule run once/);
});

Deno.test("what is kept without a schedule is told of, gives nobody its id, and is forgotten", async () => {
  await using bench = await ScheduleBench.create();
  bench.kept = [{
    schedule: "news",
    typed: ["schedule", "add", "hourly", "x"],
    workspace: "/",
    added: "",
  }];
  const { err } = await bench.run(["schedule", "list"]);
  assert.match(
    err,
    /what was typed for news is kept, and no schedule runs it: pyra schedule rm news/,
  );
  await bench.run(["schedule", "add", "hourly", "y", "--name", "news"]);
  assert.deepEqual(bench.kept.map(({ schedule }) => schedule), ["news", "news-2"]);
  assert.equal((await bench.run(["schedule", "rm", "news"])).code, 0);
  assert.deepEqual(bench.kept.map(({ schedule }) => schedule), ["news-2"]);
});

Deno.test("the same prompt is added twice, a name that was typed is not", async () => {
  await using bench = await ScheduleBench.create();
  for (const when of ["daily 08:00", "daily 20:00"]) {
    assert.equal((await bench.run(["schedule", "add", when, "look"])).code, 0);
  }
  assert.deepEqual(bench.kept.map(({ schedule }) => schedule), ["look", "look-2"]);
  const again = await bench.run(["schedule", "add", "hourly", "x", "--name", "look"]);
  assert.equal(again.code, 1);
  assert.match(again.err, /there is a schedule "look"/);
  assert.equal(bench.kept.length, 2, "what cannot be added is not kept");
});

Deno.test("a daemon that runs is told, and waited for when it runs a job", async () => {
  await using bench = await ScheduleBench.create();
  bench.daemon = 0;
  const added = await bench.run(["schedule", "add", "hourly", "x"]);
  assert.equal(added.err, "");
  using store = await ScheduleStore.open(`${bench.profile.home}/db/state.db`);
  const { code, out } = await bench.run(["schedule", "run", "x"], {
    answers: {
      daemonAsk: ({ method }) => {
        assert.equal(method, "schedules.run");
        const schedule = store.find("x");
        assert.ok(schedule);
        const { id } = store.ledger.beginManual(schedule, Date.now());
        const end = { state: "skipped", reason: "nothing to do" } as const;
        setTimeout(() => store.ledger.finish(id, end, Date.now()), 50);
        return id;
      },
    },
  });
  assert.equal(code, 0);
  assert.equal(out, "skipped: nothing to do\n");
});
