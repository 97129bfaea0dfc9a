/**
 * The notes of one folder.
 *
 * A change: take the lock, read what is there now, keep it as a version, replace the file.
 * @module
 */
import { type HeldLock, takeLock } from "../../locking/file_lock.ts";
import { addition, composeAppend, composeWrite } from "../note/compose.ts";
import { noteName, presentNoteName } from "../note/name.ts";
import type { Note, NoteDraft } from "../note/note.ts";
import { decodeNote, isBinary, NOTE_LIMIT_BYTES, readNote } from "../note/read_note.ts";
import {
  hardLinked,
  memoryBusy,
  noteExists,
  notPlain,
  notText,
  replaced,
  tooLarge,
  unwritable,
} from "./faults.ts";
import { type FileChange, type StagedFile, stageFile } from "./file_change.ts";
import { makeFolders, removeEmptyFolders } from "./folders.ts";
import { History } from "./history.ts";
import type { HistoryBounds } from "./ledger.ts";
import { type Place, placeOf, presentPlace, readPlace } from "./place.ts";
import type { Change, NoteFile, NoteStore, StorePorts, Version } from "./store.ts";
import { undoLast } from "./undo.ts";
import type { VersionRecord } from "./version_record.ts";
import { walkNotes, type WalkOptions } from "./walk.ts";

/** How long other processes are waited for, ms. */
const PATIENCE_MS = 10_000;

/** What a test may set; otherwise the limits are those of the contract. */
export interface StoreLimits {
  readonly bounds?: HistoryBounds;
  readonly patienceMs?: number;
}

/** Opens the notes of a folder; nothing is read or made until it is needed. */
export function openNoteStore(ports: StorePorts & StoreLimits): NoteStore {
  return new FolderStore(ports);
}

/** How often a note is read that others replace at the same moment. */
const READ_ATTEMPTS = 5;

/** A file that is removed or moved may be larger than a note, up to this, bytes. */
const KEPT_LIMIT_BYTES = 64 * 1024 * 1024;

class FolderStore implements NoteStore {
  readonly #folder: string;
  readonly #now: () => number;
  readonly #history: History;
  readonly #patienceMs: number;
  /** Changes of this process wait for each other here, so that they do not poll for the lock. */
  #last: Promise<unknown> = Promise.resolve();

  constructor({ folder, now, bounds, patienceMs }: StorePorts & StoreLimits) {
    this.#patienceMs = patienceMs ?? PATIENCE_MS;
    this.#folder = Deno.build.os === "windows" ? folder.replaceAll("\\", "/") : folder;
    this.#now = now;
    this.#history = new History(this.#folder, now, bounds);
  }

  files(options: WalkOptions = {}): Promise<NoteFile[]> {
    return walkNotes(this.#folder, options);
  }

  // deno-lint-ignore require-await -- what it throws becomes a rejection
  async file(typed: string): Promise<NoteFile | undefined> {
    const { name, file } = placeOf(this.#folder, presentNoteName(typed));
    return file && { name, size_bytes: file.size, modified: file.mtime?.getTime() ?? 0 };
  }

  async read(typed: string): Promise<Note> {
    for (let attempt = 1;; attempt++) {
      const place = presentPlace(this.#folder, typed);
      const bytes = await readPlace(place, NOTE_LIMIT_BYTES);
      if (bytes) return await readNote(place.name, bytes);
      if (attempt === READ_ATTEMPTS) throw replaced(place.name);
    }
  }

  write(
    typed: string,
    draft: NoteDraft,
    { create = false }: { readonly create?: boolean } = {},
  ): Promise<Change> {
    return this.#rewrite(typed, async (before, name) => {
      if (create && before) throw noteExists(name);
      const text = before && !isBinary(before) ? decodeNote(before).text : undefined;
      return encode(await composeWrite(text, draft, this.#now()));
    });
  }

  replace(typed: string, text: string): Promise<Change> {
    return this.#rewrite(typed, () => Promise.resolve(encode(text)));
  }

  append(typed: string, text: string, facts: Omit<NoteDraft, "body"> = {}): Promise<Change> {
    return this.#rewrite(typed, async (before, name) => {
      if (!before) {
        return encode(await composeWrite(undefined, { ...facts, body: text }, this.#now()));
      }
      if (isBinary(before)) throw notPlain(name, "is no text", "choose another name");
      const { text: has, valid } = decodeNote(before);
      const composed = await composeAppend(has, text, facts, this.#now());
      // Without facts to be set, bytes that are no UTF-8 stay as they are.
      if (valid || Object.keys(facts).length > 0) return encode(composed);
      return concat(before, encode(addition(has, text)));
    });
  }

  remove(typed: string): Promise<Change> {
    return this.#alone(typed, async () => {
      const place = presentPlace(this.#folder, typed);
      const before = await this.#readForChange(place);
      return await this.#change({ place, before, after: undefined });
    });
  }

  move(from: string, to: string): Promise<Change> {
    return this.#alone(from, async () => await this.#move(from, to));
  }

  async history(name?: string): Promise<Version[]> {
    const ledger = await this.#history.ledger();
    const records = name === undefined ? ledger.records() : ledger.recordsOf(presentNoteName(name));
    return records.reverse().map(asVersion);
  }

  version(id: string): Promise<string> {
    return this.#history.text(id);
  }

  undo(typed?: string): Promise<Change> {
    return this.#alone(typed, () =>
      undoLast({
        history: this.#history,
        name: typed === undefined ? undefined : presentNoteName(typed),
        place: (name) => placeOf(this.#folder, name),
        read: (place) => this.#readForChange(place),
        change: (change) => this.#change(change),
        move: (from, to, undoes) => this.#move(from, to, undoes),
      }));
  }

  #rewrite(
    typed: string,
    compose: (before: Uint8Array | undefined, name: string) => Promise<Uint8Array>,
  ): Promise<Change> {
    return this.#alone(typed, async () => {
      let place = placeOf(this.#folder, presentNoteName(typed));
      // A new note's name must be possible everywhere.
      if (!place.file) place = { ...place, name: noteName(typed) };
      const before = await this.#readForChange(place, NOTE_LIMIT_BYTES);
      return await this.#change({ place, before, after: await compose(before, place.name) });
    });
  }

  /** Makes one change, if it is one. Only under the lock. */
  async #change({ place, before, after, undoes }: FileChange): Promise<Change> {
    const { name, path } = place;
    const texts = { name, before: textOf(before), after: textOf(after) };
    if (before && after && isEqual(before, after)) return { kind: "unchanged", ...texts };
    if (after && undoes === undefined) {
      if (after.length > NOTE_LIMIT_BYTES) throw tooLarge(name);
      if (isBinary(after)) throw notText(name);
    }
    const kind = !before ? "created" : !after ? "removed" : "changed";
    const folder = path.slice(0, path.lastIndexOf("/"));
    await using staged = after && await this.#stage(folder, path, after);
    await this.#history.keep(
      { name, change: kind, ...(undoes !== undefined && { undoes }) },
      before ?? new Uint8Array(),
    );
    // An editor may have saved since then: that is a version, too.
    const since = await this.#readForChange(placeOf(this.#folder, name));
    if (since && !(before && isEqual(before, since))) {
      await this.#history.keep({ name, change: "changed" }, since);
    }
    if (staged) {
      await staged.commit();
    } else {
      await Deno.remove(path);
      removeEmptyFolders(this.#folder, folder);
    }
    return { kind, ...texts };
  }

