/**
 * The profile's files as `pyra doctor` is told of them: no room may see them all.
 * @module
 */
import type { ProfileExamination, ProfileFault } from "../protocol/kernel_calls.ts";
import { KernelError } from "./error.ts";
import type { Run } from "./run.ts";

/** A larger profile is looked at in part. */
const ENTRIES_LIMIT = 50_000;
const FAULTS_LIMIT = 100;
/** What files are called until they are written (`durable/file.ts`, the logs' head, the record of links). */
const TEMPORARY =
  /(?:\.\d+-\d+-[0-9a-f]{8}\.tmp|[\\/]log_heads\.json\.tmp|[\\/]\.link_check\.new)$/;
/** Nobody writes one file for so long, ms. */
const LEFT_MS = 3_600_000;
const OTHERS = 0o077;
const ANYONE = 0o002;
const STICKY = 0o1000;

/**
 * Looks through the profile. With `--fix` modes are put right, and what killed runs left is removed.
 * @throws {KernelError} `denied` in a run of another command
 */
export async function examineProfile(
  run: Pick<Run, "line" | "profile" | "repaired" | "security">,
): Promise<ProfileExamination> {
  const { line, profile: { home }, repaired } = run;
  if (line.words[0] !== "doctor") {
    throw new KernelError("denied", "only pyra doctor looks through the profile");
  }
  const found = faultsIn(home, { mends: line.rest.includes("--fix") });
  const mended = found.faults.filter(({ fixed }) => fixed).length;
  if (mended > 0) run.security("profile.mend", { files: mended });
  const { statfs } = await import("node:fs/promises");
  const disk = await statfs(home).catch(() => null);
  return { ...found, repaired, exposed: foldersAbove(home).filter(isAnyones), disk };
}

function faultsIn(
  home: string,
  { mends }: { readonly mends: boolean },
): Pick<ProfileExamination, "faults" | "more" | "isWhole" | "newest"> {
  const faults: ProfileFault[] = [];
  const queue = [home];
  let [entries, more, newest] = [0, 0, 0];
  for (let path; entries < ENTRIES_LIMIT && (path = queue.pop()) !== undefined; entries++) {
    const info = attempt(() => Deno.lstatSync(path));
    if (info === undefined || info.isSymlink) continue;
    newest = Math.max(newest, info.mtime?.getTime() ?? 0);
    const name = path.slice(home.length + 1);
    const kind = kindOf(path, info);
    if (kind !== undefined) {
      const fixed = mends && mend(path, kind, info.mode ?? 0);
      if (faults.length < FAULTS_LIMIT) faults.push({ path: name, kind, fixed });
      else more++;
    }
    // Other profiles are examined in runs of theirs; what plugins and git write has modes of its own.
    if (!info.isDirectory || /^(?:profiles|data[\\/].+|(?:.+[\\/])?\.git)$/.test(name)) continue;
    const inside = attempt(() => [...Deno.readDirSync(path)]) ?? [];
    queue.push(...inside.map((entry) => `${path}/${entry.name}`));
  }
  return { faults, more, isWhole: queue.length === 0, newest };
}

function kindOf(path: string, info: Deno.FileInfo): ProfileFault["kind"] | undefined {
  const age = Date.now() - (info.mtime?.getTime() ?? 0);
  if (info.isFile && age > LEFT_MS && TEMPORARY.test(path)) return "left";
  if (Deno.build.os === "windows") return undefined;
  if (info.uid !== Deno.uid()) return "foreign";
  return ((info.mode ?? 0) & OTHERS) === 0 ? undefined : "open";
}

function mend(path: string, kind: ProfileFault["kind"], mode: number): boolean {
  const done = attempt(() => {
    if (kind === "left") Deno.removeSync(path);
    if (kind === "open") Deno.chmodSync(path, mode & 0o777 & ~OTHERS);
    return kind !== "foreign";
  });
  return done ?? false;
}

/** Whoever may rename it could put another profile in its place. */
function isAnyones(folder: string): boolean {
  const mode = attempt(() => Deno.lstatSync(folder))?.mode ?? 0;
  return Deno.build.os !== "windows" && (mode & ANYONE) !== 0 && (mode & STICKY) === 0;
}

function foldersAbove(path: string): string[] {
  const above = /^(.+)[\\/][^\\/]+$/.exec(path)?.[1];
  return above === undefined ? [] : [above, ...foldersAbove(above)];
}

/** What fails concerns a file that went meanwhile, or one of a folder that is told of already. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
