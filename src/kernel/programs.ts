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

/** Starts a program with an environment that holds no secret. */
function spawn(
  program: string,
  args: readonly string[],
  stdio: "piped" | "inherit",
  options: {
    readonly hint: string;
    readonly signal?: AbortSignal;
    readonly more?: Readonly<Record<string, string>>;
  },
): Deno.ChildProcess {
  const kept = ENVIRONMENT.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  const streams = { stdin: stdio, stdout: stdio, stderr: stdio };
  const { hint, more, ...rest } = options;
  const env = { ...Object.fromEntries(kept), ...more };
  try {
    return new Deno.Command(program, { args: [...args], clearEnv: true, env, ...streams, ...rest })
      .spawn();
  } catch (cause) {
    throw new KernelError("program", `${program} cannot be run`, hint, cause);
  }
}

/** How a program ended. */
export interface ProgramResult {
  readonly code: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

/**
 * Runs a program with bytes on its standard input.
 * @param more variables beside the usual ones
 * @throws {KernelError} `program` if it is missing, takes too long or prints too much
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  input: Uint8Array = new Uint8Array(),
  more: Readonly<Record<string, string>> = {},
): Promise<ProgramResult> {
  const signal = AbortSignal.timeout(RUN_LIMIT_MS);
  const child = spawn(program, args, "piped", { hint: "check that it is installed", signal, more });
  const collect = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
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
  };
  const feed = async () => {
    const writer = child.stdin.getWriter();
    // A program may end before it has read everything; its exit code tells.
    await writer.write(input).then(() => writer.close()).catch(() => undefined);
  };
  const [stdout, stderr, { code }] = await Promise.all([
    collect(child.stdout),
    collect(child.stderr),
    child.status,
    feed(),
  ]);
  if (signal.aborted) throw new KernelError("program", `${program} did not end in time`);
  return { code, stdout, stderr: new TextDecoder().decode(stderr) };
}

/**
 * Runs a program on the person's terminal and waits for its end.
 * @throws {KernelError} `program` if it is missing
 */
export async function runOnTerminal(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(program, args, "inherit", { hint: "set VISUAL to your editor" });
  return (await child.status).code;
}
