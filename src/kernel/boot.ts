/**
 * The program, from its command line to its exit code.
 * @module
 */
import { RpcError } from "../rpc/error.ts";
import { appCalls } from "./app_calls.ts";
import { AppRoom } from "./app_room.ts";
import { KernelError } from "./error.ts";
import { sanitise } from "./prompt.ts";
import { Run } from "./run.ts";
import { Terminal } from "./terminal.ts";

/** How long the app room may take to end after SIGTERM or Ctrl-C, ms. */
const END_LIMIT_MS = 3_000;
/** More than any key; a private key in a file is below it too. */
const SECRET_LIMIT_BYTES = 64 * 1024;
const EXIT_FAILED = 1;
const EXIT_INTERRUPTED = 130;
const EXIT_TERMINATED = 143;

/**
 * Runs Pyra and ends the process: what must be known first (`Run`), then signals, then the app room,
 * which does the rest by calls.
 * @param entries the folder of the rooms' entry files
 */
export async function boot(args: readonly string[], entries: URL): Promise<void> {
  // Should every room vanish without a word, that is a failure.
  Deno.exitCode = EXIT_FAILED;
  const terminal = new Terminal(() => exit(EXIT_INTERRUPTED));
  let run: Run | undefined;
  let room: AppRoom | undefined;
  const exit = (code: number): never => {
    room?.stop();
    terminal.restore();
    Deno.exit(code);
  };
  const fail = (error: unknown): never => {
    room?.stop();
    terminal.restore();
    terminal.say(describe(error, run?.line.options.verbose ?? args.includes("--verbose")));
    return exit(error instanceof KernelError ? error.exitCode : EXIT_FAILED);
  };
  const died = (name: string, cause: unknown) =>
    fail(
      cause instanceof KernelError
        ? cause
        : new KernelError("room", `the ${name} room ended: ${sanitise(String(cause))}`),
    );
  try {
    const current = run = new Run(args, entries, terminal, died);
    room = new AppRoom(current, (self) => appCalls(current, self, exit));
    listen(room, exit);
    if (["--stdin", "--key-stdin"].some((option) => current.line.rest.includes(option))) {
      await terminal.reserve(SECRET_LIMIT_BYTES);
    }
    room.start();
    current.warm();
  } catch (error) {
    fail(error);
  }
}

function listen(room: AppRoom, exit: (code: number) => void): void {
  let interrupts = 0;
  Deno.addSignalListener("SIGINT", () => {
    if (++interrupts > 1) return exit(EXIT_INTERRUPTED);
    room.notify("interrupt");
    setTimeout(() => interrupts = 0, END_LIMIT_MS);
  });
  if (Deno.build.os === "windows") return;
  Deno.addSignalListener("SIGWINCH", () => room.notify("resize"));
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => {
      room.notify("terminate");
      setTimeout(() => exit(EXIT_TERMINATED), END_LIMIT_MS);
    });
  }
}

function describe(error: unknown, verbose: boolean): string {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof KernelError && error.data.hint ? ` — ${error.data.hint}` : "";
  const lines = [`pyra: ${sanitise(message)}${hint}`];
  let cause = error instanceof Error ? error.cause : undefined;
  for (let depth = 0; verbose && depth < 8 && cause instanceof Error; depth++) {
    const code = cause instanceof RpcError ? ` (${cause.remoteCode ?? cause.code})` : "";
    lines.push(`  because: ${sanitise(cause.message)}${code}`);
    cause = cause.cause;
  }
  return lines.join("\n");
}
