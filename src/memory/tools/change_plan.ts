/**
 * Plans a change that a model wants to make to a note: what it would be, and whether the person must
 * be asked.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import type { Provenance, ToolContext, ToolOutcome, ToolPlan } from "../../protocol/tool.ts";
import { trustOf } from "../context/block.ts";
import { categoryOf, noteName, presentNoteName } from "../note/name.ts";
import type { Note, NoteDraft } from "../note/note.ts";
import type { Change } from "../store/store.ts";
import type { ToolMemory } from "./tool_memory.ts";

/** What the effects of these tools are about. */
export const NOTES = "notes";

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
export async function planChange(
  wanted: WantedChange,
  memory: ToolMemory,
  { untrusted }: ToolContext,
): Promise<ToolPlan> {
  try {
    return await plan(wanted, memory, untrusted);
  } catch (thrown) {
    return { kind: "refused", message: sentenceOf(thrown) };
  }
}

async function plan(
  wanted: WantedChange,
  memory: ToolMemory,
  untrusted: Provenance | undefined,
): Promise<ToolPlan> {
  const typed = presentNoteName(wanted.name);
  if (/^\ufeff?\s*---[ \t]*(\r?\n|$)/.test(wanted.text)) {
    const message = 'the text must not begin with "---": give summary and keywords as arguments';
    return { kind: "refused", message };
  }
  const note = await noteIfThere(typed, memory);
  // A note that is there may have a name that a new one may not.
  const name = note?.name ?? noteName(typed);
  if (note !== undefined && note.problems.length > 0) {
    const message = `${name} cannot be changed by a tool: ${note.problems[0]}`;
    return { kind: "refused", message };
  }
  const draft = draftOf(wanted, note, untrusted);
  const after = bodyAfter(wanted, note);
  if (note !== undefined && saysSo(note, draft, after)) {
    const text = `${name} says so already`;
    return {
      kind: "ready",
      does: `change nothing in the note ${name}`,
      effects: [],
      approval: "none",
      run: () => Promise.resolve({ status: "ok", text }),
    };
  }
  const { unifiedDiff } = await import("./unified_diff.ts");
  const detail = unifiedDiff(
    note === undefined ? "" : shownText(note.facts, note.body),
    shownText({ ...note?.facts, ...definedOf(draft) }, after),
  );
  return {
    kind: "ready",
    does: doesOf(wanted, name, note, untrusted),
    effects: [{ kind: "writes", where: placeOf(name) }],
    detail,
    approval: untrusted === undefined ? "rule" : "person",
    run: once((context) =>
      carryOut(name, note, {
        memory,
        context,
        make: () => act(wanted, note, { name, draft, memory }),
      })
    ),
  };
}

/** What rules are about: the notes of one folder; of those outside folders each by itself. */
function placeOf(name: string): string {
  return `${NOTES}/${categoryOf(name) || name}`;
}

function doesOf(
  { kind }: WantedChange,
  name: string,
  note: Note | undefined,
  untrusted: Provenance | undefined,
): string {
  const what = note === undefined ? "make" : kind === "append" ? "add to" : "replace the text of";
  const after = untrusted === undefined ? "" : `, after reading ${oneLine(untrusted.from)}`;
  return `${what} the note ${name}${after}`;
}

/** What is written beside the text. What came from an untrusted source stays marked so. */
function draftOf(
  { text, summary, keywords }: WantedChange,
  note: Note | undefined,
  untrusted: Provenance | undefined,
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
  note: Note | undefined,
  to: { readonly name: string; readonly draft: NoteDraft; readonly memory: ToolMemory },
): Promise<Change> {
  const { name, draft: { body, ...facts }, memory } = to;
  return kind === "append" && note !== undefined
    ? await memory.append(name, body, facts)
    : await memory.write(name, { body, ...facts }, { create: note === undefined });
}

/** Makes the change, unless the note is not what it was. @throws the signal's reason */
async function carryOut(
  name: string,
  planned: Note | undefined,
  { memory, context, make }: {
    readonly memory: ToolMemory;
    readonly context: ToolContext;
    readonly make: () => Promise<Change>;
  },
): Promise<ToolOutcome> {
  context.signal.throwIfAborted();
  try {
    const now = await noteIfThere(name, memory);
    if (now?.text !== planned?.text) {
      const text = `${name} changed since this was planned; read it again before you change it`;
      return { status: "error", text };
    }
    const { kind } = await make();
    return { status: "ok", text: `${name} is ${kind === "created" ? "made" : "changed"}` };
  } catch (thrown) {
    return { status: "error", text: sentenceOf(thrown) };
  }
}

async function noteIfThere(name: string, memory: ToolMemory): Promise<Note | undefined> {
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

type Run = (context: ToolContext) => Promise<ToolOutcome>;

function once(run: Run): Run {
  let outcome: Promise<ToolOutcome> | undefined;
  return (context) => outcome ??= run(context);
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{C}]+/gu, " ").trim().slice(0, MAX_FACT);
}

/** What the model is told of a fault of the notes. @throws what is none */
function sentenceOf(thrown: unknown): string {
  if (!(thrown instanceof PyraError) || thrown.category !== "file") throw thrown;
  return thrown.hint === "" ? thrown.message : `${thrown.message}; ${thrown.hint}`;
}
