/**
 * `pyra ask --plan`: what is shown where, who agrees, and how it ends.
 * @module
 */
import assert from "node:assert/strict";
import { type CommandRun, scriptedProvider, TestProfile } from "../../fakes/command_context.ts";
import { diligent, type PlanMind, planStream, reports } from "../../fakes/plan_model.ts";
import { typing } from "../../fakes/typed_lines.ts";

const CONFIG = "ai:\n  provider_id: openai\n  model: m1\n";
const TITLES = ["look around", "write it down", "go home"];

async function planned(mind: PlanMind, argv: readonly string[] = [], run: CommandRun = {}) {
  await using profile = await TestProfile.create();
  const stream = planStream(mind);
  const requests: unknown[] = [];
  const provider = scriptedProvider("openai", (request) => {
    requests.push(request);
    return stream(request);
  });
  const result = await profile.run(["ask", "--plan", ...argv, "see to it"], {
    config: CONFIG,
    provider: () => Promise.resolve(provider),
    ...(run.stream === undefined ? { input: "" } : {}),
    ...run,
  });
  const names = await Array.fromAsync(Deno.readDir(`${profile.home}/sessions`));
  const file = names.find(({ name }) => name.endsWith(".jsonl"))?.name ?? "";
  const session = await Deno.readTextFile(`${profile.home}/sessions/${file}`);
  return { ...result, requests, session };
}

Deno.test("without a terminal the plan is the answer, and nothing of it is done", async () => {
  const { code, out, err, requests } = await planned(diligent(TITLES));
  assert.equal(code, 0, err);
  assert.match(out, /^plan: get it all done\n\[ \] 1\. look around\n {6}do: please look around\n/);
  assert.match(err, /pyra sessions resume \w+ goes on/);
  assert.equal(requests.length, 1);
});

Deno.test("with --yes it is carried out; answers go to standard output, progress beside it", async () => {
  const { code, out, err } = await planned(diligent(TITLES), ["--yes"]);
  assert.equal(code, 0, err);
  assert.equal(out, "I did step 1.\nI did step 2.\nI did step 3.\n");
  assert.match(err, /step 1 of 3: look around\nstep 1 of 3 is done: I saw it\nstep 2 of 3: write/);
  assert.match(err, /\[x\] 1\. look around\n\[x\] 2\. write it down\n\[x\] 3\. go home\n/);
});

Deno.test("on a terminal the person changes the plan by what they type, and agrees", async () => {
  const { code, out, err } = await planned(
    diligent(TITLES),
    [],
    typing("mv 3 1", "rm 2", "do 1 walk home slowly", "rm 9", "fly 2", "?", "y"),
  );
  assert.equal(code, 0, err);
  assert.match(err, /there is no open step 9: 1 to 2/);
  assert.match(
    err,
    /1\. go home\n {6}do: walk home slowly\n {6}then: go home has happened\n2\. write/,
  );
  assert.match(err, /step 1 of 2: go home/);
  assert.equal(out, "I did step 1.\nI did step 2.\n");
});

Deno.test("on a terminal no is no, and says so by the exit code", async () => {
  const { code, requests, err } = await planned(diligent(TITLES), [], typing("n"));
  assert.equal(code, 4, err);
  assert.equal(requests.length, 1);
});

Deno.test("a step that fails twice is the person's question", async () => {
  const mind = diligent(
    TITLES,
    ({ kind, ...rest }) =>
      kind === "check" && "step" in rest && rest.step === 2 ? reports(false) : undefined,
  );
  const { code, err } = await planned(mind, [], typing("y", "what?", "s"));
  assert.equal(code, 0, err);
  assert.match(err, /step 2 of 3 failed: I did not see it; it is tried once more/);
  assert.match(err, /step 2 of 3 failed twice\n/);
  assert.match(err, /\[-\] 2\. write it down/);
  const nobody = await planned(mind, ["--yes"]);
  assert.equal(nobody.code, 1);
  assert.match(nobody.err, /the plan is stopped: step 2 failed: I did not see it/);
});

Deno.test("programs read the plan's events beside the turns'", async () => {
  const { out, err, session } = await planned(diligent(["one"]), ["--yes"], {
    options: { json: true },
  });
  const lines = out.trimEnd().split("\n").map((line) => JSON.parse(line));
  const plan = lines.filter(({ type }) => type === "plan").map(({ event }) => event.kind);
  assert.deepEqual(plan, ["proposed", "approved", "began", "done"]);
  assert.equal(err, "");
  assert.equal(session.split("\n").filter((line) => line.startsWith('{"type":"plan"')).length, 4);
});

Deno.test("without a plan the command fails and says what to do", async () => {
  const { code, err } = await planned(
    diligent([], ({ kind }) => kind === "plan" ? "la la" : undefined),
  );
  assert.equal(code, 1);
  assert.match(err, /the model proposed no plan/);
});

Deno.test("a plan made from what is piped in says so, and hides no control bytes", async () => {
  const evil = {
    goal: "g\u001b[2J",
    steps: [{ title: "t\u202e\u0007", task: "do\u001b]0;x\u0007", outcome: "o" }],
  };
  const mind = diligent(
    [],
    ({ kind }) => kind === "plan" ? [{ name: "propose_plan", given: evil }] : undefined,
  );
  const { out, err } = await planned(mind, [], { input: "a page of others" });
  assert.match(out, /the model had read text of others when it made this plan: standard input/);
  // deno-lint-ignore no-control-regex -- that none is there
  assert.doesNotMatch(out + err, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
});
