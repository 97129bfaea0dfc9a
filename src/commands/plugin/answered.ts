/**
 * What was answered in a set-up, from one room to the next: the kernel ends a room to ask for a secret,
 * and the next one comes by the same questions.
 * @module
 */
import * as z from "zod/mini";
import { PyraError } from "../../protocol/error.ts";
import type { Json } from "../../protocol/plugin.ts";
import { isJson } from "../../plugins/bounds.ts";
import type { CommandContext } from "../context.ts";
import { asShown } from "../errors.ts";

const Answer = z.object({
  question: z.string(),
  answer: z.custom<Json>((value) => isJson(value)),
});
const Handed = z.object({
  plugin_setup: z.object({
    plugin: z.string(),
    answers: z.array(Answer),
  }),
});
type Answers = z.infer<typeof Answer>[];

/** The kernel remembers no more, characters. */
const REMEMBERED_LIMIT = 60_000;
/** How an answer stands for a refusal. */
const REFUSED = { refused: true };

/** The answers so far, given again in their order. */
export class AnsweredBefore {
  readonly #context: Pick<CommandContext, "kernel">;
  readonly #plugin: string;
  #earlier: Answers = [];
  readonly #answers: Answers = [];

  constructor(context: Pick<CommandContext, "kernel" | "boot">, plugin: string) {
    this.#context = context;
    this.#plugin = plugin;
    const handed = Handed.safeParse(context.boot.remembered);
    if (!handed.success || handed.data.plugin_setup.plugin !== plugin) return;
    this.#earlier = handed.data.plugin_setup.answers;
  }

  /** The earlier answer to a question, else what `ask` comes to. */
  async answer(question: string, ask: () => Promise<Json>): Promise<Json> {
    const earlier = this.#earlier.shift();
    const isSame = earlier?.question === question;
    // Another question than before: from here on everything is new.
    if (!isSame) this.#earlier = [];
    const answer = isSame ? earlier.answer : await ask();
    this.#answers.push({ question, answer });
    await this.#remember();
    return answer;
  }

  /**
   * Has the kernel ask the person; what they refused is not asked again in this set-up.
   * @throws {PyraError} `denied`; what `act` throws
   */
  async once(question: string, act: () => Promise<unknown>): Promise<void> {
    const earlier = this.#earlier[0]?.question === question ? this.#earlier.shift() : undefined;
    const denied = new PyraError("permission", "denied", `${question}: not given`);
    if (earlier) {
      this.#answers.push(earlier);
      if (JSON.stringify(earlier.answer) === JSON.stringify(REFUSED)) throw denied;
      return;
    }
    // The room may end here; the next one comes back to this very call, and gets the answer.
    await this.#remember();
    try {
      await act();
      this.#answers.push({ question, answer: null });
    } catch (thrown) {
      const error = asShown(thrown);
      // An empty line, instead of a secret, is a refusal too.
      if (error.code !== "denied" && error.code !== "usage") throw error;
      this.#answers.push({ question, answer: REFUSED });
      throw denied;
    } finally {
      await this.#remember();
    }
  }

  async #remember(): Promise<void> {
    const state = { plugin_setup: { plugin: this.#plugin, answers: this.#answers } };
    if (JSON.stringify(state).length > REMEMBERED_LIMIT) return;
    await this.#context.kernel.call("remember", { state });
  }
}
