/**
 * The questions of a set-up on the terminal.
 * @module
 */
import type { SetupUi } from "../../protocol/plugin.ts";
import type { Prompts } from "../context.ts";
import type { AnsweredBefore } from "./answered.ts";

/** Asks each question once, however often the room begins anew. */
export function setupQuestions(prompts: Prompts, before: AnsweredBefore): SetupUi {
  return {
    async note(text) {
      await before.answer(`note ${text}`, () => {
        prompts.note(text);
        return Promise.resolve(null);
      });
    },
    async text(question, initial) {
      const asked = { message: question, ...(initial === undefined ? {} : { initial }) };
      return String(await before.answer(`text ${question}`, () => prompts.text(asked)));
    },
    async confirm(question, initial = false) {
      const options = [{ value: true, label: "Yes" }, { value: false, label: "No" }];
      const ask = () => prompts.select({ message: question, options, initial });
      return await before.answer(`confirm ${question}`, ask) === true;
    },
    async select(question, options) {
      const [initial = ""] = options;
      const shown = options.map((value) => ({ value, label: value }));
      const ask = () => prompts.select({ message: question, options: shown, initial });
      return String(await before.answer(`select ${question}`, ask));
    },
  };
}
