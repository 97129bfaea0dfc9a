/**
 * What all plugins' programs of a run have in common: where they are found, what holds them, what they are
 * kept from.
 * @module
 */
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
import { type CallRoom, ContainerRuntimes } from "./container_runtime.ts";
import { PluginPrograms } from "./programs.ts";
import { profileFolders } from "./rights.ts";
import type { RunRequest } from "./run_request.ts";

/** What programs need of a run. */
export type ProgramsRun =
  & Pick<Run, "profile" | "workspace" | "userHome" | "security" | "died">
  & { readonly environment: Pick<Run["environment"], "containerRuntime" | "programs"> };

/** The programs of all plugins. */
export class AllPrograms {
  readonly #run: ProgramsRun;
  readonly #runtimes: ContainerRuntimes;
  readonly #programs = new Map<string, PluginPrograms>();
  #path: ProgramPath | undefined;

  constructor(run: ProgramsRun, catalog: PluginCatalog, call: CallRoom) {
    this.#run = run;
    this.#runtimes = new ContainerRuntimes(run, catalog, call);
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
    const path = this.#path ??= new ProgramPath(
      [workspace, ...profiles],
      this.#run.environment.programs,
    );
    const env = path.environment(where);
    // A container has programs of its own.
    if (sandbox.kind === "container") return await this.#container(sandbox, place, argv, path);
    const wanted = { program: path.find(program), args: argv.slice(1), env };
    return heldCommand(sandbox, place, wanted);
  }

  async #container(
    { image }: Sandbox,
    place: HeldPlace,
    argv: readonly string[],
    path: ProgramPath,
  ): Promise<HeldCommand> {
    if (image === "") {
      const hint = "run pyra config set shell.image with one that has your tools";
      throw new KernelError("program", "the containers' image is not set", hint);
    }
    const name = `pyra-${crypto.randomUUID()}`;
    const { cli, args, hint } = await this.#runtimes.start(mountsOf(place), name, image);
    const start = {
      cli: path.find(cli, hint),
      args,
      name,
      image,
      env: path.environment("outside"),
    };
    return containerCommand(start, place, argv);
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
