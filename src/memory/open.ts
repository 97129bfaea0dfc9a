/**
 * Opens a profile's memory. What a call does not need is not opened: reading a note opens no database,
 * and a profile without notes has none.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import type { Embedder } from "../protocol/embedding.ts";
import type { ContextOptions, MemoryContext } from "./context.ts";
import type {
  EmbedReport,
  IndexFigures,
  NoteIndex,
  RefreshReport,
  WorkOptions,
} from "./index/note_index.ts";
import type { Memory, MemoryPorts, MemorySearch } from "./memory.ts";
import type { Note, NoteDraft, NoteEntry } from "./note/note.ts";
import { hasNotes } from "./index/presence.ts";
import type { Hit, SearchOptions } from "./search/hit.ts";
import { openNoteStore } from "./store/folder_store.ts";
import type { Change, NoteStore, Version } from "./store/store.ts";

/** How long a question waits for files that changed while Pyra did not run, ms. */
const CHECK_PATIENCE_MS = 60;

/** How long a question waits for its own vector, ms; after that its words are searched alone. */
const MEANING_PATIENCE_MS = 250;

type Meaning = NonNullable<SearchOptions["meaning"]>;

/** Opens the memory; nothing is read before the first call. */
export function openMemory(ports: MemoryPorts): Memory {
  return new FolderMemory(ports);
}

class FolderMemory implements Memory {
  readonly #ports: MemoryPorts;
  readonly #store: NoteStore;
  readonly #closed = new AbortController();
  #index: Promise<NoteIndex> | undefined;
  #opened: NoteIndex | undefined;
  #embedder: Promise<Embedder> | undefined;
  /** The look through the folder that runs now, or the last one. */
  #check: Promise<unknown> | undefined;
  /** Work that must end before the database is closed. */
  readonly #running = new Set<Promise<unknown>>();

  constructor(ports: MemoryPorts) {
    this.#ports = ports;
    this.#store = openNoteStore(ports);
  }

  get folder(): string {
    return this.#ports.folder;
  }

  get notices(): readonly string[] {
    return this.#opened?.notices ?? [];
  }

  get isComplete(): boolean {
    return this.#opened?.isComplete ?? false;
  }

