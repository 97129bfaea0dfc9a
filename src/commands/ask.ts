/**
 * `pyra ask`: one question, one answer.
 * @module
 */
import { EXIT, PyraError } from "../protocol/error.ts";
import type { Part } from "../protocol/message.ts";
import type { DoneReason, TurnEvent } from "../protocol/turn_event.ts";
import type { CommandContext } from "./context.ts";
import { conversationRequest, findTarget, notices, openConversation } from "./conversation.ts";
import { asShown, fromReport, oneLine, showError, shownReport, usageError } from "./errors.ts";
import { HeldMemory } from "./held_memory.ts";
import { openTools } from "./tool_options.ts";
import { TerminalApproval } from "./terminal_approval.ts";
import { NOBODY_ASKED, NOBODY_ASKED_AFTER } from "../tools/approval.ts";
import { nameOfModel } from "../tools/tool_name.ts";
import { countOf, isOn, listOf, type OptionValues } from "./option_values.ts";
import type { Parsed } from "./program.ts";
import { agoText, cachingOf } from "./query_cache.ts";
import { ProgramOutput } from "./program_output.ts";
import { printable } from "./terminal_text.ts";

/** The largest file that is read to be attached, in bytes. */
const ATTACHMENT_LIMIT = 32 * 1024 * 1024;

/** Where the person is asked, and sees what programs write; absent where nobody is or looks. */
interface Shown {
  readonly approval: TerminalApproval | undefined;
  readonly output: ProgramOutput | undefined;
}

/** `pyra ask [WORDS…]` */
export async function runAsk(context: CommandContext, parsed: Parsed): Promise<number> {
  // Let go of after the conversation.
  await using memory = new HeldMemory(context);
  // Nobody can answer where a program reads the events, or where input is piped.
  const { terminal, options } = context.boot;
  const asks = terminal.stdin && terminal.stderr && !options.json;
  await using approval = asks ? new TerminalApproval(context) : undefined;
  const output = ProgramOutput.for(context);
  const preparing = prepare(context, parsed, { memory, approval, output });
  const { target, conversation, parts } = await preparing.catch(async (thrown) => {
    // Who reads the events must see in them why there is no answer.
    if (context.boot.options.json) await printFailure(context, thrown);
    throw thrown;
  });
  await using _held = conversation;
  for (const notice of [...notices(target), ...conversation.warnings]) await say(context, notice);
  const print = (events: AsyncIterable<TurnEvent>) =>
    printTurn(context, events, { approval, output });
  if (!isOn(parsed.options, "--plan")) {
    return await print(conversation.send(parts, context.signal));
  }
  const { askPlanned } = await import("./plan_ask.ts");
  const agreed = isOn(parsed.options, "--yes") ? "beforehand" : "when asked";
  return await askPlanned(context, { conversation, parts, agreed, approval, print });
}

async function prepare(
  context: CommandContext,
  { arguments: words, options }: Parsed,
  { memory, ...shown }: Shown & { readonly memory: HeldMemory },
) {
  const { boot, signal } = context;
  const request = conversationRequest(options);
  const maxOutputTokens = countOf(options, "--max-tokens");
  const question = words.join(" ");
  if (boot.terminal.stdin && question.trim() === "") throw nothingAsked();
  const target = await findTarget(context, request);
  const tools = await openTools(context, memory, options);
  if (shown.approval !== undefined) tools.attach(shown.approval);
  const { output } = shown;
  if (output !== undefined) tools.watch((callId, text) => output.add(callId, text));
  // Loaded while the way to the provider is opened: whoever asks once waits for both.
  if (target.choice.provider !== "demo") void import("../providers/openai_dialect.ts");
  const attachments = await readAttachments(context, options);
  // The kernel may ask the person now and start this room again: nothing may be consumed before.
  const conversation = await openConversation(context, target, {
    memory,
    tools,
    instructions: shown.approval === undefined ? "left_out" : "named",
    answers: await cachingOf(context, target, options),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(isOn(options, "--no-stream") ? { stream: false } : {}),
  });
  try {
    const input = boot.terminal.stdin ? "" : (await context.readStdin(signal)).trimEnd();
    const [text, ...piped] = [question, input].filter((one) => one.trim() !== "");
    if (text === undefined) throw nothingAsked();
    // What is piped to a question is what it is about; nobody vouches for what it says.
    const origin = { kind: "input", from: "standard input" } as const;
    const data = piped.map((one): Part => ({ type: "text", text: one, origin }));
    const parts: Part[] = [{ type: "text", text }, ...data, ...attachments];
    return { target, conversation, parts };
  } catch (thrown) {
    await conversation[Symbol.asyncDispose]();
    throw thrown;
  }
}

function nothingAsked(): PyraError {
  return usageError("nothing was asked", 'write pyra ask "your question", or pipe one in');
}

async function printFailure(context: CommandContext, thrown: unknown): Promise<void> {
  const { aborted, reason } = context.signal;
  const error = asShown(aborted ? reason : thrown).report();
  if (!aborted) await context.print(await shownLine({ type: "error", error }));
  await context.print(eventLine({ type: "done", reason: aborted ? "cancelled" : "error" }));
}

