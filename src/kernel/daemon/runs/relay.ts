/**
 * The client's side of a run in the daemon: its terminal, and nothing else. Bytes go to and fro; no room of
 * this process is alive.
 * @module
 */
import type {
  HostedRunItem,
  HostedRunParams,
  HostedScreen,
} from "../../../protocol/daemon_calls.ts";
import { RpcError } from "../../../rpc/error.ts";
import type { Boot } from "../../boot_start.ts";
import { KernelError } from "../../error.ts";
import { EXIT_FAILED } from "../../failure.ts";
import { fields } from "../../params.ts";
import type { Profile } from "../../profile.ts";
import { listenToSignals } from "../../signals.ts";
import { VERSION } from "../../version.ts";
import { connectDaemon, type DaemonConnection } from "../socket/client.ts";
import { secretsDigest } from "../socket/identity_digest.ts";

/**
 * Lets the daemon run this command line, and ends the process with it.
 * @returns what the run remembered, if it is to go on here; null where no run was begun
 * @throws {KernelError} `daemon` if the daemon ended meanwhile
 */
export async function relay(boot: Boot, profile: Profile): Promise<unknown> {
  const { terminal } = boot;
  // Without a daemon, or with one that does not answer, everything works as ever.
  const connection = await connectDaemon(profile, {
    handlers: {
      read: async (_, { signal }) => (await terminal.read(signal))?.toBase64() ?? null,
      rawMode: (params) => terminal.rawMode(fields(params)["on"] === true),
    },
  }).catch(() => undefined);
  if (!connection) return null;
  if (connection.version !== VERSION) {
    connection.close();
    tellWhy("the daemon is of another version (pyra daemon restart)", boot);
    return null;
  }
  terminal.lend();
  const unlisten = listenToSignals((event) => {
    connection.channel.notify(event, event === "resize" ? size(terminal) : null);
  }, boot.exit);
  try {
    return await follow(connection, boot);
  } catch (cause) {
    if (!(cause instanceof RpcError)) throw cause;
    const hint = "what was said until then is kept: pyra sessions list";
    throw new KernelError("daemon", "the daemon ended while it worked", hint, cause);
  } finally {
    unlisten();
    connection.close();
    terminal.restore();
  }
}

async function follow(connection: DaemonConnection, boot: Boot): Promise<unknown> {
  const params = paramsOf(connection, boot);
  const items = connection.channel.stream("run", params, { limitMs: Infinity });
  let last: HostedRunItem | undefined;
  for await (const item of items as AsyncIterable<HostedRunItem>) {
    last = item;
    if (item.kind === "output") await write(item.to, item.text, boot);
  }
  if (last?.kind === "alone") {
    tellWhy(last.reason, boot);
    return last.remembered;
  }
  if (last?.kind !== "end") throw new RpcError("closed", "the run had no end");
  connection.close();
  return boot.exit(last.code);
}

/** Tells a person why the daemon does not do it, if there is something to tell. */
function tellWhy(reason: string, { line: { options }, terminal }: Boot): void {
  if (reason === "" || options.quiet || options.json || !terminal.stderr) return;
  terminal.say(`pyra: ${reason}; this goes on without it`);
}

function paramsOf(
  { token }: DaemonConnection,
  { args, folder, environment: { shown, programs, identity }, terminal }: Boot,
): HostedRunParams {
  const { stdin, stdout, stderr } = terminal;
  return {
    args,
    folder,
    shown,
    programs,
    secrets: secretsDigest(token, identity),
    terminal: { stdin, stdout, stderr, ...size(terminal) },
  };
}

/** Of the terminal, in cells; what is usual where there is none. */
function size({ stdin, stdout, stderr }: Boot["terminal"]): HostedScreen {
  return stdin || stdout || stderr ? Deno.consoleSize() : { columns: 80, rows: 24 };
}

async function write(to: "stdout" | "stderr", text: string, boot: Boot): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let done = 0; done < bytes.length;) done += await Deno[to].write(bytes.subarray(done));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (to === "stderr") return;
    // Whoever read has enough, as with `head`.
    if (error instanceof Deno.errors.BrokenPipe) boot.exit(0);
    boot.terminal.say(`pyra: ${error.message}`);
    boot.exit(EXIT_FAILED);
  }
}
