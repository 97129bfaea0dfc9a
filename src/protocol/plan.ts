/**
 * A plan of several steps: what a model proposes, and what became of it, as sessions keep it.
 * @module
 */
import * as z from "zod/mini";

/** The most steps of a plan. */
export const MAX_STEPS = 20;
/** UTF-16 units of the texts of a plan. */
export const PLAN_UNITS = {
  goal: 2_000,
  title: 120,
  task: 4_000,
  outcome: 1_000,
  why: 1_000,
} as const;

const text = (units: number) => z.string().check(z.minLength(1), z.maxLength(units));

/** One step. */
export const PlanStep = z.strictObject({
  /** A few words. */
  title: text(PLAN_UNITS.title),
  /** What is to be done. */
  task: text(PLAN_UNITS.task),
  /** What holds when it is done; the step is verified against it. */
  outcome: text(PLAN_UNITS.outcome),
});
/** One step. */
export type PlanStep = z.infer<typeof PlanStep>;

const steps = z.array(PlanStep).check(z.minLength(1), z.maxLength(MAX_STEPS));
/** Counted from 0. */
const index = z.int().check(z.gte(0), z.lt(MAX_STEPS));
const rounds = z.int().check(z.gte(0));
const why = z.string().check(z.maxLength(PLAN_UNITS.why));

/** Something that happened to a plan. What does not fit its state changes nothing. */
export const PlanEvent = z.discriminatedUnion("kind", [
  /** A model's proposal; it takes the place of the plan before. */
  z.strictObject({
    kind: z.literal("proposed"),
    goal: text(PLAN_UNITS.goal),
    steps,
    /** Set if the model had read text that nobody vouches for: where that came from. */
    untrusted: z.optional(z.string()),
  }),
  /** The person wants these steps in the place of those that are open. */
  z.strictObject({ kind: z.literal("changed"), steps }),
  /** The person agrees to the steps as they are. */
  z.strictObject({ kind: z.literal("approved") }),
  /** A step begins, with so many rounds of tools at most. */
  z.strictObject({ kind: z.literal("began"), step: index, rounds }),
  /** It is over and was verified; so many rounds were used. */
  z.strictObject({ kind: z.literal("done"), step: index, rounds, why }),
  z.strictObject({ kind: z.literal("failed"), step: index, rounds, why }),
  /** The person wants a failed step tried again, or passed over. */
  z.strictObject({ kind: z.literal("retried"), step: index }),
  z.strictObject({ kind: z.literal("skipped"), step: index }),
  /** The person goes on after an interruption: a step that was running is open again. */
  z.strictObject({ kind: z.literal("resumed") }),
  /** Nothing more of it is done. */
  z.strictObject({ kind: z.literal("stopped"), why }),
]);
/** Something that happened to a plan. */
export type PlanEvent = z.infer<typeof PlanEvent>;
