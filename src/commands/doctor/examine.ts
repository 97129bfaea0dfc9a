/**
 * Carries out the checks, all at once, each within its time.
 * @module
 */
import { asShown } from "../errors.ts";
import { broken, type Check, type Finding, warning } from "./finding.ts";
import type { Patient } from "./patient.ts";

/** How long one check may take, ms. */
const LIMIT_MS = 2_000;
/** And if it mends: to make an index anew takes its time. */
const FIX_LIMIT_MS = 120_000;

/** What a check found. */
export interface Examined extends Finding {
  readonly check: string;
}

/** The findings in the checks' order. @throws the signal's reason */
export async function examine(
  patient: Patient,
  checks: readonly Check[],
  limits: { readonly lookMs: number; readonly fixMs: number } = {
    lookMs: LIMIT_MS,
    fixMs: FIX_LIMIT_MS,
  },
): Promise<readonly Examined[]> {
  const { signal } = patient.context;
  const found = await Promise.all(checks.map(async (check) => {
    const limitMs = patient.wish.fix ? limits.fixMs : check.limitMs ?? limits.lookMs;
    const findings = await carriedOut(check, patient, limitMs);
    return findings.map((finding) => ({ check: check.name, ...finding }));
  }));
  signal.throwIfAborted();
  return found.flat();
}

async function carriedOut(
  { look }: Check,
  patient: Patient,
  limitMs: number,
): Promise<readonly Finding[]> {
  const { signal } = patient.context;
  const ended = new AbortController();
  const { promise: timeUp, resolve } = Promise.withResolvers<"time up">();
  const timer = setTimeout(() => resolve("time up"), limitMs);
  const stop = () => resolve("time up");
  signal.addEventListener("abort", stop, { once: true });
  try {
    const looking = Promise.resolve(patient.until(ended.signal)).then(look);
    const found = await Promise.race([looking, timeUp]);
    if (found !== "time up") return found;
    // Its end is nobody's concern any more.
    looking.catch(() => undefined);
    const seconds = limitMs / 1_000;
    return [warning(`no answer within ${seconds} seconds`, "run pyra doctor again")];
  } catch (thrown) {
    const { message, hint } = asShown(thrown);
    return [broken(message, hint)];
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    ended.abort();
  }
}
