/**
 * A temporary folder with sources beside a real store, for the tests of import and export.
 * @module
 */
import { importNotes } from "../../../../src/memory/exchange/import_notes.ts";
import type {
  ImportOptions,
  ImportReport,
  ImportTarget,
} from "../../../../src/memory/exchange/exchange.ts";
import { openNoteStore } from "../../../../src/memory/store/folder_store.ts";
import type { NoteStore } from "../../../../src/memory/store/store.ts";

/** Where a test's files are. */
export class Workbench implements AsyncDisposable {
  readonly #root: string;
  readonly store: NoteStore;

  private constructor(root: string) {
    this.#root = root;
    this.store = openNoteStore({ folder: this.memory, now: () => Date.UTC(2026, 0, 1) });
  }

  static async make(): Promise<Workbench> {
    return new Workbench(await Deno.realPath(await Deno.makeTempDir({ prefix: "pyra-exchange-" })));
  }

  /** The memory folder. */
  get memory(): string {
    return `${this.#root}/memory`;
  }

  /** A path beside the memory folder. */
  path(name: string): string {
    return `${this.#root}/${name}`;
  }

  /** Writes files below a new or present folder, by their paths in it. */
  async folder(
    name: string,
    files: Readonly<Record<string, string | Uint8Array>>,
  ): Promise<string> {
    for (const [path, content] of Object.entries(files)) {
      const file = this.path(`${name}/${path}`);
      await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
      await Deno.writeFile(file, bytesOf(content));
    }
    return this.path(name);
  }

  /** Writes one file. */
  async file(name: string, content: string | Uint8Array): Promise<string> {
    await Deno.writeFile(this.path(name), bytesOf(content));
    return this.path(name);
  }

  /** The notes' store as an import sees it. */
  target(): ImportTarget {
    const { store } = this;
    return {
      list: async () =>
        await Promise.all((await store.files()).map(async ({ name }) => ({
          name,
          source: (await store.read(name)).facts.source,
        }))),
      read: (name) => store.read(name),
      replace: (name, text) => store.replace(name, text),
    };
  }

  /** Imports a path into the store. */
  import(path: string, options: Partial<ImportOptions> = {}): Promise<ImportReport> {
    const signal = new AbortController().signal;
    return importNotes({ path }, this.target(), { dryRun: false, signal, ...options });
  }

  /** What lies in a folder, sorted. */
  async entries(name: string): Promise<string[]> {
    return (await Array.fromAsync(Deno.readDir(this.path(name)), (entry) => entry.name)).sort();
  }

  /** The names of all notes, sorted. */
  async names(): Promise<string[]> {
    return (await this.store.files()).map(({ name }) => name).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#root, { recursive: true });
  }
}

/** The counts of a report in one line. */
export function counts({ created, changed, unchanged, skipped }: ImportReport): string {
  return `${created} created, ${changed} changed, ${unchanged} unchanged, ${skipped} skipped`;
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}
