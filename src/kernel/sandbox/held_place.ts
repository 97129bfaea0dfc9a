/**
 * What a program may touch, whichever sandbox holds it to that.
 * @module
 */

/** Where a program runs and what it is kept from. All paths are absolute, their links resolved. */
export interface HeldPlace {
  readonly workspace: string;
  /** In the workspace: where it starts. */
  readonly folder: string;
  readonly home: string | undefined;
  /** Folders of profiles: no program sees them. */
  readonly profiles: readonly string[];
  readonly network: boolean;
  /** Whether not even the workspace is written. */
  readonly readOnly?: boolean;
}

/** In the home folder: keys and what stands for them, and sockets of programs that use them. */
export const KEYS = [
  ".ssh .gnupg .aws .azure .kube .docker .netrc .git-credentials .pypirc .password-store",
  ".config/gcloud .config/gh .config/op .local/share/keyrings .mozilla .config/google-chrome",
  ".config/chromium .config/containers .local/share/containers Library/Keychains",
].join(" ").split(" ");

/**
 * In a folder of work: what other programs run, or obey, when the person opens it. A program that could write
 * here would run outside of its sandbox later.
 */
export const START_UP = [
  ".bashrc .bash_profile .bash_login .bash_logout .profile .zshrc .zshenv .zprofile .zlogin .zlogout",
  ".envrc .vscode .idea .zed .fleet .helix .devcontainer .husky .githooks .gitconfig .vimrc .exrc .nvimrc",
  ".nvim.lua .emacs .dir-locals.el .claude .cursor .codex .gemini .mcp.json .npmrc .yarnrc .yarnrc.yml",
].join(" ").split(" ");
/** And in the home folder, if that is the folder of work. */
const HOME_START_UP =
  ".config .local .inputrc .xprofile .xinitrc .xsession .pam_environment .vim .emacs.d bin"
    .split(" ");
/** In a repository. */
const GIT = ["hooks", "config", "config.worktree", "commondir", "info", "modules"];
/** The settings of a repository as `git init` and `git clone` write them, and who commits: none runs anything. */
const PLAIN_CONFIG = new RegExp(
  '^\\s*(?:#.*|\\[(?:core|user|(?:remote|branch|submodule) "[^"\\n]*")\\]|(?:repositoryformatversion|filemode|' +
    "bare|logallrefupdates|ignorecase|precomposeunicode|symlinks|name|email|url|active|fetch|merge)" +
    "\\s*=[^\\\\\\n]*)?$",
  "i",
);
const CONFIG_BYTES = 64 * 1024;
/** Folders of work below the workspace that are looked at. */
const FOLDERS_LIMIT = 100;
const NOBODYS = new Set(["node_modules", "target", "dist", "build", "vendor"]);

/** What of a workspace is not to be written. */
export interface Guarded {
  /** There: bound read-only. */
  readonly present: readonly string[];
  /** Repositories, which must stay where they are: one that was moved could be replaced. */
  readonly repositories: readonly string[];
  /** Not there yet, in the workspace and the folder that the program starts in. */
  readonly absent: readonly string[];
  /** Where there is no repository yet, in the same two: one may be made. */
  readonly unborn: readonly string[];
}

/** Looks at the workspace, the folders in it and the one that the program starts in. */
export function guarded({ workspace, folder, home }: HeldPlace): Guarded {
  const present: string[] = [];
  const repositories: string[] = [];
  const absent: string[] = [];
  const unborn: string[] = [];
  const wanted = new Set(workspace === home ? [...START_UP, ...HOME_START_UP] : START_UP);
  for (const place of new Set([workspace, folder, ...foldersOf(workspace)])) {
    const found = new Map(entriesOf(place).map((entry) => [entry.name, entry]));
    for (const name of wanted) {
      if (found.has(name)) present.push(`${place}/${name}`);
      else if (place === workspace || place === folder) absent.push(`${place}/${name}`);
    }
    const git = found.get(".git");
    const path = `${place}/.git`;
    if (!git && (place === workspace || place === folder)) unborn.push(path);
    // A link or a file leads to a repository elsewhere; it must not lead to another one.
    if (git && !git.isDirectory) present.push(path);
    if (!git?.isDirectory) continue;
    repositories.push(path);
    for (const name of GIT) {
      (kindOf(`${path}/${name}`) === "none" ? absent : present).push(`${path}/${name}`);
    }
  }
  return { present, repositories, absent, unborn };
}

/**
 * Puts aside what was made in the meantime, under another name.
 * @returns the names that it has now
 */
export function putAside(absent: readonly string[]): string[] {
  return absent.filter((path) => kindOf(path) !== "none").flatMap((path) => {
    const aside = `${path}.held-${crypto.randomUUID().slice(0, 8)}`;
    return renamed(path, aside) || (opened(path) && renamed(path, aside)) ? [aside] : [];
  });
}

function renamed(path: string, aside: string): boolean {
  try {
    Deno.renameSync(path, aside);
    return true;
  } catch (error) {
    // It is gone, or its folder was closed.
    if (error instanceof Error) return false;
    throw error;
  }
}

/** Makes a folder writable that a program closed, so that what it left could not be put aside. */
function opened(path: string): boolean {
  try {
    Deno.chmodSync(path.slice(0, path.lastIndexOf("/")), 0o700);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

/** Of repositories that were made in the meantime those that git runs something for. Nothing writes there now. */
export function runningSomething(unborn: readonly string[]): string[] {
  return unborn.filter(runs);
}

/** Whether git might run something as soon as the person's shell looks at a repository that was just made. */
function runs(git: string): boolean {
  const kind = kindOf(git);
  if (kind !== "folder") return kind !== "none";
  if (["config.worktree", "commondir"].some((name) => kindOf(`${git}/${name}`) !== "none")) {
    return true;
  }
  if (entriesOf(`${git}/hooks`).some(({ name }) => !name.endsWith(".sample"))) return true;
  const config = `${git}/config`;
  if (kindOf(config) === "none") return false;
  const { isFile, size } = Deno.lstatSync(config);
  return !isFile || size > CONFIG_BYTES ||
    !Deno.readTextFileSync(config).split("\n").every((line) => PLAIN_CONFIG.test(line));
}

/** What lies at a path, links not followed. */
export function kindOf(path: string): "none" | "folder" | "other" {
  try {
    return Deno.lstatSync(path).isDirectory ? "folder" : "other";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return "none";
    }
    return "other";
  }
}

function foldersOf(workspace: string): string[] {
  return entriesOf(workspace)
    .filter(({ name, isDirectory }) => isDirectory && !name.startsWith(".") && !NOBODYS.has(name))
    .slice(0, FOLDERS_LIMIT).map(({ name }) => `${workspace}/${name}`);
}

function entriesOf(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)];
  } catch (error) {
    // Where nobody may look, nobody obeys.
    if (error instanceof Error) return [];
    throw error;
  }
}