async function readAttachments(context: CommandContext, options: OptionValues): Promise<Part[]> {
  const typed = listOf(options, "--attach");
  if (typed.length === 0) return [];
  const { toPart } = await import("../chat/attachment.ts");
  const parts: Part[] = [];
  for (const [index, name] of typed.entries()) {
    parts.push(
      toPart(baseName(name), await readBounded(context.boot.granted[index] ?? name, name)),
    );
  }
  return parts;
}

async function readBounded(path: string, name: string): Promise<Uint8Array> {
  try {
    using file = await Deno.open(path);
    const { size, isFile } = await file.stat();
    if (!isFile) throw new PyraError("file", "not_a_file", `${name} is no file`);
    if (size > ATTACHMENT_LIMIT) {
      throw new PyraError("file", "attachment_too_large", `${name} has more than 32 MB`, {
        hint: "attach a part of it",
      });
    }
    const bytes = new Uint8Array(size);
    let filled = 0;
    for (let count; filled < size && (count = await file.read(bytes.subarray(filled)));) {
      filled += count;
    }
    return bytes.subarray(0, filled);
  } catch (cause) {
    if (cause instanceof PyraError) throw cause;
    throw new PyraError("file", "attachment_unreadable", `${name} cannot be read`, {
      hint: "check the path and its rights",
      cause,
    });
  }
}

function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) || path;
}

/** A line on standard error that is no error. */
async function say({ boot, printError }: CommandContext, sentence: string): Promise<void> {
  if (!boot.options.quiet && !boot.options.json) {
    await printError(`${oneLine(`pyra: ${sentence}`)}\n`);
  }
}

/** The line of an event as it is shown; an error without secrets. */
async function shownLine(event: TurnEvent): Promise<string> {
  if (event.type !== "error") return eventLine(event);
  return eventLine({ ...event, error: await shownReport(event.error) });
}

function eventLine(event: TurnEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** What is to be said of an answer that is not what was asked for. */
const REMARKS: Readonly<Partial<Record<DoneReason, string>>> = {
  length: "the answer was cut because it reached its limit",
  filtered: "the provider's filter ended the answer",
  tool_rounds: "the model called tools too many times in a row",
};

function isUnasked(reason: string): boolean {
  return reason === NOBODY_ASKED || reason === NOBODY_ASKED_AFTER;
}

/** A tool that nobody could be asked about: exit code 4. */
function notAllowed(refused: ReadonlyMap<string, string>): PyraError {
  const names = [...refused.keys()];
  const [[first, reason] = ["", NOBODY_ASKED]] = refused;
  return new PyraError(
    "permission",
    "tool_denied",
    `${names.join(", ")} ${names.length > 1 ? "were" : "was"} not allowed: ${reason}`,
    {
      hint: reason === NOBODY_ASKED
        ? `allow it with --allow ${first}, or with a rule in tools.rules`
        : "ask this on a terminal, where you can say yes",
      exitCode: EXIT.refused,
    },
  );
}

/** Prints a turn, and on standard error what went wrong. @returns the exit code */
async function printTurn(
  context: CommandContext,
  events: AsyncIterable<TurnEvent>,
  { approval, output }: Shown,
): Promise<number> {
  const { json } = context.boot.options;
  let lineEnded = true;
  let reason: DoneReason = "error";
  let failure: PyraError | undefined;
  const refused = new Map<string, string>();
  const names = new Map<string, string>();
  for await (const event of events) {
    if (event.type === "error") failure = fromReport(event.error);
    if (event.type === "done") reason = event.reason;
    if (event.type === "tool_call") names.set(event.call.id, event.call.name);
    if (event.type === "approval" && event.decision === "deny" && isUnasked(event.reason)) {
      refused.set(nameOfModel(names.get(event.call_id) ?? ""), event.reason);
    }
    if (event.type === "tool_result") await output?.end(event.call_id);
    if (json) await context.print(await shownLine(event));
    else if (event.type === "approval_request") approval?.announced.announce(event.calls);
    else if (event.type === "tool_call") {
      // What the model says next is another paragraph, and a question has lines of its own.
      if (!lineEnded) await context.print("\n");
      lineEnded = true;
    } else if (event.type === "cached") {
      const ago = agoText(event.at, context.now());
      await say(context, `this was answered ${ago}; --no-cache asks the model again`);
    } else if (event.type === "warning") {
      if (event.labels !== undefined && !lineEnded) {
        await context.print("\n");
        lineEnded = true;
      }
      await say(context, `warning: ${event.message}`);
    } else if (event.type === "text" && event.text !== "") {
      await context.print(printable(context.boot, event.text));
      lineEnded = event.text.endsWith("\n");
    }
  }
  if (!lineEnded) await context.print("\n");
  if (reason === "cancelled") return asShown(context.signal.reason).exitCode;
  const remark = REMARKS[reason];
  if (failure) await showError(context, failure);
  else if (refused.size > 0) await showError(context, failure = notAllowed(refused));
  else if (remark !== undefined) await say(context, remark);
  return failure?.exitCode ?? (reason === "error" ? EXIT.failed : EXIT.done);
}
