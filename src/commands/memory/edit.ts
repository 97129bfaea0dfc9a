/**
 * `pyra memory edit`: a note in the person's editor.
 *
 * The kernel stops this room while the editor runs. `note_draft.ts` keeps what the next room needs;
 * what is not saved in the end is kept in a file, too.
 * @module
 */
import { writeAtomically } from "../../durable/file.ts";
import { noteName } from "../../memory/note/name.ts";
import type { Change } from "../../memory/store/store.ts";
import { PyraError } from "../../protocol/error.ts";
import { configuredEditor } from "../config_edit.ts";
import type { CommandContext } from "../context.ts";
import { asShown, showError } from "../errors.ts";
import type { Parsed } from "../program.ts";
import { confirmChange } from "./changes.ts";
import { NoteDrafts, type OpenDraft } from "./note_draft.ts";
import { remark, withChanges } from "./opened_memory.ts";

/** What a new note begins with. */
const TEMPLATE = "---\nsummary:\nkeywords: []\n---\n\n";
/** The kernel takes no longer text, UTF-16 units. */
const TEXT_LIMIT = 1024 * 1024;
/** Where a text goes that was typed and not saved, in the profile's cache folder. */
const KEPT_NAME = "note_not_saved.md";

/** `pyra memory edit NAME` */
export async function editNote(context: CommandContext, parsed: Parsed): Promise<number> {
  const [typed = ""] = parsed.arguments;
  const drafts = new NoteDrafts(context);
  let draft = await drafts.goingOn() ?? await begin(context, drafts, typed);
  while (true) {
    const text = await typeText(context, draft).finally(() => drafts.forget(draft));
    if (text === draft.before || isUntouched(draft, text)) {
      return await confirmChange(context, unchanged(draft), { unchanged: "nothing was changed" });
    }
    try {
      const code = await save(context, draft, text);
      if (draft.kept !== undefined) await Deno.remove(draft.kept);
      return code;
    } catch (thrown) {
      const error = asShown(thrown);
      const kept = error.code === "note_changed" ? undefined : await again(context, error, text);
      if (kept === undefined) {
        await showError(context, error);
        return error.exitCode;
      }
      draft = await drafts.keep({ ...draft, text, kept });
    }
  }
}

async function begin(
  context: CommandContext,
  drafts: NoteDrafts,
  typed: string,
): Promise<OpenDraft> {
  const { name, text: before, problem } = await currentNote(context, typed);
  if (problem !== undefined) await remark(context, `${name}: ${problem}`);
  if (before !== undefined && before.length > TEXT_LIMIT) {
    throw new PyraError("file", "note_too_large", `${name} is too large to be edited from here`, {
      hint: `open ${context.boot.profile.memory}/${name} in your editor; Pyra notices the change`,
    });
  }
  return await drafts.keep({
    name,
    ...(before === undefined ? {} : { before }),
    text: before ?? TEMPLATE,
  });
}

/** The note as it is now, without `text` if there is none. @throws for a name that cannot be one */
async function currentNote(
  context: CommandContext,
  typed: string,
): Promise<{ name: string; text?: string; problem?: string }> {
  await using memory = await context.memory();
  try {
    const { name, text, problems: [problem] } = await memory.read(typed);
    if (problem === undefined) return { name, text };
    if (text !== "") return { name, text, problem };
    // An editor would be shown nothing, and what it saves would stand for bytes that nobody saw.
    throw new PyraError("file", "note_unreadable", `${name} is no text: ${problem}`, {
      hint: "open the file with the program that made it",
    });
  } catch (thrown) {
    if (!(thrown instanceof PyraError) || thrown.code !== "no_such_note") throw thrown;
    return { name: noteName(typed) };
  }
}

async function typeText(context: CommandContext, { name, text }: OpenDraft): Promise<string> {
  const editor = await configuredEditor(context);
  try {
    return await context.kernel.call("editText", {
      text,
      extension: "md",
      ...(editor === undefined ? {} : { editor }),
    });
  } catch (thrown) {
    const { category, code, message } = asShown(thrown);
    if (code !== "no_terminal") throw thrown;
    const hint = `pipe the text in: pyra memory write ${name.replace(/\.md$/i, "")} < FILE`;
    throw new PyraError(category, code, message, { hint, cause: thrown });
  }
}

/** Whether a new note was left as it was offered. */
function isUntouched({ before }: OpenDraft, text: string): boolean {
  return before === undefined && ["", TEMPLATE.trim()].includes(text.trim());
}

function unchanged({ name, before = "" }: OpenDraft): Change {
  return { kind: "unchanged", name, before, after: before };
}

async function save(context: CommandContext, draft: OpenDraft, text: string): Promise<number> {
  const now = await currentNote(context, draft.name);
  if (now.text !== draft.before) await agreeToReplace(context, draft, text);
  return await withChanges(context, async (memory) => {
    const change = await memory.replace(draft.name, text);
    const { problems } = await memory.read(change.name);
    for (const problem of problems) await remark(context, `${change.name}: ${problem}`);
    return await confirmChange(context, change, {
      created: `${change.name} is written`,
      changed: `${change.name} is changed; pyra memory undo takes it back`,
    });
  });
}

/** The note is another one than the editor was opened on: both texts must survive. */
async function agreeToReplace(
  context: CommandContext,
  { name }: OpenDraft,
  text: string,
): Promise<void> {
  const prompts = await context.openPrompts();
  const isAgreed = await prompts.select({
    message: `${name} was changed by another program while you were editing`,
    options: [
      { value: false, label: "Leave it", hint: "what you typed is kept in a file" },
      { value: true, label: "Save yours", hint: "the other text is kept in the history" },
    ],
    initial: false,
  });
  if (isAgreed) return;
  const kept = await keepTyped(context, text);
  throw new PyraError("file", "note_changed", `${name} was left as the other program saved it`, {
    hint: `what you typed is in ${kept}`,
  });
}

/**
 * Keeps the text in a file, and asks whether to correct it.
 * @returns the file, if the editor is to be opened again
 */
async function again(
  context: CommandContext,
  error: PyraError,
  text: string,
): Promise<string | undefined> {
  const kept = await keepTyped(context, text);
  const prompts = await context.openPrompts();
  prompts.note(`${error.message}\nWhat you typed is kept in ${kept}`);
  if (text.length > TEXT_LIMIT) return undefined;
  const isAgain = await prompts.select({
    message: "The note was not saved",
    options: [{ value: true, label: "Edit again" }, { value: false, label: "Leave it" }],
    initial: true,
  });
  return isAgain ? kept : undefined;
}

async function keepTyped({ boot }: CommandContext, text: string): Promise<string> {
  const kept = `${boot.profile.cache}/${KEPT_NAME}`;
  await writeAtomically(kept, text);
  return kept;
}
