/**
 * A run as the kernel's code for plugins sees it: a real profile in a temporary folder, a terminal with a
 * script, a vault and egress that record what they are told.
 * @module
 */
import { parseCommandLine } from "../../../../src/kernel/command_line.ts";
import { KernelError } from "../../../../src/kernel/error.ts";
import { PluginCatalog } from "../../../../src/kernel/plugins/catalog.ts";
import { checkPlugin } from "../../../../src/kernel/plugins/folder.ts";
import { PluginInstallation } from "../../../../src/kernel/plugins/installation.ts";
import type { AskServices } from "../../../../src/kernel/plugins/asks.ts";
import { openProfile, type Profile, profilePaths } from "../../../../src/kernel/profile.ts";
import type { Run } from "../../../../src/kernel/run.ts";
import type { Channel } from "../../../../src/rpc/channel.ts";
import type {
  PluginFile,
  PluginManifest,
  PluginRecord,
} from "../../../../src/protocol/plugin_calls.ts";

/** A run, and what was said and done in it. */
export class SomeRun implements AsyncDisposable {
  readonly base: string;
  readonly profile: Profile;
  readonly said: string[] = [];
  readonly log: { event: string; [field: string]: unknown }[] = [];
  /** Answers to questions, the first one first; a question without one is refused. */
  readonly answers: string[] = [];
  readonly questions: string[] = [];
  readonly secrets = new Map<string, { value: string; origins: readonly string[] }>();
  /** The kernel's channel to egress, if a test has one. */
  egress: Channel | undefined;
  /** What the vault answers when it is to be opened. */
  vaultState: "open" | "locked" = "open";
  readonly run: Run;
  readonly catalog: PluginCatalog;
  readonly installation: PluginInstallation;
  readonly vault: AskServices["vault"];

  private constructor(base: string, argv: readonly string[]) {
    this.base = base;
    this.profile = profilePaths(`${base}/home`);
    openProfile(this.profile, () => undefined);
    Deno.mkdirSync(`${base}/work`);
    const agree = (question: string, what: string, hint: string) => {
      this.questions.push(question);
      if (this.answers.shift() === "y") return Promise.resolve();
      return Promise.reject(new KernelError("denied", `${what} was not agreed to`, hint));
    };
    const parts = {
      profile: this.profile,
      entries: new URL("../../../../src/rooms/", import.meta.url),
      workspace: `${base}/work`,
      userHome: base,
      environment: { programs: Deno.env.toObject(), containerRuntime: undefined },
      line: parseCommandLine(argv),
      terminal: { say: (text: string) => this.said.push(text), agree },
      security: (event: string, fields = {}) => this.log.push({ event, ...fields }),
      callerOf: (name: string) => name,
      hasSecret: (name: string) => this.secrets.has(name),
      egress: () => {
        if (this.egress) return this.egress;
        throw new Error("the test has no egress");
      },
    };
    // Only these parts of a run are used; a whole one takes the process's environment.
    this.run = parts as unknown as Run;
    this.catalog = new PluginCatalog(this.profile, undefined, `${base}/system`);
    const call = (method: string, params: unknown) => {
      const { name, value, origins } = params as { name: string; value: string; origins: string[] };
      if (method === "set") this.secrets.set(name, { value, origins });
      return Promise.resolve(method === "reveal" ? this.secrets.get(name)?.value : null);
    };
    const openQuietly = () => Promise.resolve(this.vaultState);
    this.vault = { call, openQuietly } as unknown as AskServices["vault"];
    const readSecret = (question: string) => {
      this.questions.push(question);
      return Promise.resolve(this.answers.shift() ?? "");
    };
    const ensure = () => Promise.resolve();
    this.installation = new PluginInstallation(this.run, this.catalog, {
      readSecret,
      ensure,
      call: call as never,
    });
  }

  /** Makes one, in a folder without links in its path. */
  static async make(...argv: string[]): Promise<SomeRun> {
    return new SomeRun(await Deno.realPath(await Deno.makeTempDir()), argv);
  }

  /** Makes one outside of the folder for what is temporary. */
  static async makeIn(dir: string, ...argv: string[]): Promise<SomeRun> {
    return new SomeRun(
      await Deno.realPath(await Deno.makeTempDir({ dir, prefix: ".pyra-test-" })),
      argv,
    );
  }

  /** The same profile under another command line. */
  again(...argv: string[]): SomeRun {
    Deno.removeSync(`${this.base}/work`);
    return new SomeRun(this.base, argv);
  }

  /** Installs these files, as if `from` was typed. */
  async install(files: readonly PluginFile[], from = "x"): Promise<PluginRecord> {
    return await this.installation.install(await checkPlugin(files), from);
  }

  /** What lies in the folder of plugins. */
  installed(): string[] {
    return [...Deno.readDirSync(this.profile.plugins)].map(({ name }) => name);
  }

  /** Puts a plugin's files somewhere as they are. */
  put(folder: string, files: readonly PluginFile[]): void {
    for (const { path, text } of files) {
      const file = `${folder}/${path}`;
      Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
      Deno.writeTextFileSync(file, text);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.base, { recursive: true });
  }
}

/** A plugin's files. */
export function somePlugin(
  manifest: Partial<PluginManifest> & Record<string, unknown> = {},
  code = "export default { tools: [] };",
): PluginFile[] {
  const all = { name: "some", version: "1.0.0", description: "a plugin of a test", ...manifest };
  return [
    { path: "manifest.json", text: JSON.stringify(all) },
    { path: "plugin.ts", text: code },
  ];
}

/** What `assert.rejects` takes for a refusal of the kernel. */
export function refusal(code: string, message?: RegExp): (error: unknown) => boolean {
  return (error) =>
    error instanceof KernelError && error.code === code && (message?.test(error.message) ?? true);
}
