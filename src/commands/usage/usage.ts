/**
 * `pyra usage`: what models have used, with bars.
 * @module
 */
import type { Ledger, LimitUse } from "../../guard/limits/ledger.ts";
import { PRICES_AS_OF } from "../../guard/limits/prices.ts";
import { count, dollars } from "../../guard/limits/sentences.ts";
import { LIMITS, NANO_PER_DOLLAR } from "../../guard/limits/span.ts";
import {
  type Period,
  USAGE_KEYS,
  type UsageKey,
  type UsageReport,
  usageReport,
  type UsageSum,
} from "../../guard/limits/usage_report.ts";
import type { CacheFigures } from "../../chat/query_cache.ts";
import type { CommandContext, UsageRecord } from "../context.ts";
import { oneLine, usageError } from "../errors.ts";
import { isOn, type OptionValues, wordOf } from "../option_values.ts";
import { jsonText, localTime, table } from "../output.ts";
import type { Parsed } from "../program.ts";
import { remark } from "../remark.ts";
import { openQueryCache } from "../query_cache.ts";
import { bar, barWidth, coloured, columnsOf } from "./bars.ts";

/** So many rows of a kind are shown to people. */
const SHOWN_ROWS = 8;
/** Titles of so many sessions are looked up. */
const SESSIONS = 500;

/** `pyra usage` */
export async function showUsage(context: CommandContext, { options }: Parsed): Promise<number> {
  const { boot, print, now } = context;
  const period = periodOf(options);
  const key = wordOf(options, "--by", USAGE_KEYS);
  const keys = key === undefined ? USAGE_KEYS : [key];
  const { config } = await context.loadConfig();
  const { limits } = config;
  const record = await context.usage();
  const time = now();
  const ledger = await upToDate(record, time);
  for (const notice of record.takeNotices()) await remark(context, notice);
  const report = usageReport(ledger.database, period, time);
  const standing = ledger.standing(limits, time);
  const cache = await (await openQueryCache(context, config))?.figures(report.from);
  if (boot.options.json) {
    await print(jsonText({ ...asData(report, keys, standing), query_cache: cache ?? null }));
    return 0;
  }
  if (report.total.requests === 0) {
    await print(`No model was asked ${SINCE[period]}. Try: pyra ask "why is the sky blue?"\n`);
  } else await print(await shown(context, { report, keys, standing }));
  if (cache !== undefined && cache.hits + cache.misses > 0) await print(`\n${cacheLine(cache)}\n`);
  return 0;
}

/** The ledger as it is now; one that turns out to be damaged is replaced. */
async function upToDate(record: UsageRecord, now: number): Promise<Ledger> {
  const ledger = await record.ledger();
  try {
    ledger.refresh(now);
    return ledger;
  } catch (fault) {
    return await record.ledger(fault);
  }
}

const SINCE: Readonly<Record<Period, string>> = {
  day: "today",
  week: "in the last seven days",
  month: "this month",
};

function periodOf(options: OptionValues): Period {
  const periods = (["day", "week", "month"] as const).filter((one) => isOn(options, `--${one}`));
  if (periods.length > 1) {
    const flags = periods.map((one) => `--${one}`).join(" and ");
    throw usageError(`${flags} exclude each other`, "leave one of them out");
  }
  return periods[0] ?? "day";
}

interface Shown {
  readonly report: UsageReport;
  readonly keys: readonly UsageKey[];
  readonly standing: readonly LimitUse[];
}

async function shown(context: CommandContext, { report, keys, standing }: Shown): Promise<string> {
  const width = context.columns();
  const paint = context.boot.options.color && context.boot.terminal.stdout
    ? coloured
    : (lines: string) => lines;
  const titles = keys.includes("session") ? await sessionTitles(context) : new Map();
  const parts = [heading(report), paint(timeline(report), 36)];
  parts.push(paint(sections(report, keys, { titles, width }), 36));
  const near = (use: LimitUse) =>
    use.used >= use.value ? 31 : use.used >= use.value * 0.8 ? 33 : 36;
  if (standing.length > 0) {
    const lines = limitLines(standing, width).split(/(?<=\n)/);
    const painted = standing.map((use, index) => paint(lines[index] ?? "", near(use)));
    parts.push(`limits\n${painted.join("")}`);
  }
  if (report.unpriced.length > 0) {
    parts.push(
      `No price is known for ${
        report.unpriced.map(oneLine).join(", ")
      }: counted in tokens only.\n` +
        `limits.prices in the settings can name it.\n`,
    );
  } else if (report.total.cost > 0) {
    parts.push(`Costs by list prices of ${PRICES_AS_OF}, or your own in limits.prices.\n`);
  }
  return parts.filter((part) => part !== "").join("\n");
}

