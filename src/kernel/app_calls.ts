/**
 * Serves the calls of `protocol/kernel_calls.ts`. Parameters are foreign: each handler checks what it
 * uses. What changes something is a line in `security.log`.
 * @module
 */
import { type Handler, Transferred } from "../rpc/channel.ts";
import { readTextIfPresent, writeAtomically } from "../durable/file.ts";
import type { AppRoom } from "./app_room.ts";
import type { KernelMethod } from "../protocol/kernel_calls.ts";
import { appendChained } from "./chained_log.ts";
import { daemonCalls } from "./daemon/calls.ts";
import { logDaemon } from "./daemon/log.ts";
import { changedProtectedBlocks, configBlocks, isTypedChange } from "./config_file.ts";
import { editText } from "./editor.ts";
import { KernelError } from "./error.ts";
import { appendLog } from "./logs.ts";
import { fields, optionalText, textField } from "./params.ts";
import { pluginService } from "./plugins/calls.ts";
import { examineProfile } from "./profile_examination.ts";
import { sanitise } from "./prompt.ts";
import { sandboxStatus } from "./sandbox/choice.ts";
import { Providers, readWish } from "./providers.ts";
import type { Run } from "./run.ts";
import { surroundings } from "./surroundings.ts";
import { VaultAccess } from "./vault_access.ts";
import { vaultCommand } from "./vault_commands.ts";
import { completePath, folderOf, resolvePath } from "./workspace.ts";

/** More than this cannot be read before a yes. */
const SHOWN_LINES = 40;
const SHOWN_COLUMNS = 200;
const TEXT_LIMIT = 1024 * 1024;
/** The event of a line of `security.log` that is the app's and not the kernel's word. */
const REPORT = "app.report";
const REPORTS_LIMIT = 1_000;
/** A daemon's run lasts for months: there, so many a day. */
const REPORTS_MS = 24 * 3_600_000;

