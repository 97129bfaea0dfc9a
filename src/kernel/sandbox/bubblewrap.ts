/**
 * bubblewrap (Linux): namespaces of its own, and a view of the disk on which only the workspace can be
 * written.
 * @module
 */
import { type Guarded, type HeldPlace, KEYS, kindOf } from "./held_place.ts";

/** What a program finds of the running system: nothing of the person's session and its sockets. */
const EMPTY = ["/tmp", "/var/tmp", "/run", "/mnt/wslg"];
/** What names are looked up by, where `/etc/resolv.conf` leads there, and what some systems are made of. */
const NETWORK = ["/run/systemd/resolve", "/run/resolvconf", "/run/NetworkManager"];
const SYSTEM = ["/run/current-system", "/run/wrappers"];
/** Processes and threads in the sandbox; not held for the system's administrator, whom Linux lets do more. */
const PROCESSES = 4_096;
/** Shells know the limit by one letter or another. Where memory runs out, it ends before what the person runs. */
const LIMITED =
  `{ ulimit -u ${PROCESSES} || ulimit -p ${PROCESSES}; echo 1000 >/proc/self/oom_score_adj; } ` +
  `2>/dev/null; exec "$0" "$@"`;

/** The arguments of `bwrap`, up to the program. */
export function bubblewrapArgs(
  { workspace, folder, home, profiles, network, readOnly }: HeldPlace,
  { present, repositories, absent }: Guarded,
): string[] {
  const bound = (path: string) => ["--ro-bind", path, path];
  // A mount point is made on the disk where there is none: in a repository nobody minds.
  const inRepository = readOnly ? [] : absent.filter((path) => path.endsWith("/.git/hooks"));
  const secret = home === undefined ? [] : KEYS.map((name) => `${home}/${name}`);
  return [
    "--unshare-all",
    ...(network ? ["--share-net"] : []),
    "--die-with-parent",
    "--new-session",
    ...["--cap-drop", "ALL"],
    ...["--ro-bind", "/", "/"],
    ...["--dev", "/dev"],
    ...["--proc", "/proc"],
    // The machine's own settings: the administrator may write them without any capability.
    ...["--ro-bind", "/proc/sys", "/proc/sys"],
    ...EMPTY.filter((path) => kindOf(path) === "folder").flatMap((path) => ["--tmpfs", path]),
    ...[...SYSTEM, ...(network ? NETWORK : [])].flatMap((path) => ["--ro-bind-try", path, path]),
    // After the empty ones: it may lie in one of them.
    ...(readOnly ? bound(workspace) : ["--bind", workspace, workspace]),
    ...(readOnly ? [] : repositories.flatMap((path) => ["--bind", path, path])),
    ...(readOnly ? [] : present.flatMap(bound)),
    ...inRepository.flatMap((path) => ["--tmpfs", path, "--remount-ro", path]),
    ...[...secret, ...profiles].flatMap(hidden),
    ...["--chdir", folder],
    ...["--", "/bin/sh", "-c", LIMITED],
  ];
}

/** Nothing is to be seen there. */
function hidden(path: string): string[] {
  switch (kindOf(path)) {
    case "folder":
      return ["--tmpfs", path, "--remount-ro", path];
    case "other":
      return ["--ro-bind-try", "/dev/null", path];
    case "none":
      return [];
  }
}
