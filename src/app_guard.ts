/**
 * The part of the composition root that looks for attacks and secrets in what goes into tools, what comes
 * out of them, and what models answer. It tells; what may be done is the policy's business.
 * @module
 */
import type { CommandContext } from "./commands/context.ts";
import { type Finding, tellingOnes } from "./guard/finding.ts";
import type { Holder } from "./tools/approval.ts";
import type { JudgeRun, RunVerdict } from "./tools/judged_runs.ts";
import type { Redact } from "./tools/log_line.ts";
import type { Scan, ScanVerdict } from "./tools/executor_ports.ts";

/** So many findings of one text are logged. */
const LOGGED_FINDINGS = 8;
/** So many labels are named to the person. */
const NAMED_LABELS = 4;

/** What a text is, as the log names it. */
type Place =
  | { readonly in: "reply" }
  | { readonly in: "arguments" | "result"; readonly tool: string };

/** The ports of the executor that this serves. */
export interface ToolGuard {
  readonly risk: JudgeRun;
  readonly heldBy: () => Promise<Holder>;
  readonly scan: Scan;
  readonly redact: Redact;
}

/** What the executor looks at calls and results with. */
export async function openToolGuard(context: CommandContext): Promise<ToolGuard> {
  const { redact } = await import("./guard/redaction.ts");
  const judge = async (place: Place, text: string, sees: (one: Finding) => boolean) =>
    verdict(place, await labelsOf(context, place, text, sees));
  return {
    redact,
    risk: (argv) => riskOf(context, argv),
    async heldBy() {
      const { kind, problem } = await context.kernel.call("sandbox", null);
      if (problem !== "") return { told: `will not run: ${problem}`, holds: false };
      const holds = kind !== "none";
      return { told: holds ? `held by ${kind}` : "held by no sandbox", holds };
    },
    scan: {
      // A model may well write about attacks; what it may do is asked elsewhere.
      arguments: ({ tool, text }) => judge({ in: "arguments", tool }, text, isGrave),
      // It goes on in a fence, as data, and the turn is not trusted any more.
      result: ({ tool, text }) => judge({ in: "result", tool }, text, isLoud),
    },
  };
}

/** How dangerous a program with its arguments is; of what a shell is given, its command line. */
async function riskOf(
  { boot: { workspace, profile } }: CommandContext,
  argv: readonly string[],
  folder?: string,
): Promise<RunVerdict> {
  const [{ loadCommandRisk }, { commandLine }] = await Promise.all([
    import("./guard/command_risk.ts"),
    import("./tools/judged_runs.ts"),
  ]);
  const commandRisk = await loadCommandRisk();
  const isPowershell = /^(?:powershell|pwsh)$/.test(argv[0] ?? "");
  return commandRisk(commandLine(argv), {
    folder: folder === undefined ? workspace : `${workspace}/${folder}`,
    profile: profile.home,
    ...(isPowershell ? { shell: "powershell" } : {}),
  });
}

/**
 * What a complete answer of a model is remarkable for, to be named to the person; logged, too.
 * @returns labels, the gravest first; none if the settings silence them
 */
export async function replyLabels(
  context: CommandContext,
  answer: string,
): Promise<readonly string[]> {
  if (answer.trim() === "") return [];
  // What was just shown is painted first.
  await new Promise((resolve) => setTimeout(resolve));
  return await labelsOf(context, { in: "reply" }, answer, isLoud);
}

function isLoud({ severity }: Finding): boolean {
  return severity !== "low";
}

function isGrave({ severity }: Finding): boolean {
  return severity === "high";
}

async function labelsOf(
  context: CommandContext,
  place: Place,
  text: string,
  sees: (one: Finding) => boolean,
): Promise<readonly string[]> {
  const { config: { security } } = await context.loadConfig();
  if (!security.injection_detection && !security.log_injections) return [];
  const { scan } = await import("./guard/injection.ts");
  const seen = scan(text).filter(sees);
  const findings = [...seen.filter(isGrave), ...seen.filter((one) => !isGrave(one))];
  if (findings.length === 0) return [];
  if (security.log_injections) await log(context, place, findings);
  if (!security.injection_detection) return [];
  const told = tellingOnes(findings);
  const labels = [...told.filter(isGrave), ...told].map(({ label }) => label);
  return [...new Set(labels)].slice(0, NAMED_LABELS);
}

/** Labels and places; of the text no more than its excerpts, without secrets. */
async function log(
  { kernel }: CommandContext,
  place: Place,
  findings: readonly Finding[],
): Promise<void> {
  const { redact } = await import("./guard/redaction.ts");
  const logged = findings.slice(0, LOGGED_FINDINGS)
    .map((finding) => ({ ...finding, excerpt: redact(finding.excerpt) }));
  const line = JSON.stringify({
    found: "injection",
    ...place,
    findings: logged,
    more: findings.length - logged.length,
  });
  // The kernel takes only so many lines of a run, and the person is told in any case.
  await kernel.call("log", { to: "security", line }).catch(unlogged);
}

function unlogged(_cause: unknown): null {
  return null;
}

function verdict(place: Place, labels: readonly string[]): ScanVerdict {
  if (labels.length === 0 || place.in === "reply") return { kind: "pass" };
  const what = place.in === "result"
    ? `what ${place.tool} answered looks like an attack, and counts as data only`
    : `the arguments for ${place.tool} look like an attack`;
  return { kind: "warn", message: `${what}: ${labels.join("; ")}` };
}