/** The table of calls for the app room. */
export function appCalls(
  run: Run,
  room: AppRoom,
  exit: (code: number) => void,
): Record<KernelMethod | "input" | "rawMode" | "pluginCall", Handler> {
  const { profile, terminal } = run;
  const vault = new VaultAccess(run);
  const providers = new Providers(run, vault);
  const plugins = pluginService(run, room, vault);
  // No code of a plugin runs while the person is asked.
  room.guests.push(plugins.rooms, providers);
  /** What the person's editor left: their own act, so it is not asked about again. */
  let edited: string | undefined;
  /** Folders in which the person agreed that files may be read. */
  const agreed = new Set<string>();
  let reports = { count: 0, since: Date.now() };

  return {
    ...plugins.handlers,
    ...daemonCalls(run, room, vault, appCalls),
    async exit(params) {
      const { code } = fields(params);
      try {
        await plugins.rooms.close();
      } finally {
        exit(typeof code === "number" && code >= 0 && code <= 255 ? code : 1);
      }
    },
    remember: (params) => room.remember(fields(params)["state"]),
    // A piped secret is the kernel's; the app finds the end of input.
    input: async function* (_, { signal }) {
      if (terminal.reserved === undefined) yield* terminal.input(signal);
    },
    async rawMode(params) {
      const { on, done } = fields(params);
      await terminal.rawMode(on === true);
      // The room waits for this, and not for the answer, since it is in the middle of a call.
      if (done instanceof Int32Array && done.length === 1) {
        Atomics.store(done, 0, 1);
        Atomics.notify(done, 0);
      }
    },
    egress() {
      const { port1, port2 } = new MessageChannel();
      providers.attach(port1);
      return new Transferred(port2, [port2]);
    },
    async connect(params) {
      const wish = readWish(params);
      const opened = await providers.open(wish);
      if (!(opened instanceof KernelError)) return opened;
      if (fields(params)["quiet"] === true) throw opened;
      return await room.asking("connect", params, () => providers.ask(wish), opened);
    },
    async writeConfig(params) {
      const text = textField(params, "text", TEXT_LIMIT);
      const before = await readTextIfPresent(profile.config) ?? "";
      // A file that the kernel cannot read was broken by hand; only the person's own edit mends it.
      const changed = text === edited ? [] : changedProtectedBlocks(before, text);
      if (changed.length === 0 || isTypedChange(run.line, before, text)) {
        return await saveConfig(run, text);
      }
      return await room.asking("writeConfig", params, () => askAboutConfig(run, changed, text));
    },
    editText(params) {
      const text = textField(params, "text", TEXT_LIMIT);
      const extension = textField(params, "extension");
      const editor = optionalText(params, "editor");
      return room.asking("editText", params, async () => {
        const current = await readTextIfPresent(profile.config) ?? "";
        const saved = await editText(run, text, extension, editor);
        // The person's own edit of the config as it is, or as they left it, needs no second yes.
        const isConfig = run.line.words.join(" ") === "config edit";
        if (isConfig && (text === current || text === edited)) edited = saved;
        return saved;
      });
    },
    async grantPath(params) {
      const path = resolvePath(run, textField(params, "path"));
      const access = fields(params)["access"] === "write" ? "write" : "read";
      if (room.may(access, path)) return path;
      // Agreed to are the files of the folder, once; granted is one at a time, links resolved: the
      // folder may hold others, links, or the profile itself.
      const reach = access === "write" ? path : folderOf(path);
      return await room.asking("grantPath", params, async () => {
        const what = access === "write" ? "write" : "read the files in";
        const shown = sanitise(reach);
        if (access === "write" || !agreed.has(reach)) {
          await terminal.agree(`May this run ${what} ${shown}?`, shown, "nothing was touched");
        }
        if (access === "read") agreed.add(reach);
        run.security("path.grant", { access, path });
        room.grant(access, path);
        return path;
      });
    },
    completePath: (params) => completePath(run, textField(params, "prefix")),
    sandbox: () => sandboxStatus(profile.config),
    surroundings: () => surroundings(run),
    examineProfile: () => examineProfile(run),
    log(params) {
      const line = textField(params, "line");
      switch (fields(params)["to"]) {
        case "security":
          // Enough to tell, and too little to push out what the kernel wrote.
          if (Date.now() - reports.since > REPORTS_MS) reports = { count: 0, since: Date.now() };
          if (++reports.count > REPORTS_LIMIT) throw new KernelError("denied", "too many reports");
          return run.security(REPORT, { ...logged(line), event: REPORT });
        case "tool_executions":
          return appendChained(profile.home, "logs/tool_executions.log", logged(line));
        case "queries":
          return appendChained(profile.home, "logs/queries.log", logged(line));
        case "daemon":
          return logDaemon(profile, { ...logged(line), from: "app" });
        case "plugin_errors":
          return appendLog(`${profile.logs}/plugin_errors.log`, logged(line));
        default:
          return appendLog(`${profile.logs}/app.log`, { line });
      }
    },
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

/** The fields of a line of JSON. @throws {KernelError} `bad_call` */
function logged(line: string): Record<string, unknown> {
  try {
    return fields(JSON.parse(line));
  } catch (cause) {
    throw new KernelError("bad_call", "this log takes JSON objects", "", cause);
  }
}

async function saveConfig(run: Run, text: string): Promise<void> {
  configBlocks(text);
  await writeAtomically(run.profile.config, text, 0o600);
  run.security("config.write", { words: run.line.words.join(" ") });
}

async function askAboutConfig(run: Run, changed: readonly string[], text: string): Promise<void> {
  const blocks = configBlocks(text);
  const lines = changed.flatMap((name) => (blocks.get(name) ?? `${name}: (removed)`).split("\n"));
  const hint = "change it by pyra config edit";
  if (lines.length > SHOWN_LINES || lines.some((line) => line.length > SHOWN_COLUMNS)) {
    throw new KernelError("denied", "the change is too long to be shown whole", hint);
  }
  for (const line of lines) run.terminal.say(`  ${sanitise(line)}`);
  const names = changed.join(", ");
  const question = `Write this to the config (${names})?`;
  await run.terminal.agree(question, `the change of ${names}`, "nothing was written");
  await saveConfig(run, text);
}
