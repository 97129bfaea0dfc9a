/**
 * A recipe: prompts that are asked one after the other, with parameters. Its name and description are those of
 * the Agent Skills format. It loads the YAML library: import it when there is a recipe.
 * @module
 */
import { LineCounter, parseDocument } from "yaml";
import { oneLine } from "../protocol/foreign_text.ts";
import {
  COMPATIBILITY_LENGTH,
  DESCRIPTION_LENGTH,
  FORMAT_FIELDS,
  nameProblems,
  plainName,
  textProblems,
} from "./format.ts";
import { type Piece, PLACE_NAME, readPieces } from "./recipe_text.ts";

/** What a recipe asks for. */
export interface RecipeParameter {
  readonly name: string;
  /** One line; may be empty. */
  readonly description: string;
  /** Absent: it must be given. */
  readonly default?: string;
  /** Absent: anything may be given. */
  readonly choices?: readonly string[];
}

/** A recipe that keeps the format. */
export interface Recipe {
  readonly name: string;
  /** What it does and when to use it; one line. */
  readonly description: string;
  readonly parameters: readonly RecipeParameter[];
  readonly steps: readonly (readonly Piece[])[];
}

/** What is wrong at a place of a file. */
export interface RecipeProblem {
  /** From 1. */
  readonly line: number;
  /** A sentence, to follow the place. */
  readonly problem: string;
}

/** A recipe, or what is wrong with it. */
export type ReadRecipe =
  | { readonly kind: "recipe"; readonly recipe: Recipe }
  | { readonly kind: "invalid"; readonly problems: readonly RecipeProblem[] };

/** UTF-16 units of a file. */
export const RECIPE_UNITS = 64_000;
const STEPS = 20;
const PARAMETERS = 20;
const CHOICES = 50;
const CHOICE_UNITS = 200;
const PARAMETER_DESCRIPTION_LENGTH = 300;
const FIELDS = new Set<string>([...FORMAT_FIELDS, "parameters", "steps"]);
const PARAMETER_FIELDS = new Set(["name", "description", "default", "choices"]);

type Place = readonly (string | number)[];
type Fields = Readonly<Record<string, unknown>>;

/** Reads a recipe. @param file the file's name without its end */
export function readRecipe(text: string, file: string): ReadRecipe {
  const problems: RecipeProblem[] = [];
  if (text.length > RECIPE_UNITS) {
    return invalid([{ line: 1, problem: `it is longer than ${RECIPE_UNITS} characters` }]);
  }
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const problem = oneLine(broken.message.split("\n")[0] ?? "", 200).replace(/ at line.*$/, "");
    return invalid([{ line: counter.linePos(broken.pos[0]).line, problem: `no YAML: ${problem}` }]);
  }
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 0 });
  } catch {
    return invalid([{ line: 1, problem: "it refers to itself; write out what & and * stand for" }]);
  }
  if (!isFields(data)) {
    return invalid([{ line: 1, problem: "write fields: name, description, parameters, steps" }]);
  }
  /** The line of the innermost part of that place that is there. */
  const lineOf = (place: Place): number => {
    for (let length = place.length; length > 0; length--) {
      const node: unknown = document.getIn(place.slice(0, length), KEEP_NODE);
      const range = typeof node === "object" && node !== null && "range" in node ? node.range : 0;
      if (Array.isArray(range) && typeof range[0] === "number") {
        return counter.linePos(range[0]).line;
      }
    }
    return 1;
  };
  const tell = (place: Place, sentences: readonly string[]): void => {
    for (const problem of sentences) problems.push({ line: lineOf(place), problem });
  };
  tell(["name"], nameProblems(data["name"], { name: file, kind: "file" }));
  tell(["description"], textProblems("description", data["description"], DESCRIPTION_LENGTH));
  if (data["compatibility"] !== undefined) {
    const { compatibility } = data;
    tell(["compatibility"], textProblems("compatibility", compatibility, COMPATIBILITY_LENGTH));
  }
  for (const field of Object.keys(data).filter((name) => !FIELDS.has(name))) {
    const known = "name, description, parameters and steps";
    tell([field], [`there is no field ${oneLine(field, 60)}; a recipe has ${known}`]);
  }
  const parameters = readParameters(data["parameters"], tell);
  const steps = readSteps(data["steps"], new Set(parameters.map(({ name }) => name)), tell);
  const used = new Set(steps.flat().flatMap((one) => one.kind === "place" ? [one.name] : []));
  if (problems.length === 0) {
    for (const [at, { name }] of parameters.entries()) {
      if (!used.has(name)) tell(["parameters", at], [`no step has a place {{${name}}}`]);
    }
  }
  if (problems.length > 0) return invalid(problems);
  const name = plainName(String(data["name"]));
  const description = oneLine(String(data["description"]), DESCRIPTION_LENGTH);
  return { kind: "recipe", recipe: { name, description, parameters, steps } };
}

