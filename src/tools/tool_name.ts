/**
 * What tools are called: by people and rules `memory_search` and `clock.now`, by models, whose
 * providers refuse dots, `memory_search` and `clock__now`.
 * @module
 */

/** The owner of what is built in. */
export const BUILT_IN = "pyra";
/** The tool by which a model asks the person a question. */
export const CLARIFICATION = "ask_clarification";
/** Characters of a name as models see it (OpenAI's limit, and others'). */
const MODEL_NAME_LENGTH = 64;
/** No `_` at an end and no two in a row: so `__` stands for the dot and for nothing else. */
const PART = "[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*";
const FULL_NAME = new RegExp(`^(?:${PART}\\.)?${PART}$`);

/** A tool's full name. `owner` is {@linkcode BUILT_IN} or a plugin. */
export function fullName(owner: string, name: string): string {
  return owner === BUILT_IN ? name : `${owner}.${name}`;
}

/** Whether it is a full name that a model can be told. */
export function isToolName(name: string): boolean {
  // The length first: the expression is only run on what is short.
  return modelNameLength(name) <= MODEL_NAME_LENGTH && FULL_NAME.test(name);
}

/** The name that a model sees of a full name for which {@linkcode isToolName} holds. */
export function modelName(full: string): string {
  return full.replace(".", "__");
}

/** The full name of what a model sees. */
export function nameOfModel(name: string): string {
  return name.replace("__", ".");
}

/** Alike for names that people and models take for one another. */
export function lookOf(full: string): string {
  return full.toLowerCase().replace(/[-_.]/g, "");
}

function modelNameLength(name: string): number {
  return name.includes(".") ? name.length + 1 : name.length;
}
