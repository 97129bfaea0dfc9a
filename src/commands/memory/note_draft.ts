/**
 * What an edit hands from the room that began it to the one that goes on when the editor has ended: a
 * file in the cache, since a note may be larger than what the kernel remembers.
 * @module
 */
import * as z from "zod/mini";
import { readTextIfPresent, writeAtomically } from "../../durable/file.ts";
import type { CommandContext } from "../context.ts";

const Draft = z.object({
  name: z.string(),
  /** The note's text when the edit began; absent for a new note. */
  before: z.optional(z.string()),
  /** What the editor was opened on. */
  text: z.string(),
  /** Where that text is kept besides, since it could not be saved before. */
  kept: z.optional(z.string()),
});

/** An edit that has begun. */
export interface OpenDraft extends z.infer<typeof Draft> {
  /** The name of its file. */
  readonly file: string;
}

/** What the next room is told. */
const Handed = z.object({ memory_edit: z.object({ file: z.string() }) });
/** One file an edit: two at a time must not take each other's place. */
const FILE_NAME = /^note_edit_[0-9a-f-]{36}\.json$/;
/** What a kill left behind is forgotten after so long, ms. */
const LIFE_MS = 30 * 24 * 60 * 60 * 1000;

/** The edits of a profile that have begun. */
export class NoteDrafts {
  readonly #context: CommandContext;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  /** The edit that the room before this one began. */
  async goingOn(): Promise<OpenDraft | undefined> {
    const handed = Handed.safeParse(this.#context.boot.remembered);
    if (!handed.success) return undefined;
    const { file } = handed.data.memory_edit;
    if (!FILE_NAME.test(file)) return undefined;
    const text = await readTextIfPresent(this.#path(file));
    return text === undefined ? undefined : { ...Draft.parse(JSON.parse(text)), file };
  }

  /** Keeps an edit for the room that follows this one. */
  async keep({ name, before, text, kept }: Omit<OpenDraft, "file">): Promise<OpenDraft> {
    await this.#forgetOld();
    const file = `note_edit_${crypto.randomUUID()}.json`;
    const draft = {
      name,
      text,
      ...(before === undefined ? {} : { before }),
      ...(kept === undefined ? {} : { kept }),
    };
    await writeAtomically(this.#path(file), JSON.stringify(draft));
    await this.#context.kernel.call("remember", { state: { memory_edit: { file } } });
    return { ...draft, file };
  }

  /** Removes what was kept of an edit that has ended. */
  async forget({ file }: Pick<OpenDraft, "file">): Promise<void> {
    // One that is gone already is what is wanted.
    await Deno.remove(this.#path(file)).catch(() => undefined);
  }

  async #forgetOld(): Promise<void> {
    for await (const { name } of Deno.readDir(this.#context.boot.profile.cache)) {
      if (!FILE_NAME.test(name)) continue;
      const { mtime } = await Deno.stat(this.#path(name));
      const age = this.#context.now() - (mtime?.getTime() ?? 0);
      if (age > LIFE_MS) await this.forget({ file: name });
    }
  }

  #path(file: string): string {
    return `${this.#context.boot.profile.cache}/${file}`;
  }
}
