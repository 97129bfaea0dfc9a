/**
 * The slash commands, as a table. Both the full screen and the plain mode run these.
 * @module
 */
import type { Conversation, ModelChoice } from "../chat/ports.ts";
import { PyraError } from "../protocol/error.ts";
import type { Message, Part } from "../protocol/message.ts";
import type { ReplPorts, ReplState } from "./ports.ts";
import { sanitize, sanitizeLine } from "./sanitize.ts";
import { count, type Tone } from "./turn.ts";

/** One thing to choose. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
}

/** What the chat holds beside the conversation. */
export class ChatState {
  /** Images and files that go with the next question. */
  attachments: readonly Part[] = [];
  #conversation: Conversation;
  readonly #connected = new Set<string>();

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  get conversation(): Conversation {
    return this.#conversation;
  }

  /** Goes on with another conversation and lets go of this one. */
  async switchTo(conversation: Conversation): Promise<void> {
    const left = this.#conversation;
    this.#conversation = conversation;
    if (left !== conversation) await left[Symbol.asyncDispose]();
  }

  /** Opens the way to a provider once; `line` is what to give again should the room end. */
  async connect(
    choice: ModelChoice,
    line: string,
    context: { readonly ports: ReplPorts; readonly surface: Surface },
  ): Promise<void> {
    if (this.#connected.has(choice.provider)) return;
    await context.surface.outside(line, () => context.ports.connect(choice));
    this.#connected.add(choice.provider);
  }
}

/** What a command may do to the terminal. */
export interface Surface {
  /** Shows lines; `text` is sanitised already. */
  show(text: string, tone?: Tone): void;
  /** Shows pairs of a short and a longer text. */
  showTable(rows: readonly (readonly [string, string])[]): void;
  /** Lets the person choose; undefined if nothing was chosen, or if it cannot be asked. */
  choose(title: string, choices: readonly Choice[]): Promise<string | undefined>;
  /** Puts text into the editor. */
  setDraft(text: string): void;
  /** Asks the model. */
  ask(parts: readonly Part[]): Promise<void>;
  /** Shows the end of a conversation that was resumed. */
  replay(conversation: Conversation): void;
  clear(): void;
  /** Puts text on the clipboard; false if there is no way to. */
  copy(text: string): boolean;
  quit(): void;
  /** Runs a call in which the kernel may speak with the person, or end this room. */
  outside<T>(command: string, call: () => Promise<T>): Promise<T>;
}

/** What a command gets. */
export interface CommandContext {
  readonly ports: ReplPorts;
  readonly state: ChatState;
  readonly surface: Surface;
  readonly signal: AbortSignal;
  /** The whole line, as typed. */
  readonly line: string;
  /** What stands behind the command's name, trimmed. */
  readonly argument: string;
}

/** One slash command. */
export interface SlashCommand {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** The arguments, as shown by `/help`. */
  readonly usage: string;
  readonly description: string;
  /** What completes its argument. */
  readonly completes?: "path" | "provider";
  readonly run: (context: CommandContext) => Promise<void> | void;
}

/** Every slash command, in the order of `/help`. */
export const SLASH_COMMANDS: readonly SlashCommand[] = [
  { name: "help", usage: "", description: "list the commands and keys", run: help },
  { name: "model", usage: "[NAME]", description: "choose the model", run: model },
  {
    name: "provider",
    usage: "[ID] [MODEL]",
    description: "choose the provider",
    completes: "provider",
    run: provider,
  },
  {
    name: "system",
    usage: "[TEXT | -]",
    description: "show, set or remove (-) the system text",
    run: system,
  },
  { name: "sessions", usage: "", description: "list earlier conversations", run: sessions },
  { name: "resume", usage: "[ID]", description: "go on with a conversation", run: resume },
  { name: "fork", usage: "", description: "go on in a copy of this conversation", run: fork },
  {
    name: "export",
    usage: "[FILE]",
    description: "write the conversation to a file (.md or .json)",
    completes: "path",
    run: exportTo,
  },
  { name: "copy", usage: "[code]", description: "copy the last answer, or its code", run: copy },
  { name: "retry", usage: "", description: "ask the last question again", run: retry },
  { name: "edit", usage: "", description: "change the last question", run: edit },
  {
    name: "attach",
    usage: "[FILE]",
    description: "send a file with the next question",
    completes: "path",
    run: attach,
  },
  { name: "clear", usage: "", description: "start a new conversation", run: clear },
  { name: "cost", usage: "", description: "show the tokens used so far", run: cost },
  {
    name: "quit",
    aliases: ["exit", "q"],
    usage: "",
    description: "end the chat",
    run: ({ surface }) => surface.quit(),
  },
];

/** UTF-16 units of the text that is remembered; the kernel keeps 64 KiB. */
const MAX_REMEMBERED = 12_000;

/** What to remember before a call that may end this room; text that is too long is left out. */
export function rememberable(session: string, command: string, draft: string): ReplState {
  return {
    session,
    ...(command.length <= MAX_REMEMBERED && { command }),
    ...(draft !== "" && draft.length <= MAX_REMEMBERED && { draft }),
  };
}

/** The name and the argument of a line that is a command; a path such as `/etc/hosts` is none. */
export function parseCommand(
  line: string,
): { readonly name: string; readonly argument: string } | undefined {
  const match = /^\/([a-zA-Z][\w-]*)(?:\s+([\s\S]*))?$/.exec(line.trim());
  if (match === null) return undefined;
  return { name: (match[1] ?? "").toLowerCase(), argument: (match[2] ?? "").trim() };
}

/**
 * Runs a line that is a command.
 * @throws {PyraError} `unknown_command`, naming the nearest; and what the command throws
 */
export async function runCommand(
  line: string,
  context: Omit<CommandContext, "argument" | "line">,
): Promise<void> {
  const parsed = parseCommand(line);
  const command = SLASH_COMMANDS.find((entry) =>
    entry.name === parsed?.name || entry.aliases?.includes(parsed?.name ?? "") === true
  );
  if (parsed === undefined || command === undefined) {
    const near = nearestCommand(parsed?.name ?? line);
    throw new PyraError(
      "configuration",
      "unknown_command",
      `there is no command ${sanitizeLine(line.trim().split(/\s/)[0] ?? "")}`,
      { hint: near === undefined ? "/help lists the commands" : `did you mean /${near}?` },
    );
  }
  await command.run({ ...context, line, argument: parsed.argument });
}

/** The command whose name is most like this one; undefined if none is near. */
export function nearestCommand(name: string): string | undefined {
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const command of SLASH_COMMANDS) {
    const distance = command.name.startsWith(name) ? 0.5 : editDistance(name, command.name);
    if (best === undefined || distance < best.distance) best = { name: command.name, distance };
  }
  return best !== undefined && best.distance <= 3 ? best.name : undefined;
}

