/**
 * What starts containers: the plugin that `CONTAINER_RUNTIME` names, else of the enabled plugins that bring a
 * runtime for this machine the one with the highest priority, else Docker. Nothing of it comes from the app.
 * @module
 */
import type { PluginRecord } from "../../protocol/plugin_calls.ts";
import type { PluginItem } from "../../protocol/plugin_host_calls.ts";
import { isRecord } from "../../rpc/frame.ts";
import { KernelError } from "../error.ts";
import { sanitise } from "../prompt.ts";
import type { Run } from "../run.ts";
import { dockerArgs, type Mount } from "../sandbox/container.ts";
import type { PluginCatalog } from "./catalog.ts";

const DOCKER = "docker";
const QUICK_MS = 5_000;
/** A machine for containers may have to be started. */
const START_MS = 180_000;
const HINT = "run pyra plugin install podman, or install Docker";

/** Calls into a plugin's room. */
export type CallRoom = (call: unknown, signal: AbortSignal) => AsyncIterable<PluginItem>;

interface Runtime {
  readonly plugin: string;
  /** The program, which the person agreed that the plugin runs outside of any sandbox. */
  readonly cli: string;
  readonly priority: number;
}

/** What choosing needs of a run. */
type RuntimesRun = Pick<Run, "security"> & {
  readonly environment: Pick<Run["environment"], "containerRuntime">;
};

/** The runtimes that one run may choose from. */
export class ContainerRuntimes {
  readonly #run: RuntimesRun;
  readonly #catalog: PluginCatalog;
  readonly #call: CallRoom;
  /** Which plugins were asked, and what that came to: one that hangs is waited for once. */
  #asked: { readonly key: string; readonly chosen: Promise<Runtime | undefined> } | undefined;

  constructor(run: RuntimesRun, catalog: PluginCatalog, call: CallRoom) {
    this.#run = run;
    this.#catalog = catalog;
    this.#call = call;
  }

  /** The program that starts a container, and its arguments up to the image's. @throws {KernelError} */
  async start(
    mounts: readonly Mount[],
    name: string,
    image: string,
  ): Promise<{ readonly cli: string; readonly args: readonly string[]; readonly hint: string }> {
    const runtime = await this.#choose();
    if (!runtime) return { cli: DOCKER, args: dockerArgs(mounts, name, image), hint: HINT };
    const { plugin, cli } = runtime;
    await this.#ask(plugin, "runtime", { method: "ensureRunning", params: [] }, START_MS);
    const params = [mounts, name, image];
    const args = await this.#ask(plugin, "runtime", { method: "buildRunArgs", params });
    const isGood = Array.isArray(args) && args.every((one) => typeof one === "string");
    if (isGood) return { cli, args, hint: `install ${cli}` };
    throw new KernelError("program", `the plugin ${plugin} does not say how it starts containers`);
  }

  async #choose(): Promise<Runtime | undefined> {
    const named = this.#run.environment.containerRuntime;
    const able = (await this.#catalog.all()).filter(({ name, state, wishes: { outside = [] } }) =>
      state === "enabled" && outside.length > 0 && (named === undefined || name === named)
    );
    const key = able.map(({ name, hash }) => name + hash).join();
    if (this.#asked?.key !== key) this.#asked = { key, chosen: this.#bestOf(able) };
    const chosen = await this.#asked.chosen;
    if (chosen || named === undefined || named === DOCKER) return chosen;
    const message = "CONTAINER_RUNTIME names no enabled plugin that starts containers here:";
    throw new KernelError("program", `${message} ${sanitise(named, 40)}`, HINT);
  }

  async #bestOf(able: readonly PluginRecord[]): Promise<Runtime | undefined> {
    const all = await Promise.all(able.map((record) => this.#fitting(record)));
    // They come by name, which decides between equals.
    return all.filter((one) => one !== undefined).sort((a, b) => b.priority - a.priority)[0];
  }

  /** The plugin's runtime, if it brings one for this machine. */
  async #fitting({ name: plugin, wishes }: PluginRecord): Promise<Runtime | undefined> {
    try {
      const runtime = Object(await this.#ask(plugin, "describe", {}))["runtime"];
      const { cli, priority } = isRecord(runtime) ? runtime : {};
      const isOne = typeof cli === "string" && wishes.outside?.includes(cli);
      if (!isOne || typeof priority !== "number") return undefined;
      const params = [{ os: Deno.build.os, arch: Deno.build.arch }];
      const fits = await this.#ask(plugin, "runtime", { method: "platformMatches", params });
      return fits === true ? { plugin, cli, priority } : undefined;
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      this.#run.security("plugin.runtime_failed", { plugin, reason: error.message });
      return undefined;
    }
  }

  async #ask(
    name: string,
    method: string,
    params: unknown,
    limitMs: number = QUICK_MS,
  ): Promise<unknown> {
    const call = { name, method, params, limitMs };
    for await (const item of this.#call(call, AbortSignal.timeout(limitMs))) {
      if ("result" in item) return item.result;
    }
    throw new KernelError("plugin_failed", `the plugin ${name} did not answer`);
  }
}
