/** What kind of thing failed; surfaces group and colour by it. */
export type ErrorCategory = "system" | "api" | "configuration" | "file" | "permission" | "network";
/** How bad it is: `warning` goes on, `error` ends the action, `fatal` ends the program. */
export type ErrorSeverity = "warning" | "error" | "fatal";

/** The process's exit codes, as documented in the README. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  notSetUp: 3,
  refused: 4,
  interrupted: 130,
  terminated: 143,
} as const;
/** One of the process's exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An error as data: what crosses a room boundary, a turn event or a JSON line. */
export interface ErrorReport {
  readonly category: ErrorCategory;
  readonly severity: ErrorSeverity;
  /** A stable word for programs, `snake_case`, such as `rate_limited`. */
  readonly code: string;
  /** What happened: one sentence, lower case, without a full stop at its end. */
  readonly message: string;
  /** What to do next: one imperative phrase, lower case; empty when there is nothing to do. */
  readonly hint: string;
  /** What lay below it, outermost first, one line each; only where somebody wants to know. */
  readonly causes?: readonly string[] | undefined;
}

/** The one error type of every room outside the trusted base; each surface renders it its own way. */
export class PyraError extends Error implements ErrorReport {
  override readonly name = "PyraError";
  readonly category: ErrorCategory;
  readonly severity: ErrorSeverity;
  readonly code: string;
  readonly hint: string;
  readonly exitCode: ExitCode;

  constructor(
    category: ErrorCategory,
    code: string,
    message: string,
    options: {
      hint?: string;
      severity?: ErrorSeverity;
      exitCode?: ExitCode;
      cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.category = category;
    this.code = code;
    this.hint = options.hint ?? "";
    this.severity = options.severity ?? "error";
    this.exitCode = options.exitCode ?? (category === "permission" ? EXIT.refused : EXIT.failed);
  }

  /** The error as data. @param more with `causes` also what lay below it */
  report({ causes = false }: { readonly causes?: boolean | undefined } = {}): ErrorReport {
    const { category, severity, code, message, hint } = this;
    const below = causes ? causesOf(this) : [];
    return {
      category,
      severity,
      code,
      message,
      hint,
      ...(below.length === 0 ? {} : { causes: below }),
    };
  }
}

/** At most so many causes are told: a chain may be circular. */
const CAUSES_LIMIT = 8;
/** UTF-16 units of each. */
const CAUSE_UNITS = 400;

/** What lay below an error, outermost first: `TypeError: …`. Foreign text, each may have several lines. */
export function causesOf(error: Error): string[] {
  const causes: string[] = [];
  let { cause } = error;
  while (cause !== undefined && causes.length < CAUSES_LIMIT) {
    const text = cause instanceof ReportedCause
      ? cause.message
      : cause instanceof Error
      ? `${cause.name}: ${cause.message}`
      : String(cause);
    causes.push(text.slice(0, CAUSE_UNITS).toWellFormed());
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return causes;
}

/** A cause of which only the words are left. */
class ReportedCause extends Error {
  override readonly name = "ReportedCause";
}

/** The chain of causes that a report tells of, to be the cause of an error. */
export function reportedCause({ causes = [] }: ErrorReport): Error | undefined {
  return causes.reduceRight<Error | undefined>(
    (cause, text) => new ReportedCause(text, cause === undefined ? undefined : { cause }),
    undefined,
  );
}

/** Any thrown thing as a `PyraError`; what is none becomes a `system` error with it as the cause. */
export function asPyraError(thrown: unknown): PyraError {
  if (thrown instanceof PyraError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new PyraError("system", "unexpected", message, { cause: thrown });
}
