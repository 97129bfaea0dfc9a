/**
 * Plans in the whole program: a model over loopback that is diligent, fails, contradicts itself, never ends
 * or talks nonsense; a process that is killed; a person at a terminal.
 * @module
 */
import assert from "node:assert/strict";
import { startModelServer } from "../fakes/model_server.ts";
import { diligent, type PlanMind, planScript, reports } from "../fakes/plan_model.ts";
import { cleanEnvironment, detached, run, type RunResult, withHome } from "./command.ts";
import { pyra } from "./executable.ts";
import { hasTmux, Screen } from "./tmux.ts";

const withoutTmux = !hasTmux();
const TITLES = ["look", "write", "leave"];
const NOTE = { name: "memory_write", given: { name: "knowledge/boat.md", text: "It is red." } };

function settings(url: string): Record<string, string> {
  return {
    PYRA_AI_PROVIDER_ID: "custom",
    PYRA_AI_MODEL: "m",
    PYRA_AI_BASE_URL: url,
    NO_COLOR: "1",
  };
}

async function planned(
  mind: PlanMind,
  check: (result: RunResult, requests: number) => void,
  ...options: readonly string[]
): Promise<void> {
  await withHome(async (home) => {
    await using server = await startModelServer(planScript(mind));
    const env = settings(server.url);
    const result = await run(["ask", "--plan", ...options, "see to it"], { home, env });
    check(result, server.requests.length);
  });
}

Deno.test("a plan runs to its end with --yes, and its steps use tools", async () => {
  const mind = diligent(
    TITLES,
    (question, round) =>
      question.kind === "step" && question.step === 2 && round === 0 ? [NOTE] : undefined,
  );
  await withHome(async (home) => {
    await using server = await startModelServer(planScript(mind));
    const env = settings(server.url);
    const { code, stdout, stderr } = await run(["ask", "--plan", "--yes", "see to it"], {
      home,
      env,
    });
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "I did step 1.\nI did step 2.\nI did step 3.\n");
    assert.match(await Deno.readTextFile(`${home}/.pyra/memory/knowledge/boat.md`), /It is red/);
    assert.equal(server.requests.length, 8);
  });
});

Deno.test("models that fail, contradict themselves, never end or talk nonsense end with a reason", async () => {
  await planned(diligent(TITLES), ({ code, stdout, stderr }, requests) => {
    assert.equal(code, 0, stderr);
    assert.match(stdout, /\[ \] 3\. leave/);
    assert.equal(requests, 1);
  });
  const failing = diligent(TITLES, ({ kind }) => kind === "step" ? new Error("no") : undefined);
  await planned(failing, ({ code, stderr }) => {
    assert.equal(code, 1);
    assert.match(stderr, /the plan is stopped: step 1 failed/);
  }, "--yes");
  const torn = diligent(
    TITLES,
    ({ kind }) => kind === "check" ? [...reports(true), ...reports(false)] : undefined,
  );
  await planned(torn, ({ code, stderr }, requests) => {
    assert.equal(code, 1);
    assert.match(stderr, /the verdicts contradict each other/);
    assert.equal(requests, 5);
  }, "--yes");
  const endless = diligent(
    TITLES,
    ({ kind }) => kind === "plan" ? undefined : [{ name: "memory_list", given: {} }, NOTE],
  );
  await planned(endless, ({ code, stderr }, requests) => {
    assert.equal(code, 1);
    assert.match(stderr, /it was not said whether the outcome is met/);
    assert.ok(requests < 25, `${requests} requests`);
  }, "--yes");
  await planned(diligent([]), ({ code, stderr }) => {
    assert.equal(code, 1);
    assert.match(stderr, /the model proposed no plan/);
  }, "--yes");
});

Deno.test("a killed process loses the running step only, and the session can be gone on with", async () => {
  await withHome(async (home) => {
    const arrived = Promise.withResolvers<void>();
    let isHanging = true;
    const script = planScript(diligent(TITLES));
    await using server = await startModelServer((request) => {
      const text = JSON.stringify(request.body);
      if (isHanging && /Step 2 of 3: write(?!.*Step 2 of 3: write)/.test(text)) {
        arrived.resolve();
        return { text: "I am at it", hang_after: 2 };
      }
      return script(request);
    });
    const env = settings(server.url);
    const [program, args] = await detached(["ask", "--plan", "--yes", "see to it"]);
    const child = new Deno.Command(program, {
      args,
      clearEnv: true,
      env: cleanEnvironment(home, env),
      cwd: home,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    await arrived.promise;
    const [inner] = await childrenOf(child.pid);
    Deno.kill(inner ?? child.pid, "SIGKILL");
    await child.status;
    isHanging = false;
    const sessions = JSON.parse((await run(["sessions", "list", "--json"], { home })).stdout);
    const shown = JSON.parse(
      (await run(["sessions", "show", sessions[0].id, "--json"], { home })).stdout,
    );
    const marks = () => shown.plan.steps.map(({ mark }: { mark: string }) => mark);
    assert.deepEqual(marks(), ["done", "running", "open"]);
    const resumed = await run(["sessions", "resume", sessions[0].id], {
      home,
      env,
      input: "/plan\n",
    });
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.match(
      resumed.stderr,
      /unfinished plan: get it all done \(1 of 3 steps done; it stopped at step 2\)/,
    );
    assert.match(resumed.stderr + resumed.stdout, /\[x\] 3\. leave\nthe plan is over: 3 of 3/);
    const steps = server.requests.filter(({ body }) =>
      /Step 1 of 3/.test(JSON.stringify(body.messages.at(-1)))
    );
    assert.equal(steps.length, 1, "the first step is not done again");
  });
});

/** The processes that this one started; `setsid` waits for the program. */
async function childrenOf(pid: number): Promise<number[]> {
  if (Deno.build.os !== "linux") return [];
  const text = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`).catch(() => "");
  return text.split(" ").filter((one) => one.trim() !== "").map(Number);
}

for (const columns of [40, 100]) {
  Deno.test({
    name: `at ${columns} columns a person changes a plan with keys, and follows it`,
    ignore: withoutTmux, // tmux is the terminal; `.ci/run` installs it
    fn: () =>
      withHome(async (home) => {
        await using server = await startModelServer(planScript(diligent(TITLES)));
        const { path, args } = await pyra();
        const command = [path, ...args, "chat"];
        const env = cleanEnvironment(home, settings(server.url));
        await using screen = await Screen.start({ command, env, cwd: home, rows: 60, columns });
        await screen.until(/custom\/m$/);
        await screen.type("/plan see to it");
        await screen.press("Enter");
        await screen.until(/y runs it[^]*t\/d\/o\s+edits\s+custom\/m$/);
        await screen.press("Down", "x");
        await screen.until(/ {2}1\. look\n› 2\. leave\n/);
        await screen.type("K");
        await screen.until(/› 1\. leave\n {2}2\. look\n/);
        await screen.type("y");
        const end = await screen.until(/the plan is over: 2 of 2[^]*custom\/m$/);
        assert.match(
          end,
          /› Step 1 of 2: leave\n[^]*I did step 1\.[^]*step 1 of 2 is done: I saw it/,
        );
        assert.match(end, /\[x\] 1\. leave\n\[x\] 2\. look\n/);
      }),
  });
}
