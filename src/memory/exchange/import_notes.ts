/**
 * Import: the notes of a source are made, brought up to date or left alone, so that the same source can be
 * imported again and again.
 * @module
 */
import { asPyraError, PyraError } from "../../protocol/error.ts";
import type {
  ImportedNote,
  ImportOptions,
  ImportProblem,
  ImportReport,
  ImportTarget,
  SkipReason,
} from "./exchange.ts";
import type { ImportPiece } from "./import_item.ts";
import { openImportSource } from "./import_source.ts";
import { NotePlacer } from "./note_placer.ts";

const PROBLEM_LIMIT = 1_000;
/** What concerns one note alone; other errors (a full disk) would be the next note's too. */
const ONE_NOTES_CODES: readonly string[] = [
  "bad_note_name",
  "note_too_large",
  "note_unreadable",
];

/**
 * Imports a folder of Markdown (plain, Obsidian, Logseq), one Markdown file, an export from ChatGPT or Claude
 * (zip, folder or JSON), or an export of Pyra's. A note that the person changed since is never overwritten:
 * what the source says now is written beside it.
 * @throws {PyraError} `no_import_source`, `unknown_import_source`, `empty_import_source`,
 * `import_unreadable`, `bad_note_name` (the category), and those of the target; the signal's reason. What was
 * done until then stays, and is not done again the next time
 */
export async function importNotes(
  source: { readonly path: string },
  target: ImportTarget,
  options: ImportOptions,
): Promise<ImportReport> {
  const { signal, category, dryRun } = options;
  signal.throwIfAborted();
  using opened = await openImportSource(source.path, signal);
  const tally = new ImportTally(options);
  const placer = new NotePlacer(target, { dryRun });
  await placer.prepare();
  for await (const piece of opened.pieces(category, signal)) {
    signal.throwIfAborted();
    if (piece.kind === "note") await placed(placer, piece, tally);
    else tally.add(piece);
  }
  const report = tally.report(opened.kind);
  refuseIfForeign(report, source.path);
  return report;
}

/** JSON in which there is no note at all is not what the person meant. */
function refuseIfForeign(report: ImportReport, path: string): void {
  const { kind, created, changed, unchanged, problems, skips } = report;
  if (kind !== "chats" || created + changed + unchanged > 0 || skips.empty) return;
  const [problem] = problems;
  throw new PyraError(
    "file",
    "unknown_import_source",
    problem
      ? `${problem.name}: ${problem.message}`
      : `${path} is no export of ChatGPT, Claude or Pyra`,
    { hint: "name the .zip that they sent you, or its conversations.json" },
  );
}

async function placed(
  placer: NotePlacer,
  { item }: ImportPiece & { kind: "note" },
  tally: ImportTally,
): Promise<void> {
  try {
    const { note, conflict } = await placer.place(item);
    tally.count(note);
    if (conflict) tally.problem(note.name, conflict);
  } catch (thrown) {
    const error = asPyraError(thrown);
    if (!(thrown instanceof PyraError) || !ONE_NOTES_CODES.includes(error.code)) throw thrown;
    tally.add({ kind: "skip", reason: "unreadable", path: item.name, message: error.message });
  }
}

/** What is to be reported in the end. */
class ImportTally {
  readonly #options: ImportOptions;
  readonly #counts = { created: 0, changed: 0, unchanged: 0 };
  readonly #skips = new Map<SkipReason, number>();
  readonly #problems: ImportProblem[] = [];
  #moreProblems = 0;

  constructor(options: ImportOptions) {
    this.#options = options;
  }

  add(piece: Exclude<ImportPiece, { kind: "note" }>): void {
    if (piece.kind === "progress") {
      this.#options.progress?.({ done: piece.done, total: piece.total });
    } else if (piece.kind === "problem") this.problem(piece.path, piece.message);
    else {
      this.#skips.set(piece.reason, (this.#skips.get(piece.reason) ?? 0) + (piece.count ?? 1));
      if (piece.message !== undefined) this.problem(piece.path, piece.message);
    }
  }

  count(note: ImportedNote): void {
    this.#counts[note.kind]++;
    this.#options.each?.(note);
  }

  problem(name: string, message: string): void {
    if (this.#problems.length < PROBLEM_LIMIT) this.#problems.push({ name, message });
    else this.#moreProblems++;
  }

  report(kind: ImportReport["kind"]): ImportReport {
    return {
      kind,
      ...this.#counts,
      skipped: [...this.#skips.values()].reduce((sum, count) => sum + count, 0),
      skips: Object.fromEntries(this.#skips),
      problems: this.#problems,
      moreProblems: this.#moreProblems,
    };
  }
}
