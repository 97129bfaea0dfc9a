/**
 * How often rooms are asked for a sign of life, and the kernel is told of them: often while something
 * happens, and seldom while nothing does, since a daemon's process stays for months.
 * @module
 */

/** While something happens, ms. */
const BEAT_MS = 250;
/** While nothing does, ms. */
const QUIET_BEAT_MS = 10_000;
/** And so often it is looked whether that is still so, ms. */
const LOOK_MS = 1_000;
/** Nothing has happened for so long, ms. */
const CALM_MS = 5_000;
/** Of one processor; more, and something happens that nobody asked for. */
const BUSY_SHARE = 0.1;
/** Memory that it took since the kernel was told, bytes. */
const GROWN_BYTES = 32 * 1024 * 1024;

/** What the process has used so far. */
export interface Used {
  /** Of all processors, ms. */
  readonly cpu: number;
  /** Resident memory, bytes. */
  readonly rss: number;
}

/** What the pulse is made of. */
export interface PulsePorts {
  /** Asks the rooms and tells the kernel, with how long it is to the next time, ms. */
  readonly beat: (nextMs: number) => void;
  /** Whether a call is open that has to come to an end. */
  readonly isCalled: () => boolean;
  readonly used: () => Used;
  /** ms since some start. */
  readonly now: () => number;
  /** Calls once, after so many ms. @returns what prevents that */
  readonly after: (ms: number, act: () => void) => () => void;
}

/** The pulse of a process with rooms. */
export class Pulse {
  readonly #ports: PulsePorts;
  #cancel: () => void = () => {};
  #busyAt: number;
  #beatAt = -Infinity;
  #looked: Used & { readonly at: number };
  /** What the kernel was told last. */
  #told: { readonly rss: number; readonly nextMs: number };

  /** Begins to beat. */
  constructor(ports: PulsePorts) {
    this.#ports = ports;
    const used = ports.used();
    this.#busyAt = ports.now();
    this.#looked = { ...used, at: this.#busyAt };
    this.#told = { rss: used.rss, nextMs: BEAT_MS };
    this.#cancel = ports.after(BEAT_MS, () => this.#look());
  }

  /** Something happens: it beats now if it was quiet, and often from now on. */
  wake(): void {
    const isQuiet = this.#isQuiet;
    this.#busyAt = this.#ports.now();
    if (isQuiet) this.#look();
  }

  get #isQuiet(): boolean {
    return this.#ports.now() - this.#busyAt > CALM_MS;
  }

  /** How long it is to the next beat, ms. */
  get nextMs(): number {
    return this.#isQuiet ? QUIET_BEAT_MS : BEAT_MS;
  }

  #look(): void {
    const { beat, isCalled, used, now, after } = this.#ports;
    const at = now();
    const { cpu, rss } = used();
    const last = this.#looked;
    this.#looked = { cpu, rss, at };
    const isBusy = cpu - last.cpu > BUSY_SHARE * (at - last.at);
    if (isBusy || isCalled() || rss - this.#told.rss > GROWN_BYTES) this.#busyAt = at;
    const { nextMs } = this;
    // It is told before it beats less often.
    if (nextMs !== this.#told.nextMs || at - this.#beatAt >= nextMs) {
      this.#beatAt = at;
      this.#told = { rss, nextMs };
      beat(nextMs);
    }
    this.#cancel();
    this.#cancel = after(Math.min(nextMs, LOOK_MS), () => this.#look());
  }
}
