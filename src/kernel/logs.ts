/**
 * The logs, which the kernel alone appends to.
 * @module
 */

const FIELD_LIMIT = 2_000;
/** A log larger than this is put aside, with the time in its name, before the next line. */
const LOG_LIMIT_BYTES = 4 * 1024 * 1024;

/**
 * Appends one JSON line `{time, …fields}` to a log of mode 600.
 * @param options `kept: "one"` keeps only the last log that was put aside: for those whose writer is not trusted
 */
export function appendLog(
  path: string,
  fields: Readonly<Record<string, unknown>>,
  options: { readonly kept: "all" | "one" } = { kept: "all" },
): void {
  const line = JSON.stringify(
    { time: new Date().toISOString(), ...fields },
    (_, value) => typeof value === "string" ? value.slice(0, FIELD_LIMIT) : value,
  );
  using file = Deno.openSync(path, { append: true, create: true, mode: 0o600 });
  file.writeSync(new TextEncoder().encode(`${line}\n`));
  if (file.statSync().size > LOG_LIMIT_BYTES) {
    Deno.renameSync(path, `${path}.${options.kept === "one" ? "before" : Date.now()}`);
  }
}
