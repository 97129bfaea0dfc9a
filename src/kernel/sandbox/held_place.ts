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
  ".envrc .vscode .idea .zed .devcontainer .husky .githooks .gitconfig .vimrc .exrc .nvim.lua .emacs",
  ".dir-locals.el .claude .cursor .mcp.json .npmrc .yarnrc .yarnrc.yml",
].join(" ").split(" ");
/** And in the home folder, if that is the folder of work. */
const HOME_START_UP =
  ".config .local .inputrc .xprofile .xinitrc .xsession .pam_environment .vim .emacs.d bin"
    .split(" ");
/** In a repository. */
const GIT = ["hooks", "config", "config.worktree", "info", "modules"];
/** Folders of work below the workspace that are looked at. */
const FOLDERS_LIMIT = 300;

/** What of a workspace is not to be written. */
export interface Guarded {
  /** There: bound read-only. */
  readonly present: readonly string[];
  /** Repositories, which must stay where they are: one that was moved could be replaced. */
  readonly repositories: readonly string[];
  /** Not there yet. */
  readonly absent: readonly string[];
}

/** Looks at the workspace, the folders in it and the one that the program starts in. */
export function guarded({ workspace, folder, home }: HeldPlace): Guarded {
  const present: string[] = [];
  const repositories: string[] = [];
  const absent: string[] = [];
  const names = workspace === home ? [...START_UP, ...HOME_START_UP] : START_UP;
  for (const place of new Set([workspace, ...foldersOf(workspace), folder])) {
    for (const name of names) {
      const path = `${place}/${name}`;
      (kindOf(path) === "none" ? absent : present).push(path);
    }
    const git = `${place}/.git`;
    // A link or a file leads to a repository elsewhere; it must not lead to another one.
    if (kindOf(git) === "other") present.push(git);
    if (kindOf(git) !== "folder") continue;
    repositories.push(git);
    for (const name of GIT) {
      if (kindOf(`${git}/${name}`) !== "none") present.push(`${git}/${name}`);
      else absent.push(`${git}/${name}`);
    }
  }
  return { present, repositories, absent };
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
  const folders: string[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(workspace)) {
    if (isDirectory && !name.startsWith(".")) folders.push(`${workspace}/${name}`);
    if (folders.length === FOLDERS_LIMIT) break;
  }
  return folders;
}
