import assert from "node:assert/strict";
import type { HistoryBounds } from "../../../../src/memory/store/ledger.ts";
import { openNoteStore, type StoreLimits } from "../../../../src/memory/store/folder_store.ts";
import type { NoteStore } from "../../../../src/memory/store/store.ts";
import { PyraError } from "../../../../src/protocol/error.ts";

/** A store in a folder of its own, with a clock that a test turns. */
export interface TemporaryNotes extends AsyncDisposable {
  readonly folder: string;
  readonly store: NoteStore;
  /** Another store on the same folder, as another process has it. */
  another(limits?: StoreLimits): NoteStore;
  /** Milliseconds since 1970. */
  time: number;
  put(name: string, content: string | Uint8Array): Promise<void>;
  text(name: string): Promise<string>;
  /** All paths below the folder but the history, sorted. */
  paths(): Promise<string[]>;
}

/** Makes notes in a temporary folder, or in the folder that is given. */
export async function temporaryNotes(
  options: { readonly bounds?: HistoryBounds; readonly folder?: string } = {},
): Promise<TemporaryNotes> {
  const made = options.folder === undefined ? await Deno.makeTempDir() : undefined;
  const folder = options.folder ?? `${made}/memory`;
  const notes = {
    folder,
    time: Date.parse("2026-01-31T08:00:00Z"),
    another: (limits: StoreLimits = {}) =>
      openNoteStore({
        folder,
        now: () => notes.time,
        ...(options.bounds && { bounds: options.bounds }),
        ...limits,
      }),
    async put(name: string, content: string | Uint8Array) {
      const path = `${folder}/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      if (typeof content === "string") await Deno.writeTextFile(path, content);
      else await Deno.writeFile(path, content);
    },
    text: (name: string) => Deno.readTextFile(`${folder}/${name}`),
    paths: async () => (await pathsBelow(folder)).filter((path) => !path.startsWith(".history")),
    async [Symbol.asyncDispose]() {
      if (made !== undefined) await Deno.remove(made, { recursive: true });
    },
  };
  return Object.assign(notes, { store: notes.another() });
}

async function pathsBelow(folder: string, below = ""): Promise<string[]> {
  const paths: string[] = [];
  for await (const entry of Deno.readDir(`${folder}/${below}`)) {
    const path = `${below}${entry.name}`;
    paths.push(path);
    if (entry.isDirectory) paths.push(...await pathsBelow(folder, `${path}/`));
  }
  return paths.sort();
}

/** Checks that a call is refused with that code, and gives the error. */
export async function refused(call: Promise<unknown>, code: string): Promise<PyraError> {
  const error = await call.then(() => undefined, (cause) => cause);
  assert.ok(error instanceof PyraError, `refused with a coded error, not ${error}`);
  assert.equal(error.code, code, error.message);
  assert.equal(error.category, "file");
  return error;
}
