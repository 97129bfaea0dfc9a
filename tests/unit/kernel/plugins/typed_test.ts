import assert from "node:assert/strict";
import { parseCommandLine } from "../../../../src/kernel/command_line.ts";
import { isAgreed, isTyped, typedWords } from "../../../../src/kernel/plugins/typed.ts";

const lineOf = (typed: string) => parseCommandLine(typed.split(" "));
const ORIGIN = "https://a.example";

/** Each command line, and whether it is `plugin enable some`, a yes, and a yes to the origin. */
const LINES: readonly [string, boolean, boolean, boolean][] = [
  ["plugin enable some", true, false, false],
  ["plugin enable --yes some", true, true, false],
  ["--home /x plugin enable some --yes --json", true, true, false],
  ["plugin enable some -- --yes", true, false, false],
  ["plugin enable -- some", true, false, false],
  ["plugin enable something --yes", false, true, false],
  ["plugin install some --yes", false, true, false],
  [`plugin grants some --add ${ORIGIN} --yes`, false, true, true],
  [`plugin grants some --add=${ORIGIN} --yes`, false, true, true],
  [`plugin grants some --add ${ORIGIN}`, false, false, false],
  [`plugin grants some --add ${ORIGIN}.evil --yes`, false, true, false],
  [`plugin grants some --remove ${ORIGIN} --yes`, false, true, false],
  [`plugin grants some ${ORIGIN} --yes`, false, true, false],
  ["ask plugin enable some", false, false, false],
  ["chat", false, false, false],
];

for (const [typed, isEnable, isYes, isYesToOrigin] of LINES) {
  Deno.test(`what pyra ${typed} says is taken, and no more`, () => {
    const line = lineOf(typed);
    assert.equal(isTyped(line, "enable", "some"), isEnable);
    assert.equal(isAgreed(line), isYes);
    assert.equal(isAgreed(line, ORIGIN), isYesToOrigin);
  });
}

Deno.test("the words of a command are what is no option", () => {
  assert.deepEqual(typedWords(lineOf("plugin dev --yes folder -- more")), ["folder", "more"]);
  assert.deepEqual(typedWords(lineOf("plugin dev")), []);
});
