/**
 * Serves the app room's calls about plugins. Parameters are foreign.
 * @module
 */
import type { PluginFile, PluginKernelCalls } from "../../protocol/plugin_calls.ts";
import type { Handler } from "../../rpc/channel.ts";
import { isRecord } from "../../rpc/frame.ts";
import type { AppRoom } from "../app_room.ts";
import { KernelError } from "../error.ts";
import { fields, textField } from "../params.ts";
import { sanitise } from "../prompt.ts";
import type { Run } from "../run.ts";
import type { VaultAccess } from "../vault_access.ts";
import { absolutePath } from "../workspace.ts";
import { secretName } from "./asks.ts";
import { bundledPlugins } from "./bundled.ts";
import { PluginCatalog } from "./catalog.ts";
import { clonePlugin } from "./clone.ts";
import { PluginInstallation } from "./installation.ts";
import { PluginRooms } from "./rooms.ts";
import { isTyped, type PluginAct } from "./typed_act.ts";

const FILES_LIMIT = 256;
const FILE_CHARACTERS = 2 * 1024 * 1024;

/** The handlers, and the rooms behind them. */
export interface PluginService {
  readonly handlers: Record<keyof PluginKernelCalls | "pluginCall", Handler>;
  readonly rooms: PluginRooms;
}

/** Makes them; no room is started and nothing is read yet. */
export function pluginService(run: Run, room: AppRoom, vault: VaultAccess): PluginService {
  const dev = run.line.words.join(" ") === "plugin dev" ? typedWord(run) : undefined;
  const devFolder = dev === undefined ? undefined : absolutePath(run.workspace, dev);
  const catalog = new PluginCatalog(run.profile, devFolder);
  const installation = new PluginInstallation(run, catalog, vault);
  const rooms = new PluginRooms(run, catalog, {
    run,
    vault,
    app: (ask, signal) => room.ask("pluginAsk", ask, signal),
    async storeSecret(name, key) {
      const store = () => installation.storeSecret(name, key);
      // The set-up, run again, finds it set.
      if (!run.hasSecret(secretName(name, key))) {
        await room.asking("secret.ask", { name, key }, store);
      }
      return true;
    },
  });
  const name = (params: unknown) => textField(params, "name");
  /** Asks with no room of third-party code alive; what was typed needs nobody. */
  const asking = (
    method: string,
    params: unknown,
    act: PluginAct,
    question: () => Promise<unknown>,
  ) => isTyped(run.line, act) ? question() : room.asking(method, params, question, nobodyToAsk());
  let cloned: Promise<readonly PluginFile[]> | undefined;

  return {
    rooms,
    handlers: {
      plugins: () => catalog.all(),
      bundledPlugins: () => bundledPlugins(run.entries),
      async installPlugin(params) {
        const files = readFiles(fields(params)["files"]);
        const source = sanitise(textField(params, "source"));
        const install = () => installation.install(files, source);
        return await asking("installPlugin", params, { act: "install" }, install);
      },
      async enablePlugin(params) {
        const { record } = await catalog.find(name(params));
        if (record.state === "enabled") return record;
        // The call, made again, finds it enabled.
        const enable = () => installation.enable(name(params)).then(() => undefined);
        await asking("enablePlugin", params, { act: "enable", record }, enable);
        return (await catalog.find(name(params))).record;
      },
      async disablePlugin(params) {
        const record = await installation.disable(name(params));
        await rooms.stop(name(params));
        return record;
      },
      async removePlugin(params) {
        await rooms.stop(name(params));
        const remove = () => installation.remove(name(params)).then(() => null);
        return await asking("removePlugin", params, { act: "remove", name: name(params) }, remove);
      },
      async changePluginHost(params) {
        const origin = textField(params, "origin");
        const change = fields(params)["change"] === "remove" ? "remove" : "add";
        await rooms.stop(name(params));
        const act = () => installation.changeHost(name(params), origin, change);
        if (change === "remove") return await act();
        return await asking(
          "changePluginHost",
          params,
          { act: "host", name: name(params), origin },
          act,
        );
      },
      storePluginSecret(params) {
        const store = () => installation.storeSecret(name(params), textField(params, "key"));
        return room.asking("storePluginSecret", params, () => store().then(() => null));
      },
      pluginSecrets: (params) => installation.secrets(name(params)),
      clonePlugin(params) {
        const url = textField(params, "url");
        if (run.line.words.join(" ") !== "plugin install" || !run.line.rest.includes(url)) {
          throw new KernelError("boundary", "only what the command line names is cloned");
        }
        // A question ends the app room, which then asks for the same again.
        return cloned ??= clonePlugin(url, run.environment);
      },
      async pluginFiles(params) {
        const under = textField(params, "under");
        const files = await rooms.files(name(params));
        return files.filter(({ path }) => path.startsWith(under));
      },
      async tryPlugin(params) {
        if (run.line.words.join(" ") !== "plugin test") {
          throw new KernelError("denied", "a plugin is tried by pyra plugin test only");
        }
        const record = await catalog.try(readFiles(fields(params)["files"]));
        await rooms.stop(record.name);
        return record;
      },
      stopPlugin: (params) => rooms.stop(name(params)),
      pluginCall: (params, { signal }) => rooms.call(params, signal),
    },
  };
}

function nobodyToAsk(): KernelError {
  const message = "a plugin is agreed to by a person, and there is no terminal to ask one";
  const hint = "add --yes to pyra plugin install, enable or grants";
  return new KernelError("no_terminal", message, hint);
}

/** The first word behind the command's that is no option. */
function typedWord({ line: { rest, words } }: Run): string | undefined {
  return rest.slice(words.length).find((word) => !word.startsWith("-"));
}

/** @throws {KernelError} `bad_call` */
function readFiles(value: unknown): PluginFile[] {
  if (!Array.isArray(value) || value.length > FILES_LIMIT) {
    throw new KernelError("bad_plugin", `a plugin has at most ${FILES_LIMIT} files`);
  }
  return value.map((file: unknown) => {
    const { path, text } = isRecord(file) ? file : {};
    if (typeof path === "string" && typeof text === "string" && text.length <= FILE_CHARACTERS) {
      return { path, text };
    }
    throw new KernelError("bad_plugin", "a plugin's file has a path and a text of at most 2 MB");
  });
}
