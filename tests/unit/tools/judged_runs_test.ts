import assert from "node:assert/strict";
import type { Effect, Tool } from "../../../src/protocol/tool.ts";
import type { ApprovalRequest } from "../../../src/tools/approval.ts";
import { commandLine, type JudgeRun, type RunRisk } from "../../../src/tools/judged_runs.ts";
import { questionLines } from "../../../src/tools/question.ts";
import { parseRule } from "../../../src/tools/rule.ts";
import { openWorkshop, resultsOf, runCalls, toolCall } from "../../fakes/tools.ts";

/** A tool whose calls run these commands. */
function runner(...commands: readonly (readonly string[])[]): Tool {
  const effects = commands.map((argv): Effect => ({ kind: "runs", program: argv[0] ?? "", argv }));
  return {
    description: { name: "go", description: "x", parameters: { type: "object" } },
    owner: "shell",
    effects: [{ kind: "runs", program: "*" }],
    plan: () =>
      Promise.resolve({
        kind: "ready",
        does: "go",
        effects,
        approval: "rule",
        run: () => Promise.resolve({ status: "ok", text: "went" }),
      }),
  };
}

/** What a call comes to: its status, and what the person was asked about. */
async function go(tool: Tool, risk: JudgeRun | undefined, rule?: string) {
  const asked: ApprovalRequest[] = [];
  const workshop = openWorkshop({
    tools: [tool],
    rules: rule === undefined ? [] : [parseRule(rule)],
    surface: {
      name: "terminal",
      ask: (requests) => {
        asked.push(...requests);
        return Promise.resolve(new Map(requests.map(({ call }) => [call.id, { kind: "once" }])));
      },
    },
    ports: risk === undefined ? {} : { risk },
  });
  const events = await runCalls(workshop, [toolCall("1", "shell__go")]);
  return { result: resultsOf(events)["1"], asked };
}

const judged = (risk: RunRisk): JudgeRun => ([program = ""]) => ({
  risk,
  reason: "does a thing",
  part: program,
});

Deno.test("what is forbidden never runs, and the model is told why", async () => {
  const { result, asked } = await go(runner(["dd", "of=/dev/sda"]), judged("FORBIDDEN"));
  assert.equal(asked.length, 0);
  assert.equal(result?.status, "denied");
  assert.match(result?.text ?? "", /never run: it does a thing \(dd\)/);
});

Deno.test("what is dangerous is asked about whatever a rule says, with the reason", async () => {
  const rule = "allow shell.go running rm";
  const { asked, result } = await go(runner(["rm", "-r", "a"]), judged("DANGEROUS"), rule);
  assert.equal(result?.status, "ok");
  assert.equal(asked[0]?.approval, "person");
  assert.equal(asked[0]?.offer, undefined);
  const lines = questionLines(asked, "short");
  const risk = lines.find(({ text }) => text.startsWith("DANGEROUS"));
  assert.deepEqual(risk, {
    kind: "warning",
    prefix: "  ",
    text: "DANGEROUS: it does a thing: rm",
  });
  assert.ok(lines.some(({ text }) => text.startsWith("runs: rm -r a")));
});

Deno.test("what is moderate follows the rules", async () => {
  const tool = runner(["git", "commit"]);
  assert.equal((await go(tool, judged("MODERATE"))).asked.length, 1);
  const rule = 'allow shell.go running "git commit"';
  assert.equal((await go(tool, judged("MODERATE"), rule)).asked.length, 0);
});

Deno.test("of several commands the gravest decides", async () => {
  const risk: JudgeRun = ([program = ""]) => ({
    risk: program === "rm" ? "DANGEROUS" : "SAFE",
    reason: "x",
    part: program,
  });
  const { asked } = await go(runner(["ls"], ["rm", "a"], ["cat", "b"]), risk);
  assert.equal(asked[0]?.risk?.part, "rm");
});

Deno.test("what cannot be judged counts as dangerous", async () => {
  const faults: (JudgeRun | undefined)[] = [undefined, () => {
    throw new TypeError("broken");
  }];
  for (const risk of faults) {
    const { asked } = await go(runner(["ls"]), risk, "allow shell.go running ls");
    assert.equal(asked[0]?.risk?.risk, "DANGEROUS");
  }
});

Deno.test("a program with any arguments is no command line, and is not judged", async () => {
  const tool = runner(["rg"]);
  const effects: Effect[] = [{ kind: "runs", program: "rg" }];
  const any: Tool = {
    ...tool,
    plan: async (...given) => ({ ...await tool.plan(...given), effects }) as never,
  };
  const { asked } = await go(any, judged("FORBIDDEN"), "allow shell.go running rg");
  assert.equal(asked.length, 0);
});

Deno.test("a command is judged as its shell would read it", () => {
  assert.equal(commandLine(["bash", "-c", "rm -rf *"]), "rm -rf *");
  assert.equal(commandLine(["powershell", "-NoProfile", "-Command", "ls"]), "ls");
  assert.equal(commandLine(["git", "log", "-1"]), "git log -1");
  assert.equal(commandLine(["echo", "$(id)", "it's", ""]), `echo '$(id)' 'it'\\''s' ''`);
  // What stands behind the line is given to it, and the whole is what counts.
  assert.equal(commandLine(["bash", "-c", "$0", "rm"]), "bash -c '$0' rm");
});
