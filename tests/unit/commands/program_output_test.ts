import assert from "node:assert/strict";
import { ProgramOutput } from "../../../src/commands/program_output.ts";
import type { CommandContext } from "../../../src/commands/context.ts";

interface Seen {
  readonly printed: string[];
  readonly output: ProgramOutput | undefined;
  /** Lets what waits be printed. */
  free: () => void;
}

function open(options: Record<string, boolean>, terminal = { stderr: true }, slow = false): Seen {
  const printed: string[] = [];
  let waiting: (() => void)[] = [];
  const context = {
    boot: { options, terminal },
    printError(text: string) {
      printed.push(text);
      return slow ? new Promise<void>((done) => waiting.push(done)) : Promise.resolve();
    },
  } as unknown as CommandContext;
  return {
    printed,
    output: ProgramOutput.for(context),
    free() {
      for (const done of waiting) done();
      waiting = [];
    },
  };
}

const LINES = Array.from({ length: 20 }, (_, at) => `line ${at + 1}\n`).join("");

Deno.test("the first lines of each program are shown, and how many there were more", async () => {
  const { output, printed } = open({});
  output?.add("1", LINES);
  output?.add("2", "other\n");
  await output?.end("1");
  await output?.end("2");
  const shown = printed.join("");
  assert.match(shown, /^ {2}│ line 1\n[^]* {2}│ line 12\n {2}│ other\n/);
  assert.match(shown, /\n {2}│ … 8 more lines; --verbose shows them\n$/);
  assert.ok(!shown.includes("line 13"));
});

Deno.test("with --verbose all lines are shown, also where standard error is no terminal", async () => {
  const { output, printed } = open({ verbose: true }, { stderr: false });
  output?.add("1", LINES);
  await output?.end("1");
  assert.equal(printed.join("").split("\n").length, 21);
});

Deno.test("nothing is shown to programs, and to nobody", () => {
  assert.equal(open({ json: true, verbose: true }).output, undefined);
  assert.equal(open({ quiet: true }).output, undefined);
  assert.equal(open({}, { stderr: false }).output, undefined);
});

Deno.test("no line controls the terminal", async () => {
  const { output, printed } = open({ verbose: true });
  output?.add("1", "\x1b]0;title\x07a\rb\u202e\x9b\n");
  await output?.end("1");
  // deno-lint-ignore no-control-regex -- they are what is looked for
  assert.ok(!/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/.test(printed.join("")));
});

Deno.test("a terminal that is slower than a program holds a bounded text back", async () => {
  const { output, printed, free } = open({ verbose: true }, { stderr: true }, true);
  for (let at = 0; at < 20_000; at++) output?.add("1", `line ${at}\n`);
  const ended = output?.end("1");
  free();
  await new Promise((done) => setTimeout(done, 0));
  free();
  await ended;
  const shown = printed.join("");
  assert.ok(shown.length < 70_000, String(shown.length));
  assert.match(shown, /… lines were faster than this terminal\n[^]*line 19999\n$/);
});
