/**
 * The names by which models call the planner's tools.
 * @module
 */

/** The tool that proposes a plan. */
export const PROPOSE_PLAN = "propose_plan";
/** The tool that says whether a step came to its outcome. */
export const REPORT_OUTCOME = "report_outcome";
/** Those that are offered in the planner's own questions only. */
export const PLAN_TOOL_NAMES: ReadonlySet<string> = new Set([PROPOSE_PLAN, REPORT_OUTCOME]);
