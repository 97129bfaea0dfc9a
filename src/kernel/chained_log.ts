/**
 * The logs that later tell what happened: each line carries the SHA-256 of the line before, and
 * `log_heads.json` keeps the number and the hash of the last one. The app checks them
 * (`pyra security log verify`).
 *
 * Lines are not synced: they outlive a kill, and a power cut may take the last ones. A run that ends
 * between a line and its head leaves a line that fits behind the head; the next run takes it over.
 * Whoever has the person's rights can write all of it anew.
 * @module
 */
import type { createHash } from "node:crypto";
import { ifPresent } from "../durable/file.ts";
import { isRecord } from "../rpc/frame.ts";
import { KernelError } from "./error.ts";
import { lineOf, LOG_LIMIT_BYTES } from "./logs.ts";

/** The hash before the first line. */
const NOTHING = "0".repeat(64);
/** Files that are kept of one log, the one that is written included. */
const KEPT_PARTS = 8;
/** Whoever holds the lock lets go within a millisecond, or is stopped. */
const LOCK_LIMIT_MS = 2_000;
const EXCLUSIVE = true;
const PAUSE = new Int32Array(new SharedArrayBuffer(4));
const LINE_FEED = 10;

/** One file of a log, by its path in the profile. */
interface Part {
  readonly file: string;
  /** The number of its first line, and the hash of the one before that. */
  readonly first: number;
  readonly before: string;
}

/** The end of a log: its last line's number and hash, the bytes of the last file, the files that are kept. */
interface Head {
  readonly count: number;
  readonly hash: string;
  readonly size: number;
  readonly parts: readonly Part[];
}

/**
 * Appends the JSON line `{time, …fields, number, before}` to a log of the profile.
 * @param home the profile's folder
 * @param log the log's path there
 * @throws {KernelError} `log`; the `Deno.errors` of files
 */
export function appendChained(
  home: string,
  log: string,
  fields: Readonly<Record<string, unknown>>,
): void {
  using _lock = lock(`${home}/.log_lock`);
  const heads = readHeads(`${home}/log_heads.json`);
  const path = `${home}/${log}`;
  let head = readHead(heads[log], log) ?? begin(path, log);
  const save = () => {
    const text = JSON.stringify({ ...heads, [log]: head }, undefined, 1);
    Deno.writeTextFileSync(`${home}/log_heads.json.tmp`, `${text}\n`, { mode: 0o600 });
    Deno.renameSync(`${home}/log_heads.json.tmp`, `${home}/log_heads.json`);
  };
  const rotate = () => {
    const parts = [
      ...head.parts.slice(0, -1),
      ...head.parts.slice(-1).map((part) => ({ ...part, file: asideName(log, head) })),
      { file: log, first: head.count + 1, before: head.hash },
    ];
    head = { ...head, size: 0, parts: parts.slice(-KEPT_PARTS) };
    save();
    for (const { file } of parts.slice(0, -KEPT_PARTS)) {
      ifPresent(() => Deno.removeSync(`${home}/${file}`));
    }
  };
  // A run was ended after it had put the full file aside.
  if (head.size > 0 && sizeOf(`${home}/${asideName(log, head)}`) > 0) rotate();
  let start = "";
  if (sizeOf(path) !== head.size) {
    const bytes = sizeOf(path) > 0 ? Deno.readFileSync(path) : new Uint8Array();
    head = healed(head, bytes);
    // What was cut in the middle of a line must not take this one with it.
    if (bytes.length > 0 && bytes.at(-1) !== LINE_FEED) start = "\n";
  }
  // Last, whatever the fields are: the end of a line says where it belongs.
  const line = lineOf(fields).slice(0, -1) + chainEnd(head);
  const size = head.size + write(path, `${start}${line}\n`, head.size);
  head = { ...head, count: head.count + 1, hash: hashOf(line), size };
  save();
  if (size < LOG_LIMIT_BYTES) return;
  Deno.renameSync(path, `${home}/${asideName(log, head)}`);
  rotate();
}

