/**
 * The one daemon of a profile, and how others find it. The lock decides: it ends with the process that holds
 * it, so a number that another program has by now, or a socket that nobody listens at, is known for what it is.
 *
 * In `run/`, which nobody else may write: `daemon.lock`, `token` and `daemon.port`, and the socket and the
 * PID file by the names of the config. Each but the lock is made anew at each start, never through a link.
 * @module
 */
import { ifPresent } from "../../durable/file.ts";
import { isRecord } from "../../rpc/frame.ts";
import { KernelError } from "../error.ts";
import type { Profile } from "../profile.ts";
import { VERSION } from "../version.ts";
import { seen } from "../waiting.ts";
import { type Endpoint, endpointOf, listenAt, readEndpoint } from "./socket/endpoint.ts";
import { daemonField } from "./setting.ts";
import { shownTime } from "./shown_time.ts";

/** Names of the socket and the PID file in `run/`, and the port where there are no sockets (0: any). */
export interface DaemonFiles {
  readonly socket: string;
  readonly pid: string;
  readonly port: number;
}

/** What the PID file says. */
export interface InstanceRecord {
  readonly pid: number;
  /** A random id of this start, in hexadecimal. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly version: string;
  readonly endpoint: Endpoint;
}

/** How long a daemon that is just ending is waited for, ms. */
const PATIENCE_MS = 400;
/** How long one that is looked for is, where the runtime cannot ask without waiting, ms. */
const LOOK_MS = 400;
const RETRY_MS = 20;
const TOKEN_BYTES = 32;
const ID_BYTES = 16;
const RECORD_LIMIT_BYTES = 4_096;
const EXCLUSIVE = true;
/** The mode's bits for everybody else. */
const OTHERS = 0o077;
const LOCK = "daemon.lock";
const TOKEN = "token";
const PORT = "daemon.port";

/** The names in force. @param config the path of `config.yaml` @throws {KernelError} `config_shape` */
export function daemonFiles(config: string): DaemonFiles {
  const field = (name: string, usual: string) => daemonField({ config }, name, usual);
  const port = Number(field("ipc_port", "0"));
  return {
    socket: field("socket_path", "daemon.sock"),
    pid: field("pid_file", "daemon.pid"),
    port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0,
  };
}

/** The one daemon of a profile, in the process that is it. */
export class Instance {
  /** A random id of this start, in hexadecimal. */
  readonly id: string = crypto.getRandomValues(new Uint8Array(ID_BYTES)).toHex();
  /** ISO 8601, UTC. */
  readonly started: string = new Date().toISOString();
  /** Who knows it is the person's own program. */
  readonly token: Uint8Array<ArrayBuffer> = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
  readonly #run: string;
  readonly #files: DaemonFiles;
  readonly #lock: Deno.FsFile;
  #isReleased = false;

  private constructor(run: string, files: DaemonFiles, lock: Deno.FsFile) {
    this.#run = run;
    this.#files = files;
    this.#lock = lock;
  }

  /**
   * Becomes the daemon of the profile, and removes what one that was killed left.
   * @throws {KernelError} `daemon_running`, which says since when; `daemon`
   */
  static async take(profile: Profile, files: DaemonFiles): Promise<Instance> {
    const { run } = profile;
    checkFolder(run);
    checkNames(files);
    const lock = await takeLock(`${run}/${LOCK}`, PATIENCE_MS);
    if (lock === undefined) throw runningAlready(readRecord(`${run}/${files.pid}`));
    const instance = new Instance(run, files, lock);
    try {
      instance.#clear();
      place(`${run}/${TOKEN}`, instance.token.toHex());
      return instance;
    } catch (cause) {
      lock.close();
      throw cause;
    }
  }

