import assert from "node:assert/strict";
import { PyraError } from "../../../src/protocol/error.ts";
import type { PluginEffect } from "../../../src/protocol/plugin.ts";
import type { PluginGrants } from "../../../src/protocol/plugin_calls.ts";
import { parseRule } from "../../../src/tools/rule.ts";
import type { RoomAnswer } from "../../fakes/plugin_rooms.ts";
import { CONTEXT, planOf, toolsOf } from "../../fakes/plugin_tool_plans.ts";
import { openWorkshop, resultsOf, runCalls, toolCall } from "../../fakes/tools.ts";

Deno.test("a tool's answer is its text, and comes from the plugin whatever it says", async () => {
  const made = toolsOf(({ method, params }) => ({ text: `${method} ${JSON.stringify(params)}` }));
  const plan = await planOf(made);
  assert.ok(plan.kind === "ready");
  assert.equal(plan.does, "use clock.now");
  assert.equal(made.rooms.calls.length, 0, "planning starts nothing");
  assert.deepEqual(await plan.run(CONTEXT), {
    status: "ok",
    text: 'run {"tool":"now","input":{}}',
    untrusted: { from: "plugin clock" },
  });
  assert.equal(made.rooms.calls[0]?.limitMs, 60_000);
});

Deno.test("a tool that fails, hangs or answers with something else is a failed call, and logged", async () => {
  const faults: RoomAnswer[] = [
    () => {
      throw new PyraError("system", "plugin_hung", "the plugin clock did not answer in time");
    },
    () => ({ text: 5 }),
    () => null,
  ];
  for (const fault of faults) {
    const { tools, rooms } = toolsOf(fault);
    const workshop = openWorkshop({
      tools,
      commandLine: { allow: ["clock.now"], deny: [], rest: "ask" },
    });
    const events = await runCalls(workshop, [toolCall("1", "clock__now")]);
    const result = resultsOf(events)["1"];
    assert.equal(result?.status, "error");
    assert.match(result?.text ?? "", /did not answer in time|gave no text/);
    assert.ok(rooms.reports.length <= 1);
  }
});

Deno.test("a cancelled call is no failure of the plugin", async () => {
  const controller = new AbortController();
  const { rooms, ...made } = toolsOf(() => {
    controller.abort(new Error("enough"));
    throw new Error("cancelled");
  });
  const plan = await planOf({ rooms, ...made });
  assert.ok(plan.kind === "ready");
  await assert.rejects(
    plan.run({ ...CONTEXT, signal: controller.signal }),
    /enough/,
  );
  assert.deepEqual(rooms.reports, []);
});

const EFFECTS: readonly (readonly [PluginEffect, Partial<PluginGrants>, unknown])[] = [
  [{ kind: "network", host: "api.example.com" }, { hosts: ["https://api.example.com"] }, [
    { kind: "network", host: "api.example.com" },
  ]],
  [
    { kind: "network", host: "https://a.example:8443" },
    { addedHosts: ["https://a.example:8443"] },
    [
      { kind: "network", host: "a.example:8443" },
    ],
  ],
  [{ kind: "network", host: "*" }, { hosts: ["https://a.example"], tcp: ["mail.example:993"] }, [
    { kind: "network", host: "a.example" },
    { kind: "network", host: "mail.example:993" },
  ]],
  [{ kind: "network", host: "*" }, { hosts: ["*"] }, [{ kind: "network", host: "*" }]],
  [{ kind: "network", host: "b.example" }, { hosts: ["*"] }, [
    { kind: "network", host: "b.example" },
  ]],
  [{ kind: "network", host: "evil.example" }, { hosts: ["https://api.example.com"] }, undefined],
  [{ kind: "network", host: "api.example.com.evil.example" }, {
    hosts: ["https://api.example.com"],
  }, undefined],
  [{ kind: "reads", where: "workspace" }, { workspace: "read" }, [
    { kind: "reads", where: "/project" },
  ]],
  [{ kind: "writes", where: "workspace" }, { workspace: "read" }, undefined],
  [{ kind: "writes", where: "workspace/out" }, { workspace: "write" }, [
    { kind: "writes", where: "/project/out" },
  ]],
  [{ kind: "reads", where: "workspace/../etc" }, { workspace: "read" }, undefined],
  [{ kind: "reads", where: "/workshop" }, { workspace: "read" }, undefined],
  [{ kind: "reads", where: "~/Mail/in" }, { read: ["~/Mail"] }, [
    { kind: "reads", where: "/home/ada/Mail/in" },
  ]],
  [{ kind: "writes", where: "~/Mail" }, { read: ["~/Mail"] }, undefined],
  [{ kind: "reads", where: "~/Mail" }, { write: ["~/Mail"] }, [
    { kind: "reads", where: "/home/ada/Mail" },
    { kind: "writes", where: "/home/ada/Mail" },
  ]],
  [{ kind: "runs", program: "git" }, { run: ["git"] }, [{ kind: "runs", program: "git" }]],
  [{ kind: "runs", program: "bash" }, { run: ["git"] }, undefined],
];

