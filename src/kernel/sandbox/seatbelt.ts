/**
 * `sandbox-exec` (macOS): a profile in its own language. The last rule that fits decides.
 * @module
 */
import { guarded, type HeldPlace, KEYS } from "./held_place.ts";

/** The profile's text. */
export function seatbeltProfile(place: HeldPlace): string {
  const { workspace, home, profiles, network, readOnly } = place;
  const { present, absent } = guarded(place);
  const secret = home === undefined ? [] : KEYS.map((name) => `${home}/${name}`);
  const below = (paths: readonly string[]) => paths.map((path) => `(subpath ${quoted(path)})`);
  const rule = (act: string, what: readonly string[]) =>
    what.length === 0 ? [] : [`(${act} ${what.join(" ")})`];
  return [
    "(version 1)",
    "(allow default)",
    "(deny file-write*)",
    // Its own folder for what is temporary is not shared with other users' programs, but with the person's.
    ...rule(
      "allow file-write*",
      below([...readOnly ? [] : [workspace], "/private/tmp", "/private/var/folders"]),
    ),
    '(allow file-write* (literal "/dev/null") (literal "/dev/zero") (literal "/dev/stdout") ' +
    '(literal "/dev/stderr"))',
    ...rule("deny file-write*", below([...present, ...absent])),
    ...rule("deny file-read* file-write*", below([...secret, ...profiles])),
    ...(network ? [] : ["(deny network*)"]),
    // The key store, the clipboard and other programs' windows answer by these.
    '(deny mach-lookup (global-name-regex #"^com\\.apple\\.(SecurityServer|securityd|pasteboard)"))',
    "(deny appleevent-send)",
    "(deny process-info* (target others))",
    "(deny signal (target others))",
    "(allow signal (target children) (target pgrp))",
    "",
  ].join("\n");
}

function quoted(path: string): string {
  return `"${path.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
