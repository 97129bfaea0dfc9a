/**
 * Enabling, changing and removing plugins: what changes `plugins/` and what was agreed to. Each is done in
 * a run of the command for it only.
 * @module
 */
import type { PluginFile, PluginGrants, PluginRecord } from "../../protocol/plugin_calls.ts";
import { KernelError } from "../error.ts";
import { readGrants } from "../grants.ts";
import { sanitise } from "../prompt.ts";
import type { Run } from "../run.ts";
import type { VaultAccess } from "../vault_access.ts";
import { secretName } from "./asks.ts";
import { type FoundPlugin, type PluginCatalog, recordOf } from "./catalog.ts";
import { askConsent } from "./consent.ts";
import { isThere, type PluginFolder, removeTree, writePlugin } from "./folder.ts";
import { badPlugin, isOrigin } from "./manifest.ts";
import { hasOption, isAgreed, refuseUntyped, typedWords } from "./typed.ts";

const HOSTS_LIMIT = 8;

/** What the changes need of a run. */
export type InstallationRun = Pick<
  Run,
  "profile" | "line" | "terminal" | "security" | "hasSecret"
>;
/** What they need of the vault. */
export type InstallationVault = Pick<VaultAccess, "call" | "readSecret" | "ensure">;

/** Changes plugins, each time as the person agreed. */
export class PluginInstallation {
  readonly #run: InstallationRun;
  readonly #catalog: PluginCatalog;
  readonly #vault: InstallationVault;
  /** A yes that was typed is one to each plugin that was. */
  readonly #done = new Set<string>();

  constructor(run: InstallationRun, catalog: PluginCatalog, vault: InstallationVault) {
    this.#run = run;
    this.#catalog = catalog;
    this.#vault = vault;
  }

