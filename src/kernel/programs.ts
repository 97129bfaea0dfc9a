/**
 * Every program that Pyra runs. The names and arguments come from this folder, never from a value
 * that a room can set.
 * @module
 */
import { KernelError } from "./error.ts";

const OUTPUT_LIMIT_BYTES = 1024 * 1024;
/** Time limit of a program, ms: long enough for a person to answer its own question. */
const RUN_LIMIT_MS = 180_000;
/** What a program is told of the environment: where its own settings, keys and screen are. */
const ENVIRONMENT = [
  "PATH HOME USER LANG LC_ALL TERM TMPDIR DISPLAY WAYLAND_DISPLAY XDG_RUNTIME_DIR",
  "XDG_CONFIG_HOME DBUS_SESSION_BUS_ADDRESS GNUPGHOME GPG_TTY SSH_TTY",
  "SystemRoot USERPROFILE APPDATA LOCALAPPDATA TEMP PATHEXT",
].join(" ").split(" ");

/** The environment for programs, without a secret. */
function cleanEnvironment(): Record<string, string> {
  return Object.fromEntries(ENVIRONMENT.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}

/** How a program ended. */
export interface ProgramResult {
  readonly code: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

/**
 * Runs a program with bytes on its standard input.
 * @throws {KernelError} `program` if it is missing, takes too long or prints too much
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  input: Uint8Array = new Uint8Array(),
): Promise<ProgramResult> {
  const limit = AbortSignal.timeout(RUN_LIMIT_MS);
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, {
      args: [...args],
      clearEnv: true,
      env: cleanEnvironment(),
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      signal: limit,
    }).spawn();
  } catch (cause) {
    throw new KernelError("program", `${program} cannot be run`, "check that it is installed", {
      cause,
    });
  }
  const feed = async () => {
    const writer = child.stdin.getWriter();
    // A program may end before it has read everything; its exit code tells.
    await writer.write(input).then(() => writer.close()).catch(() => undefined);
  };
  const [, stdout, stderr, status] = await Promise.all([
    feed(),
    collect(child, child.stdout, program),
    collect(child, child.stderr, program),
    child.status,
  ]);
  if (limit.aborted) throw new KernelError("program", `${program} did not end in time`);
  return { code: status.code, stdout, stderr: new TextDecoder().decode(stderr) };
}

async function collect(
  child: Deno.ChildProcess,
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  program: string,
): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > OUTPUT_LIMIT_BYTES) {
      child.kill("SIGKILL");
      throw new KernelError("program", `${program} printed more than it should`);
    }
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/**
 * Runs a program on the person's terminal and waits for its end.
 * @throws {KernelError} `program` if it is missing
 */
export async function runOnTerminal(program: string, args: readonly string[]): Promise<number> {
  try {
    const child = new Deno.Command(program, {
      args: [...args],
      clearEnv: true,
      env: cleanEnvironment(),
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
    }).spawn();
    return (await child.status).code;
  } catch (cause) {
    throw new KernelError("program", `${program} cannot be run`, "set VISUAL to your editor", {
      cause,
    });
  }
}
