/**
 * What all plugins' programs of a run have in common: where they are found, what holds them, what they are
 * kept from.
 * @module
 */
import type { PluginItem } from "../../protocol/plugin_host_calls.ts";
import { KernelError } from "../error.ts";
import type { HeldCommand } from "../held_program.ts";
import { refuseLinks } from "../links.ts";
import { appFolders } from "../roles.ts";
import type { Run } from "../run.ts";
import { type Sandbox, sandboxInForce, type SandboxKind } from "../sandbox/choice.ts";
import { containerCommand, mountsOf } from "../sandbox/container.ts";
import { heldCommand } from "../sandbox/held_command.ts";
import type { HeldPlace } from "../sandbox/held_place.ts";
import { ProgramPath } from "../sandbox/program_path.ts";
import { absolutePath, contains } from "../workspace.ts";
import type { PluginCatalog } from "./catalog.ts";
import { PluginPrograms } from "./programs.ts";
import { profileFolders } from "./rights.ts";
import type { RunRequest } from "./run_request.ts";

const RUNTIME_LIMIT_MS = 5_000;

/** What programs need of a run. */
export type ProgramsRun =
  & Pick<Run, "profile" | "workspace" | "userHome" | "security" | "died">
  & { readonly environment: Pick<Run["environment"], "containerRuntime" | "programs"> };

/** Calls into a plugin's room. */
type CallRoom = (call: unknown, signal: AbortSignal) => AsyncIterable<PluginItem>;

/** The programs of all plugins. */
export class AllPrograms {
  readonly #run: ProgramsRun;
  readonly #catalog: PluginCatalog;
  readonly #call: CallRoom;
  readonly #programs = new Map<string, PluginPrograms>();
  #path: ProgramPath | undefined;

  constructor(run: ProgramsRun, catalog: PluginCatalog, call: CallRoom) {
    this.#run = run;
    this.#catalog = catalog;
    this.#call = call;
  }

  /** Those of one plugin. */
  of(name: string): PluginPrograms {
    const programs = this.#programs.get(name) ?? new PluginPrograms(name, {
      run: this.#run,
      sandbox: () => sandboxInForce(this.#run.profile.config),
      command: (request, sandbox, where) => this.#command(request, sandbox, where),
      after: (sandbox) => this.#after(sandbox),
    });
    this.#programs.set(name, programs);
    return programs;
  }

  /** Ends all of them at once. */
  end(): void {
    for (const programs of this.#programs.values()) programs.end();
  }

  /** Ends all of them, and waits for that. */
  async close(): Promise<void> {
    await Promise.all([...this.#programs.values()].map((programs) => programs.close()));
  }

  async #command(
    { program, argv, folder, network, readOnly }: RunRequest,
    sandbox: Sandbox,
    where: "inside" | "outside",
  ): Promise<HeldCommand> {
    const { userHome } = this.#run;
    const workspace = Deno.realPathSync(this.#run.workspace);
    const profiles = profileFolders(this.#run);
    const place: HeldPlace = {
      workspace,
      folder: folderIn(workspace, profiles, folder),
      home: userHome === undefined ? undefined : Deno.realPathSync(userHome),
      profiles,
      network,
      ...(readOnly ? { readOnly } : {}),
    };
    const path = this.#path ??= new ProgramPath([workspace, ...profiles], this.#run.environment.programs);
    const env = path.environment(where);
    // A container has programs of its own.
    if (sandbox.kind === "container") return await this.#container(sandbox, place, argv, path);
    const wanted = { program: path.find(program), args: argv.slice(1), env };
    return heldCommand(sandbox, place, wanted);
  }

  /** A container as the plugin of that name starts one. */
  async #container(
    { image }: Sandbox,
    place: HeldPlace,
    argv: readonly string[],
    path: ProgramPath,
  ): Promise<HeldCommand> {
    const hint = "pyra plugin install podman; then set CONTAINER_RUNTIME=podman and shell.image";
    const chosen = this.#run.environment.containerRuntime;
    if (!chosen || image === "") {
      throw new KernelError("program", "the container's runtime and image are not set", hint);
    }
    const { record } = await this.#catalog.find(chosen);
    const [cli] = record.wishes.outside ?? [];
    if (record.state !== "enabled" || cli === undefined) {
      throw new KernelError(
        "program",
        `the plugin ${chosen} is not enabled, or runs nothing`,
        hint,
      );
    }
    const name = `pyra-${crypto.randomUUID()}`;
    const args = await this.#ask(chosen, [mountsOf(place), name, image]);
    const start = { cli: path.find(cli), args, name, image, env: path.environment("outside") };
    return containerCommand(start, place, argv);
  }

  async #ask(name: string, params: unknown): Promise<readonly string[]> {
    const call = {
      name,
      method: "runtime",
      params: { method: "buildRunArgs", params },
      limitMs: RUNTIME_LIMIT_MS,
    };
    for await (const item of this.#call(call, AbortSignal.timeout(RUNTIME_LIMIT_MS))) {
      if (!("result" in item)) continue;
      const { result } = item;
      const isGood = Array.isArray(result) && result.every((one) => typeof one === "string");
      if (isGood) return result as string[];
    }
    throw new KernelError("program", `the plugin ${name} does not say how it starts containers`);
  }

  /** A program without a sandbox may have made links in Pyra's folders. */
  #after(sandbox: SandboxKind): void {
    if (sandbox !== "none") return;
    try {
      refuseLinks(appFolders(this.#run.profile), this.#run.profile.linkCheck);
    } catch (error) {
      this.#run.died("app", error);
    }
  }
}

/** The folder that a program starts in. @throws {KernelError} `boundary` */
function folderIn(
  workspace: string,
  profiles: readonly string[],
  folder: string | undefined,
): string {
  if (folder === undefined) return workspace;
  let real = "";
  try {
    real = Deno.realPathSync(absolutePath(workspace, folder));
  } catch (cause) {
    throw new KernelError("usage", "the folder of a program is not there", "make it first", cause);
  }
  const isOpen = contains(workspace, real) && Deno.statSync(real).isDirectory &&
    !profiles.some((profile) => contains(profile, real));
  if (isOpen) return real;
  throw new KernelError("boundary", "a program starts in a folder of the workspace");
}
