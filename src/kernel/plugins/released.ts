/**
 * The secrets that a plugin was given, taken out of what it says.
 * @module
 */
import { isRecord } from "../../rpc/frame.ts";
import { BLOT, blotText, formsOf, unbinary } from "../../rpc/secret_forms.ts";

/** Shorter values stand in any text by chance. */
const VALUE_CHARACTERS = 4;
/** So much of a secret at a line's end, or beginning, is taken for it. */
const PART_CHARACTERS = 6;

/** What one plugin was given in this run, whichever of its rooms asked. */
export class ReleasedSecrets {
  #forms: readonly string[] = [];
  /** The longest form, and so how much of a line may belong to the next one's secret. */
  #longest = 0;

  /** Takes note of a value that is handed out. */
  add(value: string): void {
    if (value.length < VALUE_CHARACTERS) return;
    const decoder = new TextDecoder();
    const forms = formsOf(value).map((form) => decoder.decode(unbinary(form)));
    this.#forms = [...new Set([...this.#forms, ...forms])];
    this.#longest = Math.max(...this.#forms.map(({ length }) => length));
  }

  /** The same with every text in it, names of fields too, without the values. */
  blot(value: unknown): unknown {
    if (this.#forms.length === 0) return value;
    if (typeof value === "string") return blotText(value, this.#forms);
    if (Array.isArray(value)) return value.map((each) => this.blot(each));
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [blotText(key, this.#forms), this.blot(each)]),
    );
  }

  /** For texts that follow each other: a value that goes on in the next loses its rest there, too. */
  lines(): (line: string) => string {
    let before = "";
    return (line) => {
      const joined = before + line;
      const from = before.length;
      before = joined.slice(Math.max(0, joined.length - this.#longest));
      let start = 0;
      let end = line.length;
      for (const form of this.#forms) {
        // Across the border: what is left of it here. The line before may not have come.
        const across = joined.indexOf(form, Math.max(0, from - form.length + 1));
        if (across >= 0 && across < from) start = Math.max(start, across + form.length - from);
        start = Math.max(start, shared(form, (cut) => line.startsWith(form.slice(-cut))));
        end = Math.min(end, line.length - shared(form, (cut) => line.endsWith(form.slice(0, cut))));
      }
      const rest = blotText(line.slice(start, Math.max(start, end)), this.#forms);
      return `${start > 0 ? BLOT : ""}${rest}${end < line.length ? BLOT : ""}`;
    };
  }
}

/** How much of a form stands at the edge of a line; 0 if it is little. */
function shared(form: string, stands: (characters: number) => boolean): number {
  for (let cut = form.length - 1; cut >= PART_CHARACTERS; cut--) if (stands(cut)) return cut;
  return 0;
}
