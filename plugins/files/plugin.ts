/**
 * Reads, searches and changes the files of the workspace. What it changes can be taken back.
 * @module
 */
import type { JsonSchema, Plugin } from "pyra/sdk";
import { prepareDelete, prepareMove } from "./entry_changes.ts";
import { quoted } from "./file_error.ts";
import { changing, type Input } from "./prepared.ts";
import { listDirectory, readFile } from "./read.ts";
import { searchFiles, searchText } from "./search.ts";
import { prepareEditing, prepareWriting } from "./text_changes.ts";
import { prepareUndo } from "./undo.ts";

const SEARCH_LIMIT_MS = 60_000;
const reads = [{ kind: "reads", where: "workspace" }] as const;
const writes = [{ kind: "writes", where: "workspace" }] as const;

const path = { type: "string", minLength: 1, maxLength: 4_000, description: "in the workspace" };
const skip = {
  type: "integer",
  minimum: 0,
  description: "so many are left out, for the next part",
};
const text = { type: "string", maxLength: 2_000_000 };

function takes(properties: JsonSchema, ...required: readonly string[]): JsonSchema {
  return { type: "object", properties, required, additionalProperties: false };
}

/** Where a reading call reads. */
function reading({ path }: Input): string {
  return typeof path === "string" ? quoted(path) : ".";
}

const plugin: Plugin = {
  tools: [
    {
      name: "read_file",
      description:
        "Reads a text file of the workspace, with line numbers. Long ones come in parts: ask " +
        "for the next by from_line.",
      parameters: takes({
        path,
        from_line: { type: "integer", minimum: 1, description: "the first line; 1 if absent" },
        lines: { type: "integer", minimum: 1, description: "how many lines" },
      }, "path"),
      effects: reads,
      plan: (input) => ({ does: `read ${reading(input)}`, effects: reads }),
      run: readFile,
    },
    {
      name: "list_directory",
      description: "Lists a folder of the workspace with sizes and times, hidden files too.",
      parameters: takes({ path, sort: { enum: ["name", "size", "modified"] }, skip }),
      effects: reads,
      plan: (input) => ({ does: `list the folder ${reading(input)}`, effects: reads }),
      run: listDirectory,
    },
    {
      name: "search_files",
      description:
        "Finds files of the workspace by their names (glob), by a line in them (text or " +
        "regex), or both. Hidden files, those that .gitignore names and binary ones are left out. " +
        "Without text and regex, sort: size finds the largest files, with all: true hidden ones too.",
      parameters: takes({
        glob: {
          type: "string",
          maxLength: 500,
          description: "of names, such as *.ts; with a slash of paths, such as src/**/*.ts",
        },
        text: { type: "string", maxLength: 2_000, description: "exactly this, in one line" },
        regex: { type: "string", maxLength: 2_000, description: "a regular expression for a line" },
        any_case: { type: "boolean", description: "capitals and small letters are the same" },
        context: {
          type: "integer",
          minimum: 0,
          maximum: 10,
          description: "lines around each match",
        },
        path: { ...path, description: "a folder, or a file; the workspace if absent" },
        all: { type: "boolean", description: "hidden and ignored files too" },
        sort: { enum: ["path", "size", "modified"], description: "largest or newest files first" },
        limit: { type: "integer", minimum: 1, maximum: 500, description: "60 if absent" },
        skip,
      }),
      effects: [...reads, { kind: "runs", program: "rg" }],
      timeLimit: SEARCH_LIMIT_MS,
      plan: (input) => ({
        does: searchText(input),
        effects: [...reads, { kind: "runs", program: "rg" }],
      }),
      run: searchFiles,
    },
    {
      name: "write_file",
      description:
        "Makes a text file in the workspace, or replaces the whole text of one; its encoding " +
        "and line ends are kept. To change a part, edit_file is better.",
      parameters: takes(
        { path, content: { ...text, description: "the whole text" } },
        "path",
        "content",
      ),
      effects: writes,
      ...changing("write_file", prepareWriting),
    },
    {
      name: "edit_file",
      description:
        "Replaces exact pieces of a text file. Each old_text must be in the file once, with " +
        "its white space (without line numbers); give lines around it until it is unique. All edits are " +
        "done, one after the other, or none.",
      parameters: takes(
        {
          path,
          edits: {
            type: "array",
            minItems: 1,
            maxItems: 100,
            items: takes(
              {
                old_text: { ...text, minLength: 1 },
                new_text: text,
                everywhere: { type: "boolean", description: "all places where old_text is" },
              },
              "old_text",
              "new_text",
            ),
          },
        },
        "path",
        "edits",
      ),
      effects: writes,
      ...changing("edit_file", prepareEditing),
    },
    {
      name: "move",
      description: "Moves or renames a file or folder in the workspace. Nothing is overwritten.",
      parameters: takes(
        {
          from: path,
          to: { ...path, description: "the whole new path, which must be free" },
        },
        "from",
        "to",
      ),
      effects: writes,
      ...changing("move", prepareMove),
    },
    {
      name: "delete",
      description: "Moves a file or folder of the workspace to the workspace's trash.",
      parameters: takes({ path }, "path"),
      effects: writes,
      ...changing("delete", prepareDelete),
    },
    {
      name: "undo_file_change",
      description:
        "Takes back the newest change made by these tools, or the newest of one path. What " +
        "somebody else changed since stays.",
      parameters: takes({ path: { ...path, description: "the newest change of all if absent" } }),
      effects: writes,
      ...changing("undo_file_change", prepareUndo),
    },
  ],
};

export default plugin;
