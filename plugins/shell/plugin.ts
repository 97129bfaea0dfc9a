/**
 * Runs command lines: each as the person agreed to it, held by the sandbox that Pyra puts in front, with
 * its output shown while it comes.
 * @module
 */
import type { Json, Plugin, PluginContext, RunResult } from "pyra/sdk";
import {
  argvOf,
  type Command,
  COMMAND_UNITS,
  LIMIT_SECONDS,
  readCommand,
  type ShellName,
  shownCommand,
} from "./command.ts";
import { advice, endingLine } from "./ending.ts";
import { GatheredOutput, shownOutput } from "./gathered_output.ts";
import { jobLine, jobLines } from "./job_text.ts";
import { KeptOutputs, partOf } from "./kept_outputs.ts";
import { LiveOutput } from "./live_output.ts";

type Input = Readonly<Record<string, Json>>;

/** A tool's call has this long, ms; a command ends before, so that it can be told how. */
const CALL_LIMIT_MS = 300_000;
const COMMAND_LIMIT_MS = 296_000;
/** What fails at once shall be told at once, ms. */
const JOB_LOOK_MS = 300;
const JOB_UNITS = 3_300;

/** Set once there was found to be no bash. */
let withoutBash = false;
let kept: KeptOutputs | undefined;

/** The person's choice, else the usual one of this system. */
function shellOf({ settings }: PluginContext): ShellName {
  const { shell } = settings;
  if (shell === "bash" || shell === "sh" || shell === "powershell") return shell;
  if (Deno.build.os === "windows") return "powershell";
  return withoutBash ? "sh" : "bash";
}

/** The outputs of this run. */
function outputs({ dataFolder }: PluginContext): KeptOutputs {
  return kept ??= new KeptOutputs(`${dataFolder}/outputs`);
}

async function runCommand(input: Input, context: PluginContext): Promise<string> {
  const command = readCommand(input);
  const shell = shellOf(context);
  try {
    return command.background
      ? await startJob(command, shell, context)
      : await runNow(command, shell, context);
  } catch (thrown) {
    if (shell !== "bash" || !isMissing(shell, thrown)) throw thrown;
    withoutBash = true;
    return "There is no bash on this machine, and nothing was run. From now on sh is used: call again.";
  }
}

async function runNow(
  command: Command,
  shell: ShellName,
  context: PluginContext,
): Promise<string> {
  const began = Date.now();
  const gathered = new GatheredOutput();
  const live = new LiveOutput((lines) => context.output(lines));
  const program = context.run(argvOf(shell, command.text), {
    ...placeOf(command),
    limitMs: Math.min(command.limitSeconds * 1_000, COMMAND_LIMIT_MS),
  });
  try {
    let end = { stream: "", isOpen: false };
    for await (const { stream, text, dropped } of program) {
      // Of two streams each has lines of its own.
      const part = end.isOpen && stream !== end.stream ? `\n${text}` : text;
      end = { stream, isOpen: !text.endsWith("\n") };
      gathered.add(part, dropped);
      live.add(part);
    }
  } finally {
    live.end();
  }
  return await toldEnd(await program.result, Date.now() - began, gathered, context);
}