  /** Makes the folders and stages the content; if that fails, nothing of it stays. */
  async #stage(folder: string, path: string, content: Uint8Array): Promise<StagedFile> {
    try {
      makeFolders(this.#folder, folder.slice(this.#folder.length + 1));
      return await stageFile(path, content);
    } catch (cause) {
      removeEmptyFolders(this.#folder, folder);
      throw cause;
    }
  }

  async #move(typedFrom: string, typedTo: string, undoes?: string): Promise<Change> {
    const from = presentPlace(this.#folder, typedFrom);
    const to = placeOf(this.#folder, undoes === undefined ? noteName(typedTo) : typedTo);
    // Where case does not count, `Deno.md` is found under `deno.md`: the same file, another spelling.
    const isSame = to.file !== undefined && to.file.ino === from.file.ino &&
      to.file.dev === from.file.dev;
    const name = to.file ? noteName(typedTo) : to.name;
    if (to.file && !(isSame && name !== from.name)) throw noteExists(to.name);
    const bytes = await this.#readForChange(from) ?? new Uint8Array();
    const [fromFolder = "", toFolder = ""] = [from.path, to.path].map((path) =>
      path.slice(0, path.lastIndexOf("/"))
    );
    makeFolders(this.#folder, toFolder.slice(this.#folder.length + 1));
    await this.#history.keep(
      { name: from.name, change: "moved", to: name, ...(undoes !== undefined && { undoes }) },
      bytes,
    );
    await Deno.rename(from.path, isSame ? `${toFolder}/${name.split("/").at(-1)}` : to.path);
    removeEmptyFolders(this.#folder, fromFolder);
    const text = textOf(bytes);
    return { kind: "moved", name, from: from.name, before: text, after: text };
  }

  /** A file's bytes before a change; `undefined` if there is none. */
  async #readForChange(
    place: Place,
    limit: number = KEPT_LIMIT_BYTES,
  ): Promise<Uint8Array | undefined> {
    const { name, file } = place;
    if (!file) return undefined;
    if ((file.nlink ?? 1) > 1) throw hardLinked(name);
    const bytes = await readPlace({ ...place, file }, limit);
    if (!bytes) throw replaced(name);
    return bytes;
  }

  /** Runs one change at a time, of this process and of all others. */
  async #alone<T>(typed: string | undefined, work: () => Promise<T>): Promise<T> {
    const name = typed === undefined ? "the memory" : presentNoteName(typed);
    const turn = this.#last.then(() => this.#locked(name, work));
    this.#last = turn.catch(() => undefined);
    return await turn;
  }

  async #locked<T>(name: string, work: () => Promise<T>): Promise<T> {
    let lock: HeldLock | undefined;
    try {
      makeFolders(this.#folder, "");
      lock = await takeLock(`${this.#folder}/.lock`, this.#patienceMs);
      if (!lock) throw memoryBusy();
      return await work();
    } catch (cause) {
      throw unwritable(name, cause);
    } finally {
      await lock?.[Symbol.asyncDispose]();
    }
  }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function textOf(bytes: Uint8Array | undefined): string {
  return bytes && !isBinary(bytes) ? decodeNote(bytes).text : "";
}

function concat(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

function asVersion({ undoes: _undoes, ...version }: VersionRecord): Version {
  return version;
}
