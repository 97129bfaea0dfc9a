/**
 * Serves the calls of `protocol/kernel_calls.ts`. Parameters are foreign: each handler checks what it
 * uses. What changes something is a line in `security.log`.
 * @module
 */
import { type Handler, Transferred } from "../rpc/channel.ts";
import { readTextIfPresent, writeAtomically } from "../durable/file.ts";
import type { AppRoom } from "./app_room.ts";
import type { KernelMethod } from "../protocol/kernel_calls.ts";
import { changedProtectedBlocks, configBlocks, namedBlock } from "./config_file.ts";
import { editText } from "./editor.ts";
import { KernelError } from "./error.ts";
import { appendLog } from "./logs.ts";
import { fields, optionalText, textField } from "./params.ts";
import { sanitise } from "./prompt.ts";
import { Providers, readWish } from "./providers.ts";
import type { Run } from "./run.ts";
import { VaultAccess } from "./vault_access.ts";
import { vaultCommand } from "./vault_commands.ts";
import { completePath, folderOf, resolvePath } from "./workspace.ts";

const TEXT_LIMIT = 1024 * 1024;

/** The table of calls for the app room. */
export function appCalls(
  run: Run,
  room: AppRoom,
  exit: (code: number) => void,
): Record<KernelMethod | "input" | "rawMode", Handler> {
  const { profile, terminal } = run;
  const vault = new VaultAccess(run);
  const providers = new Providers(run, vault);
  /** What the person's editor left: their own act, so it is not asked about again. */
  let edited: string | undefined;

  return {
    exit(params) {
      const { code } = fields(params);
      exit(typeof code === "number" && code >= 0 && code <= 255 ? code : 1);
    },
    remember: (params) => room.remember(fields(params)["state"]),
    input: (_, { signal }) => terminal.input(signal),
    rawMode: (params) => terminal.rawMode(fields(params)["on"] === true),
    egress() {
      const { port1, port2 } = new MessageChannel();
      providers.attach(port1);
      return new Transferred(port2, [port2]);
    },
    async connect(params) {
      const wish = readWish(params);
      const opened = await providers.open(wish);
      if (!(opened instanceof KernelError)) return opened;
      return await room.asking("connect", params, () => providers.ask(wish), opened);
    },
    async writeConfig(params) {
      const text = textField(params, "text", TEXT_LIMIT);
      const before = await readTextIfPresent(profile.config) ?? "";
      // A file that the kernel cannot read was broken by hand; only the person's own edit mends it.
      const changed = text === edited ? [] : changedProtectedBlocks(before, text);
      const typed = namedBlock(run.line);
      if (changed.every((block) => block === typed)) return await saveConfig(run, text);
      return await room.asking("writeConfig", params, () => askAboutConfig(run, changed, text));
    },
    editText(params) {
      const text = textField(params, "text", TEXT_LIMIT);
      const extension = textField(params, "extension");
      const editor = optionalText(params, "editor");
      const edit = async () => edited = await editText(run, text, extension, editor);
      return room.asking("editText", params, edit);
    },
    async grantPath(params) {
      const path = resolvePath(run, textField(params, "path"));
      const access = fields(params)["access"] === "write" ? "write" : "read";
      const reach = access === "write" ? path : folderOf(path);
      if (room.may(access, reach)) return path;
      return await room.asking("grantPath", params, async () => {
        const what = access === "write" ? "write" : "read the files in";
        const shown = sanitise(reach);
        await terminal.agree(`May this run ${what} ${shown}?`, shown, "nothing was touched");
        run.security("path.grant", { access, path: reach });
        room.grant(access, reach);
        return path;
      });
    },
    completePath: (params) => completePath(run, textField(params, "prefix")),
    log: (params) => appendLog(`${profile.logs}/app.log`, { line: textField(params, "line") }),
    vaultStatus: () => vault.call("status", null),
    vaultCommand(params) {
      const given = textField(params, "command");
      return vaultCommand(
        run,
        vault,
        given,
        (question, refusal) => room.asking("vaultCommand", params, question, refusal),
      );
    },
    storeProviderKey(params) {
      const wish = readWish(params);
      const store = () => providers.storeKey(wish).then(() => null);
      return room.asking("storeProviderKey", params, store);
    },
  };
}

async function saveConfig(run: Run, text: string): Promise<void> {
  configBlocks(text);
  await writeAtomically(run.profile.config, text, 0o600);
  run.security("config.write", { words: run.line.words.join(" ") });
}

async function askAboutConfig(run: Run, changed: readonly string[], text: string): Promise<void> {
  const blocks = configBlocks(text);
  const lines = changed.flatMap((name) => (blocks.get(name) ?? `${name}: (removed)`).split("\n"));
  for (const line of lines) run.terminal.say(`  ${sanitise(line)}`);
  const names = changed.join(", ");
  const question = `Write this to the config (${names})?`;
  await run.terminal.agree(question, `the change of ${names}`, "nothing was written");
  await saveConfig(run, text);
}