Deno.test("effects are within what the person agreed to, or the tool is left out", () => {
  for (const [effect, wishes, expected] of EFFECTS) {
    const { tools, problems } = toolsOf(() => null, { effects: [effect] }, wishes);
    assert.deepEqual(tools[0]?.effects, expected, JSON.stringify([effect, wishes]));
    assert.equal(problems.length, expected === undefined ? 1 : 0);
  }
});

const SAYS_LESS: readonly (readonly [PluginEffect[], Partial<PluginGrants>, unknown])[] = [
  [[], {}, []],
  [[], { hosts: ["https://a.example"], addedHosts: ["https://b.example:8443"] }, [
    { kind: "network", host: "a.example" },
    { kind: "network", host: "b.example:8443" },
  ]],
  [[], { hosts: ["*", "https://a.example"], tcp: ["m.example:993"] }, [
    { kind: "network", host: "*" },
  ]],
  [[], { tcp: ["m.example:993"] }, [{ kind: "network", host: "m.example:993" }]],
  [[], { workspace: "read", read: ["~/Mail"] }, [
    { kind: "reads", where: "/project" },
    { kind: "reads", where: "/home/ada/Mail" },
  ]],
  [[], { workspace: "write", write: ["/srv"], memory: true, run: ["git"] }, [
    { kind: "writes", where: "/project" },
    { kind: "writes", where: "/srv" },
    { kind: "reads", where: "notes" },
    { kind: "runs", program: "git" },
  ]],
  // What is named as it was granted is there once.
  [[{ kind: "network", host: "https://a.example" }], { hosts: ["https://a.example"] }, [
    { kind: "network", host: "a.example" },
  ]],
  // A part stands for its own grant, and for no other; a program that is not named is not run.
  [
    [{ kind: "reads", where: "workspace/docs" }, { kind: "network", host: "c.example" }],
    { workspace: "read", read: ["/srv"], hosts: ["*"], run: ["git"] },
    [
      { kind: "reads", where: "/project/docs" },
      { kind: "network", host: "c.example" },
      { kind: "reads", where: "/srv" },
    ],
  ],
  [[{ kind: "reads", where: "workspace/a" }], { workspace: "write" }, [
    { kind: "reads", where: "/project/a" },
    { kind: "writes", where: "/project" },
  ]],
];

Deno.test("what a plugin was granted counts, however little its tools say", async () => {
  for (const [effects, wishes, expected] of SAYS_LESS) {
    const made = toolsOf(() => null, { effects }, wishes);
    assert.deepEqual(made.tools[0]?.effects, expected, JSON.stringify([effects, wishes]));
    const plan = await planOf(made);
    assert.deepEqual(plan.kind === "ready" && plan.effects, expected);
  }
});

Deno.test("a plan that says less than was granted is asked about all of it", async () => {
  const wishes = { hosts: ["https://a.example"], workspace: "read" } as const;
  const made = toolsOf(() => ({ does: "add", effects: [] }), { plans: true }, wishes, {
    requireApproval: false,
  });
  const plan = await planOf(made);
  assert.ok(plan.kind === "ready");
  assert.equal(plan.approval, "rule");
  assert.deepEqual(plan.effects, [
    { kind: "network", host: "a.example" },
    { kind: "reads", where: "/project" },
  ]);
});

Deno.test("a bare rule runs no silent tool of a plugin with open doors", async () => {
  const ran = async (wishes: Partial<PluginGrants>, rules: string[]) => {
    const { tools, rooms } = toolsOf(() => ({ text: "done" }), {}, wishes);
    const workshop = openWorkshop({ tools, rules: rules.map(parseRule) });
    await runCalls(workshop, [toolCall("1", "clock__now")]);
    return rooms.calls.length > 0;
  };
  const bare = ["allow clock.now"];
  assert.equal(await ran({}, bare), true);
  assert.equal(await ran({ hosts: ["https://a.example"] }, bare), false);
  assert.equal(await ran({ write: ["/srv"] }, bare), false);
  assert.equal(await ran({ tcp: ["a.example:25"] }, bare), false);
  assert.equal(await ran({ hosts: ["https://a.example"] }, ["allow clock.now on a.example"]), true);
});

