import assert from "node:assert/strict";
import { historyOf } from "../../../src/chat/history.ts";
import { titleOf } from "../../../src/chat/title.ts";
import type { Message } from "../../../src/protocol/message.ts";
import type { SessionTurn } from "../../../src/sessions/state.ts";
import { assertTakeable } from "./scripted_provider.ts";
import { say, textsOf } from "./stage.ts";

function turn(question: string, answer: Message[], error?: string): SessionTurn {
  const failed = error === undefined ? {} : { finish: "error" as const, error };
  return { at: "", question: say(question), answer, provider: "p", model: "m", ...failed };
}

const said = (text: string): Message => ({ role: "assistant", text, tool_calls: [] });

Deno.test("an answer of nothing but white space counts as none", () => {
  const history = historyOf([turn("a", [said(" \n")]), turn("b", [said("")]), turn("c", [])]);
  assert.deepEqual(textsOf(history), ["user: a | b | c"]);
});

Deno.test("a turn that ended with a tool's result gets a last word", () => {
  const call = { id: "x", name: "look", arguments: "{}" };
  const history = historyOf([
    turn("a", [
      { role: "assistant", text: "", tool_calls: [call] },
      { role: "tool", call_id: "x", text: "seen" },
    ], "rate_limited"),
    turn("b", []),
  ]);
  assertTakeable(history);
  assert.deepEqual(history.map(({ role }) => role), [
    "user",
    "assistant",
    "tool",
    "assistant",
    "user",
  ]);
});

Deno.test("what was refused is left out, what failed on the way is asked again, the last always", () => {
  assert.deepEqual(
    textsOf(historyOf([
      turn("refused", [], "bad_request"),
      turn("a", [said("1")]),
      turn("lost", [], "network"),
      turn("too long", [], "context_too_long"),
      turn("now", [], "bad_request"),
    ])),
    ["user: a", "assistant: 1", "user: lost | now"],
  );
});

Deno.test("a title is the first line that says something, cut between words", () => {
  assert.equal(titleOf(say("\n  \n```\n# What is  \tthis?\x1b[31m\nmore")), "What is this? [31m");
  const long = titleOf(say("word ".repeat(50)));
  assert.match(long, /^(word )+word…$/);
  assert.ok(long.length <= 60);
  const families = titleOf(say("\u{1f469}\u200d\u{1f467}".repeat(100)));
  assert.match(families, /^(\u{1f469}\u200d\u{1f467})+…$/u, "no emoji is cut in two");
  assert.equal(
    titleOf([{ type: "image", media_type: "image/png", data: "", name: "a.png" }]),
    "a.png",
  );
  assert.equal(titleOf(say("")), "untitled");
});
