/**
 * Programs that containers hold, with programs of the test's on the `PATH` that pass for Docker and Podman.
 * @module
 */
import type { PluginFile, PluginManifest } from "../../../../src/protocol/plugin_calls.ts";
import { type Ran, SomePrograms } from "./some_programs.ts";
import { somePlugin } from "./some_run.ts";

/** What is there. */
export interface Containers {
  /** The plugins that are enabled, beside the one that runs `sh`. */
  readonly plugins?: readonly (readonly PluginFile[])[];
  /** Scripts of a shell, by the name that each has on the `PATH`. */
  readonly programs: Readonly<Record<string, string>>;
  readonly image?: string;
  /** `CONTAINER_RUNTIME`. */
  readonly named?: string;
}

/** Says how it is called when it starts something, and nothing else. */
export const STAND_IN = '[ "$1" != run ] || printf "%s\\n" "${0##*/}" "$@"';

/** Containers hold what its `sh` runs. */
export class SomeContainers implements AsyncDisposable {
  readonly programs: SomePrograms;

  private constructor(programs: SomePrograms) {
    this.programs = programs;
  }

  /** Makes one. */
  static async make(
    { plugins = [], programs: scripts, image = "some/image:1", named }: Containers,
  ): Promise<SomeContainers> {
    const programs = await SomePrograms.make({ run: ["sh"] });
    const { some } = programs;
    programs.config("sandbox: container", `image: ${image}`);
    await Deno.mkdir(`${some.base}/bin`);
    for (const [name, script] of Object.entries(scripts)) {
      // It may have the name of what it starts, and shall not find itself.
      const text = `#!/bin/sh\nPATH='${Deno.env.get("PATH")}'\n${script}\n`;
      await Deno.writeTextFile(`${some.base}/bin/${name}`, text, { mode: 0o755 });
    }
    // Nothing but these: this machine may have a Docker.
    const environment = { programs: { PATH: `${some.base}/bin` }, containerRuntime: named };
    Object.assign(some.run, { environment });
    for (const files of plugins) await enable(programs, files);
    return new SomeContainers(programs);
  }

  /** Runs a script in a container. */
  async sh(script: string, options = {}): Promise<Ran> {
    const argv = ["sh", "-c", script];
    // What is agreed to with its arguments reads no input.
    const runs = [{ program: "sh", network: false }];
    return await this.programs.call("run", { argv, options }, runs) as Ran;
  }

  /** How a container was started: the program, and its arguments but for the random name. */
  async started(): Promise<readonly string[]> {
    const { stdout } = await this.sh("true");
    return stdout.trim().split("\n").map((line) => line.replace(/^pyra-[-\da-f]{36}$/, "NAME"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.programs[Symbol.asyncDispose]();
  }
}

/** Enables a plugin as it is in these files. */
export async function enable(
  { some }: SomePrograms,
  files: readonly PluginFile[],
): Promise<void> {
  const manifest = files.find(({ path }) => path === "manifest.json")?.text ?? "{}";
  const { name } = JSON.parse(manifest) as PluginManifest;
  some.put(`${some.profile.plugins}/${name}`, files);
  const found = await some.catalog.find(name);
  await some.catalog.agree(found, found.record.wishes);
}

/** A plugin with a runtime. @param parts members of it, as code; the program has the plugin's name */
export function runtimePlugin(
  name: string,
  priority: number,
  parts = "",
  grants: PluginManifest["grants"] = { run: [name], outside: [name] },
): PluginFile[] {
  return somePlugin(
    { name, grants },
    `export default {
      runtime: {
        name: "${name}", cli: "${name}", priority: ${priority},
        platformMatches: () => true, ensureRunning() {}, listRunning: () => [],
        buildRunArgs: (mounts, name, image) => ["run", "--of", "${name}", image],
        ${parts}
      },
    };`,
  );
}
