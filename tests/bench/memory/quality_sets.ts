/**
 * Public question sets as notes of a person's memory. They lie beside the project and are not part of it.
 * @module
 */
import type { Note } from "../../../src/memory/note/note.ts";
import { readNoteText } from "../../../src/memory/note/read_note.ts";

/** A question and the notes that answer it. */
export interface Question {
  readonly text: string;
  readonly relevant: readonly string[];
}

/** Notes, and questions about them. */
export interface QuestionSet {
  readonly name: string;
  /** Sets of one group are averaged before the groups are. */
  readonly group: string;
  readonly notes: readonly Note[];
  readonly questions: readonly Question[];
}

/** Where the sets are. */
export const CORPORA = new URL("../../../../shared/corpora/memory/", import.meta.url);

type Row = Readonly<Record<string, unknown>>;

async function rowsOf(file: string): Promise<Row[]> {
  const text = await Deno.readTextFile(new URL(file, CORPORA));
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** A note as the memory reads it from its file, with the day in the front matter. */
async function noteOf(name: string, body: string, created: unknown): Promise<Note> {
  const fields = typeof created === "string"
    ? `---\ncreated: ${JSON.stringify(created)}\n---\n`
    : "";
  return await readNoteText(name, `${fields}${body}\n`);
}

/** `D1:3` may not be a file's name everywhere. */
function fileName(folder: string, id: unknown): string {
  return `${folder}/${String(id).replaceAll(":", "-").toLowerCase()}.md`;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/**
 * LoCoMo by turns: what a person said is one short note, `Name: text`, in the folder of its conversation,
 * with its day in the front matter; or by sessions: one note a meeting, one line a turn.
 * Questions of category 5 have no answer and are left out.
 */
async function locomo(conversation: string, unit: "turns" | "sessions"): Promise<QuestionSet> {
  const folder = `context/${conversation}`;
  const rows = await rowsOf(`dev/locomo/${conversation}/docs_${unit}.jsonl`);
  const questions = await rowsOf(`dev/locomo/${conversation}/queries.jsonl`);
  const notes = await Promise.all(
    rows.map(({ id, date, speaker, text }) =>
      noteOf(fileName(folder, id), unit === "turns" ? `${speaker}: ${text}` : String(text), date)
    ),
  );
  const field = unit === "turns" ? "relevant" : "relevant_sessions";
  return {
    name: `${conversation}, ${unit}`,
    group: `LoCoMo ${unit}`,
    notes,
    questions: questions.filter(({ category }) => category !== 5).map((row) => ({
      text: String(row["question"]),
      relevant: strings(row[field]).map((id) => fileName(folder, id)),
    })).filter(({ relevant }) => relevant.length > 0),
  };
}

async function articles(name: string, group: string): Promise<QuestionSet> {
  const folder = `knowledge/${name}`;
  const rows = await rowsOf(`docs/${name}_docs.jsonl`);
  const questions = await rowsOf(`dev/${name}/queries.jsonl`);
  return {
    name: group,
    group,
    notes: await Promise.all(
      rows.map(({ id, text }) => noteOf(fileName(folder, id), String(text), undefined)),
    ),
    questions: questions.map(({ question, relevant }) => ({
      text: String(question),
      relevant: strings(relevant).map((id) => fileName(folder, id)),
    })),
  };
}

/** Notes bound to one long note. */
const VOLUME = 20;

/**
 * The same questions where every second note is a chapter of a long one, as people have notes of all
 * lengths.
 */
export function volumesOf(set: QuestionSet): QuestionSet {
  const notes: Note[] = [];
  const holder = new Map<string, string>();
  const chapters = set.notes.filter((_, at) => at % 2 === 1);
  for (const note of set.notes.filter((_, at) => at % 2 === 0)) {
    notes.push(note);
    holder.set(note.name, note.name);
  }
  for (let at = 0; at < chapters.length; at += VOLUME) {
    const bound = chapters.slice(at, at + VOLUME);
    const name = `knowledge/volumes/from ${bound[0]?.name.split("/").at(-1)}`;
    for (const chapter of bound) holder.set(chapter.name, name);
    const body = bound.map((chapter, chapterAt) => `## Chapter ${chapterAt + 1}\n\n${chapter.body}`)
      .join("\n");
    for (const first of bound.slice(0, 1)) notes.push({ ...first, name, body, text: body });
  }
  return {
    name: `${set.name} in volumes`,
    group: `${set.group} in volumes`,
    notes,
    questions: set.questions.map(({ text, relevant }) => ({
      text,
      relevant: [...new Set(relevant.map((name) => holder.get(name) ?? name))],
    })),
  };
}

/** All sets that are there; none if the folder is missing. */
export async function questionSets(): Promise<QuestionSet[]> {
  const conversations: string[] = [];
  try {
    for await (const entry of Deno.readDir(new URL("dev/locomo/", CORPORA))) {
      if (entry.isDirectory) conversations.push(entry.name);
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  conversations.sort();
  const sets: QuestionSet[] = [];
  for (const unit of ["turns", "sessions"] as const) {
    for (const conversation of conversations) sets.push(await locomo(conversation, unit));
  }
  sets.push(
    await articles("cranfield", "Cranfield"),
    await articles("negconstraint", "NegConstraint"),
  );
  return sets;
}
