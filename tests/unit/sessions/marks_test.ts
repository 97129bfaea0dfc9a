/**
 * What turns have read outlives them: in the file, in a kill, and where the oldest are left out.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { SessionEvent } from "../../../src/sessions/event.ts";
import { StateBuilder } from "../../../src/sessions/state.ts";
import { answer, header, question } from "./sample_sessions.ts";

function stateOf(events: readonly SessionEvent[], maxChars?: number) {
  const builder = new StateBuilder(header(), maxChars);
  for (const event of events) builder.add(event);
  return builder.finish([]);
}

Deno.test("a killed turn's results keep their origin; whether they were private is not known", () => {
  const origin = { kind: "tool", tool: "clock.now", from: "", trusted: true } as const;
  const [turn] = stateOf([
    question("one"),
    { type: "tool_call", call: { id: "1", name: "clock__now", arguments: "{}" } },
    { type: "tool_call", call: { id: "2", name: "clock__now", arguments: "{}" } },
    { type: "tool_result", call_id: "1", text: "noon", status: "ok", origin },
  ]).turns;
  const results = turn?.answer.filter(({ role }) => role === "tool");
  assert.deepEqual(results?.[0], { role: "tool", call_id: "1", text: "noon", origin });
  assert.deepEqual(results?.[1], {
    role: "tool",
    call_id: "2",
    text: "[no result: the turn ended before this tool had answered]",
    origin: { kind: "pyra" },
  });
  assert.equal(turn?.untrusted, "a turn that was cut off");
  assert.equal(turn?.sensitive, "a turn that was cut off");
});

Deno.test("only the first mark of a kind counts in a turn", () => {
  const [turn] = stateOf([
    question("one"),
    { type: "sensitive", from: "a" },
    { type: "untrusted", from: "b" },
    { type: "sensitive", from: "c" },
    answer("fine"),
  ]).turns;
  assert.deepEqual([turn?.sensitive, turn?.untrusted], ["a", "b"]);
});

Deno.test("marks of turns that are left out go over to the oldest that is kept", () => {
  const turn = fc.record({
    untrusted: fc.boolean(),
    sensitive: fc.boolean(),
    from: fc.boolean(),
    isOld: fc.boolean(),
    size: fc.nat(30),
  });
  fc.assert(
    fc.property(fc.array(turn, { minLength: 1, maxLength: 12 }), fc.nat(60), (turns, most) => {
      const state = stateOf(
        turns.flatMap(({ untrusted, sensitive, from, isOld, size }): SessionEvent[] => {
          const asked = question("x".repeat(size));
          const said = answer("y");
          return [
            from && asked.type === "question" ? { ...asked, from: "plugin p" } : asked,
            ...untrusted ? [{ type: "untrusted", from: "u" } as const] : [],
            ...sensitive ? [{ type: "sensitive", from: "s" } as const] : [],
            isOld && said.type === "turn"
              ? { ...said, messages: [{ role: "tool", call_id: "1", text: "z" }, ...said.messages] }
              : said,
          ];
        }),
        most,
      );
      const isTainted = turns.some(({ untrusted, from, isOld }) => untrusted || from || isOld);
      const isSensitive = turns.some(({ sensitive, isOld }) => sensitive || isOld);
      const kept = state.turns.map(({ untrusted, sensitive, from, answer }) => {
        const isUnknown = answer.some((one) => one.role === "tool" && one.origin === undefined);
        return [
          untrusted !== undefined || from !== undefined || isUnknown,
          sensitive !== undefined || isUnknown,
        ];
      });
      assert.equal(kept.some(([tainted]) => tainted), isTainted);
      assert.equal(kept.some(([, sensitive]) => sensitive), isSensitive);
    }),
  );
});
