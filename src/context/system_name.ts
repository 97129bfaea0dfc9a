/**
 * What a system is called.
 * @module
 */
import { oneLine } from "../protocol/foreign_text.ts";

const NAME_UNITS = 60;
/** The kernel of macOS 11 is Darwin 20; from 26 on, which is Darwin 25, they go on together. */
const FIRST_DARWIN = 20;
const LAST_OLD_DARWIN = 24;
/** Builds of Windows from this one on call themselves 10 all the same. */
const WINDOWS_11_BUILD = 22_000;

/**
 * The system's name and version, such as `Debian GNU/Linux 12 (bookworm)`.
 * @param release of its kernel @param osFile `/etc/os-release`; may be empty; foreign
 */
export function systemName(os: string, release: string, osFile: string): string {
  switch (os) {
    case "darwin":
      return `macOS ${macVersion(release)}`.trim();
    case "windows": {
      const build = Number(/^10\.0\.(\d+)/.exec(release)?.[1] ?? 0);
      return `Windows ${build >= WINDOWS_11_BUILD ? "11" : oneLine(release, NAME_UNITS)}`;
    }
    case "linux": {
      const name = /^PRETTY_NAME=(["']?)(.*)\1\s*$/m.exec(osFile.slice(0, 4_096))?.[2] ?? "";
      return oneLine(name.replace(/[`"\\]/g, ""), NAME_UNITS) || "Linux";
    }
    default:
      return oneLine(os, NAME_UNITS);
  }
}

function macVersion(release: string): string {
  const darwin = Number(/^\d+/.exec(release)?.[0] ?? 0);
  if (darwin < FIRST_DARWIN) return "";
  return String(darwin <= LAST_OLD_DARWIN ? darwin - 9 : darwin + 1);
}
