import assert from "node:assert/strict";
import type { Json, PluginContext, RunOptions, RunPiece, RunResult } from "pyra/sdk";
import plugin from "./plugin.ts";

const ENDED: RunResult = {
  code: 0,
  signal: null,
  timedOut: false,
  truncated: false,
  sandbox: "bubblewrap",
};

/** As the kernel says that there is no such program. */
class NotRun extends Error {
  readonly code = "program";
}

interface Script {
  readonly pieces?: readonly RunPiece[];
  readonly result?: Partial<RunResult>;
  readonly fails?: Error;
  readonly settings?: Record<string, Json>;
}

class Stage {
  readonly runs: { readonly argv: readonly string[]; readonly options: RunOptions }[] = [];
  readonly shown: string[] = [];
  readonly folder = Deno.makeTempDirSync();
  readonly #script: Script;

  constructor(script: Script = {}) {
    this.#script = script;
  }

  get context(): PluginContext {
    const { pieces = [], result, fails, settings = {} } = this.#script;
    const run: PluginContext["run"] = (argv, options = {}) => {
      this.runs.push({ argv, options });
      const ended = fails ? Promise.reject(fails) : Promise.resolve({ ...ENDED, ...result });
      ended.catch(() => undefined);
      return {
        result: ended,
        async *[Symbol.asyncIterator]() {
          yield* pieces;
          await ended;
        },
      };
    };
    const output = (text: string) => void this.shown.push(text);
    const { signal } = new AbortController();
    return { run, output, settings, signal, dataFolder: this.folder } as unknown as PluginContext;
  }

  async tool(name: string, input: Record<string, Json>): Promise<string> {
    const tool = plugin.tools?.find((one) => one.name === name);
    return String(await tool?.run(input, this.context));
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

function out(text: string): RunPiece {
  return { stream: "stdout", text };
}

Deno.test("the plan says exactly what is run then, and the network only where it was asked for", async () => {
  using stage = new Stage();
  const [tool] = plugin.tools ?? [];
  const input = { command: "curl -sS https://example.com | head", network: true };
  const plan = await tool?.plan?.(input, stage.context);
  await stage.tool("run_command", input);
  const [run] = stage.runs;
  const writes = { kind: "writes", where: "workspace" };
  assert.deepEqual(plan?.effects, [
    writes,
    { kind: "runs", program: "bash", argv: run?.argv, network: true },
  ]);
  assert.ok(run?.options.network);
  assert.equal(run?.options.limitMs, 30_000);
  assert.match(String(plan?.detail), /^\$ curl -sS https:\/\/example\.com \| head\n/);
  const quiet = await tool?.plan?.({ command: "ls", folder: "src" }, stage.context);
  assert.deepEqual(quiet?.effects, [
    { kind: "writes", where: "workspace/src" },
    { kind: "runs", program: "bash", argv: ["bash", "-c", "ls"], folder: "src" },
  ]);
});

Deno.test("the model gets how it ended, and both streams as they came", async () => {
  using stage = new Stage({
    pieces: [out("one"), { stream: "stderr", text: "oh\n" }, out("t"), out("wo")],
    result: { code: 3 },
  });
  assert.match(
    await stage.tool("run_command", { command: "x" }),
    /^exit code 3 after 0\.\d s, held by bubblewrap\none\noh\ntwo$/,
  );
  assert.equal(stage.shown.join(""), "one\noh\ntwo\n");
});

Deno.test("a command at its limit, by a signal, without a program or a terminal is told as such", async () => {
  const told = async (script: Script) => {
    using stage = new Stage(script);
    return await stage.tool("run_command", { command: "x" });
  };
  const late = await told({ result: { code: null, signal: "SIGKILL", timedOut: true } });
  assert.match(late, /^ended at its time limit after/);
  assert.match(late, /background: true/);
  assert.match(await told({ result: { code: null, signal: "SIGSEGV" } }), /SIGSEGV \(it crashed/);
  assert.match(await told({ result: { code: 127 } }), /127 \(no program of that name/);
  const sudo = "sudo: a terminal is required to read the password; either use -S\n";
  assert.match(
    await told({ pieces: [out(sudo)], result: { code: 1 } }),
    /wants a terminal, a password/,
  );
  assert.match(await told({ result: { sandbox: "none" } }), /held by no sandbox\n\(no output\)$/);
});

Deno.test("a long output is kept, and read in parts by the numbers of its lines", async () => {
  const lines = Array.from({ length: 3_000 }, (_, at) => `row ${at + 1}`);
  using stage = new Stage({ pieces: [out(`${lines.join("\n")}\n`)] });
  const told = await stage.tool("run_command", { command: "seq" });
  const [, number] = /read_output (\d+) shows it/.exec(told) ?? [];
  assert.ok(told.length < 4_000);
  const output = Number(number);
  const part = await stage.tool("read_output", { output, from: 1_500, lines: 2 });
  assert.equal(
    part,
    `output ${output} has 3,000 lines\n1500: row 1500\n1501: row 1501\n… [1,499 more; from 1502]`,
  );
  assert.match(await stage.tool("read_output", { output, text: "row 2999" }), /\n2999: row 2999$/);
  await assert.rejects(stage.tool("read_output", { output: 999 }), { code: "no_output" });
});

Deno.test("where there is no bash nothing is run, and sh is planned from then on", async () => {
  const fails = new NotRun("bash is not installed");
  using stage = new Stage({ fails });
  const [tool] = plugin.tools ?? [];
  // A sandbox that is missing says nothing of bash.
  const other = new NotRun("there is no sandbox here that works");
  using without = new Stage({ fails: other });
  await assert.rejects(without.tool("run_command", { command: "ls" }), /no sandbox/);
  const before = await tool?.plan?.({ command: "ls" }, stage.context);
  assert.match(JSON.stringify(before?.effects), /"program":"bash"/);
  assert.match(await stage.tool("run_command", { command: "ls" }), /no bash on this machine/);
  const after = await tool?.plan?.({ command: "ls" }, stage.context);
  assert.deepEqual(after?.effects?.slice(1), [
    { kind: "runs", program: "sh", argv: ["sh", "-c", "ls"] },
  ]);
  using chosen = new Stage({ settings: { shell: "powershell" } });
  await chosen.tool("run_command", { command: "dir" });
  assert.equal(chosen.runs[0]?.argv[0], "powershell");
});
