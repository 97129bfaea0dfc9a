/**
 * Serves the calls of `protocol/kernel_calls.ts`. Parameters are foreign: each handler checks what it uses. What
 * changes something is a line in `security.log`.
 * @module
 */
import { type Handler, Transferred } from "../rpc/channel.ts";
import { isRecord } from "../rpc/frame.ts";
import { readTextIfPresent, writeAtomically } from "../durable/file.ts";
import type { AppRoom } from "./app_room.ts";
import type { KernelMethod } from "../protocol/kernel_calls.ts";
import { changedProtectedBlocks, configBlocks, namedBlock } from "./config_file.ts";
import { editText } from "./editor.ts";
import { KernelError } from "./error.ts";
import { appendLog } from "./logs.ts";
import { sanitise } from "./prompt.ts";
import { Providers } from "./providers.ts";
import type { Run } from "./run.ts";
import { callVault, ensureVault, vaultStatus } from "./vault_access.ts";
import { vaultCommand } from "./vault_commands.ts";
import { completePath, folderOf, resolvePath } from "./workspace.ts";

function fields(params: unknown): Record<string, unknown> {
  if (isRecord(params)) return params;
  throw new KernelError("bad_call", "a call's parameters have fields");
}

/** A text field. @throws {KernelError} `bad_call` */
export function textField(params: unknown, name: string, limit = 8_192): string {
  const value = fields(params)[name];
  if (typeof value === "string" && value.length <= limit) return value;
  throw new KernelError("bad_call", `${name} must be a text of at most ${limit} characters`);
}

/** The table of calls for the app room. */
export function appCalls(
  run: Run,
  room: AppRoom,
  exit: (code: number) => void,
): Record<KernelMethod | "input" | "rawMode", Handler> {
  const { profile, terminal } = run;
  const providers = new Providers(run);
  /** Runs `question` with the person, or refuses where nobody can be asked. */
  const ask = (method: KernelMethod, params: unknown, question: () => Promise<unknown>) =>
    room.asking(method, params, question);
  /** What the person's editor left: their own act, so it is not asked about again. */
  let edited: string | undefined;

  return {
    exit(params) {
      const { code } = fields(params);
      exit(typeof code === "number" && code >= 0 && code <= 255 ? code : 1);
    },
    remember(params) {
      if (!room.remember(fields(params)["state"])) {
        throw new KernelError("bad_call", "what is to be remembered is too large");
      }
    },
    input: (_, { signal }) => terminal.input(signal),
    rawMode: (params) => terminal.rawMode(fields(params)["on"] === true),
    egress() {
      const { port1, port2 } = new MessageChannel();
      providers.attach(port1);
      return new Transferred(port2, [port2]);
    },
    async connect(params) {
      const id = textField(params, "provider");
      const { baseUrl } = fields(params);
      const wish = providers.wish(id, typeof baseUrl === "string" ? baseUrl : undefined);
      const open = await providers.open(wish);
      if (open) return open;
      return await ask("connect", params, () => providers.openAsking(wish));
    },
    async writeConfig(params) {
      const text = textField(params, "text", 1024 * 1024);
      const before = await readTextIfPresent(profile.config) ?? "";
      // A file that the kernel cannot read was broken by hand; only the person's own edit mends it.
      const changed = text === edited ? [] : changedProtectedBlocks(before, text);
      if (changed.length > 0) {
        const named = namedBlock(run.line.words, run.line.rest);
        if (changed.length > 1 || changed[0] !== named) {
          return await ask("writeConfig", params, () => askAboutConfig(run, changed, text));
        }
      }
      await saveConfig(run, text);
      return null;
    },
    editText(params) {
      const text = textField(params, "text", 1024 * 1024);
      const extension = textField(params, "extension");
      const { editor } = fields(params);
      return ask("editText", params, async () => {
        const program = typeof editor === "string" ? editor : undefined;
        edited = await editText(run, text, extension, program);
        return edited;
      });
    },
    async grantPath(params) {
      const path = resolvePath(run, textField(params, "path"));
      const access = fields(params)["access"] === "write" ? "write" : "read";
      const reach = access === "write" ? path : folderOf(path);
      if (room.may(access, reach)) return path;
      return await ask("grantPath", params, async () => {
        const what = access === "write" ? "write" : "read the files in";
        const shown = sanitise(reach);
        if (!await terminal.confirm(`May this run ${what} ${shown}?`)) {
          throw new KernelError("denied", `${shown} was not agreed to`, "nothing was touched");
        }
        run.security("path.grant", { access, path: reach });
        room.grant(access, reach);
        return path;
      });
    },
    completePath: (params) => completePath(run, textField(params, "prefix")),
    log: (params) => appendLog(`${profile.logs}/app.log`, { line: textField(params, "line") }),
    vaultStatus: () => vaultStatus(run),
    vaultCommand: (params) =>
      vaultCommand(run, fields(params), (question) => ask("vaultCommand", params, question)),
    storeProviderKey(params) {
      const id = textField(params, "provider");
      const { baseUrl } = fields(params);
      const wish = providers.wish(id, typeof baseUrl === "string" ? baseUrl : undefined);
      const store = async () => {
        await providers.bind(wish);
        const fromStdin = run.line.rest.includes("--key-stdin");
        const value = await providers.readKey(wish, { fromStdin });
        await ensureVault(run);
        await callVault(run, "set", { ...providers.secret(wish), value });
        run.security("vault.set", { name: wish.secret, origins: [wish.origin] });
        return null;
      };
      return ask("storeProviderKey", params, store);
    },
  };
}

async function saveConfig(run: Run, text: string): Promise<void> {
  configBlocks(text);
  await writeAtomically(run.profile.config, text, 0o600);
  run.security("config.write", { words: run.line.words.join(" ") });
}

async function askAboutConfig(run: Run, changed: readonly string[], text: string): Promise<null> {
  const blocks = configBlocks(text);
  for (const block of changed) {
    for (const line of (blocks.get(block) ?? `${block}: (removed)`).split("\n")) {
      run.terminal.say(`  ${sanitise(line)}`);
    }
  }
  const names = changed.join(", ");
  if (!await run.terminal.confirm(`Write this to the config (${names})?`)) {
    throw new KernelError(
      "denied",
      `the change of ${names} was not agreed to`,
      "nothing was written",
    );
  }
  await saveConfig(run, text);
  return null;
}
