import assert from "node:assert/strict";
import fc from "fast-check";
import type { Effect } from "../../../src/protocol/tool.ts";
import { type JudgedCall, mayLeak, mayStand, type Stand } from "../../../src/tools/policy.ts";

const PAGE = { from: "a page" };
const NOTE = { from: "a note" };
const READS: Effect = { kind: "reads", where: "notes" };
const WRITES: Effect = { kind: "writes", where: "/a" };
const VISITS: Effect = { kind: "network", host: "named.example" };
const SENDS: Effect = { kind: "network", host: "other.example" };
const RUNS: Effect = { kind: "runs", program: "git" };

/** Every conversation that a call can be made in. */
const CONDITIONS = {
  clean: { untrusted: undefined, sensitive: undefined },
  private: { untrusted: undefined, sensitive: NOTE },
  tainted: { untrusted: PAGE, sensitive: undefined },
  both: { untrusted: PAGE, sensitive: NOTE },
} as const;
type Name = keyof typeof CONDITIONS;
const UNTAINTED: readonly Name[] = ["clean", "private"];
const NOT_BOTH: readonly Name[] = ["clean", "private", "tainted"];
const ALL: readonly Name[] = ["clean", "private", "tainted", "both"];

/** In which of them each stands, for each deed. */
const EXPECTED: Readonly<Record<Stand, readonly (readonly [Effect[], readonly Name[]])[]>> = {
  consent: [[[], ALL], [[READS], ALL], [[WRITES], []], [[VISITS], []], [[SENDS], []], [[RUNS], []]],
  rule: [
    [[], ALL],
    [[READS], ALL],
    [[WRITES], UNTAINTED],
    [[VISITS], NOT_BOTH],
    [[SENDS], UNTAINTED],
    [[RUNS], UNTAINTED],
    [[VISITS, WRITES], UNTAINTED],
    [[VISITS, SENDS], UNTAINTED],
    [[VISITS, READS], UNTAINTED],
  ],
  named: [
    [[], ALL],
    [[READS], ALL],
    [[WRITES], UNTAINTED],
    [[VISITS], NOT_BOTH],
    [[SENDS], UNTAINTED],
    [[RUNS], UNTAINTED],
    [[SENDS, READS], UNTAINTED],
  ],
  yes: [
    [[], ALL],
    [[READS], ALL],
    [[WRITES], UNTAINTED],
    [[VISITS], NOT_BOTH],
    [[SENDS], UNTAINTED],
    [[RUNS], []],
    [[WRITES, RUNS], []],
  ],
};

function call(effects: readonly Effect[], name: Name, stand: Stand): JudgedCall {
  return {
    effects,
    approval: stand === "consent" ? "none" : "rule",
    isNamed: (host) => host === "named.example",
    ...CONDITIONS[name],
  };
}

Deno.test("what may stand for the person is this table and nothing else", () => {
  for (const [stand, rows] of Object.entries(EXPECTED) as [Stand, typeof EXPECTED[Stand]][]) {
    for (const [effects, names] of rows) {
      for (const name of ALL) {
        const judged = call(effects, name, stand);
        const what = `${stand}, ${JSON.stringify(effects)}, ${name}`;
        assert.equal(mayStand(stand, judged), names.includes(name), what);
        assert.ok(!mayStand(stand, { ...judged, approval: "person" }), what);
      }
    }
  }
  assert.ok(!mayStand("consent", { ...call([READS], "clean", "consent"), approval: "rule" }));
});

const anyEffects = fc.array(fc.constantFrom(READS, WRITES, VISITS, SENDS, RUNS), { maxLength: 5 });
const anyStand = fc.constantFrom<Stand>("consent", "rule", "named", "yes");
const anyName = fc.constantFrom<Name>(...ALL);

