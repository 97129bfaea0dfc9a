/**
 * `pyra recipe run`: the steps of a recipe as the questions of one conversation.
 * @module
 */
import { recipeQuestions } from "../../skills/recipe_values.ts";
import { openRecipe } from "../../skills/recipe_folder.ts";
import type { Value } from "../../skills/recipe_text.ts";
import type { CommandContext } from "../context.ts";
import { conversationRequest, findTarget, notices, openConversation } from "../conversation.ts";
import { oneLine, usageError } from "../errors.ts";
import { HeldMemory } from "../held_memory.ts";
import { isOn, listOf } from "../option_values.ts";
import { printTurn, say } from "../printed_turn.ts";
import type { Parsed } from "../program.ts";
import { ProgramOutput } from "../program_output.ts";
import { endRecord, queryRecord } from "../query_record.ts";
import { TerminalApproval } from "../terminal_approval.ts";
import { openTools } from "../tool_options.ts";

/** The value that stands for the piped input. */
const PIPED = "-";

/** `pyra recipe run NAME [--param NAME=VALUE …]` */
export async function runRecipe(context: CommandContext, parsed: Parsed): Promise<number> {
  const { boot: { terminal, options, profile } } = context;
  const [name = ""] = parsed.arguments;
  const recipe = await openRecipe(profile.recipes, name);
  const given = typedValues(listOf(parsed.options, "--param"));
  const piped = [...given].filter(([, value]) => value === PIPED).map(([one]) => one);
  if (piped.length > 0 && terminal.stdin) {
    throw usageError(
      `nothing is piped in for ${piped.join(" and ")}`,
      "pipe a text in, or type it",
    );
  }
  // What is wrong is said before anything is opened or read.
  questionsOf(recipe, valuesOf(given, PIPED));
  await using memory = new HeldMemory(context);
  const asks = terminal.stdin && terminal.stderr && !options.json;
  await using approval = asks ? new TerminalApproval(context) : undefined;
  const output = ProgramOutput.for(context);
  const target = await findTarget(context, conversationRequest(parsed.options));
  const tools = await openTools(context, memory, parsed.options);
  if (approval !== undefined) tools.attach(approval);
  if (output !== undefined) tools.watch((callId, text) => output.add(callId, text));
  const record = queryRecord(context, target.settings.config, "recipe");
  await using conversation = await openConversation(context, target, {
    memory,
    tools,
    record,
    instructions: approval === undefined ? "left_out" : "named",
    ...(isOn(parsed.options, "--no-stream") ? { stream: false } : {}),
  });
  for (const notice of notices(target)) await say(context, notice);
  const input = piped.length > 0 ? (await context.readStdin(context.signal)).trimEnd() : "";
  const questions = questionsOf(recipe, valuesOf(given, input));
  for (const [at, parts] of questions.entries()) {
    const step = { type: "recipe_step", recipe: recipe.name, step: at + 1, of: questions.length };
    if (options.json) await context.print(`${JSON.stringify(step)}\n`);
    else if (questions.length > 1) await say(context, `step ${step.step} of ${step.of}`);
    const events = conversation.send(parts, context.signal);
    const code = await printTurn(context, events, { approval, output });
    await endRecord(context, record);
    if (code !== 0) return code;
  }
  return 0;
}

/** @throws {PyraError} `usage` for what is no `NAME=VALUE`, and a name that is there twice */
function typedValues(params: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const param of params) {
    const at = param.indexOf("=");
    if (at < 1) {
      throw usageError(`--param ${oneLine(param)} has no value`, "write --param name=value");
    }
    const name = param.slice(0, at);
    if (values.has(name)) {
      throw usageError(`--param ${oneLine(name)} is there twice`, "leave one out");
    }
    values.set(name, param.slice(at + 1));
  }
  return values;
}

/** What is piped in was written by others, whatever the person meant it for. */
function valuesOf(given: ReadonlyMap<string, string>, input: string): Map<string, Value> {
  return new Map(
    [...given].map(([name, text]): [string, Value] => [
      name,
      text === PIPED ? { text: input, from: "standard input" } : { text },
    ]),
  );
}

/** @throws {PyraError} `usage` */
function questionsOf(recipe: Parameters<typeof recipeQuestions>[0], values: Map<string, Value>) {
  const made = recipeQuestions(recipe, values);
  if (made.kind === "questions") return made.questions;
  throw usageError(made.message, made.hint.replace(/^give it as /, "add --param "));
}
