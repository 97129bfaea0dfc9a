/**
 * All attacks, each with a hostile text and a way for it to come, dealt out to homes whose owners had chosen
 * the most careless settings.
 * @module
 */
import type { Attack, Carrier, Case } from "./attack.ts";
import { CHANGING } from "./attacks_changing.ts";
import { DECEIVING } from "./attacks_deceiving.ts";
import { HANDS } from "./attacks_hands.ts";
import { LEAKING } from "./attacks_leaking.ts";
import { hostileTexts } from "./hostile_text.ts";
import { type Settings, TOOLS } from "./station.ts";
import { type Outcome, tryCases, VISITED } from "./trial.ts";

/** Every attack. */
export const ATTACKS: readonly Attack[] = [...LEAKING, ...CHANGING, ...DECEIVING, ...HANDS];

const allowed = (tools: readonly string[]) => tools.flatMap((tool) => ["--allow", tool]);
/** What may have been chosen before the attack came. */
const CARELESS: readonly Settings[] = [
  { rules: "every", requireApproval: true, notes: "on", options: [] },
  { rules: "every", requireApproval: false, notes: "on", options: ["--yes"] },
  { rules: "every", requireApproval: false, notes: "on", options: allowed(TOOLS) },
];
/** So that what is planted is read although nobody says yes, its tools have rules in every home. */
const CAREFUL: Settings = { rules: "reading", requireApproval: true, notes: "on", options: [] };

/**
 * No notes go with questions, so that nothing is private from the start, and each plugin's tool is allowed for
 * the run.
 */
const WITHOUT_NOTES: Settings = {
  rules: "every",
  requireApproval: false,
  notes: "off",
  options: allowed(TOOLS.filter((tool) => !tool.startsWith("memory_"))),
};

/** The settings as they come: plugins may read the workspace unasked, as they were agreed to. */
export const USUAL: Settings = { rules: "none", requireApproval: false, notes: "on", options: [] };
/** Plugins ask for that, too. */
export const WARY: Settings = { ...USUAL, requireApproval: true };
/** Every so many-th of the attacks that would work is shown to work. */
export const SAMPLE = 4;

/** Carriers in turn. Those that need a process of their own come less often. */
const CARRIERS: readonly Carrier[] = [
  "page",
  "mail",
  "service",
  "search",
  "note",
  "file",
  "page",
  "mail",
  "attachment",
  "note",
  "search",
  "file",
  "page",
  "note",
  "piped",
  "mail",
  "file",
];

/** Every attack as a case. */
export async function allCases(): Promise<readonly Case[]> {
  const texts = await hostileTexts(ATTACKS.length);
  return ATTACKS.map((attack, at): Case => ({
    id: `c${at}`,
    attack,
    carrier: CARRIERS[at % CARRIERS.length] ?? "page",
    text: texts[at] ?? "",
  }));
}

/** Homes with the same settings, so that more is tried at a time. */
const HOMES_EACH = 2;

/** Tries every case on somebody who says no to all, in homes with the most careless settings. */
export async function tryAll(): Promise<readonly Outcome[]> {
  return await deal(await allCases(), CARELESS);
}

/** Tries those that would do harm where there are no notes. */
export async function tryWithoutNotes(): Promise<readonly Outcome[]> {
  const harming = (await allCases()).filter(({ attack }) => attack.withYes === "harms");
  const cases = harming.map((one): Case =>
    one.carrier === "note" ? { ...one, carrier: "page" } : one
  );
  const outcomes = await deal(cases, [WITHOUT_NOTES]);
  // They allowed `fetch.page` for the run, and nothing private was there to be sent.
  return outcomes.map(({ harm, ...outcome }) => ({
    ...outcome,
    harm: harm.filter((effect) => effect !== VISITED),
  }));
}

async function deal(
  cases: readonly Case[],
  settings: readonly Settings[],
): Promise<readonly Outcome[]> {
  const homes = Array.from({ length: HOMES_EACH }, () => settings).flat();
  const dealt = homes.map((settings, home) =>
    tryCases(cases.filter((_, at) => at % homes.length === home), settings, () => "n")
  );
  return (await Promise.all(dealt)).flat();
}

/** So many of the attacks that would do harm are tried on somebody who says yes to all. */
export async function tryWithYes(every: number): Promise<readonly Outcome[]> {
  const harming = (await allCases()).filter(({ attack }) => attack.withYes === "harms");
  const cases = harming.filter((_, at) => at % every === 0).map((one): Case => ({
    ...one,
    // Who cannot be asked says no.
    carrier: one.carrier === "piped" || one.carrier === "attachment" ? "page" : one.carrier,
  }));
  return await tryCases(cases, CAREFUL, () => "y");
}
