/**
 * Plans a change that a model wants to make to a note: what it would be, and whether the person must
 * be asked.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import { trustOf } from "../context/block.ts";
import { categoryOf, noteName } from "../note/name.ts";
import type { Note, NoteDraft } from "../note/note.ts";
import type { Change } from "../store/store.ts";
import type { Plan, PlannedChange, ToolAnswer, ToolContext } from "./tool.ts";

/** What the model wants. */
export interface WantedChange {
  readonly kind: "write" | "append";
  /** As the model gave it. */
  readonly name: string;
  readonly text: string;
  readonly summary?: string | undefined;
  readonly keywords?: readonly string[] | undefined;
}

/** UTF-16 units of a summary, a keyword, or where untrusted text came from. */
const MAX_FACT = 200;

/** Plans it. Nothing is changed before the plan's `run`. */
export async function planChange(wanted: WantedChange, context: ToolContext): Promise<Plan> {
  try {
    return await plan(wanted, context);
  } catch (thrown) {
    return { kind: "refused", message: sentenceOf(thrown) };
  }
}

async function plan(wanted: WantedChange, context: ToolContext): Promise<Plan> {
  const name = noteName(wanted.name);
  if (/^\ufeff?\s*---[ \t]*(\r?\n|$)/.test(wanted.text)) {
    return {
      kind: "refused",
      message: 'the text must not begin with "---": give summary and keywords as arguments',
    };
  }
  const note = await noteIfThere(name, context);
  if (note !== undefined && note.problems.length > 0) {
    const message = `${name} cannot be changed by a tool: ${note.problems[0]}`;
    return { kind: "refused", message };
  }
  const draft = draftOf(wanted, note, context);
  const before = note === undefined ? "" : shownText(note.facts, note.body);
  const after = shownText({ ...note?.facts, ...definedOf(draft) }, bodyAfter(wanted, note));
  const { unifiedDiff } = await import("./unified_diff.ts");
  const diff = unifiedDiff(before, after);
  if (note !== undefined && saysSo(note, draft, bodyAfter(wanted, note))) {
    const reason = "nothing changes";
    const answer: ToolAnswer = { status: "ok", text: `${name} says so already` };
    return { kind: "allowed", reason, run: () => Promise.resolve(answer) };
  }
  const change: PlannedChange = { name, category: categoryOf(name), diff };
  return {
    ...judged(change.category, context),
    change,
    run: once(() => carryOut(name, note, () => act(wanted, name, note, draft, context), context)),
  };
}

/** Whether the person must be asked, and why. */
function judged(
  category: string,
  { untrusted, rules }: ToolContext,
): { readonly kind: "allowed" | "ask"; readonly reason: string } {
  if (untrusted !== undefined) {
    const from = oneLine(untrusted.from);
    return { kind: "ask", reason: `this turn has read text that nobody vouches for: ${from}` };
  }
  const where = category === "" ? "notes outside folders" : `notes in ${category}/`;
  return rules.some((rule) => rule.decision === "always" && isWithin(category, rule.category))
    ? { kind: "allowed", reason: `you allowed changes to ${where}` }
    : { kind: "ask", reason: `the assistant wants to change ${where}` };
}

function isWithin(category: string, folder: string): boolean {
  return category === folder || (folder !== "" && category.startsWith(`${folder}/`));
}

/** What is written beside the text. What came from an untrusted source stays marked so. */
function draftOf(
  { text, summary, keywords }: WantedChange,
  note: Note | undefined,
  { untrusted }: ToolContext,
): NoteDraft {
  const kept = note !== undefined && trustOf(note.facts.source) === "untrusted";
  const source = untrusted !== undefined
    ? `untrusted: ${oneLine(untrusted.from)}`
    : kept
    ? note.facts.source
    : "model";
  return {
    body: text,
    source,
    ...(summary === undefined ? {} : { summary: oneLine(summary) }),
    ...(keywords === undefined ? {} : { keywords: keywords.map(oneLine) }),
  };
}

/** Whether the note says that already; who said it does not count. */
function saysSo({ body, facts }: Note, draft: NoteDraft, after: string): boolean {
  const { summary = facts.summary, keywords = facts.keywords } = draft;
  return body.trim() === after.trim() && summary === facts.summary &&
    keywords.join("\n") === facts.keywords.join("\n");
}

function bodyAfter({ kind, text }: WantedChange, note: Note | undefined): string {
  const before = note?.body.trimEnd() ?? "";
  return kind === "write" || before === "" ? text : `${before}\n\n${text}`;
}

async function act(
  { kind }: WantedChange,
  name: string,
  note: Note | undefined,
  { body, ...facts }: NoteDraft,
  { memory }: ToolContext,
): Promise<Change> {
  return kind === "append" && note !== undefined
    ? await memory.append(name, body, facts)
    : await memory.write(name, { body, ...facts }, { create: note === undefined });
}

/** Makes the change, unless the note is not what it was. @throws the signal's reason */
async function carryOut(
  name: string,
  planned: Note | undefined,
  make: () => Promise<Change>,
  context: ToolContext,
): Promise<ToolAnswer> {
  try {
    context.signal.throwIfAborted();
    const now = await noteIfThere(name, context);
    if (now?.text !== planned?.text) {
      const text = `${name} changed since this was planned; read it again before you change it`;
      return { status: "error", text };
    }
    const { kind } = await make();
    const done = kind === "created"
      ? "is made"
      : kind === "unchanged"
      ? "says so already"
      : "is changed";
    return { status: "ok", text: `${name} ${done}` };
  } catch (thrown) {
    return { status: "error", text: sentenceOf(thrown) };
  }
}

async function noteIfThere(name: string, { memory }: ToolContext): Promise<Note | undefined> {
  try {
    return await memory.read(name);
  } catch (thrown) {
    if (thrown instanceof PyraError && thrown.code === "no_such_note") return undefined;
    throw thrown;
  }
}

/** A note as the person sees it before a change: the facts that a change may touch, and the text. */
function shownText(
  { summary = "", keywords = [], source = "" }: Omit<Partial<NoteDraft>, "body">,
  body: string,
): string {
  const facts = [
    ...(summary === "" ? [] : [`summary: ${summary}`]),
    ...(keywords.length === 0 ? [] : [`keywords: ${keywords.join(", ")}`]),
    ...(source === "" ? [] : [`source: ${source}`]),
  ];
  return [...facts, ...(facts.length > 0 ? [""] : []), body.trim()].join("\n");
}

function definedOf({ body: _body, ...facts }: NoteDraft): Omit<NoteDraft, "body"> {
  return facts;
}

function once(run: () => Promise<ToolAnswer>): () => Promise<ToolAnswer> {
  let answer: Promise<ToolAnswer> | undefined;
  return () => answer ??= run();
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{C}]+/gu, " ").trim().slice(0, MAX_FACT);
}

/** What the model is told of a fault of the notes. @throws what is none */
function sentenceOf(thrown: unknown): string {
  if (!(thrown instanceof PyraError) || thrown.category !== "file") throw thrown;
  return thrown.hint === "" ? thrown.message : `${thrown.message}; ${thrown.hint}`;
}
