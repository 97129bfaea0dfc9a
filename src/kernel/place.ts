/**
 * The workspace and the profile that a command line means.
 * @module
 */
import type { CommandLine } from "./command_line.ts";
import type { Environment } from "./environment.ts";
import { KernelError } from "./error.ts";
import { type Profile, profilePaths } from "./profile.ts";
import { absolutePath } from "./workspace.ts";

/** The folder that a command line works in, links resolved. @throws {KernelError} `usage` */
export function workspaceOf({ workspace }: CommandLine, folder: string): string {
  const refused = (cause?: unknown) => {
    const message = `${workspace ?? folder} is no folder to work in`;
    return new KernelError("usage", message, "check --workspace", cause);
  };
  const path = workspace === undefined ? folder : absolutePath(folder, workspace);
  try {
    const real = Deno.realPathSync(path);
    if (Deno.statSync(real).isDirectory) return real;
  } catch (cause) {
    throw refused(cause);
  }
  throw refused();
}

/** The profile that a command line means. @throws {KernelError} `usage` */
export function profileOf(line: CommandLine, { home }: Environment, folder: string): Profile {
  const path = line.home ?? home;
  if (path === undefined) {
    throw new KernelError("usage", "there is no home folder", "set HOME, or use --home");
  }
  return profilePaths(absolutePath(folder, path.replace(/(?<=.)[\\/]+$/, "")), line.profile);
}