  /**
   * Listens, and then says so in the PID file: who reads it can connect.
   * @throws {KernelError} `daemon`
   */
  listen(): Deno.Listener {
    const wanted = endpointOf(`${this.#run}/${this.#files.socket}`, this.#files.port);
    const listener = listenAt(wanted);
    try {
      const endpoint: Endpoint = listener.addr.transport === "tcp"
        ? { kind: "tcp", port: (listener.addr as Deno.NetAddr).port }
        : wanted;
      if (endpoint.kind === "tcp") place(`${this.#run}/${PORT}`, `${endpoint.port}\n`);
      const { pid } = Deno;
      const { id, started } = this;
      const record: InstanceRecord = { pid, id, started, version: VERSION, endpoint };
      place(`${this.#run}/${this.#files.pid}`, `${JSON.stringify(record)}\n`);
      return listener;
    } catch (cause) {
      listener.close();
      throw cause;
    }
  }

  /** Removes what tells of it, and lets go of the lock. What listens is closed by its owner. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    try {
      this.#clear();
    } finally {
      // The lock's file stays: were it removed, two could hold locks of that name.
      this.#lock.close();
    }
  }

  /** Only who holds the lock may. The PID file first: nobody shall be led to what is gone. */
  #clear(): void {
    for (const name of namesOf(this.#files)) clear(`${this.#run}/${name}`);
  }
}

/**
 * The running daemon as its PID file says, or `undefined`. Files of one that was killed count as none. Where
 * no PID file is, nothing else is looked at.
 * @throws the `Deno.errors` of reading
 */
export async function findInstance(profile: Profile): Promise<InstanceRecord | undefined> {
  const record = recordedInstance(profile);
  if (record === undefined) return undefined;
  const lock = await takeLock(`${profile.run}/${LOCK}`, LOOK_MS);
  lock?.close();
  return lock === undefined ? record : undefined;
}

/** What the PID file says, whether that daemon still runs or not. @throws the `Deno.errors` of reading */
export function recordedInstance({ run, config }: Profile): InstanceRecord | undefined {
  return readRecord(`${run}/${daemonFiles(config).pid}`);
}

/** Names of the files in `run/` that only a running daemon has. @throws the `Deno.errors` of looking */
export function remains({ run, config }: Profile): string[] {
  return namesOf(daemonFiles(config)).filter((name) =>
    ifPresent(() => Deno.lstatSync(`${run}/${name}`))
  );
}

function namesOf({ pid, socket }: DaemonFiles): readonly string[] {
  return [pid, socket, PORT, TOKEN];
}

/** The token of the daemon that runs. @throws the `Deno.errors` of reading */
export function readToken({ run }: Profile): Uint8Array<ArrayBuffer> | undefined {
  const text = ifPresent(() => Deno.readTextFileSync(`${run}/${TOKEN}`));
  const isToken = text?.length === 2 * TOKEN_BYTES && /^[0-9a-f]+$/.test(text);
  return isToken ? Uint8Array.fromHex(text) : undefined;
}

function readRecord(path: string): InstanceRecord | undefined {
  const found = ifPresent(() => Deno.lstatSync(path));
  if (!found?.isFile || found.size > RECORD_LIMIT_BYTES) return undefined;
  // It may be gone by now.
  return recordOf(ifPresent(() => Deno.readTextFileSync(path)) ?? "");
}

function recordOf(text: string): InstanceRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value)) return undefined;
    const { pid, id, started, version } = value;
    const endpoint = readEndpoint(value["endpoint"]);
    return Number.isSafeInteger(pid) && Number(pid) > 0 && endpoint !== undefined &&
        typeof id === "string" && /^[0-9a-f]{32}$/.test(id) &&
        typeof started === "string" && /^[\dT:.Z-]{20,30}$/.test(started) &&
        typeof version === "string" && /^[\w.+-]{1,40}$/.test(version)
      ? { pid: Number(pid), id, started, version, endpoint }
      : undefined;
  } catch (cause) {
    // What was cut off by a power cut is no record.
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

/** The refusal of a second one. */
export function runningAlready(record: InstanceRecord | undefined): KernelError {
  const since = record && shownTime(record.started);
  const who = record ? `process ${record.pid}, since ${since}` : "it is just starting";
  const hint = "run pyra daemon status, or pyra daemon restart for a new one";
  return new KernelError("daemon_running", `the daemon runs already (${who})`, hint);
}

/** The config could give two files one name. @throws {KernelError} `daemon` */
function checkNames({ pid, socket }: DaemonFiles): void {
  const names = [LOCK, TOKEN, PORT].flatMap((name) => [name, `${name}.tmp`]);
  if (
    pid !== socket && pid !== `${socket}.tmp` && socket !== `${pid}.tmp` &&
    !names.includes(pid) && !names.includes(socket)
  ) return;
  const hint = "choose other names for daemon.socket_path and daemon.pid_file";
  throw new KernelError("daemon", "two files of the daemon have the same name", hint);
}

/** What is made there must be the person's alone. @throws {KernelError} `daemon` */
function checkFolder(run: string): void {
  const { isDirectory, uid, mode } = Deno.lstatSync(run);
  const isOurs = Deno.build.os === "windows" ||
    (uid === Deno.uid() && ((mode ?? 0) & OTHERS) === 0);
  if (isDirectory && isOurs) return;
  const hint = "it must be a folder of your own with the mode 700, and no link";
  throw new KernelError("daemon", `${run} is not as it must be`, hint);
}

/** @throws {KernelError} `daemon` for what is no file */
function clear(path: string): void {
  try {
    // Of a link, the link itself.
    ifPresent(() => Deno.removeSync(path));
  } catch (cause) {
    throw new KernelError("daemon", `${path} is in the way`, "move it away", cause);
  }
}

/** A file that is there whole or not at all. Not synced: after a power cut nothing in it is true. */
function place(path: string, text: string): void {
  clear(`${path}.tmp`);
  Deno.writeTextFileSync(`${path}.tmp`, text, { createNew: true, mode: 0o600 });
  Deno.renameSync(`${path}.tmp`, path);
}

/**
 * The file with its lock, or `undefined` if another holds it all the time.
 * @throws {KernelError} `daemon`
 */
async function takeLock(path: string, patienceMs: number): Promise<Deno.FsFile | undefined> {
  if (ifPresent(() => Deno.lstatSync(path))?.isFile === false) {
    throw new KernelError("daemon", `${path} is no file`, "remove it");
  }
  const file = await Deno.open(path, { read: true, write: true, create: true, mode: 0o600 });
  try {
    if (await isLocked(file, path, patienceMs)) return file;
  } catch (cause) {
    file.close();
    const hint = "keep the profile on a disk of this machine; --home names another folder";
    throw new KernelError("daemon", `${path} cannot be locked`, hint, cause);
  }
  file.close();
  return undefined;
}

/** Locks that the 2.6 runtime waits for in this process; it cannot be told to stop. */
const WAITED = new Set<string>();

async function isLocked(file: Deno.FsFile, path: string, patienceMs: number): Promise<boolean> {
  if (typeof file.tryLock === "function") {
    const isOurs = async () => await file.tryLock(EXCLUSIVE) || undefined;
    return await seen({ limitMs: patienceMs, everyMs: RETRY_MS }, isOurs) ?? false;
  }
  // Each wait keeps a thread, and one tells enough. Closing the file makes it harmless.
  if (WAITED.has(path)) return false;
  WAITED.add(path);
  const taken = file.lock(EXCLUSIVE).then(() => true).finally(() => WAITED.delete(path));
  const { promise: timeUp, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), patienceMs);
  return await Promise.race([taken, timeUp]).finally(() => clearTimeout(timer));
}
