import assert from "node:assert/strict";
import { RunUsage } from "../../../../src/app_limits.ts";
import type { Price } from "../../../../src/guard/limits/price.ts";
import { visibleWidth } from "@earendil-works/pi-tui/dist/utils.js";
import { TestProfile } from "../../../fakes/command_context.ts";
import { UNLIMITED, wish } from "../../guard/limits/ledgers.ts";

const DAY_MS = 24 * 3_600_000;
const CHEAP: Price = { input: 1_000, output: 2_000, cached: 1_000 };

interface Asked {
  readonly provider?: string;
  readonly model?: string;
  readonly session?: string;
  readonly input?: number;
  readonly price?: Price;
  readonly daysAgo?: number;
}

/** A profile in which that was asked. */
async function asked(...requests: readonly Asked[]): Promise<TestProfile> {
  const profile = await TestProfile.create();
  const { db } = { db: `${profile.home}/db` };
  using usage = new RunUsage(
    { boot: { profile: { db } }, now: Date.now } as unknown as ConstructorParameters<
      typeof RunUsage
    >[0],
  );
  const ledger = await usage.ledger();
  for (const { daysAgo = 0, input = 100, ...more } of requests.toReversed()) {
    const at = Date.now() - daysAgo * DAY_MS;
    const one = { ...wish(), ...more, input };
    const reserved = ledger.reserve(one, UNLIMITED, at);
    assert.ok(reserved.kind === "reserved");
    const used = { input_tokens: input, output_tokens: 10, cached_tokens: 5 };
    ledger.settle(reserved.id, used, one.price);
    ledger.database.run("UPDATE request SET at = ? WHERE id = ?", at, reserved.id);
  }
  return profile;
}

Deno.test("where nothing was asked, one sentence says so", async () => {
  await using profile = await asked();
  for (
    const [flag, words] of [["--day", "today"], ["--week", "seven days"], ["--month", "month"]]
  ) {
    const { code, out } = await profile.run(["usage", flag ?? ""]);
    assert.equal(code, 0);
    assert.equal(out.trimEnd().split("\n").length, 1);
    assert.match(out, new RegExp(`No model was asked .*${words}`));
  }
});

Deno.test("a day, a week and a month are told apart, by provider, model and session", async () => {
  await using profile = await asked(
    { provider: "openai", model: "one", session: "a", input: 300, price: CHEAP },
    { provider: "openai", model: "two", session: "b", price: CHEAP },
    { provider: "custom", model: "new", session: "", daysAgo: 6 },
    { provider: "openai", model: "one", session: "a", daysAgo: 60, price: CHEAP },
  );
  const json = async (...flags: string[]) =>
    JSON.parse((await profile.run(["usage", ...flags], { options: { json: true } })).out);
  const day = await json();
  assert.deepEqual([day.period, day.total.requests, day.total.input_tokens], ["day", 2, 400]);
  assert.equal(day.total.cost, (400 * 1_000 + 20 * 2_000) / 1e9);
  const names = (rows: { name: string }[]) => rows.map(({ name }) => name);
  assert.deepEqual(names(day.by_provider), ["openai"]);
  assert.deepEqual(names(day.by_model), ["openai/one", "openai/two"]);
  assert.deepEqual(names(day.by_session), ["a", "b"]);
  const week = await json("--week", "--by", "model");
  assert.deepEqual(names(week.by_model), ["openai/one", "custom/new", "openai/two"]);
  assert.equal(week.by_provider, undefined);
  assert.deepEqual(week.unpriced, ["custom/new"]);
  assert.equal(week.steps.length, 7);
  assert.equal(week.steps[0].tokens, 110);
  assert.equal((await json("--month")).total.requests >= 2, true);
});

Deno.test("people see bars, costs, limits, and which models have no price", async () => {
  await using profile = await asked(
    { provider: "openai", model: "gpt-5.4-mini", input: 2_000_000, price: CHEAP },
    { provider: "custom", model: "home-made", input: 10, session: "" },
  );
  const { out } = await profile.run(["usage"]);
  assert.match(
    out,
    /^today, \d{4}-\d\d-\d\d\n2 requests, \$2\.00\+\n2,000,010 tokens in, 20 out\n/,
  );
  assert.match(out, /\nopenai\/gpt-5\.4-mini +█{20,} +2,000,010 +\$2\.00\n/);
  assert.match(out, /\ncustom\/home-made +█░+ +20 +no price\n/);
  assert.match(out, /\n\(no session\) /);
  assert.match(out, /\nrequests a minute +█░+ +2 +of 50\n/);
  assert.match(out, /\ntokens a minute +█+ +2,000,030 +of 100,000\n/);
  assert.match(out, /No price is known for custom\/home-made/);
  // deno-lint-ignore no-control-regex -- it is what must not be there
  assert.doesNotMatch(out, /\x1b/);
});

Deno.test("at 40 columns every line fits and the numbers are there", async () => {
  await using profile = await asked(
    { provider: "fireworks", model: "accounts/fireworks/models/gpt-oss-120b", input: 1_234_567 },
    { model: "日本語のモデル", session: "" },
  );
  for (const columns of [40, 60, 100]) {
    const { out } = await profile.run(["usage", "--month"], { columns, terminal: true });
    assert.match(out, /1,234,577/);
    for (const line of out.split("\n").slice(0, -4)) {
      assert.ok(visibleWidth(line) <= columns, `${columns}: ${line}`);
    }
  }
});

Deno.test("colour is for terminals that want it", async () => {
  await using profile = await asked({});
  const coloured = await profile.run(["usage"], { terminal: true, options: { color: true } });
  assert.ok(coloured.out.includes("\x1b[36m█"));
  for (const run of [{ terminal: true }, { options: { color: true } }]) {
    assert.ok(!(await profile.run(["usage"], run)).out.includes("\x1b"));
  }
});

Deno.test("a command line that makes no sense is refused with what to do", async () => {
  await using profile = await asked();
  const both = await profile.run(["usage", "--day", "--month"]);
  assert.deepEqual([both.code, both.err.includes("exclude each other")], [2, true]);
  const by = await profile.run(["usage", "--by", "colour"]);
  assert.equal(by.code, 2);
  assert.match(by.err, /provider, model, session/);
});

Deno.test("a record that is damaged is put aside, said once, and begun anew", async () => {
  await using profile = await asked({ price: CHEAP });
  const path = `${profile.home}/db/state.db`;
  for (const end of ["-wal", "-shm"]) await Deno.remove(path + end).catch(() => undefined);
  await Deno.writeFile(path, new TextEncoder().encode("this is no database ".repeat(400)));
  const first = await profile.run(["usage"]);
  assert.equal(first.code, 0, first.err);
  assert.match(first.err, /damaged, so a new one was begun; the old one is .*state\.db\.damaged-/);
  const again = await profile.run(["usage"]);
  assert.equal(again.err, "");
  const { mode } = await Deno.stat(path);
  if (Deno.build.os !== "windows") assert.equal((mode ?? 0) & 0o777, 0o600);
});
