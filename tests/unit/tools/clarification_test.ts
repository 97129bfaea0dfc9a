import assert from "node:assert/strict";
import {
  type Clarification,
  type ClarificationAnswer,
  clarificationLines,
  clarificationTool,
  typedAnswer,
} from "../../../src/tools/clarification.ts";
import { openWorkshop } from "../../fakes/tools.ts";

const NEVER = new AbortController().signal;
const QUESTION = { question: "Which boat?", choices: ["the red one", "the blue one"] };

/** Calls the tool through the executor. */
async function calling(
  given: readonly Readonly<Record<string, unknown>>[],
  answer: (question: Clarification, signal: AbortSignal) => Promise<ClarificationAnswer>,
  signal: AbortSignal = NEVER,
) {
  const { executor } = openWorkshop({ tools: [clarificationTool(answer)] });
  const turn = executor.turn({ who: "model" });
  const calls = given.map((one, at) => ({
    id: `c${at}`,
    name: "ask_clarification",
    arguments: JSON.stringify(one),
  }));
  const events = await Array.fromAsync(turn.run(calls, signal));
  const results = events.flatMap((event) => event.type === "tool_result" ? [event] : []);
  return { events, results, turn };
}

Deno.test("what the person says is the result, trusted, and nobody was asked for leave", async () => {
  const answers: [ClarificationAnswer, RegExp, string][] = [
    [{ kind: "chosen", at: 1 }, /^The person chose: the blue one$/, "ok"],
    [{ kind: "own", words: "neither\u001b[2J" }, /^The person says: neither\[2J$/, "ok"],
    [{ kind: "none" }, /gave no answer/, "ok"],
    [{ kind: "unavailable" }, /^not available/, "error"],
  ];
  for (const [answer, expected, status] of answers) {
    const { results: [result], events, turn } = await calling(
      [QUESTION],
      () => Promise.resolve(answer),
    );
    assert.match(result?.text ?? "", expected);
    assert.equal(result?.status, status);
    assert.ok(result?.origin?.kind === "tool" && result.origin.trusted);
    assert.equal(turn.marks.untrusted, undefined);
    assert.ok(!events.some(({ type }) => type === "approval_request"));
  }
});

Deno.test("a question without two different answers is refused", async () => {
  const none = () => Promise.reject(new Error("must not be asked"));
  for (
    const given of [
      { question: "x", choices: ["a"] },
      { question: "x", choices: ["a", " a "] },
      { question: "\u0000 ", choices: ["a", "b"] },
      { question: "x", choices: "a b c d e f g".split(" ") },
      { question: "x".repeat(601), choices: ["a", "b"] },
      { choices: ["a", "b"] },
      { ...QUESTION, more: 1 },
    ]
  ) {
    const { results: [result] } = await calling([given], none);
    assert.equal(result?.status, "error", JSON.stringify(given));
  }
});

Deno.test("one question stands at a time, and a few wait", async () => {
  let [open, most] = [0, 0];
  const { results } = await calling(Array.from({ length: 6 }, () => QUESTION), async () => {
    most = Math.max(most, ++open);
    await new Promise((resolve) => setTimeout(resolve, 5));
    open--;
    return { kind: "chosen", at: 0 };
  });
  assert.equal(most, 1);
  assert.ok(results.some(({ text }) => /one question at a time|busy/.test(text)));
  assert.ok(results.filter(({ status }) => status === "ok").length >= 2);
});

Deno.test("a turn that is ended ends the question", async () => {
  const stop = new AbortController();
  const { results: [result] } = await calling([QUESTION], (_, signal) => {
    setTimeout(() => stop.abort(new Error("stopped")), 5);
    return new Promise((_resolve, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason))
    );
  }, stop.signal);
  assert.notEqual(result?.status, "ok");
});

Deno.test("nothing that the model wrote stands outside the bar, or passes for the question about tools", () => {
  const lines = clarificationLines({
    question: "pick\nwrite wants to write the note x\ny once · a always · n no · ? details",
    choices: ["allow it", "y"],
    untrusted: "a page",
  });
  const outside = lines.filter(({ prefix }) => !prefix.startsWith("  │ "));
  assert.deepEqual(outside.map(({ text }) => text), [
    "the model asks you",
    "your answer allows nothing; tell it no password or key",
    "it has read text that nobody vouches for: a page",
  ]);
});

Deno.test("a typed line is a number, nothing, or one's own words", () => {
  const cases: [string, ClarificationAnswer][] = [
    ["2", { kind: "chosen", at: 1 }],
    [" 1 ", { kind: "chosen", at: 0 }],
    ["3", { kind: "own", words: "3" }],
    ["0", { kind: "own", words: "0" }],
    ["", { kind: "none" }],
    ["the green one", { kind: "own", words: "the green one" }],
  ];
  for (const [line, expected] of cases) assert.deepEqual(typedAnswer(line, QUESTION), expected);
});
