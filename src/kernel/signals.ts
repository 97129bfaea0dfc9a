/**
 * The signals of a run that a person started: what they tell, and what ends a run that does not react.
 * @module
 */
import { EXIT_INTERRUPTED, EXIT_TERMINATED } from "./failure.ts";

/** How long a run may take to end after SIGTERM, and Ctrl-C stays the first one, ms. */
const END_LIMIT_MS = 3_000;

/** What a signal says: Ctrl-C, an end, or a terminal of another size. */
export type SignalEvent = "interrupt" | "terminate" | "resize";

/** Tells of signals from now on. @returns what ends that */
export function listenToSignals(
  tell: (event: SignalEvent) => void,
  exit: (code: number) => void,
): () => void {
  let interrupts = 0;
  const terminate = () => {
    tell("terminate");
    setTimeout(() => exit(EXIT_TERMINATED), END_LIMIT_MS);
  };
  const interrupt = () => {
    if (++interrupts > 1) return exit(EXIT_INTERRUPTED);
    tell("interrupt");
    setTimeout(() => interrupts = 0, END_LIMIT_MS);
  };
  const all = Object.entries({
    SIGINT: interrupt,
    SIGTERM: terminate,
    SIGHUP: terminate,
    SIGWINCH: () => tell("resize"),
  }) as [Deno.Signal, () => void][];
  const heard = Deno.build.os === "windows" ? all.slice(0, 1) : all;
  for (const [signal, listener] of heard) Deno.addSignalListener(signal, listener);
  return () => {
    for (const [signal, listener] of heard) Deno.removeSignalListener(signal, listener);
  };
}
