import assert from "node:assert/strict";
import fc from "fast-check";
import { exportJson, exportMarkdown } from "../../../src/sessions/export.ts";
import { closeFence, fenced } from "../../../src/sessions/fence.ts";
import type { SessionState } from "../../../src/sessions/state.ts";

const STATE: SessionState = {
  id: "1h0000000abc",
  created: "2026-01-02T03:04:05.678Z",
  title: "What is `x` * 2?",
  provider: "openai",
  model: "gpt-5",
  system: "Be brief.",
  turns: [
    {
      at: "2026-01-02T03:04:05.678Z",
      question: [
        { type: "text", text: "What is in the picture?\n```\nunclosed" },
        { type: "image", media_type: "image/png", data: "AAAA", name: "my_cat.png" },
      ],
      answer: [
        {
          role: "assistant",
          text: "Let me look.",
          tool_calls: [{ id: "a", name: "look", arguments: '{"at":"````"}' }],
        },
        { role: "tool", call_id: "a", text: "```\na cat\n```" },
        { role: "assistant", text: "A **cat**.", tool_calls: [] },
      ],
      finish: "stop",
      provider: "openai",
      model: "gpt-5",
    },
    {
      at: "2026-01-02T03:05:05.678Z",
      question: [{ type: "text", text: "And?" }],
      answer: [],
      finish: "error",
      error: "rate_limited",
      provider: "demo",
      model: "demo",
    },
    { at: "", question: [], answer: [], provider: "demo", model: "demo" },
  ],
  usage: [],
  warnings: ["not exported"],
};

Deno.test("Markdown shows the whole conversation, with longer fences around fences", () => {
  assert.equal(
    exportMarkdown(STATE),
    `# What is \\\`x\\\` \\* 2?

*2026-01-02 03:04 UTC · openai/gpt-5 · session 1h0000000abc*

## Instructions

Be brief.

## You

What is in the picture?
\`\`\`
unclosed
\`\`\`

*Image: my\\_cat.png*

## openai/gpt-5

Let me look.

**Runs look**

\`\`\`\`\`json
{"at":"\`\`\`\`"}
\`\`\`\`\`

**Result of look**

\`\`\`\`
\`\`\`
a cat
\`\`\`
\`\`\`\`

A **cat**.

## You

And?

## demo/demo

*The answer ends here: an error (rate\\_limited).*

## You

## demo/demo

*The answer ends here: Pyra was killed.*
`,
  );
});

Deno.test("the JSON of an export has a format, a version and everything but the warnings", () => {
  const text = exportJson(STATE);
  assert.ok(text.endsWith("}\n"));
  const { warnings: _warnings, ...session } = STATE;
  assert.deepEqual(JSON.parse(text), { format: "pyra-session", version: 1, ...session });
});

Deno.test("no text can end the fence around it", () => {
  const line = fc.stringMatching(/^ {0,4}[`~]{0,6}[a ]{0,2}$/);
  fc.assert(fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
    const [first = "", ...rest] = fenced(lines.join("\n"), "a name").split("\n");
    const fence = /^`+/.exec(first)?.[0] ?? "";
    const closing = rest.findIndex((line) =>
      new RegExp(`^ {0,3}\`{${fence.length},} *$`).test(line)
    );
    assert.equal(closing, rest.length - 1);
  }));
});

Deno.test("an open fence is closed, a closed one and plain text stay as they are", () => {
  for (
    const whole of ["plain", "```\na\n```", "~~~ js\n```\n~~~", "````\n```\n````\n", "``` a`b"]
  ) {
    assert.equal(closeFence(whole), whole);
  }
  assert.equal(closeFence("```js\na"), "```js\na\n```");
  assert.equal(closeFence("a\n~~~~\n```\n"), "a\n~~~~\n```\n~~~~");
  assert.equal(closeFence("````\n```"), "````\n```\n````");
});
