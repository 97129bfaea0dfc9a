/**
 * `pyra memory write`, `append`, `mv` and `rm`: the person's own act, so nobody is asked; the version
 * before is kept.
 * @module
 */
import type { Memory } from "../../memory/memory.ts";
import type { NoteDraft } from "../../memory/note/note.ts";
import type { Change } from "../../memory/store/store.ts";
import { PyraError } from "../../protocol/error.ts";
import type { CommandContext } from "../context.ts";
import { usageError } from "../errors.ts";
import { isOn, type OptionValues, textOf } from "../option_values.ts";
import { jsonText } from "../output.ts";
import type { Parsed } from "../program.ts";
import { onNote } from "./known_note.ts";
import { pipedText } from "./piped_text.ts";
import { withChanges } from "./opened_memory.ts";

/** `pyra memory write NAME [TEXT…]` */
export async function writeNote(context: CommandContext, parsed: Parsed): Promise<number> {
  const [typed = "", ...words] = parsed.arguments;
  const facts = factsOf(parsed.options);
  const text = await typedText(context, words);
  if (text === undefined && Object.keys(facts).length === 0) throw nothingTyped("write", typed);
  return await withChanges(context, async (memory) => {
    const change = text === undefined
      ? await onNote(context, memory, typed, () => changeFacts(memory, typed, facts))
      : await memory.write(typed, { ...facts, body: text });
    return await confirmChange(context, change, {
      created: `${change.name} is written`,
      changed: `${change.name} is changed; pyra memory undo takes it back`,
    });
  });
}

/** `pyra memory append NAME [TEXT…]` */
export async function appendToNote(context: CommandContext, parsed: Parsed): Promise<number> {
  const [typed = "", ...words] = parsed.arguments;
  const text = await typedText(context, words);
  if (text === undefined) throw nothingTyped("append", typed);
  return await withChanges(context, async (memory) => {
    const change = await memory.append(typed, text);
    return await confirmChange(context, change, {
      created: `${change.name} is written; there was no such note before`,
      changed: `${change.name} is longer now`,
    });
  });
}

/** `pyra memory mv FROM TO` */
export function moveNote(context: CommandContext, parsed: Parsed): Promise<number> {
  const [from = "", to = ""] = parsed.arguments;
  return withChanges(context, async (memory) => {
    const change = await onNote(context, memory, from, () => memory.move(from, to));
    return await confirmChange(context, change, {
      moved: `${change.from ?? from} is ${change.name} now`,
      unchanged: `${change.name} has that name already`,
    });
  });
}

/** `pyra memory rm NAME…` */
export function removeNotes(context: CommandContext, parsed: Parsed): Promise<number> {
  const { boot, print } = context;
  return withChanges(context, async (memory) => {
    // All are found before the first is removed: a typing mistake removes nothing.
    const names = new Set<string>();
    for (const typed of parsed.arguments) {
      names.add(await onNote(context, memory, typed, () => existingName(memory, typed)));
    }
    const removed: string[] = [];
    for (const name of names) removed.push((await memory.remove(name)).name);
    if (boot.options.json) await print(jsonText({ removed }));
    else if (!boot.options.quiet) {
      for (const name of removed) await print(`removed ${name}\n`);
      const again = removed.length === 1 ? "pyra memory undo" : "pyra memory undo NAME";
      await print(`${again} brings ${removed.length === 1 ? "it" : "one"} back\n`);
    }
    return 0;
  });
}

/** What was done, for programs. */
export function changeJson({ kind, name, from }: Change): Record<string, unknown> {
  return { kind, name, ...(from === undefined ? {} : { from }) };
}

/** A note's real name. A file that is there but cannot be read can be removed. */
async function existingName(memory: Memory, typed: string): Promise<string> {
  try {
    return (await memory.read(typed)).name;
  } catch (thrown) {
    if (
      thrown instanceof PyraError && ["note_too_large", "note_unreadable"].includes(thrown.code)
    ) return typed;
    throw thrown;
  }
}

/** Leaves the text alone, also where another program adds to it at this moment. */
async function changeFacts(
  memory: Memory,
  typed: string,
  facts: Omit<NoteDraft, "body">,
): Promise<Change> {
  // Adding nothing to a note that is missing would make it.
  await memory.read(typed);
  return await memory.append(typed, "", facts);
}

function factsOf(options: OptionValues): Omit<NoteDraft, "body"> {
  const summary = textOf(options, "--summary");
  const keywords = textOf(options, "--keywords");
  const [pin, unpin] = [isOn(options, "--pin"), isOn(options, "--unpin")];
  if (pin && unpin) throw usageError("--pin and --unpin contradict each other", "give one of them");
  return {
    ...(summary === undefined ? {} : { summary }),
    ...(keywords === undefined ? {} : {
      keywords: keywords.split(",").map((word) => word.trim()).filter((word) => word !== ""),
    }),
    ...(pin || unpin ? { pinned: pin } : {}),
  };
}

/** What the person gave: words of the command line, or what is piped in; `undefined` for nothing. */
async function typedText(
  context: CommandContext,
  words: readonly string[],
): Promise<string | undefined> {
  const text = words.length > 0
    ? words.join(" ")
    : context.boot.terminal.stdin
    ? ""
    : await pipedText(context);
  return text.trim() === "" ? undefined : text;
}

function nothingTyped(command: "write" | "append", name: string): PyraError {
  return usageError(
    "there is no text to write",
    `write pyra memory ${command} ${name} "some text", or pipe it in`,
  );
}

/** Says what was done; a kind without a sentence of its own is told as nothing to do. */
export async function confirmChange(
  { boot, print }: CommandContext,
  change: Change,
  sentences: Partial<Record<Change["kind"], string>>,
): Promise<number> {
  if (boot.options.json) await print(jsonText(changeJson(change)));
  else if (!boot.options.quiet) {
    await print(`${sentences[change.kind] ?? `${change.name} says so already`}\n`);
  }
  return 0;
}
