/**
 * What the file system tells of changes in the memory folder, as names of notes.
 * @module
 */
import { isNoteName } from "../note/name.ts";

/** Names gathered at most; more than these are found faster by a look through the folder. */
const NAME_LIMIT = 200;

/** What is known to have changed. */
export interface Changed {
  readonly names: ReadonlySet<string>;
  /** Something changed of which no name is known: a whole folder, or more than could be told. */
  readonly isWide: boolean;
}

/** Gathers what changed in a folder until it is taken. */
export class FolderChanges {
  /** Each way in which the system may write the folder's path, with its end. */
  readonly #starts: readonly string[];
  #names = new Set<string>();
  #isWide = false;

  constructor(folder: string) {
    const real = realPathOf(folder);
    this.#starts = [folder, ...real === folder ? [] : [real]].map(withSlashes);
  }

  /** Whether nothing was gathered. */
  get isEmpty(): boolean {
    return this.#names.size === 0 && !this.#isWide;
  }

  /** Adds what an event tells. @returns whether it may concern notes */
  add(event: Pick<Deno.FsEvent, "kind" | "paths" | "flag">): boolean {
    if (event.kind === "access") return false;
    const before = this.#names.size;
    if (event.flag === "rescan" || event.paths.length === 0) this.#isWide = true;
    for (const path of event.paths) this.#addPath(path, event.kind);
    if (this.#names.size > NAME_LIMIT) this.addAll();
    return this.#isWide || this.#names.size > before;
  }

  /** Says that anything may have changed. */
  addAll(): void {
    this.#isWide = true;
    this.#names.clear();
  }

  /** What was gathered; the next begins with nothing. */
  take(): Changed {
    const taken = { names: this.#names, isWide: this.#isWide };
    this.#names = new Set();
    this.#isWide = false;
    return taken;
  }

  #addPath(path: string, kind: Deno.FsEvent["kind"]): void {
    const name = this.#nameOf(path);
    if (name === undefined || isHidden(name)) return;
    const entry = entryAt(path);
    if (entry === "folder" || name === "") {
      // Its times change whenever something in it does, which is told by an event of its own.
      if (kind !== "modify") this.#isWide = true;
    } else if (isNoteName(name)) this.#names.add(name);
    // It may have been a folder of notes; what is still there as a file is none of ours.
    else if (entry === "nothing" && !/\.[a-z0-9]{1,5}$/i.test(name)) this.#isWide = true;
  }

  #nameOf(path: string): string | undefined {
    const found = withSlashes(path);
    const start = this.#starts.find((start) => found.startsWith(start));
    // The system writes names as they are on the disk; the notes' names are composed.
    return start === undefined ? undefined : found.slice(start.length, -1).normalize("NFC");
  }
}

function isHidden(name: string): boolean {
  return name.split("/").some((piece) => piece.startsWith("."));
}

function withSlashes(path: string): string {
  const plain = Deno.build.os === "windows" ? path.replaceAll("\\", "/") : path;
  return plain.endsWith("/") ? plain : `${plain}/`;
}

function entryAt(path: string): "folder" | "other" | "nothing" {
  try {
    return Deno.lstatSync(path).isDirectory ? "folder" : "other";
  } catch (cause) {
    return cause instanceof Deno.errors.NotFound ? "nothing" : "other";
  }
}

function realPathOf(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.PermissionDenied) {
      return path;
    }
    throw cause;
  }
}
