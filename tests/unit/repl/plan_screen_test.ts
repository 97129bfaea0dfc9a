/**
 * Plans on the screen: looked at, changed by keys, followed, asked about.
 * @module
 */
import assert from "node:assert/strict";
import { type Plan, planAfter } from "../../../src/agent/planner.ts";
import type { Part } from "../../../src/protocol/message.ts";
import type { TurnEvent } from "../../../src/protocol/turn_event.ts";
import type { SendOptions } from "../../../src/chat/ports.ts";
import { ChatScreen } from "../../../src/repl/chat_screen.ts";
import { InputHistory } from "../../../src/repl/history.ts";
import { runPlain } from "../../../src/repl/plain.ts";
import { PlanView } from "../../../src/repl/plan/view.ts";
import { palette } from "../../../src/repl/style.ts";
import { loadMeasure } from "../../../src/repl/text_width.ts";
import { MemoryTerminal } from "../../fakes/memory_terminal.ts";
import { diligent, type PlanMind, planStep, planStream, reports } from "../../fakes/plan_model.ts";
import { fakePorts } from "../../fakes/repl_ports.ts";
import { ScriptedConversation } from "../../fakes/scripted_conversation.ts";
import { READING_MS } from "../../fakes/typed_lines.ts";

await loadMeasure();

const TITLES = ["look", "write", "leave"];
const [DOWN, UP, ENTER, ESCAPE] = ["\x1b[B", "\x1b[A", "\r", "\x1b"];

/** A conversation whose model plans; its tools do as they say. */
class PlanningConversation extends ScriptedConversation {
  readonly #stream: ReturnType<typeof planStream>;

  constructor(mind: PlanMind) {
    super("s1");
    this.#stream = planStream(mind);
  }

  override async *send(
    parts: readonly Part[],
    signal: AbortSignal,
    { watch }: SendOptions = {},
  ): AsyncGenerator<TurnEvent, void, undefined> {
    this.asked.push(parts);
    const messages = [{ role: "user" as const, parts: [...parts] }];
    for await (const event of this.#stream({ model: "m", messages })) {
      if (event.type === "finish") continue;
      const events: TurnEvent[] = event.type === "tool_call"
        ? [event, { type: "tool_result", call_id: event.call.id, status: "ok", text: "" }]
        : event.type === "text"
        ? [event]
        : [];
      for (const one of events) {
        watch?.(one);
        yield one;
      }
    }
    const done: TurnEvent = { type: "done", reason: signal.aborted ? "cancelled" : "stop" };
    watch?.(done);
    yield done;
  }
}

async function screened(
  mind: PlanMind,
  test: (terminal: MemoryTerminal, conversation: PlanningConversation) => Promise<void>,
  columns = 80,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const terminal = new MemoryTerminal(columns, 40);
  const conversation = new PlanningConversation(mind);
  try {
    const history = await InputHistory.open(`${folder}/history`);
    const code = new ChatScreen(fakePorts({ conversation }).ports, terminal, history).run();
    await test(terminal, conversation);
    terminal.press("\x03", "\x03");
    await code;
  } finally {
    await terminal.dispose();
    await Deno.remove(folder, { recursive: true });
  }
}

const offersKeys = (text: string): boolean =>
  text.split("\n").slice(-4).join().includes("y runs it");
const titles = ({ plan }: { plan: Plan | undefined }): string[] =>
  (plan?.steps ?? []).map(({ title }) => title);

for (const columns of [40, 80]) {
  Deno.test(`at ${columns} columns the plan is shown, changed by keys, run and followed`, async () => {
    await screened(diligent(TITLES), async (terminal, conversation) => {
      terminal.press("/plan see to it", ENTER);
      const shown = await terminal.until(offersKeys);
      assert.match(
        shown,
        /plan: get it all done\n\[ \] 1\. look\n {6}do: please look\n {6}then: look has/,
      );
      assert.match(shown, /› 1\. look\n {2}2\. write\n {2}3\. leave\n/);
      assert.equal(conversation.asked.length, 1);
      terminal.press(DOWN, DOWN, "K", "K");
      await terminal.until((text) => /› 1\. leave\n {2}2\. look\n/.test(text));
      terminal.press(DOWN, "x");
      await terminal.until((text) => /1\. leave\n› 2\. write\n/.test(text));
      terminal.press("t", " it all", ENTER);
      await terminal.until((text) => /› 2\. write it all\n/.test(text));
      terminal.press(ENTER, "z", UP);
      await terminal.until((text) => /› 1\. leave\n {2}2\. write it all\n/.test(text));
      assert.equal(conversation.plan?.phase, "proposed", "Enter agrees to nothing");
      terminal.press("y");
      const end = await terminal.until((text) => text.includes("the plan is over: 2 of 2"));
      assert.match(end, /› Step 1 of 2: leave\n[^]*step 1 of 2 is done: I saw it\n/);
      assert.match(end, /\[x\] 1\. leave\n\[x\] 2\. write it all\nthe plan is over/);
      assert.deepEqual(titles(conversation), ["leave", "write it all"]);
    }, columns);
  });
}