  /**
   * Asks about the files, writes them to `plugins/<name>` and enables the plugin.
   * @param source what the person typed; of several each goes by its name
   * @throws {KernelError} `bad_plugin`, `denied`, `no_terminal`
   */
  async install(folder: PluginFolder, source: string): Promise<PluginRecord> {
    const { hash, manifest: { name, version } } = folder;
    const isOne = typedWords(this.#run.line).length < 2;
    refuseUntyped(this.#run.line, ["install"], isOne ? undefined : name);
    const isDone = isOne ? this.#done.size > 0 : this.#done.has(name);
    if (isDone) throw new KernelError("denied", "a run installs what was typed, once");
    this.#done.add(name);
    const { plugins } = await readGrants(this.#run.profile);
    const before = Object.hasOwn(plugins, name) ? plugins[name] : undefined;
    const there = before && await this.#there(name);
    const record = recordOf(folder, "profile", before?.wishes);
    const from = isOne ? source : name;
    await askConsent(this.#run, record, { source: from, before: there && before?.version });
    await this.#write(name, folder.files);
    this.#run.security("plugin.install", { name, version, hash, source: from });
    const found = await this.#catalog.find(name);
    if (found.record.hash === hash) return await this.#agree(found, record.wishes);
    throw badPlugin(`${name} changed while it was being installed`);
  }

  /** The plugin, if it is installed and enabled just as these files are: then nobody is to be asked. */
  async installed({ hash, manifest: { name } }: PluginFolder): Promise<PluginRecord | undefined> {
    const there = await this.#there(name);
    const isSame = there?.state === "enabled" && there.hash === hash && there.from === "profile";
    return isSame ? there : undefined;
  }

  async #there(name: string): Promise<PluginRecord | undefined> {
    return (await this.#catalog.all()).find((record) => record.name === name);
  }

  /** Writes beside and renames; the version before goes to `cache/`. */
  async #write(name: string, files: readonly PluginFile[]): Promise<void> {
    const { plugins, cache } = this.#run.profile;
    // Names with a dot are no plugins: a kill leaves nothing that could start.
    const fresh = `${plugins}/.${name}.${crypto.randomUUID().slice(0, 8)}`;
    await Deno.mkdir(fresh, { mode: 0o700 });
    try {
      await writePlugin(fresh, files);
      const folder = `${plugins}/${name}`;
      if (isThere(folder)) {
        const kept = `${cache}/plugin_before_${name}`;
        await removeTree(kept);
        await Deno.rename(folder, kept);
      }
      await Deno.rename(fresh, folder);
    } catch (cause) {
      await removeTree(fresh);
      throw cause;
    }
  }

  /** Asks about a plugin as it is and enables it. @throws {KernelError} as `install`, `no_such_plugin` */
  async enable(name: string): Promise<PluginRecord> {
    const found = await this.#sound(name);
    const { record } = found;
    // The folder under development was typed, and not the name in it.
    if (record.from !== "dev") refuseUntyped(this.#run.line, ["enable"], name);
    const source = {
      profile: "your plugins",
      system: "this machine's plugins",
      dev: sanitise(this.#catalog.devFolder ?? ""),
    };
    await askConsent(this.#run, record, { source: source[record.from] });
    return await this.#agree(found, record.wishes);
  }

  async #agree(found: FoundPlugin, wishes: PluginGrants): Promise<PluginRecord> {
    const { name, version, hash } = found.record;
    await this.#catalog.agree(found, wishes);
    this.#run.security("plugin.enable", { name, version, hash });
    const { record } = await this.#catalog.find(name);
    if (record.state === "enabled") return record;
    throw badPlugin(`${name} changed while it was being enabled`);
  }

  /** Enables no longer. @throws {KernelError} `no_such_plugin` */
  async disable(name: string): Promise<PluginRecord> {
    refuseUntyped(this.#run.line, ["disable"], name);
    await this.#catalog.agree(await this.#catalog.find(name), undefined);
    this.#run.security("plugin.disable", { name });
    return (await this.#catalog.find(name)).record;
  }

  /**
   * Removes a plugin of the profile; its data if `--data` was typed.
   * @throws {KernelError} `denied`, `no_such_plugin`
   */
  async remove(name: string): Promise<void> {
    const { profile, line } = this.#run;
    refuseUntyped(line, ["remove"], name);
    const found = await this.#catalog.find(name);
    if (found.record.from !== "profile") {
      const message = `${name} is not in your own plugins`;
      throw new KernelError("denied", message, `run pyra plugin disable ${name}`);
    }
    await this.#catalog.agree(found, undefined);
    await removeTree(`${profile.plugins}/${name}`);
    const data = hasOption(line, "--data");
    if (data) await removeTree(`${profile.home}/data/${name}`);
    this.#run.security("plugin.remove", { name, data });
  }

  /**
   * Asks for one more host of an enabled plugin, or takes one back.
   * @throws {KernelError} `usage`, `denied`, `not_enabled`
   */
  async changeHost(name: string, origin: string, change: "add" | "remove"): Promise<PluginRecord> {
    const { line, terminal } = this.#run;
    refuseUntyped(line, ["grants", "setup"], name);
    const found = await this.#sound(name);
    const { record: { wishes, state } } = found;
    if (state !== "enabled") {
      const message = `${name} is not enabled`;
      throw new KernelError("not_enabled", message, `run pyra plugin enable ${name}`);
    }
    const others = wishes.addedHosts.filter((host) => host !== origin);
    if (change === "add" && !wishes.hosts.includes(origin)) {
      if (!isOrigin(origin) || others.length >= HOSTS_LIMIT) {
        const message = `${sanitise(origin, 100)} cannot be added`;
        throw new KernelError("usage", message, "write https://host or https://host:port");
      }
      if (!isAgreed(line, origin)) {
        const where = "wherever that lies, your own network too";
        const question = `May the plugin ${name} reach ${origin}, ${where}?`;
        await terminal.agree(question, origin, "nothing was changed");
      }
      others.push(origin);
    }
    this.#run.security("plugin.host", { name, origin, change });
    return await this.#agree(found, { ...wishes, addedHosts: others });
  }

  /** Asks the person for a secret of the manifest. @throws {KernelError} `no_such_secret`, `denied` */
  async storeSecret(name: string, key: string): Promise<void> {
    refuseUntyped(this.#run.line, ["setup"], name);
    const { record: { wishes: { secrets } } } = await this.#sound(name);
    const wish = Object.hasOwn(secrets, key) ? secrets[key] : undefined;
    if (!wish) {
      const known = Object.keys(secrets).join(", ") || "none";
      const message = `${name} has no secret ${sanitise(key, 40)}`;
      throw new KernelError("no_such_secret", message, `its manifest names ${known}`);
    }
    const { origins, placement, label } = wish;
    const where = origins.length > 0
      ? `sent to ${origins.join(", ")} only`
      : "which the plugin reads";
    // The plugin's own words come last: they cannot pass for what stands before them.
    const question = sanitise(`Secret ${key} of the plugin ${name}, ${where} (${label})`);
    const value = await this.#vault.readSecret(`${question}: `, "--stdin");
    await this.#vault.ensure();
    await this.#vault.call("set", { name: secretName(name, key), origins, placement, value });
    this.#run.security("vault.set", { name: secretName(name, key), origins });
  }

  /** The secrets of the manifest that are set. */
  async secrets(name: string): Promise<string[]> {
    const { record } = await this.#catalog.find(name);
    return Object.keys(record.wishes.secrets)
      .filter((key) => this.#run.hasSecret(secretName(name, key)));
  }

  async #sound(name: string): Promise<FoundPlugin> {
    const found = await this.#catalog.find(name);
    if (found.record.state !== "broken") return found;
    throw badPlugin(`${sanitise(name, 40)} cannot be used: ${found.record.problem}`);
  }
}
