/**
 * What lies at a path: the machine's own files, the home folder, keys, the vault.
 * @module
 */
import { type Court, isUnknown, type Scope, UNKNOWN } from "./court.ts";

/** What a path leads to, as far as its name tells. */
export type Ground =
  | "root"
  | "system"
  | "home"
  | "vault"
  | "device"
  | "harmless"
  | "credential"
  | "startup"
  | "history"
  | "temporary"
  /** Pyra's own folder, but for its vault. */
  | "profile"
  | "inside"
  | "outside"
  | "unknown";

const SYSTEM_TOP =
  /^\/(bin|boot|dev|etc|home|lib|lib32|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|usr|var|system|library|applications|users|volumes|private|nix)$/i;
const SYSTEM_BELOW =
  /^\/(bin|boot|dev|etc|lib|lib32|lib64|proc|root|sbin|sys|usr|system|library|private\/etc)\/|^\/var\/(lib|log|spool|run|db|backups|cache|www|mail)(\/|$)|^\/(opt|srv|applications|users|home|volumes|nix)\/[*.]*$/i;
const WINDOWS_ROOT = /^[a-z]:[\\/]*[*.]*$/i;
const WINDOWS_SYSTEM =
  /^[a-z]:[\\/]*(windows|program files|programdata|users)\b|^hk(lm|cr|u|cu|cc)[:\\]|^hkey_/i;
const HARMLESS_DEVICE =
  /^\/dev\/(null|stdout|stderr|stdin|tty|fd\/\d+|zero|full|u?random|shm(\/.*)?)$/;
const RAW_DEVICE =
  /^\/dev\/(r?disk|sd|hd|vd|xvd|nvme|mmcblk|md|dm-|mapper|loop|mem|kmem|port|sr|zd|sg|mtd|nbd|device)|^\\\\\.\\physicaldrive/i;
const CREDENTIAL =
  /(^|\/)(\.ssh\/(?!.*\.pub$|known_hosts|config$|authorized_keys)[^/]+|\.ssh\/?$|\.aws(\/credentials.*|\/config|\/?$|\/\*)|\.gnupg(\/.*)?|\.netrc|\.pgpass|\.git-credentials|\.npmrc|\.pypirc|\.docker\/config\.json|\.kube\/config|\.config\/(gcloud|gh|op|rclone)(\/.*)?|\.azure(\/.*)?|\.vault-token|\.password-store(\/.*)?|id_(rsa|dsa|ecdsa|ed25519)|.*\.kdbx|\.env(\.(?!example|sample|template|dist)[\w.]+)?|login data|cookies|cookies\.sqlite|logins\.json|key4\.db|.*keychain(-db)?)$|^\/etc\/(shadow|gshadow|sudoers|master\.passwd|ssh\/ssh_host[^/]*_key|krb5\.keytab)[-~]?$|^\/proc\/(\d+|self)\/environ$|\/(sam|ntds\.dit)$/i;
const STARTUP =
  /(^|\/)(\.bashrc|\.bash_profile|\.bash_login|\.bash_logout|\.profile|\.zshrc|\.zshenv|\.zprofile|\.zlogin|\.kshrc|\.cshrc|\.tcshrc|\.xinitrc|\.xsession|\.xprofile|\.inputrc|\.vimrc|\.gitconfig|\.ssh\/(authorized_keys2?|config|rc)|\.config\/(autostart|systemd|fish)(\/.*)?|launch(agents|daemons)(\/.*)?|authorized_keys|\.git\/(hooks(\/.*)?|config)|config\.fish)$|microsoft\.powershell_profile\.ps1$|\/startup\/|\$profile$/i;
const HISTORY =
  /(^|\/)\.(bash|zsh|python|mysql|psql|sqlite|node_repl|lesshst|history)_?(history)?$|consolehost_history/i;
const TEMPORARY = /^(\/tmp|\/var\/tmp|\/private\/tmp|\/var\/folders|\/dev\/shm)\//;

