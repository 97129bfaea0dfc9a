/**
 * The commands of `pyra memory`.
 * @module
 */
import {
  type ArgumentEntry,
  command,
  type CommandEntry,
  type OptionEntry,
} from "../command_entry.ts";
import { LIMIT } from "../table_options.ts";

const NAME: ArgumentEntry = { name: "NAME", required: true };
const TEXT: ArgumentEntry = { name: "TEXT", required: false, repeatable: true };
const CATEGORY: ArgumentEntry = { name: "CATEGORY", required: false };

const CATEGORY_OPTION: OptionEntry = {
  flag: "--category",
  value: "CATEGORY",
  description: "only notes in this folder and those below it",
};

/** Notes. */
export const MEMORY: CommandEntry = command(
  "memory",
  "keeps notes as Markdown files, and finds them",
  {
    commands: [
      command("list", "lists the notes", {
        arguments: [CATEGORY],
        options: [{ ...LIMIT, description: "shows so many at most (default: all)" }],
        examples: [{ line: "pyra memory list user", does: "what is known about you" }],
      }),
      command("show", "prints a note", {
        arguments: [NAME],
        options: [{
          flag: "--at",
          value: "ID",
          description: "as it was before a change, by the id that history shows",
        }],
        examples: [{ line: "pyra memory show user/profile", does: "the file as it is" }],
      }),
      command("search", "finds notes by words, misspelt ones too", {
        arguments: [{ name: "WORDS", required: false, repeatable: true }],
        options: [
          CATEGORY_OPTION,
          { ...LIMIT, description: "finds so many at most (default 10)" },
          {
            flag: "--semantic",
            description: "counts meaning beside words; memory.embeddings names the model",
          },
          {
            flag: "--jsonl",
            description: 'answers many: reads {"id","query"} lines from standard input',
          },
        ],
        examples: [
          { line: "pyra memory search night train", does: "the best notes, and the line in each" },
          {
            line: "pyra memory search '\"night train\" vien* -bus'",
            does: "words side by side, a word's beginning, and one that must not be there",
          },
          { line: "pyra memory search night train --json", does: "the same for programs" },
          { line: "pyra memory search --jsonl < questions.jsonl", does: "one answer a line" },
        ],
      }),
      command("write", "makes a note or replaces its text, from words or standard input", {
        arguments: [NAME, TEXT],
        options: [
          { flag: "--summary", value: "TEXT", description: "one sentence about the note" },
          {
            flag: "--keywords",
            value: "LIST",
            description: "words to find it by, with commas between them",
          },
          { flag: "--pin", description: "sends the note along in every conversation" },
          { flag: "--unpin", description: "sends it along only where it fits" },
        ],
        examples: [
          {
            line: 'pyra memory write knowledge/bread "Stir, fold, wait a night." --keywords baking',
            does: "a note from words",
          },
          { line: "pyra memory write context/plan < plan.md", does: "a note from a file" },
          { line: "pyra memory write user/profile --pin", does: "changes that only" },
        ],
      }),
      command("append", "adds to the end of a note, from words or standard input", {
        arguments: [NAME, TEXT],
        examples: [{
          line: 'pyra memory append user/profile "Speaks French."',
          does: "makes the note if there is none",
        }],
      }),
      command("edit", "opens a note, or a new one, in your editor", {
        arguments: [NAME],
        examples: [{ line: "pyra memory edit user/profile", does: "uses VISUAL or EDITOR" }],
      }),
      command("mv", "gives a note another name; folders are categories", {
        arguments: [{ name: "FROM", required: true }, { name: "TO", required: true }],
        examples: [{ line: "pyra memory mv bread knowledge/bread", does: "moves it to a folder" }],
      }),
      command("rm", "removes notes; undo brings them back", {
        arguments: [{ ...NAME, repeatable: true }],
        examples: [{ line: "pyra memory rm knowledge/bread", does: "removes one" }],
      }),
      command("undo", "takes back the last change of a note, or the last of all", {
        arguments: [{ name: "NAME", required: false }],
        examples: [
          { line: "pyra memory undo", does: "the last change, and says what it was" },
          { line: "pyra memory undo user/profile", does: "the last change of that note" },
        ],
      }),
      command("history", "lists the versions that were kept, the latest first", {
        arguments: [{ name: "NAME", required: false }],
        options: [LIMIT],
        examples: [{ line: "pyra memory history user/profile", does: "those of one note" }],
      }),
      command("reindex", "reads all notes anew; with memory.embeddings, their meaning too", {
        examples: [{ line: "pyra memory reindex", does: "Ctrl-C stops it, nothing is lost" }],
      }),
      command("stats", "says how much there is, and what is wrong with which note", {
        examples: [{ line: "pyra memory stats", does: "notes, sizes, problems" }],
      }),
      command("export", "copies all notes to a folder, a .zip or a .json file", {
        options: [{
          flag: "--output",
          value: "FILE",
          description: "a new folder, or a file that ends in .zip or .json",
          path: "write",
          complete: "file",
        }],
        examples: [
          { line: "pyra memory export --output notes.zip", does: "one archive" },
          { line: "pyra memory export > notes.jsonl", does: "one note a line" },
        ],
      }),
      command("import", "takes notes from Markdown folders and ChatGPT or Claude exports", {
        arguments: [{ name: "PATH", required: true, path: "read", complete: "file" }, CATEGORY],
        options: [{ flag: "--dry-run", description: "says what it would do, and does nothing" }],
        examples: [
          { line: "pyra memory import ~/Obsidian", does: "can be repeated; nothing is doubled" },
          { line: "pyra memory import chatgpt.zip chats --dry-run", does: "looks first" },
        ],
      }),
    ],
  },
);
