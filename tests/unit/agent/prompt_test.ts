import assert from "node:assert/strict";
import { systemPrompt } from "../../../src/agent/prompt.ts";

const FACTS = { assistantName: "Pyra", userName: "Ada", date: "Monday, 3 March 2025", text: "" };

Deno.test("the system prompt is short and names both and the date", () => {
  const prompt = systemPrompt(FACTS);
  assert.ok(new TextEncoder().encode(prompt).length < 400);
  for (const word of ["Pyra", "Ada", "Monday, 3 March 2025"]) assert.ok(prompt.includes(word));
});

Deno.test("the person's own text ends the system prompt", () => {
  assert.ok(
    systemPrompt({ ...FACTS, text: "Speak like a pirate.\n" }).endsWith(
      "\n\nSpeak like a pirate.",
    ),
  );
});

Deno.test("names stay on their line and have a bound", () => {
  const prompt = systemPrompt({
    ...FACTS,
    userName: "A\n\nB" + "x".repeat(999),
    assistantName: " ",
  });
  assert.match(prompt, /^You are Pyra, the personal assistant of A Bx+\.\n/);
  assert.ok(prompt.length < 500);
});
