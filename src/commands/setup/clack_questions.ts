/**
 * The wizard's questions with `@clack/prompts`.
 * @module
 */
import type { Readable, Writable } from "node:stream";
import { autocomplete, intro, isCancel, log, outro, select, text } from "@clack/prompts";
import type { Option } from "@clack/prompts";
import { interruption, type PromptOption, type Prompts } from "../context.ts";
import { printable } from "../terminal_text.ts";

/** A longer list can be searched by typing. */
const SEARCH_FROM = 12;
/** So many rows of a list are shown at once. */
const ROWS = 12;

/** The questions on these streams. @param signal cancels the question that is open */
export function askWithClack(input: Readable, output: Writable, signal: AbortSignal): Prompts {
  const common = { input, output, signal };
  return {
    intro: (title) => intro(shown(title), common),
    note: (message) => log.message(shown(message), common),
    outro: (message) => outro(shown(message), common),
    async select<T>(question: {
      readonly message: string;
      readonly options: readonly PromptOption<T>[];
      readonly initial: T;
    }) {
      const { message, options, initial } = question;
      // By position, so that any value may stand behind a row.
      const rows: Option<number>[] = options.map(({ label, hint }, value) => ({
        value,
        label: shown(label),
        ...(hint === undefined ? {} : { hint: shown(hint) }),
      }));
      const initialValue = Math.max(0, options.findIndex(({ value }) => value === initial));
      const asked = { ...common, message: shown(message), options: rows, initialValue };
      const chosen = options.length < SEARCH_FROM
        ? await select({ ...asked, showInstructions: false })
        : await autocomplete({ ...asked, maxItems: ROWS, placeholder: "type to search" });
      const option = isCancel(chosen) ? undefined : options[chosen];
      if (!option) throw cancelled(signal);
      return option.value;
    },
    async text({ message, initial = "", check = () => undefined }) {
      const typed = await text({
        ...common,
        message: shown(message),
        initialValue: initial,
        validate: (value) => check((value ?? "").trim()),
      });
      if (isCancel(typed)) throw cancelled(signal);
      return typed.trim();
    },
    async busy(message, work) {
      log.step(shown(`${message} …`), common);
      return await work;
    },
  };
}

function cancelled(signal: AbortSignal): unknown {
  return signal.aborted ? signal.reason : interruption("interrupt");
}

/** Models' names and errors come from servers. */
function shown(words: string): string {
  return printable({ terminal: { stdin: true, stdout: true, stderr: true } }, words);
}