Deno.test("a plan's words are shown as the plugin's, and its effects are held to the grants too", async () => {
  const effects: PluginEffect[] = [{ kind: "network", host: "*" }];
  const wishes = { hosts: ["https://a.example"] };
  const said = (plan: unknown) => toolsOf(() => plan as never, { plans: true, effects }, wishes);
  const good = await planOf(said({
    does: "ask \u001b[31ma.example\nfor the time",
    effects: [{ kind: "network", host: "a.example" }],
    detail: "GET /",
  }));
  assert.ok(good.kind === "ready");
  assert.equal(good.does, "use clock.now, in its own words: ask [31ma.example for the time");
  assert.deepEqual(good.effects, [{ kind: "network", host: "a.example" }]);
  assert.equal(good.detail, "GET /");
  const beyond = await planOf(
    said({ does: "nothing", effects: [{ kind: "network", host: "evil.example" }] }),
  );
  assert.equal(beyond.kind, "refused");
  for (const none of [null, 5, {}, { does: 5 }, { does: "x", effects: "all" }]) {
    await assert.rejects(planOf(said(none)), { code: "bad_plan" });
  }
  const silent = await planOf(said({ does: "", effects: null }));
  assert.ok(silent.kind === "ready" && silent.does === "use clock.now");
  assert.deepEqual(silent.effects, [{ kind: "network", host: "a.example" }]);
});

Deno.test("nothing runs unasked but reading the workspace, if the settings say so, whoever has written", async () => {
  const reads: PluginEffect[] = [{ kind: "reads", where: "workspace" }];
  const approval = async (
    wishes: Partial<PluginGrants>,
    requireApproval: boolean,
    untrusted?: { from: string },
  ) => {
    const made = toolsOf(() => null, { effects: reads }, wishes, { requireApproval });
    const plan = await planOf(made, { untrusted });
    return plan.kind === "ready" ? plan.approval : plan.kind;
  };
  const may = { requireApproval: false, ask: true };
  const reading = { workspace: "read" } as const;
  assert.equal(await approval(reading, may.ask), "rule");
  assert.equal(await approval(reading, may.requireApproval), "none");
  assert.equal(await approval(reading, may.requireApproval, { from: "a page" }), "none");
  // Its tool says that it only reads; what its room could do besides decides.
  for (
    const more of [
      { workspace: "write" },
      { hosts: ["https://a.example"] },
      { tcp: ["a.example:25"] },
      { read: ["/srv"] },
      { memory: true },
    ] as const
  ) {
    assert.equal(await approval({ ...reading, ...more }, may.requireApproval), "rule");
  }
});

Deno.test("a call may run what its plan names, with the arguments and the network that it names", async () => {
  const argv = ["git", "log", "-1"];
  const placed = { program: "git", argv, folder: "src" };
  const cases: [PluginEffect[], unknown][] = [
    [[{ kind: "runs", program: "git", argv }], [{ program: "git", argv, network: false }]],
    [[{ kind: "runs", ...placed }], [{ ...placed, network: false }]],
    [[{ kind: "runs", program: "git", network: true }], [{ program: "git", network: true }]],
    [[{ kind: "reads", where: "workspace" }], []],
  ];
  for (const [effects, expected] of cases) {
    const calls: unknown[] = [];
    const made = toolsOf(
      ({ method, runs }) => {
        if (method === "plan") return { does: "x", effects };
        calls.push(runs);
        return { text: "" };
      },
      {
        plans: true,
        effects: [{ kind: "runs", program: "git" }, { kind: "reads", where: "workspace" }],
      },
      { run: ["git"], workspace: "read" },
    );
    const plan = await planOf(made);
    assert.equal(plan.kind, "ready");
    if (plan.kind === "ready") await plan.run(CONTEXT);
    assert.deepEqual(calls, [expected]);
  }
});

Deno.test("a plan may say that the person is asked whatever their rules say", async () => {
  const said = { does: "x", effects: [], ask: "always" };
  const plan = await planOf(toolsOf(() => said, { plans: true }, {}));
  assert.equal(plan.kind === "ready" && plan.approval, "person");
});
