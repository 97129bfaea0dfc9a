/**
 * Decides where an imported note goes and whether it is written at all.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import type { ImportedNote, ImportTarget } from "./exchange.ts";
import { nameWith, sameFileKey } from "./free_name.ts";
import type { ImportItem } from "./import_item.ts";
import { type ImportState, shortHash, stateOf, withState } from "./import_state.ts";

/** How many names are tried for one note. */
const NAME_TRIES = 1_000;

/** What came of an item. */
export interface Placement {
  readonly note: ImportedNote;
  /** A sentence, if the person's own version was kept and this one written beside it. */
  readonly conflict?: string;
}

/** A note that stands there now, or would after a dry run. */
interface Standing {
  readonly name: string;
  readonly text: string;
}

/**
 * Places the items of one import. A source's notes are known by the field `source`, wherever they were moved;
 * a name is taken if any note has it in any case of letters.
 */
export class NotePlacer {
  readonly #target: ImportTarget;
  readonly #dryRun: boolean;
  readonly #bySource = new Map<string, string[]>();
  readonly #taken = new Set<string>();
  /** What a dry run would have written: the hash of an exact note, or the line of the others. */
  readonly #planned = new Map<string, { readonly hash: string; readonly state?: ImportState }>();

  constructor(target: ImportTarget, options: { readonly dryRun: boolean }) {
    this.#target = target;
    this.#dryRun = options.dryRun;
  }

  /** Learns which notes there are. */
  async prepare(): Promise<void> {
    for (const { name, source } of await this.#target.list()) {
      this.#taken.add(sameFileKey(name));
      if (source.startsWith("import ")) this.#remember(source, name);
    }
  }

  /** Writes an item where it belongs, if there is something new in it. @throws {PyraError} of the target */
  async place(item: ImportItem): Promise<Placement> {
    return item.exact ? await this.#placeExact(item) : await this.#placeImported(item);
  }

  async #placeImported(item: ImportItem): Promise<Placement> {
    const { source } = item;
    const version = await shortHash(item.version);
    const place = item.place === "" ? "" : await shortHash(item.place);
    const before: { name: string; state: ImportState }[] = [];
    for (const name of this.#bySource.get(source) ?? []) {
      const state = this.#planned.get(name)?.state ?? await this.#stateAt(name, source);
      if (state?.version === version) return { note: { kind: "unchanged", name, source } };
      if (state?.place === place) before.push({ name, state });
    }
    const text = await withState(item.text, item);
    const untouched = before.find(({ state }) => !state.isEdited);
    if (untouched) {
      await this.#write(untouched.name, text);
      return { note: { kind: "changed", name: untouched.name, source } };
    }
    const [edited] = before;
    const name = await this.#freeName(item.name, edited ? "imported" : "");
    await this.#write(name, text);
    this.#remember(source, name);
    const note = { kind: "created", name, source } as const;
    return edited
      ? {
        note,
        conflict:
          `you changed ${edited.name} since: it was kept, and this is what the source says now`,
      }
      : { note };
  }

  /** A note of Pyra's own: it is there already, or not, or another one has its name. */
  async #placeExact({ name: wanted, text, source }: ImportItem): Promise<Placement> {
    const hash = await shortHash(text);
    let first: string | undefined;
    for (const name of candidates(wanted, "imported")) {
      const standing = this.#planned.get(name)?.hash ?? await this.#hashAt(name);
      if (standing === hash) return { note: { kind: "unchanged", name, source } };
      if (standing === undefined && !this.#taken.has(sameFileKey(name))) {
        await this.#write(name, text);
        const note = { kind: "created", name, source } as const;
        const conflict = `another note is called ${
          first ?? wanted
        }: it was kept, and this one stands beside it`;
        return first === undefined ? { note } : { note, conflict };
      }
      first ??= name;
    }
    throw namesUsedUp(wanted);
  }

  async #freeName(wanted: string, word: string): Promise<string> {
    for (const name of candidates(wanted, word)) {
      if (word !== "" && name === wanted) continue;
      if (this.#taken.has(sameFileKey(name))) continue;
      // The list may be older than a note that another program has just made.
      if (await this.#standing(name) === undefined) return name;
    }
    throw namesUsedUp(wanted);
  }

  async #write(name: string, text: string): Promise<void> {
    this.#taken.add(sameFileKey(name));
    if (!this.#dryRun) await this.#target.replace(name, text);
    else {
      const state = await stateOf(text);
      this.#planned.set(name, { hash: await shortHash(text), ...(state ? { state } : {}) });
    }
  }

  async #stateAt(name: string, source: string): Promise<ImportState | undefined> {
    const standing = await this.#standing(name);
    return standing?.source === source ? await stateOf(standing.text) : undefined;
  }

  async #hashAt(name: string): Promise<string | undefined> {
    const standing = await this.#standing(name);
    return standing && await shortHash(standing.text);
  }

  /** The note of that name. One that cannot be read stands in the way with an empty text. */
  async #standing(name: string): Promise<(Standing & { source: string }) | undefined> {
    try {
      const { text, facts } = await this.#target.read(name);
      return { name, text, source: facts.source };
    } catch (thrown) {
      if (!(thrown instanceof PyraError)) throw thrown;
      if (thrown.code === "no_such_note") return undefined;
      return { name, text: "", source: "" };
    }
  }

  #remember(source: string, name: string): void {
    const names = this.#bySource.get(source);
    if (names) names.push(name);
    else this.#bySource.set(source, [name]);
  }
}

/** `a.md`, `a (2).md`, …; with a word `a.md`, `a (imported).md`, `a (imported 2).md`, … */
function* candidates(name: string, word: string): Generator<string> {
  yield name;
  if (word !== "") yield nameWith(name, word);
  for (let number = 2; number < NAME_TRIES; number++) {
    yield nameWith(name, word === "" ? `${number}` : `${word} ${number}`);
  }
}

function namesUsedUp(name: string): PyraError {
  return new PyraError("file", "bad_note_name", `there are too many notes called ${name}`);
}
