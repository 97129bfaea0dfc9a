/**
 * Follows the memory folder: watches it where the system can, and looks through it where it cannot.
 * @module
 */
import { sleep } from "../../protocol/waiting.ts";
import { type Changed, FolderChanges } from "./watch.ts";

/** Quiet for this long, ms, ends a series of events; a series is cut off after the longer time. */
const QUIET_MS = 120;
const SERIES_MS = 500;
/** How often it is checked that the watched folder is still the folder, ms. */
const HEARTBEAT_MS = 2_000;
/** Looks through a folder that is watched, for file systems that tell only some changes, ms. */
const SLOW_LOOK_MS = 60_000;
/** Looks through one that cannot be watched: from, to, ms; longer while nothing changes. */
const FIRST_LOOK_MS = 2_000;
const LAST_LOOK_MS = 30_000;
/** A look may take this part of the time. */
const LOOK_SHARE = 50;

/** What is followed, and what is done about it. */
export interface FollowPorts {
  readonly folder: string;
  /** Makes the index say what changed. @returns how many notes had changed */
  readonly apply: (changed: Changed, signal: AbortSignal) => Promise<number>;
  /** Whether the index is there and says all; the folder is looked through when that ends. */
  readonly isWhole?: () => boolean;
  /** Hears why a folder cannot be watched, or what failed; the following goes on. */
  readonly failed: (cause: unknown) => void;
  /** Starts watching; another one in tests, where watching is to fail. */
  readonly watch?: (folder: string) => Deno.FsWatcher;
}

/** Follows until the signal aborts. Never throws. */
export async function followFolder(ports: FollowPorts, signal: AbortSignal): Promise<void> {
  const watch = ports.watch ?? ((folder) => Deno.watchFs(folder, { recursive: true }));
  let pause = FIRST_LOOK_MS;
  while (!signal.aborted) {
    const began = performance.now();
    const watcher = isFolder(ports.folder) ? startWatching(watch, ports) : undefined;
    if (watcher) {
      await new Watched(ports, watcher).follow(signal);
      continue;
    }
    const found = await apply(ports, EVERYTHING, signal);
    const took = performance.now() - began;
    pause = found > 0 ? FIRST_LOOK_MS : Math.min(LAST_LOOK_MS, pause * 1.5);
    await quietly(sleep(Math.max(pause, took * LOOK_SHARE), signal));
  }
}

const EVERYTHING: Changed = { names: new Set(), isWide: true };

function startWatching(
  watch: (folder: string) => Deno.FsWatcher,
  { folder, failed }: FollowPorts,
): Deno.FsWatcher | undefined {
  try {
    return watch(folder);
  } catch (cause) {
    failed(cause);
    return undefined;
  }
}

/** One watcher, until it ends or the folder is another. */
class Watched {
  readonly #ports: FollowPorts;
  readonly #watcher: Deno.FsWatcher;
  readonly #changes: FolderChanges;
  readonly #folder: number | null | undefined;
  /** Resolved by the next event, and by the watcher's end. */
  #event = Promise.withResolvers<void>();
  #ended = false;
  #wasWhole = false;

  constructor(ports: FollowPorts, watcher: Deno.FsWatcher) {
    this.#ports = ports;
    this.#watcher = watcher;
    this.#changes = new FolderChanges(ports.folder);
    this.#folder = folderId(ports.folder);
  }

  async follow(signal: AbortSignal): Promise<void> {
    const close = () => this.#close();
    signal.addEventListener("abort", close, { once: true });
    const listening = this.#listen();
    // What happened before the watching began.
    let nextLook = await this.#look(signal);
    while (!signal.aborted && !this.#ended) {
      await this.#eventWithin(HEARTBEAT_MS);
      if (folderId(this.#ports.folder) !== this.#folder) break;
      if (performance.now() > nextLook || this.#isLost()) nextLook = await this.#look(signal);
      if (this.#changes.isEmpty) continue;
      await this.#seriesEnd();
      await apply(this.#ports, this.#changes.take(), signal);
    }
    signal.removeEventListener("abort", close);
    this.#close();
    await listening;
  }

  /** Whether the index was whole after the last look and is not now: deleted, or damaged. */
  #isLost(): boolean {
    return this.#wasWhole && this.#ports.isWhole?.() === false;
  }

  /** Looks through all. @returns when to do so again */
  async #look(signal: AbortSignal): Promise<number> {
    const began = performance.now();
    await apply(this.#ports, EVERYTHING, signal);
    // One that cannot be made is not tried all the time.
    this.#wasWhole = this.#ports.isWhole?.() ?? true;
    const took = performance.now() - began;
    return performance.now() + Math.max(SLOW_LOOK_MS, took * LOOK_SHARE);
  }

  async #listen(): Promise<void> {
    try {
      for await (const event of this.#watcher) {
        if (this.#changes.add(event)) this.#event.resolve();
      }
    } catch (cause) {
      if (!(cause instanceof Deno.errors.BadResource)) this.#ports.failed(cause);
    }
    this.#ended = true;
    this.#event.resolve();
  }

  async #eventWithin(ms: number): Promise<void> {
    const timer = setTimeout(() => this.#event.resolve(), ms);
    await this.#event.promise;
    clearTimeout(timer);
    this.#event = Promise.withResolvers();
  }

  /** Waits until nothing happens for a moment, or long enough. */
  async #seriesEnd(): Promise<void> {
    const end = performance.now() + SERIES_MS;
    for (let last = 0; last < QUIET_MS && performance.now() < end && !this.#ended;) {
      const began = performance.now();
      await this.#eventWithin(QUIET_MS);
      last = performance.now() - began;
    }
  }

  #close(): void {
    if (this.#ended) return;
    this.#ended = true;
    try {
      this.#watcher.close();
    } catch (cause) {
      // The 2.6 runtime says so of a watcher whose iteration has ended.
      if (!(cause instanceof Deno.errors.BadResource)) this.#ports.failed(cause);
    }
    this.#event.resolve();
  }
}

async function apply(
  { apply, failed }: FollowPorts,
  changed: Changed,
  signal: AbortSignal,
): Promise<number> {
  try {
    return await apply(changed, signal);
  } catch (cause) {
    if (!signal.aborted) failed(cause);
    return 0;
  }
}

/** Waits for a wait that the signal may cut short; whoever waits looks at the signal. */
async function quietly(waiting: Promise<void>): Promise<void> {
  await waiting.catch(() => undefined);
}

function isFolder(path: string): boolean {
  return folderId(path) !== undefined;
}

/** Which folder stands at a path; `undefined` for none. */
function folderId(path: string): number | null | undefined {
  try {
    const found = Deno.statSync(path);
    return found.isDirectory ? found.ino : undefined;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    if (cause instanceof Deno.errors.PermissionDenied) return undefined;
    throw cause;
  }
}
