/**
 * `pyra ask`: one question, one answer.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import type { Part } from "../protocol/message.ts";
import type { TurnEvent } from "../protocol/turn_event.ts";
import type { CommandContext } from "./context.ts";
import { conversationRequest, findTarget, notices, openConversation } from "./conversation.ts";
import { asShown, usageError } from "./errors.ts";
import { HeldMemory } from "./held_memory.ts";
import { openTools } from "./tool_options.ts";
import { TerminalApproval } from "./terminal_approval.ts";
import { countOf, isOn, listOf, type OptionValues } from "./option_values.ts";
import { eventLine, printTurn, say, type Shown, shownLine } from "./printed_turn.ts";
import type { Parsed } from "./program.ts";
import { cachingOf } from "./query_cache.ts";
import { endRecord, queryRecord } from "./query_record.ts";
import { ProgramOutput } from "./program_output.ts";

/** The largest file that is read to be attached, in bytes. */
const ATTACHMENT_LIMIT = 32 * 1024 * 1024;

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
  const { target, conversation, parts, record } = await preparing.catch(async (thrown) => {
    // Who reads the events must see in them why there is no answer.
    if (context.boot.options.json) await printFailure(context, thrown);
    throw thrown;
  });
  await using _held = conversation;
  for (const notice of [...notices(target), ...conversation.warnings]) await say(context, notice);
  const print = (events: AsyncIterable<TurnEvent>) =>
    printTurn(context, events, { approval, output });
  if (!isOn(parsed.options, "--plan")) {
    const code = await print(conversation.send(parts, context.signal));
    await endRecord(context, record);
    return code;
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
  const record = queryRecord(context, target.settings.config, "ask");
  // The kernel may ask the person now and start this room again: nothing may be consumed before.
  const conversation = await openConversation(context, target, {
    memory,
    tools,
    instructions: shown.approval === undefined ? "left_out" : "named",
    answers: await cachingOf(context, target, options),
    record,
    typed: {
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
      ...(isOn(options, "--no-stream") ? { stream: false } : {}),
    },
  });
  try {
    const input = boot.terminal.stdin ? "" : (await context.readStdin(signal)).trimEnd();
    const [text, ...piped] = [question, input].filter((one) => one.trim() !== "");
    if (text === undefined) throw nothingAsked();
    // What is piped to a question is what it is about; nobody vouches for what it says.
    const origin = { kind: "input", from: "standard input" } as const;
    const data = piped.map((one): Part => ({ type: "text", text: one, origin }));
    const parts: Part[] = [{ type: "text", text }, ...data, ...attachments];
    return { target, conversation, parts, record };
  } catch (thrown) {
    await conversation[Symbol.asyncDispose]();
    throw thrown;
  }
}

function nothingAsked(): PyraError {
  return usageError("nothing was asked", 'write pyra ask "your question", or pipe one in');
}

/** Tells whoever reads the events why there is no answer. */
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
