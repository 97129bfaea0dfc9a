/**
 * The logs, which the kernel alone appends to. These here are for finding faults; those that tell what
 * was done are chained (`chained_log.ts`).
 * @module
 */

const FIELD_LIMIT = 2_000;
/** A log larger than this is put aside before the next line. */
export const LOG_LIMIT_BYTES = 4 * 1024 * 1024;

/** The JSON line `{time, …fields}`, without its end; long texts are cut. */
export function lineOf(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(
    { time: new Date().toISOString(), ...fields },
    (_, value) => typeof value === "string" ? value.slice(0, FIELD_LIMIT) : value,
  );
}

/** Appends one line to a log of mode 600; only the last one that was put aside is kept. */
export function appendLog(path: string, fields: Readonly<Record<string, unknown>>): void {
  using file = Deno.openSync(path, { append: true, create: true, mode: 0o600 });
  file.writeSync(new TextEncoder().encode(`${lineOf(fields)}\n`));
  if (file.statSync().size > LOG_LIMIT_BYTES) Deno.renameSync(path, `${path}.before`);
}
