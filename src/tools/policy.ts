/**
 * What may stand for the person's own answer, as a table.
 * @module
 */
import type { Effect, Marks } from "../protocol/tool.ts";
import type { Holder } from "./approval.ts";
import { hostOf } from "./effect.ts";
import type { RunVerdict } from "./judged_runs.ts";

/**
 * What agrees in the person's place.
 * - `consent`: what was agreed to when the tool came, such as reading the workspace, unless
 *   `plugins.require_approval` is set
 * - `rule`: a stored rule
 * - `named`: `--allow TOOL` of this run
 * - `yes`: `--yes` of this run
 */
export type Stand = "consent" | "rule" | "named" | "yes";

/**
 * What a call does. `visits`: it reaches a host that the person named in this conversation, in their own
 * words; `looks up`: it asks another one for public text, by a tool that comes with Pyra and can do no more;
 * `sends`: it reaches another one. Answering alone counts as reading.
 */
export type Deed = "reads" | "writes" | "visits" | "looks up" | "sends" | "runs";

/** What the conversation has read: nothing untrusted; that; that and private data. */
export type Condition = "clean" | "tainted" | "tainted and sensitive";

/** A call as the policy sees it. */
export interface JudgedCall {
  /** What is done, or may be, by what the tool's plugin was granted. */
  readonly effects: readonly Effect[];
  /** As the plan has it. `person`: nothing stands for them. */
  readonly approval: "none" | "rule" | "person";
  /** As the plan has it. */
  readonly looksUp?: true;
  readonly runsToRead?: "always" | "if safe";
  /** What is known of the commands that it names. */
  readonly risk?: Pick<RunVerdict, "risk">;
  readonly heldBy?: Pick<Holder, "holds">;
  readonly untrusted: Marks["untrusted"];
  readonly sensitive?: Marks["sensitive"];
  /** Whether the person named a host; none if absent. */
  readonly isNamed?: ((host: string) => boolean) | undefined;
}

/** In what conversations it stands: in all; not in tainted and sensitive ones; in clean ones; never. */
type Reach = "always" | "tainted" | "clean" | "never";

/**
 * A text that nobody vouches for may have turned the model. What was agreed to before it came then holds
 * only for what it cannot misuse: reading, which leaves nothing, and hosts that the person named. Naming a
 * tool for one run lets a script look up more after its first search, unless there is private data to take
 * along; it does not let it send mail.
 */
const TABLE: Readonly<Record<Stand, Readonly<Record<Deed, Reach>>>> = {
  consent: {
    reads: "always",
    writes: "never",
    visits: "never",
    "looks up": "never",
    sends: "never",
    runs: "never",
  },
  rule: {
    reads: "always",
    writes: "clean",
    visits: "tainted",
    "looks up": "clean",
    sends: "clean",
    runs: "clean",
  },
  named: {
    reads: "always",
    writes: "clean",
    visits: "tainted",
    "looks up": "tainted",
    sends: "clean",
    runs: "clean",
  },
  yes: {
    reads: "always",
    writes: "clean",
    visits: "tainted",
    "looks up": "clean",
    sends: "clean",
    runs: "never",
  },
};

const STANDS_IN: Readonly<Record<Reach, Readonly<Record<Condition, boolean>>>> = {
  always: { clean: true, tainted: true, "tainted and sensitive": true },
  tainted: { clean: true, tainted: true, "tainted and sensitive": false },
  clean: { clean: true, tainted: false, "tainted and sensitive": false },
  never: { clean: false, tainted: false, "tainted and sensitive": false },
};

/** Whether it may stand for the person in this call: it must for each thing that the call does. */
export function mayStand(stand: Stand, call: JudgedCall): boolean {
  if (call.approval === "person") return false;
  if (stand === "consent" && call.approval !== "none") return false;
  const condition = conditionOf(call);
  return deedsOf(call).every((deed) => STANDS_IN[TABLE[stand][deed]][condition]);
}

/** Whether the call could carry private data to someone whose text may have asked for that. */
export function mayLeak(call: JudgedCall): boolean {
  return conditionOf(call) === "tainted and sensitive" && !onlyReads(call) &&
    call.effects.some(carriesOut);
}

/** Whether programs are run for no more than to read, and can do no more. */
export function onlyReads(
  { effects, runsToRead, risk, heldBy }: Pick<
    JudgedCall,
    "effects" | "runsToRead" | "risk" | "heldBy"
  >,
): boolean {
  const canReach = effects.some((effect) =>
    effect.kind === "network" ||
    (effect.kind === "runs" && (effect.outside === true || effect.network === true))
  );
  // What such a tool runs is known: `ps`, which sees nothing from inside a sandbox.
  if (runsToRead === "always") {
    return effects.every(({ kind }) => kind === "reads" || kind === "runs");
  }
  return runsToRead === "if safe" && !canReach && risk?.risk === "SAFE" && heldBy?.holds === true;
}

/** Whether data can leave by it. A program may do anything. */
export function carriesOut({ kind }: Effect): boolean {
  return kind === "network" || kind === "runs";
}

/** What this call would be made in. One that reads and sends at once needs no other to read first. */
function conditionOf({ untrusted, sensitive, effects }: JudgedCall): Condition {
  if (untrusted === undefined) return "clean";
  const isSensitive = sensitive !== undefined || effects.some(({ kind }) => kind === "reads");
  return isSensitive ? "tainted and sensitive" : "tainted";
}

function deedsOf(call: JudgedCall): Deed[] {
  const { effects, looksUp, isNamed = () => false } = call;
  if (effects.length === 0 || onlyReads(call)) return ["reads"];
  return effects.map((effect) => {
    if (effect.kind !== "network") return effect.kind;
    const host = hostOf(effect.host);
    if (host !== undefined && isNamed(host)) return "visits";
    return looksUp === true ? "looks up" : "sends";
  });
}