async function toldEnd(
  result: RunResult,
  ms: number,
  gathered: GatheredOutput,
  context: PluginContext,
): Promise<string> {
  const output = gathered.end();
  const number = output.kind === "long" ? await outputs(context).keep(output.text) : undefined;
  const rest = number === undefined ? "it is lost" : `read_output ${number} shows it`;
  const text = shownOutput(output, rest);
  const parts = [
    endingLine(result, ms),
    text === "" ? "(no output)" : text.replace(/\n$/, ""),
    advice(result, text),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

async function startJob(
  command: Command,
  shell: ShellName,
  { jobs, signal }: PluginContext,
): Promise<string> {
  const { id } = await jobs.start(argvOf(shell, command.text), placeOf(command));
  await new Promise((done) => {
    const timer = setTimeout(done, JOB_LOOK_MS);
    signal.addEventListener("abort", () => (clearTimeout(timer), done(undefined)), { once: true });
  });
  return `started as job ${id}; tail_job shows its output, stop_job ends it\n${await tail(
    id,
    jobs,
  )}`;
}

async function tail(id: string, jobs: PluginContext["jobs"]): Promise<string> {
  const { text, dropped, ...job } = await jobs.tail(id, JOB_UNITS);
  const gathered = new GatheredOutput();
  gathered.add(text);
  const shown = shownOutput(gathered.end(), "they are lost").replace(/\n$/, "");
  const before = dropped > 0 ? `… [more before this]\n` : "";
  return `${jobLine(job)}\n${shown === "" ? "(no output yet)" : before + shown}`;
}

function placeOf(
  { folder, network }: Pick<Command, "folder" | "network">,
): { folder?: string; network?: boolean } {
  return { ...(folder === "" ? {} : { folder }), ...(network ? { network } : {}) };
}

/** Whether the shell was not run because there is none of its name; a sandbox may be missing, too. */
function isMissing(shell: ShellName, thrown: unknown): boolean {
  return thrown instanceof Error && Reflect.get(thrown, "code") === "program" &&
    thrown.message.startsWith(`${shell} `);
}

async function aboutJobs(argument: string, { jobs }: PluginContext): Promise<string> {
  const [verb = "", id = ""] = argument.trim().split(/\s+/);
  if (verb === "") return jobLines(await jobs.list());
  if (verb === "tail" && id !== "") return await tail(id, jobs);
  if (verb === "stop" && id !== "") return jobLine(await jobs.stop(id));
  return "write /jobs, /jobs tail 1 or /jobs stop 1";
}

const jobParameter = {
  type: "string",
  pattern: "^[0-9]{1,6}$",
  description: "the job's number, as text",
};

const plugin: Plugin = {
  tools: [
    {
      name: "run_command",
      description:
        "Runs a command line in the person's workspace and answers with its exit code and output (both " +
        "streams; head and tail of a long one). There is no terminal and no standard input: nothing can " +
        "be asked, so use options such as -y or --no-pager, and no editors or pagers. Prefer one command " +
        "that only reads to several, and say plainly what you are about to change before you change it.",
      parameters: {
        type: "object",
        properties: {
          command: {
            type: "string",
            minLength: 1,
            maxLength: COMMAND_UNITS,
            description: "for bash, or PowerShell on Windows",
          },
          folder: {
            type: "string",
            maxLength: 1_000,
            description: "where it starts, in the workspace: src/app; the workspace if absent",
          },
          limit_seconds: {
            type: "number",
            minimum: 1,
            maximum: LIMIT_SECONDS.most,
            description: `it is ended after so long; ${LIMIT_SECONDS.usual} if absent`,
          },
          network: { type: "boolean", description: "true if it needs the network" },
          background: {
            type: "boolean",
            description: "true for a server or a watcher: it goes on beside the conversation",
          },
        },
        required: ["command"],
        additionalProperties: false,
      },
      effects: [
        { kind: "writes", where: "workspace" },
        { kind: "runs", program: "bash" },
        { kind: "runs", program: "sh" },
        { kind: "runs", program: "powershell" },
      ],
      timeLimit: CALL_LIMIT_MS,
      plan(input, context) {
        const command = readCommand(input);
        const program = shellOf(context);
        const argv = argvOf(program, command.text);
        const { folder, network } = command;
        // A rule is for the folder in which it was agreed to.
        const where = folder === "" ? "workspace" : `workspace/${folder}`;
        return {
          // The line itself stands in the effect and in the detail.
          does: `run a command${command.background ? " in the background" : ""}`,
          effects: [
            { kind: "writes", where },
            { kind: "runs", program, argv, ...placeOf({ folder, network }) },
          ],
          detail: shownCommand(command),
        };
      },
      run: runCommand,
    },
    {
      name: "read_output",
      description: "More of a long output of run_command, with the numbers of its lines.",
      parameters: {
        type: "object",
        properties: {
          output: { type: "integer", minimum: 1, description: "its number, as run_command said" },
          from: { type: "integer", minimum: 1, description: "the first line; 1 if absent" },
          lines: { type: "integer", minimum: 1, maximum: 500 },
          text: {
            type: "string",
            maxLength: 200,
            description: "only lines that have this in them",
          },
        },
        required: ["output"],
        additionalProperties: false,
      },
      effects: [],
      run: (input, context) => outputs(context).part(Number(input["output"]), partOf(input)),
    },
    {
      name: "list_jobs",
      description: "The background jobs of run_command, and what became of them.",
      parameters: { type: "object", properties: {}, additionalProperties: false },
      effects: [],
      run: async (_, { jobs }) => jobLines(await jobs.list()),
    },
    {
      name: "tail_job",
      description: "The end of what a background job wrote.",
      parameters: {
        type: "object",
        properties: { job: jobParameter },
        required: ["job"],
        additionalProperties: false,
      },
      effects: [],
      run: (input, { jobs }) => tail(String(input["job"]), jobs),
    },
    {
      name: "stop_job",
      description: "Ends a background job and all that it started.",
      parameters: {
        type: "object",
        properties: { job: jobParameter },
        required: ["job"],
        additionalProperties: false,
      },
      effects: [],
      run: async (input, { jobs }) => jobLine(await jobs.stop(String(input["job"]))),
    },
  ],
  commands: [
    {
      name: "jobs",
      usage: "[tail N | stop N]",
      description: "commands that run in the background",
      run: aboutJobs,
    },
  ],
  configFields: () => [
    {
      key: "shell",
      kind: "select",
      label: "The shell that reads command lines",
      description: "auto: bash, sh where there is none, PowerShell on Windows",
      default: "auto",
      options: ["auto", "bash", "sh", "powershell"],
    },
  ],
};

export default plugin;