Deno.test("Escape leaves the plan for later, and /plan goes on with it; n ends it", async () => {
  await screened(diligent(TITLES), async (terminal, conversation) => {
    terminal.press("/plan see to it", ENTER);
    await terminal.until(offersKeys);
    await new Promise((resolve) => setTimeout(resolve, 450));
    terminal.press(ESCAPE);
    await terminal.until((text) => text.includes("/plan goes on with it"));
    assert.equal(conversation.plan?.phase, "proposed");
    terminal.press("/plan", ENTER);
    await terminal.until((text) => offersKeys(text) && text.split("plan: get").length === 3);
    await new Promise((resolve) => setTimeout(resolve, 450));
    terminal.press("n");
    await terminal.until((text) => text.includes("the plan is stopped"));
    assert.equal(conversation.asked.length, 1);
  });
});

Deno.test("a step that fails twice is asked about on the screen", async () => {
  const mind = diligent(
    TITLES,
    (question) => question.kind === "check" && question.step === 2 ? reports(false) : undefined,
  );
  await screened(mind, async (terminal, conversation) => {
    terminal.press("/plan see to it", ENTER);
    await terminal.until(offersKeys);
    await new Promise((resolve) => setTimeout(resolve, 450));
    terminal.press("y");
    await terminal.until((text) => text.includes("step 2 of 3 failed twice:"));
    terminal.press("skip", ENTER);
    await terminal.until((text) => text.includes("the plan is over: 2 of 3"));
    assert.deepEqual(conversation.plan?.steps.map(({ mark }) => mark), ["done", "skipped", "done"]);
  });
});

Deno.test("a chat that is gone on with offers its unfinished plan, shows it and gives it up", async () => {
  const { conversation, ports } = fakePorts({ terminal: { stdin: true, stdout: true } });
  const proposed = { kind: "proposed", goal: "a goal", steps: TITLES.map(planStep) } as const;
  conversation.plan = planAfter(undefined, proposed);
  await conversation.keepPlan({ kind: "approved" });
  await conversation.keepPlan({ kind: "began", step: 0, rounds: 5 });
  let [out, error] = ["", ""];
  await runPlain(ports, {
    input: (async function* () {
      yield await Promise.resolve(new TextEncoder().encode("/plan show\n/plan stop\n"));
    })(),
    write: (text) => out += text,
    writeError: (text) => error += text,
    readerLeft: new AbortController().signal,
  });
  assert.match(
    error,
    /there is an unfinished plan: a goal \(0 of 3 steps done; it stopped at step 1\)/,
  );
  assert.match(out, /\[>\] 1\. look/);
  assert.equal(conversation.plan?.phase, "stopped");
});

Deno.test("in plain lines what is typed changes the plan and agrees; what is piped in does not", async () => {
  for (const stdin of [true, false]) {
    const conversation = new PlanningConversation(diligent(TITLES));
    const { ports } = fakePorts({ conversation, terminal: { stdin, stdout: stdin } });
    let out = "";
    await runPlain(ports, {
      input: (async function* () {
        for (const line of ["/plan see to it\n", "rm 3\n", "y\n"]) {
          if (stdin) await new Promise((resolve) => setTimeout(resolve, READING_MS));
          yield await Promise.resolve(new TextEncoder().encode(line));
        }
      })(),
      write: (text) => out += text,
      writeError: (text) => out += text,
      readerLeft: new AbortController().signal,
    });
    assert.equal(conversation.plan?.phase, stdin ? "over" : "proposed");
    assert.equal(titles(conversation).length, stdin ? 2 : 3);
    assert.match(out, /plan: get it all done\n\[ \] 1\. look\n/);
  }
});

Deno.test("steps for which there is no room are said to be there", () => {
  const steps = Array.from({ length: 20 }, (_, at) => planStep(`step ${at + 1}`));
  const plan = planAfter(undefined, { kind: "proposed", goal: "much", steps });
  assert.ok(plan);
  const look = { palette: palette({ color: false }), rows: () => 24 };
  const view = new PlanView(plan, { ...look, refresh() {}, answered() {} });
  view.end();
  assert.match(view.render(80).join("\n"), /8\. step 8\n {2}… 12 more steps below\n/);
});
