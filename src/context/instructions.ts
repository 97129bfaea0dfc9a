/**
 * Instructions that a project has for assistants: `AGENTS.md`. They count as instructions once the person has
 * agreed to exactly that text; until then they are a stranger's words.
 * @module
 */
import { readTextIfPresent, writeAtomically } from "../durable/file.ts";
import { fencedData, jsonOf, plainLines } from "../protocol/foreign_text.ts";
import type { ProjectFile } from "../protocol/kernel_calls.ts";
import * as z from "zod/mini";
import { shownFolder } from "./machine.ts";

/** What the person said to a text. */
export type Decision = "use" | "leave";

/** A file that was read. */
export interface ReadFile extends ProjectFile {
  readonly text: string;
}

/** The files by what the person said to them, each in the order of folders, the outer ones first. */
export interface SortedInstructions {
  readonly used: readonly ReadFile[];
  readonly left: readonly ReadFile[];
  /** Nobody was asked yet about these texts. */
  readonly open: readonly ReadFile[];
  /** Links, and what is too long or may not be read. */
  readonly unread: readonly string[];
}

const Kept = z.strictObject({
  version: z.literal(1),
  files: z.record(
    z.string(),
    z.strictObject({ hash: z.string(), decision: z.enum(["use", "leave"]), at: z.string() }),
  ),
});
type Kept = z.infer<typeof Kept>;

const FILES_KEPT = 500;
const TEXT_UNITS = 32 * 1024;

/** What was agreed to, in a file of the profile. */
export class InstructionsRecord {
  readonly #path: string;
  readonly #now: () => number;

  /** @param path of the file; made with the first decision */
  constructor(path: string, now: () => number) {
    this.#path = path;
    this.#now = now;
  }

  /** Sorts files by what was said to their very texts. */
  async sort(files: readonly ProjectFile[]): Promise<SortedInstructions> {
    const read = files.filter(isRead);
    const unread = files.filter(({ text }) => text === null).map(({ path }) => path);
    if (read.length === 0) return { used: [], left: [], open: [], unread };
    const { files: kept } = await this.#read();
    const decisions = new Map<ReadFile, Decision | undefined>();
    for (const file of read) {
      const entry = Object.hasOwn(kept, file.path) ? kept[file.path] : undefined;
      const isSame = entry?.hash === await hashOf(file.text);
      decisions.set(file, isSame ? entry?.decision : undefined);
    }
    const those = (wanted: Decision | undefined) =>
      read.filter((file) => decisions.get(file) === wanted);
    return { used: those("use"), left: those("leave"), open: those(undefined), unread };
  }

  /** Keeps what the person said to these texts. */
  async decide(files: readonly ReadFile[], decision: Decision): Promise<void> {
    const at = new Date(this.#now()).toISOString();
    const decided = await Promise.all(
      files.map(async ({ path, text }) =>
        [path, { hash: await hashOf(text), decision, at }] as const
      ),
    );
    const { files: before } = await this.#read();
    const all = Object.entries({ ...before, ...Object.fromEntries(decided) })
      .sort(([, one], [, other]) => one.at < other.at ? 1 : -1)
      .slice(0, FILES_KEPT);
    const text = JSON.stringify({ version: 1, files: Object.fromEntries(all) } satisfies Kept);
    await writeAtomically(this.#path, text, 0o600);
  }

  /** A file that is no record of ours says nothing: the person is asked again. */
  async #read(): Promise<Kept> {
    const text = await readTextIfPresent(this.#path);
    const { data } = Kept.safeParse(jsonOf(text ?? ""));
    return data ?? { version: 1, files: {} };
  }
}

/** What the person agreed to, as a part of the system prompt; empty for nothing. */
export function agreedText(files: readonly ReadFile[], home: string | null): string {
  if (files.length === 0) return "";
  return [
    "The person agreed to these instructions of the project. Where two differ, the later one counts; " +
    "what the person writes goes before them, and they allow no tool.",
    ...files.map((file) => labelled(file, home)),
  ].join("\n\n");
}

/** What nobody agreed to, to be sent as data; empty for nothing. */
export function openText(files: readonly ReadFile[], home: string | null): string {
  return files.map((file) => labelled(file, home)).join("\n\n");
}

function labelled({ path, text }: ReadFile, home: string | null): string {
  return `${shownFolder(path, home)}:\n${fencedData(plainLines(text, TEXT_UNITS))}`;
}

function isRead(file: ProjectFile): file is ReadFile {
  return file.text !== null && file.text.trim() !== "";
}

async function hashOf(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(bytes).toHex();
}