function heading({ period, from, total }: UsageReport): string {
  const date = localTime(new Date(from).toISOString()).slice(0, 10);
  const { requests, input_tokens, output_tokens } = total;
  const since = period === "day" ? `today, ${date}` : `${SINCE[period]}, since ${date}`;
  return [
    since,
    `${count(requests)} ${requests === 1 ? "request" : "requests"}, ${costText(total)}`,
    `${count(input_tokens)} tokens in, ${count(output_tokens)} out`,
    "",
  ].join("\n");
}

function timeline({ period, steps }: UsageReport): string {
  const begin = period === "day" ? "by hour" : "by day";
  return steps.length < 2 ? "" : `${begin} ▏${columnsOf(steps.map(({ tokens }) => tokens))}▕\n`;
}

/** One table, so that the bars of all kinds begin at the same place. */
function sections(
  { by }: UsageReport,
  keys: readonly UsageKey[],
  { titles, width }: {
    readonly titles: ReadonlyMap<string, string>;
    readonly width: number | undefined;
  },
): string {
  const cells = barWidth(width);
  const rows = keys.flatMap((key) => {
    const most = by[key].reduce((sum, row) => Math.max(sum, tokensOf(row)), 0);
    const left = by[key].length - SHOWN_ROWS;
    return [
      [],
      [`by ${key}`, "", "tokens", "cost"],
      ...by[key].slice(0, SHOWN_ROWS).map((row) => [
        key === "session" ? titles.get(row.name) ?? (row.name || "(no session)") : row.name,
        bar(tokensOf(row), most, cells),
        count(tokensOf(row)),
        costText(row),
      ]),
      ...(left > 0 ? [[`and ${left} more`]] : []),
    ];
  });
  const head = [
    { title: "", shrinks: true, least: 6 },
    { title: "" },
    { title: "", align: "right" },
    { title: "", align: "right", optional: true },
  ] as const;
  // The first row is the empty one.
  return table(head, rows.slice(1), width);
}

function limitLines(standing: readonly LimitUse[], width: number | undefined): string {
  const cells = barWidth(width);
  const rows = standing.map(({ limit, used, value }) => {
    const entry = LIMITS.find(({ name }) => name === limit);
    const isCost = entry?.unit === "cost";
    const amount = isCost ? dollars : count;
    const span = entry?.span === "hour" ? "an hour" : `a ${entry?.span}`;
    return [
      `${isCost ? "money" : entry?.unit} ${span}`,
      bar(used, value, cells),
      amount(used),
      `of ${amount(value)}`,
    ];
  });
  const head = [
    { title: "" },
    { title: "", optional: true },
    { title: "", align: "right" },
    { title: "" },
  ] as const;
  return table(head, rows, width);
}

function tokensOf({ input_tokens, output_tokens }: UsageSum): number {
  return input_tokens + output_tokens;
}

function cacheLine({ hits, misses, saved_tokens }: CacheFigures): string {
  const questions = `${count(hits)} of ${count(hits + misses)} questions`;
  return `cache: ${questions} to pyra ask answered without a model, ${
    count(saved_tokens)
  } tokens saved`;
}

/** Of what has no price at all, a dash; `+` where a part has none. */
function costText({ cost, requests, unpriced_requests }: UsageSum): string {
  if (unpriced_requests === requests) return "no price";
  return dollars(cost) + (unpriced_requests > 0 ? "+" : "");
}

async function sessionTitles(context: CommandContext): Promise<Map<string, string>> {
  const sessions = await (await context.sessions()).list({ limit: SESSIONS });
  return new Map(sessions.map(({ id, title }) => [id, title || id]));
}

function asData(report: UsageReport, keys: readonly UsageKey[], standing: readonly LimitUse[]) {
  const money = <T extends UsageSum>(sum: T) => ({ ...sum, cost: sum.cost / NANO_PER_DOLLAR });
  const time = (ms: number) => new Date(ms).toISOString();
  return {
    period: report.period,
    from: time(report.from),
    total: money(report.total),
    ...Object.fromEntries(keys.map((key) => [`by_${key}`, report.by[key].map(money)])),
    steps: report.steps.map(({ at, tokens }) => ({ from: time(at), tokens })),
    limits: standing.map(({ limit, used, value }) => {
      const isCost = LIMITS.find(({ name }) => name === limit)?.unit === "cost";
      const scale = isCost ? NANO_PER_DOLLAR : 1;
      return { limit, used: used / scale, value: value / scale };
    }),
    unpriced: report.unpriced,
    prices_as_of: PRICES_AS_OF,
  };
}
