/**
 * An app room that has loaded its modules and waits for a command line.
 * @module
 */
import type { Profile } from "../../profile.ts";
import { rights } from "../../roles.ts";
import { makeWorker } from "../../room.ts";
import { VERSION } from "../../version.ts";

/** The next one is made so long after the last was used: what runs then comes first, ms. */
const AFTER_MS = 1_000;
const FIRST_AFTER_MS = 100;

/** The one that is there, or is about to be. */
export class WarmRoom {
  readonly #entries: URL;
  readonly #profile: Profile;
  readonly #failed: (reason: string) => void;
  #ready: Worker | undefined;
  /** It makes itself ready. */
  #making: Worker | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param failed is told of one that ended by itself */
  constructor(entries: URL, profile: Profile, failed: (reason: string) => void) {
    this.#entries = entries;
    this.#profile = profile;
    this.#failed = failed;
    this.#make(FIRST_AFTER_MS);
  }

  /** Gives it away, if it is ready. */
  take(): Worker | undefined {
    const worker = this.#ready;
    this.#ready = undefined;
    if (worker) worker.onerror = worker.onmessage = null;
    if (!this.#making) this.#make(AFTER_MS);
    return worker;
  }

  /** What it has loaded is out of date. */
  renew(): void {
    this.#end();
    this.#make(AFTER_MS);
  }

  /** No more of them. */
  stop(): void {
    this.#end();
    clearTimeout(this.#timer);
  }

  #end(): void {
    this.#ready?.terminate();
    this.#making?.terminate();
    this.#ready = this.#making = undefined;
  }

  #make(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const permissions = rights("app", this.#profile);
      const worker = makeWorker({ name: "app", entries: this.#entries, permissions });
      this.#making = worker;
      worker.onmessage = () => {
        this.#making = undefined;
        this.#ready = worker;
      };
      worker.onerror = (event) => {
        event.preventDefault();
        this.#end();
        this.#failed(event.message);
      };
      worker.postMessage({ warm: { profile: this.#profile.shown, version: VERSION } });
    }, afterMs);
  }
}
