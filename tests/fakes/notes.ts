/**
 * Notes for tests: real files and a real index in a folder of their own, or in memory as ports.
 * @module
 */
import type { ContextPorts } from "../../src/memory/context.ts";
import type { Memory } from "../../src/memory/memory.ts";
import type { Note, NoteEntry } from "../../src/memory/note/note.ts";
import { readNoteText } from "../../src/memory/note/read_note.ts";
import { openMemory } from "../../src/memory/open.ts";
import type { Hit } from "../../src/memory/search/hit.ts";
import { PyraError } from "../../src/protocol/error.ts";

/** Files by their name in the memory folder. */
export type Files = Readonly<Record<string, string>>;

/** The day that tests live in. */
export const TODAY = Date.UTC(2026, 2, 1, 12);

/** Plays with a memory over these files; all of it is gone afterwards. */
export async function withNotes(
  files: Files,
  play: (memory: Memory, folder: string) => Promise<void>,
): Promise<void> {
  const home = await Deno.makeTempDir();
  const [folder, databases] = [`${home}/memory`, `${home}/db`];
  try {
    await Deno.mkdir(folder);
    await Deno.mkdir(databases);
    for (const [name, text] of Object.entries(files)) await putNote(folder, name, text);
    await using memory = openMemory({ folder, databases, now: () => TODAY });
    await memory.refresh({ signal: new AbortController().signal });
    await play(memory, folder);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

/** Writes a file as another program would. */
export async function putNote(folder: string, name: string, text: string): Promise<void> {
  const path = `${folder}/${name}`;
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, text);
}

/** What choosing notes needs, over these files, with hits that the test decides. */
export function contextPorts(files: Files, hits: readonly Partial<Hit>[] = []): ContextPorts {
  const read = async (name: string): Promise<Note> => {
    const text = files[name];
    if (text !== undefined) return await readNoteText(name, text);
    throw new PyraError("file", "no_such_note", `there is no note ${name}`);
  };
  return {
    read,
    async entries(): Promise<NoteEntry[]> {
      const notes = await Promise.all(Object.keys(files).map(read));
      return notes.map(({ name, facts, text }) => ({
        ...facts,
        name,
        category: name.split("/").slice(0, -1).join("/"),
        size_bytes: text.length,
        modified: "",
      }));
    },
    search: (_query, limit) => Promise.resolve(hits.slice(0, limit).map(hitOf)),
  };
}

/** A hit of which only some things matter. */
export function hitOf(hit: Partial<Hit>): Hit {
  const text = hit.passage ?? "";
  return {
    file: "a.md",
    line: 1,
    heading: "",
    summary: "",
    keywords: [],
    snippet: { text, marks: [] },
    passage: text,
    score: 1,
    ...hit,
  };
}
