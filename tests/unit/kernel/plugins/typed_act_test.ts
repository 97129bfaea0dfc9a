import assert from "node:assert/strict";
import { parseCommandLine } from "../../../../src/kernel/command_line.ts";
import { NO_WISHES } from "../../../../src/kernel/plugins/manifest.ts";
import { isTyped, type PluginAct } from "../../../../src/kernel/plugins/typed_act.ts";
import type { PluginRecord } from "../../../../src/protocol/plugin_calls.ts";

const record: PluginRecord = {
  name: "some",
  version: "1.0.0",
  description: "",
  from: "profile",
  state: "disabled",
  problem: "",
  hash: "",
  wishes: NO_WISHES,
  news: [],
};
const ORIGIN = "https://a.example";
const ACTS: Readonly<Record<string, PluginAct>> = {
  install: { act: "install" },
  enable: { act: "enable", record },
  dev: { act: "enable", record: { ...record, from: "dev" } },
  host: { act: "host", name: "some", origin: ORIGIN },
  remove: { act: "remove", name: "some" },
};

/** Each command line, and the acts that it is a yes to. */
const LINES: readonly [string, string][] = [
  ["plugin install folder --yes", "install"],
  ["plugin install --yes folder", "install"],
  ["--home /x plugin install folder --yes --json", "install"],
  ["plugin install folder", ""],
  ["plugin enable some --yes", "enable"],
  ["plugin enable --yes some", "enable"],
  ["plugin enable other --yes", ""],
  ["plugin enable other --yes some", ""],
  ["plugin dev folder --yes", "dev"],
  ["plugin dev folder", ""],
  [`plugin grants some --add ${ORIGIN} --yes`, "host"],
  [`plugin grants some --add=${ORIGIN} --yes`, "host"],
  [`plugin grants some --add ${ORIGIN}`, ""],
  [`plugin grants some --add ${ORIGIN}.evil --yes`, ""],
  [`plugin grants other --add ${ORIGIN} --yes`, ""],
  ["plugin remove some", "remove"],
  ["plugin remove --data some", "remove"],
  ["plugin remove other", ""],
  ["plugin setup some --yes", ""],
  ["chat --yes", ""],
  ["tools call some.tool --yes", ""],
  ["plugin install folder -- --yes", ""],
];

for (const [line, expected] of LINES) {
  Deno.test(`pyra ${line} is a yes to ${expected || "nothing"}`, () => {
    const typed = parseCommandLine(line.split(" "));
    const acts = Object.entries(ACTS).filter(([, act]) => isTyped(typed, act));
    assert.equal(acts.map(([name]) => name).join(" "), expected);
  });
}
