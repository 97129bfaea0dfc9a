/**
 * The slash commands about the person's notes. What they change is the person's own act: nobody is
 * asked, and the version before is kept.
 * @module
 */
import type { Hit } from "../memory/search/hit.ts";
import { nearNames } from "../memory/tools/near_names.ts";
import { PyraError } from "../protocol/error.ts";
import { type CommandContext, unquote } from "./command.ts";
import type { ChatMemory, ReplMemory } from "./ports.ts";
import { sanitize, sanitizeLine } from "./sanitize.ts";
import { count } from "./turn.ts";

/** Where `/remember` writes: what begins with `me:` is about the person, and goes into every question. */
const REMEMBERED = { name: "context/remembered.md", summary: "what you asked to be remembered" };
const ABOUT_ME = { name: "user/profile.md", summary: "about you" };
/** A command waits no longer for a look through the folder, ms. */
const LOOK_MS = 500;
/** Notes that `/recall` shows. */
const FOUND = 8;
/** Lines of a note that `/memory NAME` shows. */
const SHOWN_LINES = 200;
/** Notes that are offered to choose from. */
const OFFERED = 200;

function memoryOf({ ports }: CommandContext): ReplMemory {
  if (ports.memory !== undefined) return ports.memory;
  throw new PyraError("configuration", "no_memory", "this chat has no notes");
}

/** The notes as they are now: what other programs changed is looked for, but not waited for long. */
async function lookedAt(context: CommandContext): Promise<ChatMemory> {
  const memory = await memoryOf(context).open();
  const { promise: timeUp, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, LOOK_MS);
  try {
    // How the look ends is for those who search then: it concerns the whole index.
    const looking = memory.refresh({ signal: context.signal }).then(
      () => undefined,
      () => undefined,
    );
    await Promise.race([looking, timeUp]);
  } finally {
    clearTimeout(timer);
  }
  context.signal.throwIfAborted();
  return memory;
}

/** `/remember`. */
export async function remember(context: CommandContext): Promise<void> {
  const { surface, argument } = context;
  const [, me, text = ""] = /^(me:)?\s*([\s\S]*)$/i.exec(argument) ?? [];
  if (text === "") {
    return surface.show(
      `what? /remember TEXT adds it to ${REMEMBERED.name}; /remember me: TEXT to ` +
        `${ABOUT_ME.name}, which goes with every question`,
      "dim",
    );
  }
  const ports = memoryOf(context);
  const memory = await ports.open();
  const { name, summary } = me === undefined ? REMEMBERED : ABOUT_ME;
  // What the person wrote about a note that is there stays.
  const isNew = await nameIfThere(memory, name) === undefined;
  const facts = isNew ? { summary, source: "person" } : undefined;
  const line = text.trim().replace(/\r\n?|\n/g, "\n  ");
  await memory.append(name, `- ${dateOf(ports.now())}: ${line}`, facts);
  const where = me === undefined ? name : `${name}, which goes with every question`;
  surface.show(`remembered in ${where}`, "dim");
}

/** `/recall`. */
export async function recall(context: CommandContext): Promise<void> {
  const { surface, argument, signal } = context;
  if (argument === "") {
    return surface.show("what? /recall WORDS looks for them in your notes", "dim");
  }
  const memory = await lookedAt(context);
  const hits = await memory.search(argument, { limit: FOUND, signal });
  if (hits.length === 0) return surface.show("nothing in your notes has to do with that", "dim");
  for (const hit of hits) {
    const about = sanitizeLine(hit.summary === "" ? hit.heading : hit.summary);
    surface.showTable([[sanitizeLine(`${hit.file}:${hit.line}`), about]]);
    surface.showMatches(matchPieces(hit));
  }
}

/** `/memory`. */
export async function memory(context: CommandContext): Promise<void> {
  const { state, surface, argument } = context;
  const ports = memoryOf(context);
  const memory = await lookedAt(context);
  if (argument !== "") {
    const found = await named(context, memory, "show");
    if (found !== undefined) await showNote(context, memory, found);
    return;
  }
  const { notes, pinned, size_bytes } = await memory.figures();
  const went = state.conversation.memoryFiles;
  surface.showTable([
    ["notes", `${count(notes)}, ${count(pinned)} of them pinned; ${sizeOf(size_bytes)}`],
    ["folder", sanitizeLine(ports.folder)],
    ["last question", went.length === 0 ? "no notes went with it" : sanitizeLine(went.join(", "))],
  ]);
  if (!ports.goesWithQuestions) {
    surface.show("notes go with no question: pyra config set memory.auto_load true", "dim");
  }
  for (const notice of [...memory.notices, ...ports.problems]) {
    surface.show(`warning: ${sanitize(notice)}`, "warning");
  }
}

