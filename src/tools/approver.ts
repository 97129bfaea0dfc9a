/**
 * Decides about the calls of a round: the command line, the stored rules, what was consented to, then
 * the person; what nobody decided is denied.
 * @module
 */
import { asPyraError } from "../protocol/error.ts";
import {
  type Answer,
  type ApprovalRequest,
  type AskingSurface,
  type Decider,
  type Decision,
  type Decisions,
  NOBODY_ASKED,
  NOBODY_ASKED_AFTER,
  YOU_AGREED,
} from "./approval.ts";
import { oneLine } from "../protocol/foreign_text.ts";
import { mayStand } from "./policy.ts";
import { formatRule, type Rule } from "./rule.ts";
import { allows, offerRule, ruleFor } from "./rule_match.ts";

/** `--allow`, `--deny` and `--yes` of this run. */
export interface CommandLineAnswers {
  /** Full names of tools. */
  readonly allow: readonly string[];
  /** What of a tool is allowed, and no more. */
  readonly narrowly?: readonly Rule[];
  readonly deny: readonly string[];
  /** What would be asked is answered with yes, but for programs. */
  readonly rest: "ask" | "yes";
}

/** What decides. */
export interface ApproverPorts {
  readonly commandLine?: CommandLineAnswers;
  /** The rules in force; read for each round. */
  readonly rules: () => readonly Rule[];
  /** Absent: nobody can be asked. */
  readonly surface?: AskingSurface;
}

/** UTF-16 units of a reason that the person gave. */
const REASON_UNITS = 500;

/** Decides about calls; see {@linkcode Approver.decide}. */
export class Approver {
  readonly #ports: ApproverPorts;
  /** What was answered with "always" in this run: it holds even if it could not be stored. */
  readonly #agreed: Rule[] = [];

  constructor(ports: ApproverPorts) {
    this.#ports = ports;
  }

  /**
   * Decides about all calls of a round, in one question if there is one. Never throws.
   * @param asking is told of the calls that the person is about to be asked for
   */
  async decide(
    requests: readonly ApprovalRequest[],
    signal: AbortSignal,
    asking: (requests: readonly ApprovalRequest[]) => void = () => undefined,
  ): Promise<Decisions> {
    const { commandLine, surface } = this.#ports;
    const rules = () => [...this.#ports.rules(), ...this.#agreed];
    const chain: Decider[] = [
      ...(commandLine === undefined ? [] : [namedOnes(commandLine)]),
      storedRules(rules),
      consents,
      ...(commandLine?.rest === "yes" ? [yes] : []),
      ...(surface === undefined ? [] : [askedOn(surface, asking)]),
    ];
    const decided = new Map<string, Decision>();
    for (const decider of chain) {
      const open = requests.filter(({ call }) => !decided.has(call.id));
      if (open.length === 0 || signal.aborted) break;
      for (const [id, decision] of await decisionsOf(decider, open, signal)) {
        if (open.some(({ call }) => call.id === id)) decided.set(id, decision);
      }
    }
    for (const request of requests) {
      const { id } = request.call;
      if (!decided.has(id)) decided.set(id, this.#undecided(request, signal));
    }
    for (const decision of decided.values()) {
      if (decision.kind === "allow_always") this.#agreed.push(decision.rule);
    }
    return decided;
  }

  #undecided(request: ApprovalRequest, signal: AbortSignal): Decision {
    if (signal.aborted) return deny("nobody", "the turn was ended before it was decided");
    if (this.#ports.surface !== undefined) return deny("nobody", "there was no answer");
    const isLost = request.untrusted !== undefined && !mayStand("named", request);
    return deny("nobody", isLost ? NOBODY_ASKED_AFTER : NOBODY_ASKED);
  }
}

/** What a decider says; one that fails denies, for a rule that cannot be read may be a denial. */
async function decisionsOf(
  decider: Decider,
  requests: readonly ApprovalRequest[],
  signal: AbortSignal,
): Promise<Decisions> {
  try {
    return await decider(requests, signal);
  } catch (thrown) {
    if (signal.aborted) return new Map();
    const problem = oneLine(asPyraError(thrown).message, 200);
    return each(requests, () => deny("fault", `it could not be decided: ${problem}`));
  }
}

/** `--deny TOOL` and `--allow TOOL`. */
function namedOnes({ allow: allowed, narrowly = [], deny: denied }: CommandLineAnswers): Decider {
  return (requests) =>
    each(requests, (request) => {
      const { tool } = request;
      if (denied.includes(tool)) return deny("command line", `--deny ${tool}`);
      const rule = narrowly.find((one) => allows(one, request));
      if ((!allowed.includes(tool) && rule === undefined) || !mayStand("named", request)) {
        return undefined;
      }
      const part = rule === undefined ? tool : formatRule(rule).slice("allow ".length);
      return allow("command line", `--allow ${part}`);
    });
}

function storedRules(rules: () => readonly Rule[]): Decider {
  return (requests) => {
    const all = rules();
    return each(requests, (request) => {
      const rule = ruleFor(request, all);
      if (rule?.decision === "deny") return deny("rule", formatRule(rule));
      return rule !== undefined && mayStand("rule", request)
        ? allow("rule", formatRule(rule))
        : undefined;
    });
  };
}

/** What was agreed to when the tool came. After the rules: one of them may deny it. */
const consents: Decider = (requests) =>
  each(
    requests,
    (request) => mayStand("consent", request) ? allow("consent", "it only reads") : undefined,
  );

/** `--yes`. */
const yes: Decider = (requests) =>
  each(
    requests,
    (request) => mayStand("yes", request) ? allow("command line", "--yes") : undefined,
  );

function askedOn(
  surface: AskingSurface,
  asking: (requests: readonly ApprovalRequest[]) => void,
): Decider {
  return async (requests, signal) => {
    asking(requests);
    const answers = await surface.ask(requests, signal);
    if (signal.aborted) return new Map();
    return each(requests, (request) => decisionOf(request, answers.get(request.call.id), surface));
  };
}

function decisionOf(
  request: ApprovalRequest,
  answer: Answer | undefined,
  { name }: AskingSurface,
): Decision {
  if (answer?.kind === "once") return allow(name, YOU_AGREED);
  if (answer?.kind === "always") {
    const { offer: rule } = request;
    return rule === undefined
      ? allow(name, YOU_AGREED)
      : { kind: "allow_always", rule, by: name, reason: formatRule(rule) };
  }
  const reason = answer?.kind === "no" ? oneLine(answer.reason ?? "", REASON_UNITS) : "";
  return deny(name, reason === "" ? "the person said no" : `the person said no: ${reason}`);
}

/**
 * The rule that "always" would store for a call; `undefined` if none could stand for the person, or
 * none says plainly what it allows.
 */
export function offerFor(request: Omit<ApprovalRequest, "offer">): Rule | undefined {
  if (!mayStand("rule", request)) return undefined;
  const rule = offerRule(request);
  // What was stored must hold for this very call the next time.
  return rule !== undefined && allows(rule, request) ? rule : undefined;
}

function each(
  requests: readonly ApprovalRequest[],
  decide: (request: ApprovalRequest) => Decision | undefined,
): Decisions {
  return new Map(requests.flatMap((request) => {
    const decision = decide(request);
    return decision === undefined ? [] : [[request.call.id, decision] as const];
  }));
}

function allow(by: string, reason: string): Decision {
  return { kind: "allow", by, reason };
}

function deny(by: string, reason: string): Decision {
  return { kind: "deny", by, reason };
}