Deno.test("what stands for a call stands for one that does less, in a conversation that has read less", () => {
  fc.assert(fc.property(anyStand, anyEffects, anyName, fc.nat(), (stand, effects, name, at) => {
    const judged = call(effects, name, stand);
    fc.pre(mayStand(stand, judged));
    if (effects.length > 0) {
      const less = effects.toSpliced(at % effects.length, 1);
      assert.ok(mayStand(stand, { ...judged, effects: less }));
    }
    assert.ok(mayStand(stand, { ...judged, sensitive: undefined }));
    assert.ok(mayStand(stand, { ...judged, untrusted: undefined }));
  }));
});

Deno.test("with untrusted text and private data, nothing stands for a call that can carry data out", () => {
  fc.assert(fc.property(anyStand, anyEffects, (stand, effects) => {
    const judged = call(effects, "both", stand);
    const isWay = effects.some(({ kind }) => kind === "network" || kind === "runs");
    assert.equal(mayLeak(judged), isWay);
    if (isWay) assert.ok(!mayStand(stand, judged));
    for (const name of UNTAINTED) assert.ok(!mayLeak(call(effects, name, stand)));
  }));
});

Deno.test("a call that reads and sends at once needs no earlier reading to be asked about", () => {
  assert.ok(mayLeak(call([READS, VISITS], "tainted", "rule")));
  assert.ok(!mayLeak(call([VISITS], "tainted", "rule")));
});

Deno.test("a host that is no host was named by nobody", () => {
  const everything = { ...call([], "tainted", "rule"), isNamed: () => true };
  for (const host of ["*", "", "a/b", "evil.example@named.example"]) {
    assert.ok(!mayStand("rule", { ...everything, effects: [{ kind: "network", host }] }), host);
  }
});

Deno.test("looking up public text stands a little longer than sending", () => {
  const names = (stand: Stand) =>
    ALL.filter((name) => mayStand(stand, { ...call([SENDS], name, stand), looksUp: true }));
  assert.deepEqual(names("named"), NOT_BOTH);
  assert.deepEqual([names("rule"), names("yes"), names("consent")], [UNTAINTED, UNTAINTED, []]);
  assert.ok(!mayStand("named", { ...call([SENDS, WRITES], "tainted", "named"), looksUp: true }));
});

Deno.test("a safe command line in a sandbox reads, as far as rules are concerned", () => {
  const rule = (more: Partial<JudgedCall>, effects: readonly Effect[] = [WRITES, RUNS]) => {
    const held = { risk: { risk: "SAFE" }, heldBy: { holds: true } } as const;
    const judged = { ...call(effects, "both", "rule"), ...held, ...more };
    return { stands: mayStand("rule", judged), leaks: mayLeak(judged) };
  };
  const reading = { stands: true, leaks: false };
  const asking = { stands: false, leaks: true };
  const ifSafe = { runsToRead: "if safe" } as const;
  assert.deepEqual(rule(ifSafe), reading);
  assert.deepEqual(rule({}), asking, "only a tool that does nothing else");
  assert.deepEqual(rule({ ...ifSafe, risk: { risk: "MODERATE" } }), asking);
  assert.deepEqual(rule({ ...ifSafe, heldBy: { holds: false } }), asking);
  for (const more of [{ outside: true }, { network: true }]) {
    const effect: Effect = { kind: "runs", program: "ls", ...more };
    assert.deepEqual(rule(ifSafe, [effect]), asking);
  }
  assert.deepEqual(rule(ifSafe, [RUNS, SENDS]), asking);
  const always = { runsToRead: "always", heldBy: { holds: false } } as const;
  assert.deepEqual(rule(always, [READS, RUNS]), reading);
  const ps: Effect = { kind: "runs", program: "ps", outside: true };
  assert.deepEqual(rule(always, [ps]), reading);
  assert.ok(mayStand("consent", { ...call([ps], "clean", "consent"), ...always }));
  assert.deepEqual(rule(always, [ps, SENDS]), asking);
  assert.deepEqual(rule(always, [WRITES, RUNS]), asking);
});
