import assert from "node:assert/strict";
import fc from "fast-check";
import type { ServiceFacts } from "../../../service/facts.ts";
import { changedPath, scheduledTask, utf16 } from "../../../service/task_scheduler.ts";
import { anyFacts, factsWith, NASTY, someFacts } from "./some_facts.ts";
import { at, type Element, readXml } from "./xml_reader.ts";

/** Puts variables in as the scheduler does, as if each name that a variable can have were one. */
function expanded(text: string): string {
  const next = /%([^%"=]+)%/.exec(text);
  if (!next) return text;
  // A name that is none stays, and its second `%` may begin another.
  return `${text.slice(0, next.index)}<${next[1]}>${
    expanded(text.slice(next.index + next[0].length))
  }`;
}

/** The arguments of a command line by the documented rules of `CommandLineToArgvW`. */
function argumentsOf(line: string): string[] {
  const found: string[] = [];
  let [word, isQuoted]: [string | undefined, boolean] = [undefined, false];
  for (let at = 0; at < line.length;) {
    const [, slashes = "", quote = ""] = /^(\\*)("?)/.exec(line.slice(at)) ?? [];
    at += slashes.length + quote.length;
    if (quote !== "") {
      word = (word ?? "") + "\\".repeat(Math.floor(slashes.length / 2));
      if (slashes.length % 2 === 1) word += '"';
      // Programs disagree about two quotes in a row, so there are none, but for an empty argument.
      else if (isQuoted && line[at] === '"') throw new TypeError('""');
      else isQuoted = !isQuoted;
    } else if (slashes !== "") word = (word ?? "") + slashes;
    else if (/[ \t]/.test(line[at] ?? "") && !isQuoted) {
      if (word !== undefined) found.push(word);
      word = undefined;
      at++;
    } else word = (word ?? "") + line[at++];
  }
  assert.ok(!isQuoted, "quotes end");
  return word === undefined ? found : [...found, word];
}

const namesOf = ({ children }: Element) => children.map(({ name }) => name);

function check(facts: ServiceFacts): void {
  if (changedPath(facts) !== undefined) return;
  const root = readXml(scheduledTask(facts));
  const exec = at(root, "Actions", "Exec");
  const [command, ...rest] = facts.program;
  assert.equal(expanded(at(exec, "Command").text), command);
  assert.deepEqual(argumentsOf(expanded(at(exec, "Arguments").text)), rest);
  assert.equal(expanded(at(exec, "WorkingDirectory").text), facts.workspace);
  assert.equal(at(root, "Triggers", "LogonTrigger", "UserId").text, facts.user);
  assert.equal(at(root, "Principals", "Principal", "UserId").text, facts.user);
}

for (const path of NASTY) {
  Deno.test(`the Task Scheduler starts what was meant, with ${JSON.stringify(path)} among it`, () => {
    check(
      someFacts({ program: ["C:\\Pyra\\pyra.exe", "--home", path, `${path}\\`, ""], user: path }),
    );
    check(factsWith(path));
  });
}

Deno.test("the Task Scheduler starts whatever was meant", () => {
  fc.assert(fc.property(anyFacts, (facts) => {
    check(facts);
    check({ ...facts, program: ["C:\\Pyra\\pyra.exe", ...facts.program], workspace: "C:\\" });
  }));
});

Deno.test("a program's path that the scheduler would change is named", () => {
  const [rest, workspace] = [["daemon"], "C:\\Users\\Ada"];
  const bad = "C:\\%TEMP%\\pyra.exe";
  assert.equal(changedPath(someFacts({ program: [bad, ...rest], workspace })), bad);
  assert.equal(changedPath(someFacts({ program: ["p", "a$(Arg0)"], workspace })), "a$(Arg0)");
  assert.equal(changedPath(someFacts({ workspace: "C:\\%A b%" })), "C:\\%A b%");
  assert.equal(changedPath(someFacts({ program: ["C:\\100%\\pyra.exe"], workspace })), undefined);
});

Deno.test("a task has the documented elements in the documented order", () => {
  const root = readXml(scheduledTask(someFacts()));
  assert.equal(root.name, "Task");
  assert.equal(root.attributes["xmlns"], "http://schemas.microsoft.com/windows/2004/02/mit/task");
  const parts = ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"];
  assert.deepEqual(namesOf(root), parts);
  assert.deepEqual(namesOf(at(root, "Triggers", "LogonTrigger")), ["UserId"]);
  const settings = at(root, "Settings");
  assert.equal(new Set(namesOf(settings)).size, namesOf(settings).length);
  const is = (...names: string[]) => at(settings, ...names).text;
  assert.deepEqual([is("ExecutionTimeLimit"), is("Hidden")], ["PT0S", "true"]);
  // A minute is the shortest that it takes.
  assert.deepEqual([is("RestartOnFailure", "Interval"), is("RestartOnFailure", "Count")], [
    "PT1M",
    "10",
  ]);
  const principal = at(root, "Principals", "Principal");
  assert.equal(at(principal, "RunLevel").text, "LeastPrivilege");
  assert.equal(at(root, "Actions").attributes["Context"], principal.attributes["id"]);
});

Deno.test("a task's file is UTF-16 with its mark, as its first line says", () => {
  const text = scheduledTask(factsWith("/Ü 🦊"));
  const bytes = utf16(text);
  assert.deepEqual([...bytes.subarray(0, 4)], [0xff, 0xfe, 0x3c, 0]);
  assert.equal(new TextDecoder("utf-16le").decode(bytes), text);
});
