import assert from "node:assert/strict";
import type { ToolGrounds } from "../../../src/plugins/plugin_tools.ts";
import type { PluginEffect } from "../../../src/protocol/plugin.ts";
import { planOf, toolsOf } from "../../fakes/plugin_tool_plans.ts";

Deno.test("what comes with Pyra is believed in what it says that a call does", async () => {
  const wishes = { workspace: "write", run: ["rg"], hosts: ["https://a.example"] } as const;
  const reads: PluginEffect[] = [{ kind: "reads", where: "workspace" }];
  const said = {
    does: "read the file a.txt",
    effects: [{ kind: "reads", where: "workspace/a.txt" }],
  };
  const made = (isBundled: boolean) =>
    toolsOf(() => said, { plans: true, effects: reads }, wishes, {
      requireApproval: false,
      isBundled: () => isBundled,
    });
  const [ours, others] = [await planOf(made(true)), await planOf(made(false))];
  assert.ok(ours.kind === "ready" && others.kind === "ready");
  assert.deepEqual(ours.effects, [{ kind: "reads", where: "/project/a.txt" }]);
  assert.deepEqual([ours.approval, ours.does], ["none", "read the file a.txt"]);
  assert.equal(others.approval, "rule");
  assert.ok(others.effects.length > 1);
  const unplanned = toolsOf(() => null, { effects: reads }, wishes, { isBundled: () => true });
  const plan = await planOf(unplanned);
  assert.deepEqual(plan.kind === "ready" && plan.effects, [{ kind: "reads", where: "/project" }]);
});

Deno.test("what only answers needs nobody's yes", async () => {
  const plan = await planOf(toolsOf(() => null));
  assert.ok(plan.kind === "ready" && plan.approval === "none" && plan.effects.length === 0);
});

Deno.test("a host that the person added to a tool that may reach all public ones is none of these", async () => {
  const wishes = { hosts: ["*"], addedHosts: ["http://wiki.local:8080"] };
  const effects: PluginEffect[] = [{ kind: "network", host: "*" }];
  const grounds = {
    known: new Map([["clock.now", { looksUp: true } as const]]),
    isBundled: () => true,
  };
  const looksUp = async (host: string) => {
    const plan = { does: "read", effects: [{ kind: "network", host } as const] };
    const made = toolsOf(() => plan, { effects, plans: true }, wishes, grounds);
    const planned = await planOf(made);
    assert.ok(planned.kind === "ready");
    return planned.looksUp;
  };
  assert.equal(await looksUp("https://wiki.example"), true);
  assert.equal(await looksUp("http://wiki.local:8080"), undefined);
});

Deno.test("looking up is what only ours can be known to do", async () => {
  const wishes = { hosts: ["*"] } as const;
  const effects: PluginEffect[] = [{ kind: "network", host: "*" }];
  const known = new Map([["clock.now", { looksUp: true } as const]]);
  const plan = async (grounds: Partial<ToolGrounds>) =>
    await planOf(toolsOf(() => null, { effects }, wishes, grounds));
  const [ours, others, another] = await Promise.all([
    plan({ known, isBundled: () => true }),
    plan({ known }),
    plan({ isBundled: () => true }),
  ]);
  assert.ok(ours.kind === "ready" && ours.looksUp);
  assert.ok(others.kind === "ready" && !others.looksUp);
  assert.ok(another.kind === "ready" && !another.looksUp);
});

Deno.test("ours may run programs to read as it may read", async () => {
  const wishes = { workspace: "write", run: ["rg"] } as const;
  const effects: PluginEffect[] = [
    { kind: "reads", where: "workspace" },
    { kind: "runs", program: "rg" },
  ];
  const known = new Map([["clock.now", { runsToRead: "always" } as const]]);
  const approval = async (grounds: Partial<ToolGrounds>) => {
    const all = { known, requireApproval: false, ...grounds };
    const plan = await planOf(toolsOf(() => null, { effects }, wishes, all));
    return plan.kind === "ready" ? [plan.approval, plan.runsToRead] : [];
  };
  assert.deepEqual(await approval({ isBundled: () => true }), ["none", "always"]);
  assert.deepEqual(await approval({}), ["rule", undefined]);
  assert.deepEqual(await approval({ isBundled: () => true, known: new Map() }), [
    "rule",
    undefined,
  ]);
});