/** `/forget`. */
export async function forget(context: CommandContext): Promise<void> {
  const memory = await lookedAt(context);
  const name = await named(context, memory, "forget");
  if (name === undefined) return;
  const removed = await memory.remove(name);
  const back = `pyra memory undo ${shellWord(removed.name.replace(/\.md$/i, ""))} brings it back`;
  context.surface.show(`${sanitizeLine(removed.name)} is removed; ${back}`, "dim");
}

/** The note that is meant, asking if there is none of that name; `undefined` if none was chosen. */
async function named(
  { surface, argument }: CommandContext,
  memory: ChatMemory,
  verb: string,
): Promise<string | undefined> {
  const typed = unquote(argument);
  if (typed !== "") {
    const name = await nameIfThere(memory, typed);
    if (name !== undefined) return name;
  }
  const notes = await memory.list();
  const offered = typed === ""
    ? notes.toSorted((one, other) => other.modified < one.modified ? -1 : 1).slice(0, OFFERED)
    : notesNamed(nearNames(typed, notes.map(({ name }) => name)), notes);
  if (offered.length === 0) {
    throw new PyraError(
      "file",
      "no_such_note",
      typed === "" ? "there are no notes yet" : `there is no note ${sanitizeLine(typed)}`,
      { hint: typed === "" ? "/remember TEXT makes one" : "/recall WORDS finds notes by words" },
    );
  }
  const title = typed === "" ? `${verb} which note` : `there is no ${sanitizeLine(typed)}; ${verb}`;
  return await surface.choose(
    title,
    offered.map(({ name, summary }) => ({ value: name, label: name, description: summary })),
  );
}

function notesNamed<T extends { readonly name: string }>(
  names: readonly string[],
  notes: readonly T[],
): readonly T[] {
  return names.flatMap((name) => notes.filter((note) => note.name === name));
}

/** The whole name of a note; `undefined` if there is none. One that cannot be read is there too. */
async function nameIfThere(memory: ChatMemory, name: string): Promise<string | undefined> {
  try {
    return (await memory.read(name)).name;
  } catch (thrown) {
    if (!(thrown instanceof PyraError) || thrown.code === "bad_note_name") throw thrown;
    return thrown.code === "no_such_note" ? undefined : name;
  }
}

async function showNote(
  { ports, surface }: CommandContext,
  memory: ChatMemory,
  name: string,
): Promise<void> {
  const { text, problems } = await memory.read(name);
  surface.show(sanitizeLine(name), "dim");
  const lines = text.trimEnd().split("\n");
  surface.show(sanitize(lines.slice(0, SHOWN_LINES).join("\n")));
  const more = lines.length - SHOWN_LINES;
  if (more > 0) {
    const path = `${ports.memory?.folder ?? ""}/${name}`;
    surface.show(`… ${count(more)} more lines in ${sanitizeLine(path)}`, "dim");
  }
  for (const problem of problems) surface.show(`warning: ${sanitize(problem)}`, "warning");
}

/** The snippet cut where matches begin and end, and made harmless. */
function matchPieces({ snippet: { text, marks } }: Hit) {
  const pieces: { text: string; isMatch: boolean }[] = [];
  let at = 0;
  for (const [start, end] of [...marks, [text.length, text.length] as const]) {
    if (start > at) pieces.push({ text: sanitizeLine(text.slice(at, start)), isMatch: false });
    if (end > start) pieces.push({ text: sanitizeLine(text.slice(start, end)), isMatch: true });
    at = end;
  }
  return pieces;
}

/** As the person's clock says, such as `2026-03-01`. */
function dateOf(now: number): string {
  const date = new Date(now);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  return bytes < 1_000_000
    ? `${count(Math.round(bytes / 1_000))} kB`
    : `${count(Math.round(bytes / 100_000) / 10)} MB`;
}

/** A name as it can be typed into a shell. */
function shellWord(name: string): string {
  const shown = sanitizeLine(name);
  return /^[\p{L}\p{N}_./-]+$/u.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`;
}
