import assert from "node:assert/strict";
import { nextTimes } from "../../../src/scheduler/rule/rule.ts";
import { readRule } from "../../../src/scheduler/rule/rule_text.ts";

const FOLDER = new URL("../../../../shared/corpora/cron/dev/", import.meta.url);

interface Consensus {
  readonly expr: string;
  readonly tz: string;
  readonly from: string;
  readonly next: readonly string[];
}

async function rows(name: string): Promise<unknown[]> {
  try {
    const text = await Deno.readTextFile(new URL(name, FOLDER));
    return text.trimEnd().split("\n").map((line) => JSON.parse(line));
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return [];
    throw thrown;
  }
}

const agreed = await rows("cron_next_consensus.jsonl") as Consensus[];
const invalid = await rows("cron_invalid.jsonl") as { readonly expr: string }[];
const reason = agreed.length === 0 ? " (left out: ../shared/corpora/cron is not there)" : "";

Deno.test({
  name:
    `the next five times of ${agreed.length} expressions are those that two libraries give${reason}`,
  // The corpora lie beside the project, and are no part of it.
  ignore: agreed.length === 0,
  async fn() {
    for (const { expr, tz, from, next } of agreed) {
      const now = Date.parse(from);
      const { rule } = await readRule(expr, { zone: tz, now });
      const times = (await nextTimes(rule, now, 5)).map((time) => new Date(time).toISOString());
      assert.deepEqual(times, next, `${expr} in ${tz} from ${from}`);
    }
  },
});

Deno.test({
  name: `each of ${invalid.length} invalid expressions is refused with what to do${reason}`,
  // The corpora lie beside the project, and are no part of it.
  ignore: invalid.length === 0,
  async fn() {
    for (const { expr } of invalid) {
      await assert.rejects(
        readRule(expr, { zone: "UTC", now: Date.parse("2026-01-01T00:00:00Z") }),
        (thrown: { code?: string; hint?: string; exitCode?: number }) =>
          thrown.code === "schedule_time" && thrown.hint !== "" && thrown.exitCode === 2,
        expr,
      );
    }
  },
});
