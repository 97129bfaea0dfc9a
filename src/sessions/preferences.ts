/**
 * What the person wants of one conversation, whatever the settings say: `/set`.
 * @module
 */
import { isPlain } from "../protocol/foreign_text.ts";

/** The preferences of a conversation. What is absent is as the settings have it. */
export interface Preferences {
  /** 0 to 2. */
  readonly temperature?: number;
  /** Tokens of one answer. */
  readonly max_output_tokens?: number;
  /** False asks for each answer in one piece. */
  readonly stream?: boolean;
  /** False offers the model no tools, but the planner's own. */
  readonly tools?: boolean;
  /** What answers are written in: `French`. */
  readonly language?: string;
}
/** A preference's name. */
export type PreferenceKey = keyof Preferences;
/** A preference's value. */
export type PreferenceValue = string | number | boolean;

/** One preference. */
export interface PreferenceEntry {
  readonly key: PreferenceKey;
  /** One line: lower case, no full stop. */
  readonly description: string;
  /** What may be given, to follow "takes". */
  readonly expects: string;
  /** The value of what was typed; `undefined` if it is none. */
  readonly read: (typed: string) => PreferenceValue | undefined;
}

const MOST_TOKENS = 10_000_000;
const LANGUAGE_UNITS = 40;
const LANGUAGE = /^\p{L}[\p{L}\p{M}\p{N} ()'-]*$/u;

/** Every preference, in the order in which they are shown. */
export const PREFERENCES: readonly PreferenceEntry[] = [
  {
    key: "temperature",
    description: "how freely the model words its answers",
    expects: "a number from 0 to 2",
    read: (typed) => /^[0-2](?:\.\d{1,3})?$/.test(typed) ? within(Number(typed), 0, 2) : undefined,
  },
  {
    key: "max_output_tokens",
    description: "the longest answer, in tokens",
    expects: `a whole number from 1 to ${MOST_TOKENS}`,
    read: (typed) => /^\d{1,8}$/.test(typed) ? within(Number(typed), 1, MOST_TOKENS) : undefined,
  },
  {
    key: "stream",
    description: "show answers while they are written",
    expects: "on or off",
    read: readSwitch,
  },
  { key: "tools", description: "offer the model tools", expects: "on or off", read: readSwitch },
  {
    key: "language",
    description: "what answers are written in",
    expects: "a language's name such as French",
    read: (typed) =>
      typed.length <= LANGUAGE_UNITS && LANGUAGE.test(typed) && isPlain(typed) ? typed : undefined,
  },
];

/** The preference of that name. */
export function preferenceOf(key: string): PreferenceEntry | undefined {
  return PREFERENCES.find((entry) => entry.key === key);
}

/** A value as it is typed and shown. */
export function preferenceText(value: PreferenceValue): string {
  return typeof value === "boolean" ? (value ? "on" : "off") : String(value);
}

/** The preferences with one set, or, by `null`, left to the settings. What is no value changes nothing. */
export function withPreference(
  preferences: Preferences,
  key: string,
  value: PreferenceValue | null,
): Preferences {
  const entry = preferenceOf(key);
  if (entry === undefined) return preferences;
  const { [entry.key]: _before, ...others } = preferences;
  if (value === null) return others;
  const read = entry.read(preferenceText(value));
  return read === undefined ? preferences : { ...others, [entry.key]: read };
}

function readSwitch(typed: string): boolean | undefined {
  return /^(?:on|true|yes)$/i.test(typed)
    ? true
    : /^(?:off|false|no)$/i.test(typed)
    ? false
    : undefined;
}

function within(value: number, least: number, most: number): number | undefined {
  return value >= least && value <= most ? value : undefined;
}
