/**
 * The kinds of settings.
 * @module
 */

/** What a setting's value is. `list` is a list of texts. */
export type FieldKind = "text" | "number" | "boolean" | "list";
/** The value of a setting. */
export type FieldValue = string | number | boolean | readonly string[];

/** One setting. */
export interface Field {
  /** `<block>.<field>`, both in `snake_case`. */
  readonly path: string;
  readonly kind: FieldKind;
  /** Absent for a setting that has no value until the person gives one. */
  readonly default?: FieldValue;
  /** One line for the help: lower case, no full stop. */
  readonly description: string;
  /** What is allowed, to follow "expected": `a number from 0 to 2`. */
  readonly expects: string;
  /** Whether a value of the right kind is within the limits. */
  readonly allows: (value: FieldValue) => boolean;
}

/** How many entries a list may have. */
const LIST_LIMIT = 100;
/** The longest text of a setting, UTF-16 units. */
export const TEXT_LIMIT = 500;

/** A name such as a provider's. */
export const ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
/** A text that can be shown on one line. */
export const LINE = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+$/u;

/** Whether it is a list of texts. */
export function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** A text; `allows` may be anything. */
export function text(
  path: string,
  description: string,
  expects: string,
  allows: (value: string) => boolean,
): Field {
  return {
    path,
    kind: "text",
    description,
    expects,
    allows: (value) => typeof value === "string" && allows(value),
  };
}

/** One line of text. */
export function line(path: string, description: string, initial?: string): Field {
  const field = text(
    path,
    description,
    `one line of text, ${TEXT_LIMIT} characters at most`,
    (value) => value.length <= TEXT_LIMIT && LINE.test(value),
  );
  return initial === undefined ? field : { ...field, default: initial };
}

/** A file's name. */
export function fileName(path: string, description: string, initial: string): Field {
  const expects = "a file's name without a folder";
  return {
    ...text(path, description, expects, (value) => FILE_NAME.test(value)),
    default: initial,
  };
}

/** One of some words; the first is the default. */
export function choice(
  path: string,
  description: string,
  options: readonly [string, ...string[]],
): Field {
  const expects = `one of ${options.join(", ")}`;
  return {
    ...text(path, description, expects, (value) => options.includes(value)),
    default: options[0],
  };
}

/** A number between two. */
export function number(
  path: string,
  description: string,
  [least, most]: readonly [number, number],
  { whole = true, initial }: { whole?: boolean; initial?: number } = {},
): Field {
  return {
    path,
    kind: "number",
    ...(initial === undefined ? {} : { default: initial }),
    description,
    expects: `a ${whole ? "whole number" : "number"} from ${least} to ${most}`,
    allows: (value) =>
      typeof value === "number" && value >= least && value <= most &&
      (!whole || Number.isInteger(value)),
  };
}

/** True or false. */
export function boolean(
  path: string,
  description: string,
  { initial }: { initial: boolean },
): Field {
  return {
    path,
    kind: "boolean",
    default: initial,
    description,
    expects: "true or false",
    allows: (value) => typeof value === "boolean",
  };
}

/** A list of texts. */
export function list(
  path: string,
  description: string,
  expects: string,
  allowsItem: (item: string) => boolean,
  limit = LIST_LIMIT,
): Field {
  return {
    path,
    kind: "list",
    default: [],
    description,
    expects: `${expects}, ${limit} at most`,
    allows: (value) => isTextList(value) && value.length <= limit && value.every(allowsItem),
  };
}