  async list(category?: string): Promise<readonly NoteEntry[]> {
    return (await this.#open()).list(category);
  }

  read(name: string): Promise<Note> {
    return this.#store.read(name);
  }

  write(name: string, draft: NoteDraft, options?: { readonly create?: boolean }): Promise<Change> {
    return this.#change(() => this.#store.write(name, draft, options));
  }

  replace(name: string, text: string): Promise<Change> {
    return this.#change(() => this.#store.replace(name, text));
  }

  append(name: string, text: string, facts?: Omit<NoteDraft, "body">): Promise<Change> {
    return this.#change(() => this.#store.append(name, text, facts));
  }

  remove(name: string): Promise<Change> {
    return this.#change(() => this.#store.remove(name));
  }

  move(from: string, to: string): Promise<Change> {
    return this.#change(() => this.#store.move(from, to));
  }

  history(name?: string): Promise<readonly Version[]> {
    return this.#store.history(name);
  }

  version(id: string): Promise<string> {
    return this.#store.version(id);
  }

  undo(name?: string): Promise<Change> {
    return this.#change(() => this.#store.undo(name));
  }

  async search(query: string, options: MemorySearch = {}): Promise<readonly Hit[]> {
    const { semantic = false, signal, ...rest } = options;
    const index = await this.#open();
    if (!semantic) return await index.search(query, rest);
    const ending = this.#ending(signal);
    const meaning = await meaningOf(query, await this.#openEmbedder(ending), ending);
    return await index.search(query, { ...rest, meaning });
  }

  async contextFor(
    question: string,
    options: ContextOptions,
  ): Promise<MemoryContext | undefined> {
    if (options.maxTokens <= 0 || !await hasNotes(this.#ports.folder)) return undefined;
    const [index, { loadContextForSession }] = await Promise.all([
      this.#open(),
      import("./context.ts"),
    ]);
    // What changed since the last run is looked for beside the question, and not waited for long.
    if (!this.#check || !index.isComplete) {
      this.#check = this.#run(() => index.refresh({ signal: this.#closed.signal }));
    }
    await settledWithin(this.#check, CHECK_PATIENCE_MS);
    options.signal.throwIfAborted();
    return await loadContextForSession(question, options, {
      entries: () => index.pinned(),
      read: (name) => this.#store.read(name),
      search: async (query, limit) => {
        const meaning = await this.#quietMeaning(query, options.signal);
        return await index.search(query, meaning ? { limit, meaning } : { limit });
      },
    });
  }

  async refresh(options: WorkOptions): Promise<RefreshReport> {
    const index = await this.#open();
    const work = this.#run(() => index.refresh(this.#options(options)));
    this.#check = work;
    return await work;
  }

  async rebuild(options: WorkOptions): Promise<RefreshReport> {
    const index = await this.#open();
    return await this.#run(() => index.rebuild(this.#options(options)));
  }

  async follow(signal: AbortSignal): Promise<void> {
    const index = await this.#open();
    await this.#run(() => index.follow(this.#ending(signal)));
  }

  async embed(options: WorkOptions): Promise<EmbedReport> {
    const [index, embedder] = await Promise.all([
      this.#open(),
      this.#openEmbedder(options.signal),
    ]);
    return await this.#run(() => index.embed(embedder, this.#options(options)));
  }

  async embedQuietly(options: WorkOptions): Promise<EmbedReport | undefined> {
    const ending = this.#options(options);
    const embedder = await this.#openQuietly(ending.signal);
    if (!embedder) return undefined;
    const index = await this.#open();
    return await this.#run(() => index.embed(embedder, ending));
  }

  async figures(): Promise<IndexFigures> {
    return (await this.#open()).figures(this.#ports.embeddingModel);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort(new PyraError("system", "memory_closed", "the memory was closed"));
    await Promise.allSettled(this.#running);
    const index = await this.#index?.catch(() => undefined);
    await index?.flush();
    index?.[Symbol.dispose]();
  }

  #open(): Promise<NoteIndex> {
    this.#index ??= import("./index/folder_index.ts")
      .then(({ openNoteIndex }) => openNoteIndex({ ...this.#ports, store: this.#store }))
      .then((index) => this.#opened = index);
    return this.#index;
  }

  #openEmbedder(signal: AbortSignal): Promise<Embedder> {
    const { openEmbedder } = this.#ports;
    if (!openEmbedder) {
      throw new PyraError("configuration", "no_embedder", "no model is set that finds by meaning", {
        hint: "name one with pyra config set memory.embeddings ollama/nomic-embed-text",
      });
    }
    const opening = this.#embedder ?? openEmbedder(signal);
    // What failed once, a server that was not running, may succeed the next time.
    opening.catch(() => this.#embedder = undefined);
    this.#embedder = opening;
    return opening;
  }

  /** What a question means, if that can be had soon and without asking the person for anything. */
  async #quietMeaning(question: string, signal: AbortSignal): Promise<Meaning | undefined> {
    if (!this.#ports.quietEmbedder) return undefined;
    const soon = AbortSignal.any([this.#ending(signal), AbortSignal.timeout(MEANING_PATIENCE_MS)]);
    try {
      const embedder = await this.#openQuietly(soon);
      return embedder && await meaningOf(question, embedder, soon);
    } catch {
      // The words find most of it, and a question is not held up by a server that is down.
      return undefined;
    }
  }

  async #openQuietly(signal: AbortSignal): Promise<Embedder | undefined> {
    if (this.#embedder) return await this.#embedder;
    const embedder = await this.#ports.quietEmbedder?.(signal);
    if (embedder) this.#embedder = Promise.resolve(embedder);
    return embedder;
  }

  /** Changes a file, and the index with it if that is open; one that is not finds it later. */
  async #change(act: () => Promise<Change>): Promise<Change> {
    const change = await act();
    if (change.kind === "unchanged") return change;
    const index = await this.#open();
    await index.update(change.name);
    if (change.from !== undefined) await index.update(change.from);
    return change;
  }

  #ending(signal?: AbortSignal): AbortSignal {
    const { signal: closed } = this.#closed;
    return signal ? AbortSignal.any([signal, closed]) : closed;
  }

  #options(options: WorkOptions): WorkOptions {
    return { ...options, signal: this.#ending(options.signal) };
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }
}

/** Waits for work, but not longer; how it ends is for whoever began it. */
async function settledWithin(work: Promise<unknown>, ms: number): Promise<void> {
  const { promise: timeUp, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  try {
    await Promise.race([work.then(() => undefined, () => undefined), timeUp]);
  } finally {
    clearTimeout(timer);
  }
}

async function meaningOf(text: string, embedder: Embedder, signal: AbortSignal): Promise<Meaning> {
  const [vector] = await embedder.embed([text], signal, "query");
  if (!vector) throw new PyraError("api", "no_vector", "the model gave no vector for the query");
  return { model: embedder.model, vector };
}
