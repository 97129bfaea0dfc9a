/**
 * Serves the app room's calls about plugins. Parameters are foreign.
 * @module
 */
import type { PluginFile, PluginKernelCalls } from "../../protocol/plugin_calls.ts";
import type { Handler } from "../../rpc/channel.ts";
import type { AppRoom } from "../app_room.ts";
import { KernelError } from "../error.ts";
import { fields, textField } from "../params.ts";
import type { Run } from "../run.ts";
import type { VaultAccess } from "../vault_access.ts";
import { absolutePath } from "../workspace.ts";
import { secretName } from "./asks.ts";
import { bundledPlugins } from "./bundled.ts";
import { PluginCatalog } from "./catalog.ts";
import { clonePlugin } from "./clone.ts";
import { dataSize } from "./data_size.ts";
import { checkPlugin } from "./folder.ts";
import { PluginInstallation } from "./installation.ts";
import { PluginRooms } from "./rooms.ts";
import { isAgreed, isTyped, refuseUntyped, typedWords } from "./typed.ts";

/** The handlers, and the rooms behind them. */
export interface PluginService {
  readonly handlers: Record<keyof PluginKernelCalls | "pluginCall", Handler>;
  readonly rooms: PluginRooms;
}

/** Makes them; no room is started and nothing is read yet. */
export function pluginService(run: Run, room: AppRoom, vault: VaultAccess): PluginService {
  const { line } = run;
  const [named = ""] = typedWords(line);
  const devFolder = isTyped(line, "dev") ? absolutePath(run.workspace, named) : undefined;
  const catalog = new PluginCatalog(run.profile, devFolder);
  const installation = new PluginInstallation(run, catalog, vault);
  const rooms = new PluginRooms(run, catalog, {
    run,
    vault,
    app: (ask, signal) => room.ask("pluginAsk", ask, signal),
    released: () => void run.rooms.keepers.add(rooms),
    async storeSecret(name, key) {
      const store = () => installation.storeSecret(name, key);
      // The set-up, run again, finds it set.
      if (!run.hasSecret(secretName(name, key))) {
        await room.asking("secret.ask", { name, key }, store);
      }
      return true;
    },
  });
  room.guests.push({ end: () => void run.rooms.keepers.delete(rooms) });
  const name = (params: unknown) => textField(params, "name");
  /** Asks with no room of third-party code alive; a yes that was typed needs nobody. */
  const asking = (
    method: string,
    params: unknown,
    question: () => Promise<unknown>,
    origin?: string,
  ) => isAgreed(line, origin) ? question() : room.asking(method, params, question, nobodyToAsk());
  let cloned: Promise<readonly PluginFile[]> | undefined;

  return {
    rooms,
    handlers: {
      plugins: () => catalog.all(),
      bundledPlugins: () => bundledPlugins(run.entries),
      async installPlugin(params) {
        refuseUntyped(line, ["install"]);
        const folder = await checkPlugin(fields(params)["files"]);
        const there = await installation.installed(folder);
        if (there) return there;
        return await asking("installPlugin", params, () => installation.install(folder, named));
      },
      async enablePlugin(params) {
        const { record } = await catalog.find(name(params));
        if (record.state === "enabled") return record;
        // The call, made again, finds it enabled.
        const enable = () => installation.enable(name(params)).then(() => undefined);
        await asking("enablePlugin", params, enable);
        return (await catalog.find(name(params))).record;
      },
      async disablePlugin(params) {
        const record = await installation.disable(name(params));
        await rooms.stop(name(params));
        return record;
      },
      async removePlugin(params) {
        await rooms.stop(name(params));
        await installation.remove(name(params));
      },
      async changePluginHost(params) {
        const origin = textField(params, "origin");
        const change = fields(params)["change"] === "remove" ? "remove" : "add";
        await rooms.stop(name(params));
        const act = () => installation.changeHost(name(params), origin, change);
        if (change === "remove") return await act();
        return await asking("changePluginHost", params, act, origin);
      },
      storePluginSecret(params) {
        const store = () => installation.storeSecret(name(params), textField(params, "key"));
        return room.asking("storePluginSecret", params, () => store().then(() => null));
      },
      async pluginDataSize(params) {
        const { record } = await catalog.find(name(params));
        return await dataSize(`${run.profile.home}/data/${record.name}`);
      },
      pluginSecrets: (params) => installation.secrets(name(params)),
      clonePlugin(params) {
        const url = textField(params, "url");
        refuseUntyped(line, ["install"], url);
        // A question ends the app room, which then asks for the same again.
        return cloned ??= clonePlugin(url, run.environment);
      },
      async pluginFiles(params) {
        const under = textField(params, "under");
        const files = await rooms.files(name(params));
        return files.filter(({ path }) => path.startsWith(under));
      },
      async tryPlugin(params) {
        refuseUntyped(line, ["test"]);
        const record = catalog.try(await checkPlugin(fields(params)["files"]));
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
