/**
 * What the app room is told of the machine and of the folder that Pyra works in: it may see neither, and no
 * program is run for it.
 * @module
 */
import type { ProjectFile, Surroundings } from "../protocol/kernel_calls.ts";
import { readTextIfPresent } from "../durable/file.ts";
import { exists } from "./profile.ts";
import type { Run } from "./run.ts";
import { contains } from "./workspace.ts";

/** Folders above the workspace that may belong to its project. */
const LEVELS_LIMIT = 16;
const NAMES_LIMIT = 500;
const INSTRUCTIONS_LIMIT_BYTES = 32 * 1024;

/** Looks round. */
export async function surroundings(
  { workspace, userHome }: Pick<Run, "workspace" | "userHome">,
): Promise<Surroundings> {
  const { statfs } = await import("node:fs/promises");
  const { total, available } = Deno.systemMemoryInfo();
  const disk = await statfs(workspace)
    .then(({ blocks, bavail, bsize }) => ({ total: blocks * bsize, available: bavail * bsize }))
    .catch(() => null);
  const folders = projectFolders(workspace, userHome);
  return {
    release: Deno.osRelease(),
    system: await readTextIfPresent("/etc/os-release") ?? "",
    cores: navigator.hardwareConcurrency,
    load: Deno.loadavg()[0] ?? 0,
    memory: { total, available },
    disk,
    home: userHome ?? null,
    project: folders[0] ?? null,
    names: namesIn(workspace),
    instructions: (folders.length > 0 ? folders : [workspace]).flatMap(instructionsIn),
  };
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder).take(NAMES_LIMIT)].map(({ name }) => name);
}

/** From the nearest folder with a repository down to the workspace; none if there is no such folder. */
function projectFolders(workspace: string, userHome: string | undefined): string[] {
  const folders = [workspace];
  while (!exists(`${folders[0]}/.git`)) {
    const above = /^(.+)[\\/][^\\/]+$/.exec(folders[0] ?? "")?.[1];
    // The home folder is nobody's project, and what lies above it is not the person's.
    const isOutside = above === undefined || (userHome !== undefined && contains(above, userHome));
    if (isOutside || folders.length === LEVELS_LIMIT) return [];
    folders.unshift(above);
  }
  return folders;
}

/** The folder's instructions; a link, which may lead to anything, is named and not read. */
function instructionsIn(folder: string): ProjectFile[] {
  const path = `${folder}/AGENTS.md`;
  try {
    const { isFile, size } = Deno.lstatSync(path);
    const isRead = isFile && size <= INSTRUCTIONS_LIMIT_BYTES;
    return [{ path, text: isRead ? Deno.readTextFileSync(path) : null }];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    return [{ path, text: null }];
  }
}
