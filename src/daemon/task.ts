/**
 * A task, as a supervisor keeps it running.
 * @module
 */
import { PyraError } from "../protocol/error.ts";

/** Work that goes on until it is told to end. Made anew for each start. */
export interface Task {
  /** Another version under the same name is another task: a reload starts it anew. */
  readonly version: string;
  /**
   * The longest time between two beats, ms. Absent: it need not beat, and once it has, the next beat is
   * waited for 60 s.
   */
  readonly heartbeatMs?: number;
  /**
   * Runs until the signal aborts; one that ends before has crashed.
   * @param beat says that it is alive
   */
  run(signal: AbortSignal, beat: () => void): Promise<void>;
  /** What it says of itself, one line. */
  detail?(): string;
}

/** Makes a task, and does nothing else: a reload calls it to see the version. */
export type TaskFactory = () => Task;

/** Time, as a supervisor needs it. */
export interface TaskClock {
  /** ms since 1970. */
  now(): number;
  /** Calls once, after so many ms. @returns what prevents that */
  after(ms: number, act: () => void): () => void;
}

/** The machine's. */
export const machineClock: TaskClock = {
  now: () => Date.now(),
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};

/** What is told of a task: a start, a crash, an end. */
export interface TaskEvent {
  readonly event: string;
  readonly task: string;
  readonly reason?: string;
  /** Started again after so long, ms. */
  readonly againMs?: number;
}

/** A crash that others brought about. It is started again however often that happens. */
export class OutsideFault extends PyraError {
  constructor(message: string, cause?: unknown) {
    super("system", "task_cut_off", message, { cause });
  }
}
