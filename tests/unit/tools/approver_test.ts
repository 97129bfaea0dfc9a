import assert from "node:assert/strict";
import type { ToolEvent } from "../../../src/agent/ports.ts";
import type { Effect, Provenance } from "../../../src/protocol/tool.ts";
import type { ApprovalRequest } from "../../../src/tools/approval.ts";
import { Approver, type ApproverPorts, offerFor } from "../../../src/tools/approver.ts";
import { formatRule, parseRule } from "../../../src/tools/rule.ts";
import { fakeSurface, toolCall } from "../../fakes/tools.ts";

const READS: Effect[] = [{ kind: "reads", where: "notes" }];
const WRITES: Effect[] = [{ kind: "writes", where: "/a" }];
const SENDS: Effect[] = [{ kind: "network", host: "a.org" }];
const RUNS: Effect[] = [{ kind: "runs", program: "git" }];
const PAGE: Provenance = { from: "a page" };
const signal = new AbortController().signal;

function request(effects: readonly Effect[], more: Partial<ApprovalRequest> = {}): ApprovalRequest {
  const plain = {
    call: toolCall("1", "fake__tool"),
    tool: "fake.tool",
    owner: "fake",
    does: "do it",
    effects,
    arguments: {},
    approval: "rule" as const,
    untrusted: undefined,
    ...more,
  };
  const offer = offerFor(plain);
  return offer === undefined ? plain : { ...plain, offer };
}

/** The decision about one request, as `kind by`. */
async function decide(ports: Partial<ApproverPorts>, given: ApprovalRequest): Promise<string> {
  const decisions = await new Approver({ rules: () => [], ...ports }).decide([given], signal);
  const decision = decisions.get("1");
  return `${decision?.kind} ${decision?.by}`;
}

Deno.test("the command line comes before the rules, the rules before the person", async () => {
  const rules = () => [parseRule("allow fake.tool in /a"), parseRule("deny fake.tool running git")];
  const surface = fakeSurface({ "fake.tool": "once" });
  const line = { allow: ["fake.tool"], deny: [] as string[], rest: "ask" } as const;
  assert.equal(await decide({ rules }, request(WRITES)), "allow rule");
  assert.equal(await decide({ rules, surface }, request(SENDS)), "allow terminal");
  assert.equal(await decide({ rules, surface }, request(RUNS)), "deny rule");
  assert.equal(await decide({ rules, commandLine: line }, request(RUNS)), "allow command line");
  const denied = { ...line, deny: ["fake.tool"] };
  assert.equal(await decide({ rules, commandLine: denied }, request(WRITES)), "deny command line");
  assert.equal(await decide({}, request([])), "deny nobody");
});

Deno.test("--yes answers what would be asked, but not for programs, nor against a rule", async () => {
  const commandLine = { allow: [], deny: [], rest: "yes" } as const;
  assert.equal(await decide({ commandLine }, request(WRITES)), "allow command line");
  assert.equal(await decide({ commandLine }, request(RUNS)), "deny nobody");
  const rules = () => [parseRule("deny fake.tool")];
  assert.equal(await decide({ commandLine, rules }, request(WRITES)), "deny rule");
  const tainted = request(WRITES, { untrusted: PAGE });
  assert.equal(await decide({ commandLine }, tainted), "deny nobody");
});

Deno.test("what was consented to is not asked for, unless a rule or the command line denies it", async () => {
  const given = request(READS, { approval: "none" });
  assert.equal(await decide({}, given), "allow consent");
  assert.equal(await decide({ rules: () => [parseRule("deny fake.tool")] }, given), "deny rule");
  const commandLine = { allow: [], deny: ["fake.tool"], rest: "ask" } as const;
  assert.equal(await decide({ commandLine }, given), "deny command line");
});

Deno.test("a plan that wants the person gets the person, whatever was agreed to before", async () => {
  const rules = () => [parseRule("allow fake.tool in *")];
  const commandLine = { allow: ["fake.tool"], deny: [], rest: "yes" } as const;
  const given = request(WRITES, { approval: "person" });
  assert.equal(given.offer, undefined);
  assert.equal(await decide({ rules, commandLine }, given), "deny nobody");
  const surface = fakeSurface({ "fake.tool": "always" });
  assert.equal(await decide({ rules, commandLine, surface }, given), "allow terminal");
});

Deno.test("always is offered only where the rule would hold the next time", () => {
  const offered = (given: ApprovalRequest) => given.offer && formatRule(given.offer);
  assert.equal(offered(request(WRITES)), "allow fake.tool in /a");
  assert.equal(offered(request(WRITES, { untrusted: PAGE })), undefined);
  assert.equal(offered(request(READS, { untrusted: PAGE })), "allow fake.tool reading notes");
  assert.equal(offered(request([{ kind: "network", host: "*" }])), undefined);
});

Deno.test("rules that cannot be read, and a question that fails, deny", async () => {
  const broken = (): never => {
    throw new Error("it broke");
  };
  assert.equal(await decide({ rules: broken }, request(READS)), "deny fault");
  const surface = { name: "terminal", ask: () => Promise.reject(new Error("no terminal")) };
  assert.equal(await decide({ surface }, request(READS)), "deny fault");
  const silent = { name: "terminal", ask: () => Promise.resolve(new Map()) };
  assert.equal(await decide({ surface: silent }, request(READS)), "deny terminal");
});

Deno.test("a yes that comes after the end of the turn is none", async () => {
  const controller = new AbortController();
  const surface = {
    name: "terminal",
    ask: () => {
      controller.abort();
      return Promise.resolve(new Map([["1", { kind: "always" } as const]]));
    },
  };
  const approver = new Approver({ rules: () => [], surface });
  const decisions = await approver.decide([request(WRITES)], controller.signal);
  assert.equal(decisions.get("1")?.kind, "deny");
  // And nothing was learned from it.
  const later = await approver.decide([request(WRITES)], AbortSignal.abort());
  assert.equal(later.get("1")?.kind, "deny");
});

Deno.test("the person is asked once for all that is open, and their reason reaches the model", async () => {
  const asked: ToolEvent["type"][] = [];
  const surface = {
    name: "terminal",
    ask: (requests: readonly ApprovalRequest[]) => {
      assert.deepEqual(requests.map(({ call }) => call.id), ["2", "3"]);
      return Promise.resolve(
        new Map([
          ["2", { kind: "no", reason: "not\nthere" } as const],
          ["1", { kind: "no" } as const],
        ]),
      );
    },
  };
  const approver = new Approver({ rules: () => [parseRule("allow fake.tool in /a")], surface });
  const decisions = await approver.decide(
    [
      request(WRITES),
      request(SENDS, { call: toolCall("2", "x") }),
      request(RUNS, { call: toolCall("3", "x") }),
    ],
    signal,
    () => asked.push("approval_request"),
  );
  assert.deepEqual(asked, ["approval_request"]);
  assert.deepEqual(["1", "2", "3"].map((id) => decisions.get(id)?.kind), ["allow", "deny", "deny"]);
  assert.equal(decisions.get("2")?.reason, "the person said no: not there");
});
