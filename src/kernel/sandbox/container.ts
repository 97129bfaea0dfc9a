/**
 * A container, started as a plugin says that its runtime starts one, or by Docker. The person agreed that this
 * plugin runs its runtime; what it says is held to the shape of a start with the workspace and nothing else.
 * @module
 */
import { KernelError } from "../error.ts";
import type { HeldCommand } from "../held_program.ts";
import { guarded, type HeldPlace } from "./held_place.ts";

/** In containers programs are elsewhere than here. */
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const PROCESSES = 4_096;

/** How one runtime starts containers. */
export interface ContainerStart {
  /** Absolute. */
  readonly cli: string;
  /** What was made of mounts, name and image. */
  readonly args: readonly string[];
  readonly name: string;
  readonly image: string;
  /** The client's own environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** A folder or a file that a container sees. Paths are absolute. */
export interface Mount {
  readonly from: string;
  readonly to: string;
  readonly writable: boolean;
}

/** What a program's container has of the disk. */
export function mountsOf(place: HeldPlace): readonly Mount[] {
  const { present, repositories } = guarded(place);
  const mounted = (writable: boolean) => (path: string) => ({ from: path, to: path, writable });
  return [
    ...[place.workspace, ...repositories].map(mounted(place.readOnly !== true)),
    ...present.map(mounted(false)),
  ];
}

/**
 * How Docker starts a container. An image that is not there is not fetched. Docker mostly runs as root, and what
 * programs write shall be the person's.
 */
export function dockerArgs(mounts: readonly Mount[], name: string, image: string): string[] {
  const user = Deno.uid() === null ? [] : ["--user", `${Deno.uid()}:${Deno.gid()}`];
  const mounted = mounts.flatMap(({ from, to, writable }) => {
    // A line of comma-separated values.
    const value = (text: string) =>
      /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    const fields = ["type=bind", value(`source=${from}`), value(`target=${to}`)];
    return ["--mount", [...fields, ...(writable ? [] : ["readonly"])].join()];
  });
  return [..."run --rm --pull never --name".split(" "), name, ...user, ...mounted, image];
}

/** The command. @throws {KernelError} `program` for a start of another shape */
export function containerCommand(
  { cli, args, name, image, env }: ContainerStart,
  place: HeldPlace,
  argv: readonly string[],
): HeldCommand {
  const { folder, network, profiles, workspace } = place;
  const [verb, ...options] = args;
  if (verb !== "run" || options.pop() !== image || options.includes(image)) {
    const message = "the container's runtime does not say how a container is started";
    throw new KernelError("program", message, "run pyra config set shell.sandbox auto");
  }
  if (profiles.some((profile) => profile === workspace || profile.startsWith(`${workspace}/`))) {
    const message = "a container would see Pyra's own folder";
    throw new KernelError("boundary", message, "start Pyra in a folder of your work");
  }
  const held = [
    ...["--interactive", "--workdir", folder],
    ...["--env", `PATH=${PATH}`, "--env", "TERM=dumb", "--env", "NO_COLOR=1"],
    ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges"],
    ...["--pids-limit", String(PROCESSES)],
    ...(network ? [] : ["--network", "none"]),
  ];
  const { absent, unborn } = guarded(place);
  return {
    program: cli,
    args: ["run", ...options, ...held, image, ...argv],
    folder,
    env,
    isWhole: false,
    end: [cli, "kill", name],
    absent,
    unborn,
  };
}
