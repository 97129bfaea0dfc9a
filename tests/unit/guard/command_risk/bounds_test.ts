import assert from "node:assert/strict";
import fc from "fast-check";
import { loadCommandRisk } from "../../../../src/guard/command_risk.ts";
import { RISKS } from "../../../../src/guard/risk.ts";

const commandRisk = await loadCommandRisk();
const PIECES = [
  "rm -rf",
  "/",
  "~",
  "$(",
  ")",
  "`",
  "'",
  '"',
  "{",
  "}",
  "a,b",
  ";",
  "|",
  "&",
  "&&",
  "\n",
  "<<E\n",
  "E\n",
  "<(",
  "$((",
  "${x:-",
  "[[",
  "]]",
  "case x in",
  "esac",
  "if",
  "then",
  "fi",
  "for x in",
  "do",
  "done",
  "x=1",
  "$x",
  "eval",
  "sh -c",
  "xargs",
  "find . -exec",
  "\\",
  "\0",
  "\ud800",
  "git -c alias.a=",
  "f(){",
  "f",
  "#",
  ">",
  "*",
];
const text = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary" })), {
  maxLength: 24,
})
  .map((pieces) => pieces.join(" "));

Deno.test("any text gets a verdict", () => {
  fc.assert(
    fc.property(text, fc.constantFrom("bash", "powershell", "cmd"), (command, shell) => {
      const verdict = commandRisk(command, { shell });
      assert.ok(RISKS.includes(verdict.risk));
      assert.ok(verdict.part.length <= 200 && verdict.part.isWellFormed());
    }),
    { numRuns: 500 },
  );
});

Deno.test("a destructive line stays one behind any commands that are whole", () => {
  const words = fc.array(fc.stringMatching(/^[a-z0-9 ./=_-]{0,12}$/), { maxLength: 6 });
  const quoted = fc.constantFrom(
    "'a;b'",
    '"$(ls)"',
    "$'x\\n'",
    "`pwd`",
    "$((1+2))",
    "a\\'b",
    "${y:-z}",
  );
  fc.assert(
    fc.property(words, quoted, (before, inner) => {
      // A shell's own words open something that a later one closes.
      const open =
        /\b(if|then|else|elif|fi|do|done|case|esac|while|until|for|select|function|in|time|coproc)\b/;
      fc.pre(!open.test(before.join(" ")));
      const command = `echo ${before.join(" ")} ${inner}; rm -rf /`;
      assert.equal(commandRisk(command).risk, "FORBIDDEN", command);
    }),
    { numRuns: 300 },
  );
});

Deno.test("lines of ten million characters and a thousand brackets are bounded", () => {
  for (
    const unit of ["a ", "$(", "'", "x;", "{1..9}", "\0", "for i in 1 2 3;do ", "xargs ", "x=$x$x;"]
  ) {
    for (const size of [1_000, 10_000_000]) {
      const { risk } = commandRisk(unit.repeat(size / unit.length));
      assert.ok(size === 1_000 || risk !== "SAFE");
    }
  }
  assert.notEqual(commandRisk(`${"$(".repeat(1_000)}ls${")".repeat(1_000)}`).risk, "SAFE");
  assert.equal(commandRisk(`rm -rf /; ${"a".repeat(10_000_000)}`).risk, "FORBIDDEN");
  assert.equal(commandRisk(`${"a ".repeat(5_000_000)}; rm -rf /`).risk, "FORBIDDEN");
});
