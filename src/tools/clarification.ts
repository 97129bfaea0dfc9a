/**
 * The tool by which a model asks the person a question. What they answer is their word and nothing more: it
 * allows no call, and it is drawn so that it cannot pass for the question that does.
 * @module
 */
import { oneLine, plainLines } from "../protocol/foreign_text.ts";
import type { Tool, ToolOutcome, ToolPlan } from "../protocol/tool.ts";
import type { QuestionLine } from "./question.ts";
import { BUILT_IN, CLARIFICATION } from "./tool_name.ts";

/** What the model asks. */
export interface Clarification {
  /** Foreign text, as all of it; no control bytes. */
  readonly question: string;
  /** Two to six, one line each, no two alike. */
  readonly choices: readonly string[];
  /** Where the first text came from that nobody vouches for, if the conversation has read any. */
  readonly untrusted?: string;
}

/** What the person says to it. */
export type ClarificationAnswer =
  /** @property at from 0 */
  | { readonly kind: "chosen"; readonly at: number }
  | { readonly kind: "own"; readonly words: string }
  /** They do not want to say. */
  | { readonly kind: "none" }
  /** There is nobody to ask. */
  | { readonly kind: "unavailable" };

/** Asks the person. @throws the signal's reason */
export type AskPerson = (
  question: Clarification,
  signal: AbortSignal,
) => Promise<ClarificationAnswer>;

const QUESTION_UNITS = 600;
const CHOICE_UNITS = 160;
const ANSWER_UNITS = 2_000;
const CHOICES = { least: 2, most: 6 };
/** How long the person has, ms. */
const ANSWER_LIMIT_MS = 300_000;
/** Questions that wait for their turn. */
const WAITING = 3;

/** `ask_clarification`. Nobody is asked whether it may be used: it does nothing but ask. */
export function clarificationTool(ask: AskPerson): Tool {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const askInTurn: AskPerson = (question, signal) => {
    const turn = last.then(() => {
      signal.throwIfAborted();
      return ask(question, signal);
    });
    last = turn.catch(ended);
    return turn;
  };
  return {
    description: {
      name: CLARIFICATION,
      description: "Asks the person where a task cannot be done well without the answer. " +
        "They choose, or say something else. Not for leave to use a tool.",
      parameters: {
        type: "object",
        properties: {
          question: { type: "string", maxLength: QUESTION_UNITS },
          choices: {
            type: "array",
            items: { type: "string", maxLength: CHOICE_UNITS },
            minItems: CHOICES.least,
            maxItems: CHOICES.most,
          },
        },
        required: ["question", "choices"],
        additionalProperties: false,
      },
    },
    owner: BUILT_IN,
    effects: [],
    timeLimit: ANSWER_LIMIT_MS,
    plan: ({ question, choices }, { untrusted }) => {
      const read = readQuestion(question, choices, untrusted?.from);
      if (typeof read === "string") return Promise.resolve({ kind: "refused", message: read });
      const plan: ToolPlan = {
        kind: "ready",
        does: "ask the person a question",
        effects: [],
        approval: "none",
        async run({ signal }) {
          if (waiting >= WAITING) {
            return { status: "error", text: "not asked: ask one question at a time" };
          }
          waiting++;
          try {
            return outcomeOf(read, await askInTurn(read, signal));
          } finally {
            waiting--;
          }
        },
      };
      return Promise.resolve(plan);
    },
  };
}

function readQuestion(
  question: unknown,
  choices: unknown,
  untrusted: string | undefined,
): Clarification | string {
  const text = plainLines(String(question), QUESTION_UNITS).trim();
  if (text === "") return "ask a question";
  const given = Array.isArray(choices) ? choices : [];
  const shown = given.map((one) => oneLine(String(one), CHOICE_UNITS).trim());
  const own = [...new Set(shown)].filter((one) => one !== "");
  if (own.length < CHOICES.least || own.length > CHOICES.most) {
    return `give ${CHOICES.least} to ${CHOICES.most} different answers to choose from`;
  }
  return {
    question: text,
    choices: own,
    ...(untrusted === undefined ? {} : { untrusted: oneLine(untrusted, 100) }),
  };
}

function outcomeOf({ choices }: Clarification, answer: ClarificationAnswer): ToolOutcome {
  switch (answer.kind) {
    case "chosen":
      return { status: "ok", text: `The person chose: ${choices[answer.at] ?? ""}` };
    case "own":
      return {
        status: "ok",
        text: `The person says: ${plainLines(answer.words, ANSWER_UNITS)}`,
      };
    case "none":
      return {
        status: "ok",
        text: "The person gave no answer. Go on with what is most likely meant, and say so.",
      };
    case "unavailable":
      return {
        status: "error",
        text: "not available: nobody can be asked here. Go on with what is most likely meant, " +
          "and say what you took for granted.",
      };
  }
}

const BAR = "  │ ";

/** The question's lines; all that the model wrote stands behind a bar. */
export function clarificationLines(
  { question, choices, untrusted }: Clarification,
): QuestionLine[] {
  return [
    { kind: "title", prefix: "", text: "the model asks you" },
    ...plainLines(question, QUESTION_UNITS).split("\n").map((text): QuestionLine => ({
      kind: "foreign",
      prefix: BAR,
      text,
    })),
    ...choices.map((text, at): QuestionLine => ({
      kind: "foreign",
      prefix: `${BAR}${at + 1}  `,
      text: oneLine(text, CHOICE_UNITS),
    })),
    { kind: "fact", prefix: "", text: "your answer allows nothing; tell it no password or key" },
    ...untrusted === undefined ? [] : [{
      kind: "warning" as const,
      prefix: "",
      text: `it has read text that nobody vouches for: ${untrusted}`,
    }],
  ];
}

/** What a typed line says: a number chooses, nothing is no answer, the rest is the person's own words. */
export function typedAnswer(line: string, { choices }: Clarification): ClarificationAnswer {
  const words = line.trim();
  if (words === "") return { kind: "none" };
  const at = /^[1-9]$/.test(words) ? Number(words) - 1 : -1;
  if (at >= 0 && at < choices.length) return { kind: "chosen", at };
  return { kind: "own", words };
}

/** What may be typed. */
export function typedPrompt({ choices }: Clarification): string {
  return `1 to ${choices.length}, or your own words; Enter alone: no answer > `;
}

/** The answer, as the person is shown it again. */
export function answerNote(answer: ClarificationAnswer): string {
  switch (answer.kind) {
    case "chosen":
      return `you chose ${answer.at + 1}`;
    case "own":
      return `you said: ${oneLine(answer.words, 200)}`;
    case "none":
    case "unavailable":
      return "no answer";
  }
}

/** A question that ended otherwise keeps no other from being asked. */
function ended(_cause: unknown): undefined {
  return undefined;
}
