/**
 * The slash commands about the next question and the last answer: who is asked, with what, and what
 * was used.
 * @module
 */
import type { ModelChoice } from "../chat/ports.ts";
import { PyraError } from "../protocol/error.ts";
import type { Message, Part } from "../protocol/message.ts";
import { type CommandContext, questionAttachments, questionText, unquote } from "./command.ts";
import { sanitize, sanitizeLine } from "./sanitize.ts";
import { shorten } from "./text_width.ts";
import { count } from "./turn.ts";

/** `/model`. */
export async function model(
  { ports, state, surface, signal, argument }: CommandContext,
): Promise<void> {
  const { provider: id, model: current } = state.conversation.choice;
  let name: string | undefined = argument;
  if (name === "") {
    await state.connect(state.conversation.choice, "/model", { ports, surface });
    const models = await ports.listModels(id, signal);
    name = await surface.choose(
      `models of ${id}`,
      models.map((value) => ({
        value,
        label: sanitizeLine(value),
        ...(value === current && { description: "in use" }),
      })),
    );
  }
  if (name === undefined || name === "") return;
  await use({ provider: id, model: name }, `/model ${name}`, { ports, state, surface });
}

/** `/provider`. */
export async function provider({ ports, state, surface, argument }: CommandContext): Promise<void> {
  const [first, second] = argument.split(/\s+/);
  const id = first !== undefined && first !== "" ? first : await surface.choose(
    "providers",
    ports.providers.map((entry) => ({
      value: entry.id,
      label: entry.id,
      description: entry.id === state.conversation.choice.provider
        ? `${entry.name} (in use)`
        : entry.name,
    })),
  );
  if (id === undefined) return;
  const entry = ports.providers.find((candidate) => candidate.id === id);
  if (entry === undefined) {
    throw new PyraError(
      "configuration",
      "unknown_provider",
      `there is no provider ${sanitizeLine(id)}`,
      { hint: "/provider lists them" },
    );
  }
  const choice = { provider: entry.id, model: second ?? entry.defaultModel };
  const line = `/provider ${choice.provider} ${choice.model}`;
  await use(choice, line, { ports, state, surface });
}

async function use(
  choice: ModelChoice,
  line: string,
  context: Pick<CommandContext, "ports" | "state" | "surface">,
): Promise<void> {
  const { state, surface } = context;
  await state.connect(choice, line, context);
  await state.conversation.use(choice);
  surface.show(`now using ${sanitizeLine(`${choice.provider}/${choice.model}`)}`, "dim");
}

/** `/system`. */
export async function system({ state, surface, argument }: CommandContext): Promise<void> {
  if (argument === "") {
    const text = state.conversation.system;
    surface.show(text === "" ? "there is no system text" : sanitize(text), "dim");
    return;
  }
  await state.conversation.setSystem(argument === "-" ? "" : argument);
  surface.show(argument === "-" ? "the system text is removed" : "the system text is set", "dim");
}

/** `/copy`. */
export function copy({ state, surface, argument }: CommandContext): void {
  const answer = lastAnswer(state.conversation.messages);
  if (answer === undefined) return surface.show("there is no answer yet", "dim");
  const blocks = [...answer.matchAll(/^(`{3,}|~{3,})[^\n]*\n([\s\S]*?)^\1/gm)];
  const text = argument === "code" ? blocks.at(-1)?.[2] : answer;
  if (text === undefined) return surface.show("the last answer has no code", "dim");
  surface.show(
    surface.copy(text) ? "copied" : "this terminal has no clipboard; use /export",
    "dim",
  );
}

function lastAnswer(messages: readonly Message[]): string | undefined {
  for (const message of messages.toReversed()) {
    if (message.role === "assistant" && message.text !== "") return message.text;
  }
  return undefined;
}

/** `/retry`. */
export async function retry({ state, surface }: CommandContext): Promise<void> {
  const parts = await state.conversation.takeBack();
  if (parts === undefined) return surface.show("there is no question yet", "dim");
  await surface.ask(parts);
}

/** `/edit`. */
export async function edit({ state, surface }: CommandContext): Promise<void> {
  const parts = await state.conversation.takeBack();
  if (parts === undefined) return surface.show("there is no question yet", "dim");
  state.takeAttachments();
  state.attachments = questionAttachments(parts);
  surface.setDraft(questionText(parts));
}

/** `/attach`. */
export async function attach({ ports, state, surface, argument }: CommandContext): Promise<void> {
  const path = unquote(argument);
  if (path === "") {
    const names = state.attachments.map(attachmentName);
    surface.show(names.length === 0 ? "nothing is attached" : names.join("\n"), "dim");
    return;
  }
  await surface.outside(`/attach ${path}`, () => state.attach(path, ports));
  surface.show(`attached: ${sanitizeLine(path)}`, "dim");
}

function attachmentName(part: Part): string {
  if (part.type === "image") return sanitizeLine(part.name ?? part.media_type);
  return shorten(sanitizeLine(part.text.split("\n")[0] ?? ""), 60);
}

/** `/cost`. */
export function cost({ state, surface }: CommandContext): void {
  const used = state.conversation.usage;
  if (used.length === 0) return surface.show("nothing was used yet", "dim");
  surface.showTable(used.map((entry) => [
    sanitizeLine(`${entry.provider}/${entry.model}`),
    `${count(entry.requests)} requests, ${count(entry.usage.input_tokens)} tokens in ` +
    `(${count(entry.usage.cached_tokens)} cached), ${count(entry.usage.output_tokens)} out`,
  ]));
}