/** Insertions, deletions, changes and swaps of neighbours from one word to another. */
function editDistance(a: string, b: string): number {
  if (a.length > 40) return a.length;
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j += 1) {
      const change = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
        ? at(i - 2, j - 2) + 1
        : Infinity;
      row.push(Math.min(change, swap, at(i - 1, j) + 1, at(i, j - 1) + 1));
    }
  }
  return at(a.length, b.length);
}

function help({ surface }: CommandContext): void {
  surface.showTable(
    SLASH_COMMANDS.map((command) =>
      [`/${command.name} ${command.usage}`.trim(), command.description] as const
    ),
  );
  surface.showTable([
    ["Enter", "send"],
    ["Alt+Enter, \\ Enter", "new line"],
    ["Up, Down, Ctrl-R", "what you typed before"],
    ["Tab", "complete a command or a file name"],
    ["Ctrl-C", "stop the answer; twice: quit"],
    ["Ctrl-D", "quit"],
  ]);
}

async function model({ ports, state, surface, signal, argument }: CommandContext) {
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

async function provider({ ports, state, surface, argument }: CommandContext) {
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

async function system({ state, surface, argument }: CommandContext) {
  if (argument === "") {
    const text = state.conversation.system;
    surface.show(text === "" ? "there is no system text" : sanitize(text), "dim");
    return;
  }
  await state.conversation.setSystem(argument === "-" ? "" : argument);
  surface.show(argument === "-" ? "the system text is removed" : "the system text is set", "dim");
}

async function listedSessions({ ports }: CommandContext): Promise<readonly Choice[]> {
  const found = await ports.listSessions();
  return found.map((session) => ({
    value: session.id,
    label: sanitizeLine(session.title) || session.id,
    description: session.updated.slice(0, 16).replace("T", " "),
  }));
}

async function sessions(context: CommandContext) {
  const { surface } = context;
  const found = await listedSessions(context);
  if (found.length === 0) return surface.show("there are no earlier conversations", "dim");
  surface.showTable(
    found.slice(0, 30).map((entry) => [entry.value, `${entry.description}  ${entry.label}`]),
  );
  surface.show("go on with one: /resume ID", "dim");
}

async function resume(context: CommandContext) {
  const { ports, state, surface, argument } = context;
  let id: string | undefined = argument;
  if (id === "") {
    const found = await listedSessions(context);
    if (found.length === 0) return surface.show("there are no earlier conversations", "dim");
    id = await surface.choose("conversations", found);
  }
  if (id === undefined || id === "") return;
  if (id === state.conversation.id) return surface.show("this is that conversation", "dim");
  const wanted = id;
  await state.switchTo(await surface.outside(`/resume ${wanted}`, () => ports.resume(wanted)));
  surface.replay(state.conversation);
}

async function fork({ state, surface }: CommandContext) {
  await state.switchTo(await state.conversation.fork());
  surface.show(`this is a copy now: ${state.conversation.id}`, "dim");
}

async function exportTo({ ports, state, surface, argument }: CommandContext) {
  const { id } = state.conversation;
  const path = unquote(argument) || `pyra-${id}.md`;
  const format = path.toLowerCase().endsWith(".json") ? "json" : "md";
  const written = await surface.outside(
    `/export ${path}`,
    () => ports.exportSession(id, path, format),
  );
  surface.show(`written to ${sanitizeLine(written)}`, "dim");
}

function copy({ state, surface, argument }: CommandContext): void {
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

async function retry({ state, surface }: CommandContext) {
  const parts = await state.conversation.takeBack();
  if (parts === undefined) return surface.show("there is no question yet", "dim");
  await surface.ask(parts);
}

async function edit({ state, surface }: CommandContext) {
  const parts = await state.conversation.takeBack();
  if (parts === undefined) return surface.show("there is no question yet", "dim");
  state.attachments = parts.filter((part) => part.type !== "text");
  surface.setDraft(questionText(parts));
}

/** The text of a question without its attachments. */
export function questionText(parts: readonly Part[]): string {
  return parts.flatMap((part) => part.type === "text" ? [part.text] : []).join("\n");
}

async function attach({ ports, state, surface, argument }: CommandContext) {
  const path = unquote(argument);
  if (path === "") {
    const names = state.attachments.map(attachmentName);
    surface.show(names.length === 0 ? "nothing is attached" : names.join("\n"), "dim");
    return;
  }
  const part = await surface.outside(`/attach ${path}`, () => ports.openAttachment(path));
  state.attachments = [...state.attachments, part];
  surface.show(`attached: ${attachmentName(part)}`, "dim");
}

function attachmentName(part: Part): string {
  if (part.type === "image") return sanitizeLine(part.name ?? part.media_type);
  return sanitizeLine(part.text.slice(0, 60));
}

function unquote(text: string): string {
  const quoted = /^(["'])(.*)\1$/.exec(text);
  return quoted === null ? text.replace(/\\ /g, " ") : quoted[2] ?? "";
}

async function clear({ ports, state, surface }: CommandContext) {
  await state.switchTo(await ports.newConversation());
  state.attachments = [];
  surface.clear();
}

function cost({ state, surface }: CommandContext): void {
  const used = state.conversation.usage;
  if (used.length === 0) return surface.show("nothing was used yet", "dim");
  surface.showTable(used.map((entry) => [
    sanitizeLine(`${entry.provider}/${entry.model}`),
    `${count(entry.requests)} requests, ${count(entry.usage.input_tokens)} tokens in ` +
    `(${count(entry.usage.cached_tokens)} cached), ${count(entry.usage.output_tokens)} out`,
  ]));
}