/** The path as an absolute one, `.` and `..` followed. Globs and unknown parts stay in it. */
export function resolvePath(path: string, scope: Scope): string {
  if (/^([a-z]:|hk\w+:|\\\\)/i.test(path)) return path;
  const full = path.startsWith("/") ? path : `${scope.folder}/${path}`;
  const parts: string[] = [];
  for (const part of full.slice(0, 4_096).split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** What the path of a word leads to. */
export function groundOf(word: string, scope: Scope, court: Court): Ground {
  const path = resolvePath(word.replace(/^file:\/\//, ""), scope);
  if (WINDOWS_ROOT.test(path)) return "root";
  if (WINDOWS_SYSTEM.test(path)) return "system";
  if (RAW_DEVICE.test(path)) return "device";
  if (HARMLESS_DEVICE.test(path)) return "harmless";
  if (touchesVault(path, court)) return "vault";
  if (isWithinProfile(path, court)) return "profile";
  // An unknown first part may be empty, or lead anywhere.
  if (isUnknown(word)) return groundOfUnknown(path);
  if (path === "/" || /^\/[*?.[\]]+$/.test(path)) return "root";
  if (isHome(path, court)) return "home";
  if (CREDENTIAL.test(path)) return "credential";
  if (STARTUP.test(path)) return "startup";
  if (HISTORY.test(path)) return "history";
  if (isSystem(path)) return "system";
  if (TEMPORARY.test(path) && !scope.remote) return "temporary";
  const folder = court.place.folder ?? scope.folder;
  return path.startsWith(`${folder}/`) ? "inside" : "outside";
}

function groundOfUnknown(path: string): Ground {
  const before = path.slice(0, path.indexOf(UNKNOWN));
  if (STARTUP.test(path)) return "startup";
  if (TEMPORARY.test(before)) return "temporary";
  return isSystem(before) || isSystem(before.replace(/\/$/, "")) ? "system" : "unknown";
}

function isSystem(path: string): boolean {
  const globbed = path.replace(/\/[*?]+$/, "");
  return SYSTEM_TOP.test(path) || SYSTEM_BELOW.test(path) || SYSTEM_TOP.test(globbed);
}

/** The home folder itself, somebody's home folder, or all that lies in it. */
function isHome(path: string, court: Court): boolean {
  const home = resolvePath(court.home, { folder: "/" } as Scope);
  if (path === home || home.startsWith(`${path}/`)) return true;
  const last = path.lastIndexOf("/");
  return path.slice(0, last) === home &&
    /^\.?[*?]+$|^\.\[!?\^?\.?\]\*?$/.test(path.slice(last + 1));
}

/** Whether the path, globs included, leads into the vault of a profile. */
export function touchesVault(path: string, court: Court): boolean {
  const profile = profileOf(court);
  const parts = path.split("/");
  for (const vault of [`${profile}/vault`, `${court.home}/.pyra/profiles/*/vault`]) {
    const wanted = vault.split("/");
    if (parts.length < wanted.length) continue;
    if (wanted.every((part, at) => part === "*" || matches(parts[at] ?? "", part))) return true;
  }
  return /(^|\/)\.pyra\/(profiles\/[^/]+\/)?vault(\/|$)/.test(path);
}

function isWithinProfile(path: string, court: Court): boolean {
  return path.startsWith(`${profileOf(court)}/`) || /\/\.pyra\/\S/.test(path);
}

/** Whether the vault lies somewhere below the path. */
export function holdsVault(path: string, court: Court): boolean {
  return `${profileOf(court)}/vault`.startsWith(`${path === "/" ? "" : path}/`);
}

function profileOf({ place, home }: Court): string {
  return (place.profile ?? `${home}/.pyra`).replace(/\/+$/, "");
}

/** Whether a name with `*`, `?`, `[…]` or unknown parts may stand for another. Linear: no backtracking. */
export function matches(pattern: string, name: string): boolean {
  if (pattern === name) return true;
  const wild = /[*?[{\0]/.exec(pattern);
  if (wild === null) return false;
  const last = /[*?\]}\0]([^*?\]}\0]*)$/.exec(pattern.slice(-256));
  return name.startsWith(pattern.slice(0, wild.index)) && name.endsWith(last?.[1] ?? "");
}

/** Whether a word stands for several files. */
export function isGlob(word: string): boolean {
  return /[*?]|\[[^\]]+\]/.test(word);
}
