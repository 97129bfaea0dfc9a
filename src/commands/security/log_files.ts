/**
 * The files of the chained logs, as far as a command may read them.
 * @module
 */
import { createHash } from "node:crypto";
import { jsonOf } from "../../protocol/foreign_text.ts";
import { isRecord } from "../../rpc/frame.ts";
import { ChainCheck, ChainHead, type ChainReport } from "../../guard/log_chain.ts";
import type { CommandContext } from "../context.ts";

/** What the person calls the logs, and where they lie in the profile. */
export const LOGS: Readonly<Record<"security" | "tools" | "queries", string>> = {
  security: "security.log",
  tools: "logs/tool_executions.log",
  queries: "logs/queries.log",
};
/** What the person calls a log. */
export type LogName = keyof typeof LOGS;

/** Where a log's end is known from. `none`: nothing was logged; `lost`: something was, and no head says so. */
export type KnownHead =
  | { readonly kind: "head"; readonly head: ChainHead }
  | { readonly kind: "none" }
  | { readonly kind: "lost"; readonly reason: string };

/** A log with what a check of it came to. */
export interface CheckedLog {
  /** Its path in the profile. */
  readonly log: string;
  readonly known: KnownHead;
  readonly report: ChainReport;
  /** Files of the log that no head knows, with chained lines: a head was lost, and the chain begun anew. */
  readonly orphans: readonly string[];
}

const HEADS = "log_heads.json";
const CHUNK_BYTES = 256 * 1024;
/** A file that is rotated while it is read is read again. */
const TRIES = 5;
const NO_REPORT: ChainReport = { faults: [], more: 0, lines: 0, ahead: 0 };
const CHAINED = /,"number":\d+,"before":"[0-9a-f]{64}"\}\s*$/;

/**
 * Checks a log. What is written meanwhile is no fault.
 * @param files only so many of its files are read, the latest ones; all if absent
 * @throws the signal's reason; `Deno.errors`
 */
export async function checkLog(
  context: CommandContext,
  log: string,
  files = Infinity,
): Promise<CheckedLog> {
  for (let tries = 1;; tries++) {
    const known = await knownHead(context, log);
    const orphans = await orphansOf(context, log);
    if (known.kind !== "head") return { log, known, report: NO_REPORT, orphans };
    const parts = known.head.parts.slice(-files);
    const check = new ChainCheck(
      { ...known.head, parts },
      (line) => createHash("sha256").update(line).digest("hex"),
    );
    for (const { file } of parts) {
      check.part(file);
      for await (const bytes of bytesOf(context, file)) check.bytes(bytes);
    }
    const report = check.end();
    const after = report.faults.length > 0 ? await knownHead(context, log) : known;
    const isSame = JSON.stringify(after) === JSON.stringify(known);
    if (isSame || tries === TRIES) return { log, known, report, orphans };
  }
}

/** Where a log ends. */
export async function knownHead(context: CommandContext, log: string): Promise<KnownHead> {
  const hasLines = (await sizeOf(context, log)) > 0;
  const lost = (reason: string): KnownHead =>
    hasLines ? { kind: "lost", reason } : { kind: "none" };
  const path = pathOf(context, HEADS);
  if (path === undefined) return lost(`${HEADS} is missing`);
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return lost(`${HEADS} is missing`);
    throw cause;
  }
  const heads = jsonOf(text);
  if (!isRecord(heads)) return { kind: "lost", reason: `${HEADS} cannot be read` };
  if (!Object.hasOwn(heads, log)) return lost(`${HEADS} does not know it`);
  const { success, data } = ChainHead.safeParse(heads[log]);
  return success ? { kind: "head", head: data } : {
    kind: "lost",
    reason: `${HEADS} says nothing of it that can be read`,
  };
}

/** The bytes of a file of the profile; none if it is not there. */
export async function* bytesOf(
  context: CommandContext,
  file: string,
): AsyncGenerator<Uint8Array> {
  const path = pathOf(context, file);
  if (path === undefined) return;
  let opened: Deno.FsFile;
  try {
    opened = await Deno.open(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return;
    throw cause;
  }
  using log = opened;
  const buffer = new Uint8Array(CHUNK_BYTES);
  for (let count; (count = await log.read(buffer)) !== null;) {
    context.signal.throwIfAborted();
    yield buffer.slice(0, count);
  }
}

/** A path that may be read: what lies in the profile's top is granted by the kernel, if it is there. */
function pathOf({ boot }: CommandContext, file: string): string | undefined {
  const path = `${boot.profile.home}/${file}`;
  return file.startsWith("logs/") || boot.granted.includes(path) ? path : undefined;
}

async function sizeOf(context: CommandContext, file: string): Promise<number> {
  for await (const bytes of bytesOf(context, file)) return bytes.length;
  return 0;
}

async function orphansOf(context: CommandContext, log: string): Promise<string[]> {
  const { boot } = context;
  const begin = `${log}.unchained.`;
  const files = boot.granted.map((path) => path.slice(boot.profile.home.length + 1));
  if (log.startsWith("logs/")) {
    try {
      for await (const { name } of Deno.readDir(boot.profile.logs)) files.push(`logs/${name}`);
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    }
  }
  const orphans: string[] = [];
  for (const file of files.filter((name) => name.startsWith(begin)).sort()) {
    let end = "";
    const decoder = new TextDecoder();
    for await (const bytes of bytesOf(context, file)) {
      end = (end + decoder.decode(bytes, { stream: true })).slice(-200);
    }
    // Lines from before logs were chained are nobody's fault.
    if (CHAINED.test(end)) orphans.push(file);
  }
  return orphans;
}
