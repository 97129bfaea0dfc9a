/**
 * `MEMORY_INDEX.md`: the notes as a person looks through them.
 * @module
 */
import type { NoteEntry } from "../note/note.ts";

/** Notes that one folder lists, and all of them together. */
const FOLDER_LIMIT = 2_000;
const TOTAL_LIMIT = 20_000;
const SUMMARY_LENGTH = 200;
const KEYWORD_LIMIT = 12;

const HEADER = `# Memory index

Pyra makes this file from the notes in this folder, anew after each change. Change the notes: what you
write here is lost.
`;

/** Gathers the file's lines, one note after another, in any order of folders. */
export class IndexMarkdown {
  readonly #folders = new Map<string, { lines: string[]; count: number }>();
  #count = 0;

  /** Adds a note; those of one folder come by name. */
  add(note: NoteEntry): void {
    const folder = this.#folders.get(note.category) ?? { lines: [], count: 0 };
    this.#folders.set(note.category, folder);
    folder.count++;
    if (folder.lines.length < FOLDER_LIMIT && this.#count < TOTAL_LIMIT) {
      folder.lines.push(lineOf(note));
      this.#count++;
    }
  }

  /** The file's text. */
  text(): string {
    const total = [...this.#folders.values()].reduce((sum, { count }) => sum + count, 0);
    const parts = [HEADER, total === 1 ? "1 note.\n" : `${total} notes.\n`];
    const folders = [...this.#folders].sort(([a], [b]) => a < b ? -1 : 1);
    for (const [category, { lines, count }] of folders) {
      parts.push(`## ${category === "" ? "Outside of folders" : plain(category)}\n`);
      const more = count - lines.length;
      const end = more > 0 ? [`- … and ${more} more`] : [];
      parts.push(`${[...lines, ...end].join("\n")}\n`);
    }
    return parts.join("\n");
  }
}

function lineOf({ name, summary, keywords, pinned }: NoteEntry): string {
  const title = name.slice(name.lastIndexOf("/") + 1).replace(/\.md$/i, "");
  const said = [...summary].slice(0, SUMMARY_LENGTH).join("");
  const words = keywords.slice(0, KEYWORD_LIMIT).map(plain).join(", ");
  return `- [${plain(title)}](${address(name)})` +
    (pinned ? " (pinned)" : "") +
    (said === "" ? "" : ` – ${plain(said)}`) +
    (words === "" ? "" : ` · *${words}*`);
}

/** Text on one line that Markdown shows as it is. */
function plain(text: string): string {
  return text.replace(/\s+/gu, " ").trim().replace(/[\\`*_[\]<>#|]/gu, "\\$&");
}

/** A name as a link's address; brackets would end it. */
function address(name: string): string {
  return encodeURI(name.toWellFormed()).replace(
    /[()?#]/gu,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
