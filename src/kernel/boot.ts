/**
 * The program, from its command line to its exit code.
 * @module
 */
import { RpcError } from "../rpc/error.ts";
import { appCalls } from "./app_calls.ts";
import { AppRoom } from "./app_room.ts";
import { namedPaths, parseCommandLine } from "./command_line.ts";
import { takeEnvironment } from "./environment.ts";
import { KernelError } from "./error.ts";
import { exists, openProfile, profilePaths } from "./profile.ts";
import { sanitise } from "./prompt.ts";
import { Run } from "./run.ts";
import { Terminal } from "./terminal.ts";
import { VERSION } from "./version.ts";
import { resolvePath } from "./workspace.ts";

/** How long the app room may take to end after SIGTERM or Ctrl-C, ms. */
const END_LIMIT_MS = 3_000;
const EXIT_FAILED = 1;
const EXIT_INTERRUPTED = 130;
const EXIT_TERMINATED = 143;

/**
 * Runs Pyra and ends the process.
 * 1. Take the environment, and the secrets out of it. 2. Read the command line. 3. Open the profile.
 * 4. Listen for signals. 5. Start the app room, which does the rest by calls.
 * @param entries the folder of the rooms' entry files
 */
export function boot(args: readonly string[], entries: URL): void {
  // Should every room vanish without a word, that is a failure.
  Deno.exitCode = EXIT_FAILED;
  let verbose = args.includes("--verbose");
  const terminal = new Terminal(() => exit(EXIT_INTERRUPTED));
  let run: Run | undefined;
  let room: AppRoom | undefined;
  const exit = (code: number): never => {
    terminal.restore();
    Deno.exit(code);
  };
  const fail = (error: unknown): never => {
    room?.stop();
    terminal.restore();
    terminal.say(describe(error, verbose));
    return exit(error instanceof KernelError ? error.exitCode : EXIT_FAILED);
  };
  try {
    const environment = takeEnvironment();
    const line = parseCommandLine(args);
    verbose = line.options.verbose;
    if (line.workspace !== undefined) enter(line.workspace);
    const base = line.home ?? environment.home ?? defaultHome(environment.userHome);
    const profile = profilePaths(absoluteHome(base), line.profile);
    openProfile(profile, (text) => {
      if (!line.options.quiet) terminal.say(`pyra: ${text}`);
    });
    const workspace = Deno.cwd();
    run = new Run({ line, profile, environment, terminal, entries, workspace }, (name, cause) => {
      fail(new KernelError("room", `the ${name} room ended: ${sanitise(cause)}`));
    });
    const named = namedPaths(line).map(({ path, access }) => ({
      path: resolvePath({ workspace, profile }, path),
      access,
    }));
    const paths = (access: string) =>
      named.filter((entry) => entry.access === access).map(({ path }) => path);
    const current = run;
    room = new AppRoom(
      current,
      { read: paths("read"), write: paths("write") },
      () => ({
        argv: line.rest,
        options: line.options,
        version: VERSION,
        os: Deno.build.os,
        profile: publicPaths(profile),
        setUp: exists(profile.config),
        workspace,
        env: environment.shown,
        environmentKeys: [...environment.keys.keys()],
        terminal: { stdin: terminal.stdin, stdout: terminal.stdout, stderr: terminal.stderr },
      }),
      (self) => appCalls(current, self, exit),
    );
    listen(room, exit);
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

function enter(workspace: string): void {
  try {
    Deno.chdir(workspace);
  } catch (cause) {
    throw new KernelError("usage", `${workspace} is no folder to work in`, "check --workspace", {
      cause,
    });
  }
}

function defaultHome(userHome: string | undefined): string {
  if (userHome !== undefined) return `${userHome}/.pyra`;
  throw new KernelError("usage", "there is no home folder", "set HOME, or use --home");
}

function absoluteHome(path: string): string {
  const clean = path.replace(/(?<=.)[\\/]+$/, "");
  return clean.startsWith("/") || /^[A-Za-z]:/.test(clean) ? clean : `${Deno.cwd()}/${clean}`;
}

/** The paths that the app room is told; the vault's is not among them. */
function publicPaths(profile: ReturnType<typeof profilePaths>): Omit<
  ReturnType<typeof profilePaths>,
  "vault" | "grants" | "grantsKey" | "linkCheck" | "securityLog"
> {
  const { vault: _vault, grants: _grants, grantsKey: _key, linkCheck: _links, ...rest } = profile;
  const { securityLog: _log, ...shown } = rest;
  return shown;
}
