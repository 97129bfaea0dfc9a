/**
 * Dates in a text, however they are written: `19 January 2023`, `January 19th, 2023`, `2023-01-19`,
 * `19.1.2023`, `2023年1月19日`, `mayo de 2023`.
 * @module
 */

/** A day, or a whole month. */
export interface WrittenDate {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  /** From 1; 0 for the month as a whole. */
  readonly day: number;
}

/** Finds the dates of texts in one language, beside those written in English or by numbers. */
export type DateFinder = (text: string) => WrittenDate[];

const DATE_LIMIT = 50;
const YEAR = "((?:1[5-9]|20)\\d\\d)";
/** Year first, with or without a day; day first with full stops. Slashes tell nobody which is the day. */
const NUMBERED = new RegExp(
  `(?<![\\p{L}\\d])(?:${YEAR}([-./])(\\d{1,2})(?:\\2(\\d{1,2}))?|(\\d{1,2})\\.(\\d{1,2})\\.${YEAR}|` +
    `${YEAR}[年년]\\s?(\\d{1,2})[月월](?:\\s?(\\d{1,2})[日일])?)(?!\\d)`,
  "gu",
);

/** The months in English, which are known without asking the system for them (40 ms). */
const ENGLISH =
  "january february march april may june july august september october november december";

/** A finder of dates; `language` is ISO 639-1 or empty. */
export function dateFinder(language: string): DateFinder {
  let pattern: MonthPattern | undefined;
  return (text) => {
    // Most passages have no year and cost nothing more.
    if (!/(?:1[5-9]|20)\d\d/u.test(text)) return [];
    pattern ??= monthPattern(language);
    const dates: WrittenDate[] = [];
    for (const match of text.matchAll(NUMBERED)) {
      const [, year, , month, day, day2, month2, year2, year3, month3, day3] = match;
      add(dates, year ?? year2 ?? year3, month ?? month2 ?? month3, day ?? day2 ?? day3);
    }
    for (const match of text.toLowerCase().matchAll(pattern.named)) {
      add(dates, match[4], pattern.months.get(match[2] ?? ""), match[1] ?? match[3]);
    }
    return dates;
  };
}

interface MonthPattern {
  readonly months: ReadonlyMap<string, number>;
  readonly named: RegExp;
}

function monthPattern(language: string): MonthPattern {
  const months = new Map<string, number>(monthsOf(language));
  for (const [at, name] of ENGLISH.split(" ").entries()) {
    months.set(name, at + 1);
    months.set(name.slice(0, 3), at + 1);
  }
  months.set("sept", 9);
  const names = [...months.keys()].toSorted((a, b) => b.length - a.length).join("|");
  const named = new RegExp(
    `(?<![\\p{L}\\d])(?:(\\d{1,2})(?:st|nd|rd|th|er|º|\\.)?\\s(?:of\\s|de\\s)?)?(${names})\\.?` +
      `(?:\\s(\\d{1,2})(?:st|nd|rd|th)?(?!\\d))?,?\\s(?:de\\s|del\\s|of\\s)?${YEAR}(?!\\d)`,
    "gu",
  );
  return { months, named };
}

/** A date as terms: the month and the day. They stand beside the words that it was written with. */
export function termsOfDate({ year, month, day }: WrittenDate): string[] {
  const of = `m${year}${String(month).padStart(2, "0")}`;
  return day === 0 ? [of] : [of, `d${of.slice(1)}${String(day).padStart(2, "0")}`];
}

function add(
  dates: WrittenDate[],
  year: string | undefined,
  month: string | number | undefined,
  day: string | undefined,
): void {
  const date = { year: Number(year), month: Number(month), day: Number(day ?? 0) };
  if (date.month < 1 || date.month > 12 || date.day > 31 || dates.length >= DATE_LIMIT) return;
  dates.push(date);
}

/** The names of the months as this language writes them in a date, lower case. */
function monthsOf(language: string): [name: string, month: number][] {
  if (
    language === "" || language === "en" ||
    Intl.DateTimeFormat.supportedLocalesOf(language).length === 0
  ) return [];
  const names: [string, number][] = [];
  for (const form of ["long", "short"] as const) {
    const format = new Intl.DateTimeFormat(language, {
      day: "numeric",
      month: form,
      timeZone: "UTC",
    });
    for (let month = 0; month < 12; month++) {
      const parts = format.formatToParts(Date.UTC(2023, month, 1));
      const name = parts.find(({ type }) => type === "month")?.value.toLowerCase() ?? "";
      const plain = name.replace(/\.$/u, "");
      if (/^[\p{L}\p{M}]{3,}$/u.test(plain)) names.push([plain, month + 1]);
    }
  }
  return names;
}