function chainEnd({ count, hash }: Pick<Head, "count" | "hash">): string {
  return `,"number":${count + 1},"before":"${hash}"}`;
}

/** Never a name that is taken: no two lines have the same number and hash. */
function asideName(log: string, { count, hash }: Head): string {
  return `${log}.${count}.${hash.slice(0, 8)}`;
}

/** The chain begins; what a log without a head holds is put aside. */
function begin(path: string, log: string): Head {
  if (sizeOf(path) > 0) {
    Deno.renameSync(path, `${path}.unchained.${crypto.randomUUID().slice(0, 8)}`);
  }
  return { count: 0, hash: NOTHING, size: 0, parts: [{ file: log, first: 1, before: NOTHING }] };
}

/** Takes over the lines behind the head that fit; the others are left for whoever checks the log. */
function healed(head: Head, bytes: Uint8Array): Head {
  let { count, hash } = head;
  const lines = new TextDecoder().decode(bytes.subarray(head.size)).split("\n");
  for (const line of lines.slice(0, -1)) {
    if (!line.endsWith(chainEnd({ count, hash }))) break;
    count++;
    hash = hashOf(line);
  }
  return { ...head, count, hash, size: bytes.length };
}

/** @returns the bytes that were written @throws the `Deno.errors`, with nothing of the line left behind */
function write(path: string, text: string, size: number): number {
  using file = Deno.openSync(path, { append: true, create: true, mode: 0o600 });
  const bytes = new TextEncoder().encode(text);
  if (file.writeSync(bytes) === bytes.length) return bytes.length;
  file.truncateSync(size);
  throw new KernelError("log", `${path} cannot be written whole`, "make room on the disk");
}

function hashOf(line: string): string {
  // Loaded with the first line: a run that logs nothing shall not wait for it.
  const { process } = globalThis as unknown as {
    process: { getBuiltinModule(name: string): { createHash: typeof createHash } };
  };
  return process.getBuiltinModule("node:crypto").createHash("sha256").update(line).digest("hex");
}

function lock(path: string): Deno.FsFile {
  const file = Deno.openSync(path, { write: true, create: true, mode: 0o600 });
  const deadline = performance.now() + LOCK_LIMIT_MS;
  // The 2.6 runtime can only wait.
  const take = () => file.tryLockSync?.(EXCLUSIVE) ?? (file.lockSync(EXCLUSIVE), true);
  while (!take()) {
    if (performance.now() > deadline) {
      file.close();
      throw new KernelError("log", "another run of Pyra holds the logs", "end it, and try again");
    }
    Atomics.wait(PAUSE, 0, 0, 1);
  }
  return file;
}

/** 0 for a file that is not there. */
function sizeOf(path: string): number {
  return ifPresent(() => Deno.statSync(path))?.size ?? 0;
}

/** What cannot be read is no head: then the chain begins anew, and whoever checks it is told so. */
function readHeads(path: string): Record<string, unknown> {
  try {
    const heads: unknown = JSON.parse(Deno.readTextFileSync(path));
    return isRecord(heads) ? heads : {};
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound || cause instanceof SyntaxError) return {};
    throw cause;
  }
}

function readHead(head: unknown, log: string): Head | undefined {
  if (!isRecord(head)) return undefined;
  const { count, hash, size, parts } = head;
  if (!isCount(count) || !isHash(hash) || !isCount(size) || !Array.isArray(parts)) return undefined;
  const read = parts.filter((part): part is Part => isRecord(part) && isPart(part, log));
  return read.length === parts.length && parts.length > 0
    ? { count, hash, size, parts: read }
    : undefined;
}

/** Only the log's own files: some will be removed. */
function isPart({ file, first, before }: Record<string, unknown>, log: string): boolean {
  if (typeof file !== "string" || !isCount(first) || !isHash(before)) return false;
  return file === log ||
    (file.startsWith(log) && /^\.\d+\.[0-9a-f]{8}$/.test(file.slice(log.length)));
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isHash(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}
