/**
 * What is said of a time that cannot be read: each names the nearest right form.
 * @module
 */
import { editDistance } from "../../protocol/edit_distance.ts";
import { EXIT, PyraError } from "../../protocol/error.ts";
import { oneLine } from "../../protocol/foreign_text.ts";

/** Some of the forms. */
export const FORMS =
  'write for instance "daily 08:00", "weekdays 08:00", "every 2h", "in 20m", "2026-12-24 08:00" or "0 8 * * mon-fri"';
/** How each first word is used. */
export const EXAMPLES: Readonly<Record<string, string>> = {
  every: "every 15m",
  in: "in 20m",
  hourly: "hourly",
  daily: "daily 08:00",
  weekdays: "weekdays 08:00",
  weekends: "weekends 10:00",
  weekly: "weekly mon 09:00",
  monthly: "monthly 1 09:00",
  today: "today 18:00",
  tomorrow: "tomorrow 08:00",
};
/** The nicknames of cron expressions. */
export const NICKNAMES: readonly string[] = [
  "@hourly",
  "@daily",
  "@midnight",
  "@weekly",
  "@monthly",
  "@yearly",
  "@annually",
];
/** What people say for a form, the first that fits. */
const NEAREST: readonly { readonly words: RegExp; readonly form: string }[] = [
  { words: /\bmonth/, form: "monthly 1 09:00" },
  { words: /\bweekend/, form: "weekends 10:00" },
  { words: /\b(week|work(ing)? ?)days?\b/, form: "weekdays 08:00" },
  { words: /:|\b(day|morning|noon|afternoon|evening|night)\b/, form: "daily 08:00" },
];
const WEEKDAY = /\b(sun|mon(?!th)|tue|wed|thu|fri|sat)[a-z]*\b/;
/** UTF-16 units of what was typed, in an error. */
const QUOTED_UNITS = 60;
const TIME_OF_DAY = /^\d\d?:\d\d$/;

/** What begins as no form does. */
export function unknownForm(typed: string): PyraError {
  const said = `${quoted(typed)} is no time`;
  if (TIME_OF_DAY.test(typed)) {
    return wrongTime(said, `did you mean "daily ${typed}" or "tomorrow ${typed}"?`);
  }
  if (/^\d{4}[-/.]/.test(typed)) return wrongTime(said, 'write a date as "2026-12-24 08:00"');
  if (/\d ?[ap]m\b/i.test(typed)) return wrongTime(said, 'write hours from 0 to 23: "daily 20:00"');
  const [word = ""] = typed.toLowerCase().split(" ");
  const [near] = [...Object.keys(EXAMPLES), ...NICKNAMES]
    .map((known) => ({ known, distance: editDistance(word, known) }))
    .sort((one, other) => one.distance - other.distance);
  if (near === undefined || near.distance > 2 || near.distance >= word.length) {
    return wrongTime(said, FORMS);
  }
  return wrongTime(said, `did you mean "${EXAMPLES[near.known] ?? near.known}"?`);
}

/** `every` or `in` without a number and its unit. */
export function noDuration(typed: string): PyraError {
  const [first = ""] = typed.split(" ");
  const weekday = WEEKDAY.exec(typed)?.[1];
  const near = weekday !== undefined
    ? `weekly ${weekday} 09:00`
    : NEAREST.find(({ words }) => words.test(typed))?.form;
  return wrongTime(
    `${quoted(typed)} is no time`,
    near === undefined
      ? `did you mean "${EXAMPLES[first] ?? ""}"? units are s, m, h, d and w`
      : `did you mean "${near}"?`,
  );
}

/** An error of what was typed: exit code 2. */
export function wrongTime(message: string, hint: string): PyraError {
  return new PyraError("configuration", "schedule_time", message, { hint, exitCode: EXIT.usage });
}

/** What was typed, in quotes, and cut. */
export function quoted(text: string): string {
  return JSON.stringify(oneLine(text, QUOTED_UNITS));
}
