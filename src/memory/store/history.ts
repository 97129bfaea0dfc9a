/**
 * The versions before each change, in the folder `.history` of the memory folder:
 *
 *     journal.jsonl                          one line a version, appended
 *     knowledge/deno.md/20260131T…Z-000.md   the bytes of a version, under the name of its note
 *
 * The text is written first, then its line, then the note is changed: a process that is killed leaves at
 * most a text without a line, or a version that says what the note says still. Without the journal the
 * versions are found by their files. All changes are made under the store's lock.
 * @module
 */
import { decodeNote } from "../note/read_note.ts";
import { historyBroken, noSuchVersion } from "./faults.ts";
import { makeFolders, removeEmptyFolders } from "./folders.ts";
import { Journal } from "./journal.ts";
import { type HistoryBounds, Ledger } from "./ledger.ts";
import { placeOf } from "./place.ts";
import { isVersionId, nextId, type VersionRecord } from "./version_record.ts";

/** What is kept, but for what the history adds itself. */
export type NewVersion = Omit<VersionRecord, "id" | "replaced" | "size_bytes">;

/** The history of one memory folder. */
export class History {
  readonly #memoryFolder: string;
  readonly #folder: string;
  readonly #now: () => number;
  readonly #journal: Journal;

  constructor(memoryFolder: string, now: () => number, bounds?: HistoryBounds) {
    this.#memoryFolder = memoryFolder;
    this.#folder = `${memoryFolder}/.history`;
    this.#now = now;
    this.#journal = new Journal(this.#folder, bounds);
  }

  /** What is kept. @throws {PyraError} `note_unreadable` if the folder is something else */
  async ledger(): Promise<Ledger> {
    return await this.#journal.read();
  }

  /**
   * Keeps a version; when this returns, it is on the disk. Only under the lock.
   * @param bytes the file as it is before the change; nothing for `created`
   */
  async keep(version: NewVersion, bytes: Uint8Array): Promise<void> {
    const now = this.#now();
    const ledger = await this.#journal.read();
    let id = nextId(now, ledger.lastId);
    // A text whose line was lost, on a clock that went back.
    while (isThere(`${this.#folder}/${version.name}/${id}.md`)) id = nextId(now, id);
    const record: VersionRecord = {
      id,
      ...version,
      replaced: new Date(now).toISOString(),
      size_bytes: bytes.length,
    };
    makeFolders(this.#memoryFolder, ".history");
    if (record.change !== "created") await this.#writeText(record, bytes);
    for (const old of await this.#addLine(record)) this.#dropText(old, ledger);
  }

  async #addLine(record: VersionRecord): Promise<VersionRecord[]> {
    try {
      return await this.#journal.append(record);
    } catch (cause) {
      this.#removeText(record);
      throw cause;
    }
  }

  /** The bytes of a version. @throws {PyraError} code `no_such_version` */
  async bytes(id: string): Promise<Uint8Array> {
    const record = (await this.#journal.read()).get(id);
    if (!record) throw noSuchVersion(id);
    if (record.change === "created") return new Uint8Array();
    const { path, file } = placeOf(this.#folder, `${record.name}/${id}.md`);
    if (!file) throw noSuchVersion(id);
    try {
      return await Deno.readFile(path);
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) throw noSuchVersion(id);
      throw historyBroken(cause);
    }
  }

  /** The text of a version. @throws {PyraError} code `no_such_version` */
  async text(id: string): Promise<string> {
    return decodeNote(await this.bytes(id)).text;
  }

  #pathOf({ name, id }: VersionRecord): string {
    return `${this.#folder}/${name}/${id}.md`;
  }

  async #writeText(record: VersionRecord, bytes: Uint8Array): Promise<void> {
    const path = this.#pathOf(record);
    makeFolders(this.#memoryFolder, `.history/${record.name}`);
    try {
      // No reader knows of the file before its line is in the journal: no rename is needed.
      using file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
      for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
      await file.sync();
    } catch (cause) {
      this.#removeText(record);
      throw cause;
    }
  }

  #removeText(record: VersionRecord): void {
    removeIfPresent(this.#pathOf(record));
    removeEmptyFolders(this.#folder, `${this.#folder}/${record.name}`);
  }

  /** Removes the text of a version, and older ones of its note that no line of the journal names. */
  #dropText(record: VersionRecord, ledger: Ledger): void {
    if (record.change === "created") return;
    const folder = `${this.#folder}/${record.name}`;
    for (const entry of entriesOf(folder)) {
      const id = entry.name.replace(/\.md$/, "");
      if (entry.isFile && isVersionId(id) && id <= record.id && !ledger.get(id)) {
        removeIfPresent(`${folder}/${entry.name}`);
      }
    }
    removeEmptyFolders(this.#folder, folder);
  }
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
}

/** A text that stays costs room and nothing else, so whatever keeps it from going is no failure. */
function removeIfPresent(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
  }
}

function entriesOf(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)];
  } catch (cause) {
    if (cause instanceof Error) return [];
    throw cause;
  }
}
