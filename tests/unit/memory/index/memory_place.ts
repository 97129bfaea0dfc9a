import { openNoteIndex } from "../../../../src/memory/index/folder_index.ts";
import type { NoteIndex, RefreshReport } from "../../../../src/memory/index/note_index.ts";
import { openNoteStore } from "../../../../src/memory/store/folder_store.ts";
import type { NoteStore } from "../../../../src/memory/store/store.ts";

/** A signal that never aborts. */
export const NEVER = new AbortController().signal;

/** A memory folder and a folder of databases, both gone at the end. */
export interface MemoryPlace extends AsyncDisposable {
  readonly folder: string;
  readonly databases: string;
  readonly database: string;
  readonly store: NoteStore;
  /** How many notes the index has read. */
  readonly reads: () => number;
  /** Another store for the index, which counts nothing. */
  readonly open: (store?: NoteStore) => Promise<NoteIndex>;
  /** Writes a file as an editor does, in a folder that is made if it is missing; long ago. */
  readonly put: (name: string, text: string | Uint8Array, modified?: Date) => Promise<void>;
}

/** So long ago that a file is not read a second time for being young. */
export const LONG_AGO = new Date("2026-01-02T03:04:05.678Z");

/** Makes both folders. */
export async function memoryPlace(): Promise<MemoryPlace> {
  const home = await Deno.makeTempDir({ prefix: "pyra-index-" });
  const [folder, databases] = [`${home}/memory`, `${home}/db`];
  await Deno.mkdir(folder);
  await Deno.mkdir(databases);
  let reads = 0;
  const store = openNoteStore({ folder, now: Date.now });
  const counting: NoteStore = new Proxy(store, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (key === "read") reads++;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return {
    folder,
    databases,
    database: `${databases}/memory.db`,
    store: counting,
    reads: () => reads,
    open: (store = counting) => openNoteIndex({ store, folder, databases, now: Date.now }),
    async put(name, text, modified = LONG_AGO) {
      const path = `${folder}/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      if (typeof text === "string") await Deno.writeTextFile(path, text);
      else await Deno.writeFile(path, text);
      await Deno.utime(path, modified, modified);
    },
    [Symbol.asyncDispose]: () => Deno.remove(home, { recursive: true }),
  };
}

/** A refresh that nobody ends. */
export function refresh(index: NoteIndex): Promise<RefreshReport> {
  return index.refresh({ signal: NEVER });
}

/** The names of what a search finds, by name. */
export async function found(index: NoteIndex, query: string): Promise<string[]> {
  return (await index.search(query)).map(({ file }) => file).sort();
}
