import assert from "node:assert/strict";
import type { Effect } from "../../../src/protocol/tool.ts";
import { formatRule, parseRule, ruleText } from "../../../src/tools/rule.ts";
import { allows, denies, offerRule, type RuledCall } from "../../../src/tools/rule_match.ts";

const TOOL = "shell.run_command";

type Risk = "SAFE" | "MODERATE";

/** A command line as the plugin shell plans it. */
function line(
  text: string,
  risk: Risk = "MODERATE",
  more: { readonly network?: true; readonly where?: string; readonly folder?: string } = {},
): RuledCall {
  const { where = "/ws", ...net } = more;
  const effects: Effect[] = [
    { kind: "writes", where },
    { kind: "runs", program: "bash", argv: ["bash", "-c", text], ...net },
  ];
  return { tool: TOOL, effects, risk: { risk } };
}

function offered(call: RuledCall): string | undefined {
  const rule = offerRule(call);
  return rule === undefined ? undefined : formatRule(rule).slice(`allow ${TOOL} `.length);
}

function isAllowed(rest: string, call: RuledCall): boolean {
  return allows(parseRule(`allow ${TOOL} ${rest}`), call);
}

Deno.test("a shell's name in a rule allows no command line", () => {
  for (const rest of ["in /ws running bash", 'in /ws running "bash *"', "in /ws running *x"]) {
    for (const text of ["bash", "ls", "git status"]) {
      assert.ok(!isAllowed(rest, line(text, "SAFE")), `${rest}: ${text}`);
    }
  }
});

Deno.test("what may change something is offered as that very line, in that folder", () => {
  assert.equal(offered(line("npm test")), 'in /ws running "npm test"');
  assert.equal(offered(line("make -j4 && ./x")), 'in /ws running "make -j4 && ./x"');
  assert.equal(
    offered(line("npm ci", "MODERATE", { network: true })),
    'in /ws on * running "npm ci"',
  );
  const rule = 'in /ws running "npm test"';
  assert.ok(isAllowed(rule, line("npm test")));
  const elsewhere = line("npm test", "MODERATE", { where: "/ws/sub", folder: "sub" });
  assert.ok(!isAllowed(rule, elsewhere), "it runs other tests there");
  assert.equal(offered(elsewhere), 'in /ws/sub running "npm test"');
  assert.ok(isAllowed('in /ws/sub running "npm test"', elsewhere));
  assert.ok(!isAllowed("in /ws/sub", elsewhere));
  const hidden = line("npm test", "MODERATE", { folder: "sub" });
  assert.ok(!isAllowed(rule, hidden), "a plugin that does not say where it writes");
  assert.ok(isAllowed('in /ws running "ls *"', line("ls a", "SAFE", { folder: "sub" })));
  for (const text of ["npm test ", "npm test -- x", "npm  test", "npm test; rm x", "npm"]) {
    assert.ok(!isAllowed(rule, line(text)), text);
  }
  assert.ok(!isAllowed(rule, line("npm test", "MODERATE", { where: "/other" })));
  assert.ok(!isAllowed(rule, line("npm test", "MODERATE", { network: true })), "the network");
});

Deno.test("what only reads is offered by its program, or its sub-command", () => {
  const expected: readonly (readonly [string, string])[] = [
    ["git status -sb", 'in /ws running "git status *"'],
    ["ls -la src", 'in /ws running "ls *"'],
    ["git", "in /ws running git"],
    ["git -C x log", 'in /ws running "git -C x log"'],
    ["ls | wc -l", 'in /ws running "ls | wc -l"'],
    ["cat /etc/hosts", 'in /ws running "cat /etc/hosts"'],
    ["X=1 ls", 'in /ws running "X=1 ls"'],
  ];
  for (const [text, rule] of expected) assert.equal(offered(line(text, "SAFE")), rule, text);
  const rule = 'in /ws running "git status *"';
  for (const text of ["git status", "git status -sb src"]) {
    assert.ok(isAllowed(rule, line(text, "SAFE")), text);
    assert.ok(!isAllowed(rule, line(text)), `${text}, if it does more than to read`);
  }
  const others = "git statusx|git push|git|git status; ls|git status $(x)|git status /etc|" +
    "git status ../x|git status --git-dir=/x|git status\nls|git status > x";
  for (const text of others.split("|")) assert.ok(!isAllowed(rule, line(text, "SAFE")), text);
});

Deno.test("what a rule cannot say plainly is not offered", () => {
  for (const text of ["bash", "sh", "ls\nrm x", "ls \u200b", " ls", "x".repeat(301), "*"]) {
    assert.equal(offered(line(text, "MODERATE")), undefined, JSON.stringify(text));
  }
});

Deno.test("a denial of a program is about every line in which its name stands", () => {
  const deny = (rest: string) => parseRule(`deny ${TOOL} ${rest}`);
  for (const text of ["git push", "cd x && git  PUSH", "/usr/bin/git push", "$(git push)"]) {
    assert.ok(denies(deny("running git"), line(text)), text);
    assert.ok(denies(deny('running "git push"'), line(text)), text);
  }
  assert.ok(denies(deny("running bash"), line("ls")));
  assert.ok(!denies(deny("running git"), line("digit legit git-lfs")));
  assert.ok(denies(deny("on example.com"), line("curl x", "MODERATE", { network: true })));
});

Deno.test("a program with its arguments follows a rule for the program, or for just these", () => {
  const effect: Effect = { kind: "runs", program: "rg", argv: ["rg", "--json", "a b"] };
  const call: RuledCall = { tool: TOOL, effects: [effect] };
  assert.ok(isAllowed("running rg", call));
  assert.equal(offered(call), `running "rg --json 'a b'"`);
  assert.ok(isAllowed(`running "rg --json 'a b'"`, call));
  const script: Effect = { kind: "runs", program: "bash", argv: ["bash", "x.sh"] };
  assert.ok(!isAllowed("running bash", { tool: TOOL, effects: [script] }));
  assert.ok(!isAllowed('running "rg --json"', call));
});

Deno.test("a rule about a command says to the person what it allows", () => {
  const told = (rest: string) => ruleText(parseRule(`allow ${TOOL} ${rest}`));
  assert.equal(
    told('in /ws running "git status *"'),
    "shell.run_command may read and write in /ws, run git status with what only reads without asking",
  );
});