/** The option of the YAML library that gives a node instead of its value. */
const KEEP_NODE = true;

type Tell = (place: Place, sentences: readonly string[]) => void;

function readParameters(given: unknown, tell: Tell): RecipeParameter[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given) || given.length > PARAMETERS) {
    tell(["parameters"], [`write parameters as a list of ${PARAMETERS} at most`]);
    return [];
  }
  const read: RecipeParameter[] = [];
  for (const [at, one] of given.entries()) {
    const place = ["parameters", at];
    if (!isFields(one)) {
      tell(place, ["write a parameter as fields: name, description, default, choices"]);
      continue;
    }
    for (const field of Object.keys(one).filter((field) => !PARAMETER_FIELDS.has(field))) {
      tell([...place, field], [`a parameter has no field ${oneLine(field, 60)}`]);
    }
    const { name } = one;
    if (typeof name !== "string" || !PLACE_NAME.test(name)) {
      tell([...place, "name"], ["a parameter's name has small letters, digits, - and _ only"]);
      continue;
    }
    if (read.some((other) => other.name === name)) {
      tell([...place, "name"], [`there are two parameters ${name}`]);
    }
    const choices = readChoices(one["choices"], [...place, "choices"], tell);
    const initial = scalar(one["default"]);
    if (one["default"] !== undefined && initial === undefined) {
      tell([...place, "default"], ["a default is a text"]);
    } else if (initial !== undefined && choices?.includes(initial) === false) {
      tell([...place, "default"], [`the default is none of ${choices.join(", ")}`]);
    }
    const { description = "" } = one;
    if (description !== "") {
      const problems = textProblems("description", description, PARAMETER_DESCRIPTION_LENGTH);
      tell([...place, "description"], problems);
    }
    read.push({
      name,
      description: oneLine(String(description), PARAMETER_DESCRIPTION_LENGTH),
      ...(initial === undefined ? {} : { default: initial }),
      ...(choices === undefined ? {} : { choices }),
    });
  }
  return read;
}

function readChoices(given: unknown, place: Place, tell: Tell): string[] | undefined {
  if (given === undefined || given === null) return undefined;
  const texts = Array.isArray(given) ? given.map(scalar) : [];
  const choices = texts.filter((text) => text !== undefined && text.length <= CHOICE_UNITS);
  if (choices.length === 0 || choices.length !== texts.length || choices.length > CHOICES) {
    tell(place, [`write choices as a list of ${CHOICES} short texts at most`]);
    return undefined;
  }
  return choices.map(String);
}

function readSteps(given: unknown, known: ReadonlySet<string>, tell: Tell): Piece[][] {
  if (!Array.isArray(given) || given.length === 0 || given.length > STEPS) {
    tell(["steps"], [`write steps as a list of 1 to ${STEPS} texts`]);
    return [];
  }
  return given.map((step, at): Piece[] => {
    if (typeof step !== "string" || step.trim() === "") {
      tell(["steps", at], ["a step is a text; one with a colon or braces needs quotes or |"]);
      return [];
    }
    const read = readPieces(step.trim(), known);
    if (read.kind === "pieces") return [...read.pieces];
    tell(["steps", at], [read.problem]);
    return [];
  });
}

/** YAML makes numbers and truth values of what is meant as a text. */
function scalar(given: unknown): string | undefined {
  if (typeof given === "string") return given;
  return typeof given === "number" || typeof given === "boolean" ? String(given) : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(problems: readonly RecipeProblem[]): ReadRecipe {
  return { kind: "invalid", problems };
}
