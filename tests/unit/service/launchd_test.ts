import assert from "node:assert/strict";
import fc from "fast-check";
import type { ServiceFacts } from "../../../service/facts.ts";
import { launchdPlist } from "../../../service/launchd.ts";
import { anyFacts, factsWith, NASTY, someFacts } from "./some_facts.ts";
import { at, type Element, readXml } from "./xml_reader.ts";

/** A property list's value. @throws {TypeError} for what is none */
function valueOf({ name, children, text }: Element): unknown {
  if (name === "string") return text;
  if (name === "integer" && /^\d+$/.test(text)) return Number(text);
  if (name === "true" || name === "false") return name === "true";
  if (name === "array") return children.map(valueOf);
  if (name !== "dict") throw new TypeError(`no value: ${name}`);
  const pairs = Array.from({ length: children.length / 2 }, (_, number) => {
    const [key, value] = children.slice(2 * number, 2 * number + 2);
    if (key?.name !== "key" || !value) throw new TypeError("no pair");
    return [key.text, valueOf(value)] as const;
  });
  assert.equal(new Set(pairs.map(([key]) => key)).size, pairs.length, "each key once");
  return Object.fromEntries(pairs);
}

function check(facts: ServiceFacts): void {
  const root = readXml(launchdPlist(facts));
  assert.equal(root.name, "plist");
  assert.deepEqual(valueOf(at(root, "dict")), {
    Label: facts.label,
    ProgramArguments: facts.program,
    WorkingDirectory: facts.workspace,
    EnvironmentVariables: { PATH: facts.path },
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: 10,
    ProcessType: "Background",
    ExitTimeOut: 45,
    Umask: facts.umask,
    HardResourceLimits: { Core: 0 },
    StandardOutPath: `${facts.logs}/launchd.log`,
    StandardErrorPath: `${facts.logs}/launchd.log`,
  });
}

for (const path of NASTY) {
  Deno.test(`launchd reads back what was meant: ${JSON.stringify(path)}`, () => {
    check(factsWith(path));
  });
}

Deno.test("launchd reads back whatever was meant", () => {
  fc.assert(fc.property(anyFacts, check));
});

Deno.test("launchd is told modes in decimal, as its XML has numbers", () => {
  assert.match(launchdPlist(someFacts({ umask: 0o077 })), /<key>Umask<\/key><integer>63</);
});
