/**
 * Which file a program's name means, and what the program is told of its surroundings. Neither comes from the
 * workspace: a file in there must not pass for `git`.
 * @module
 */
import { KernelError } from "../error.ts";
import { contains } from "../workspace.ts";
import { kindOf } from "./held_place.ts";

const USUAL = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";
/** Nothing of these is secret. The screen's are for programs that are run outside of the sandbox. */
const INSIDE =
  "HOME USER LOGNAME LANG LC_ALL LC_CTYPE TZ SystemRoot USERPROFILE TEMP PATHEXT COMSPEC"
    .split(" ");
const OUTSIDE =
  "DISPLAY WAYLAND_DISPLAY XDG_RUNTIME_DIR DBUS_SESSION_BUS_ADDRESS XDG_CURRENT_DESKTOP"
    .split(" ");
/** Nobody answers their questions, and nobody turns their pages. */
const QUIET = {
  TERM: "dumb",
  NO_COLOR: "1",
  PAGER: "cat",
  GIT_PAGER: "cat",
  GIT_TERMINAL_PROMPT: "0",
  DEBIAN_FRONTEND: "noninteractive",
};

/** Where programs are looked for, in order: the person's own places, but for those that lie in the workspace. */
export class ProgramPath {
  readonly #folders: readonly string[];
  readonly #variables: Readonly<Record<string, string>>;

  /**
   * @param closed folders that programs can write, or that are nobody's business
   * @param variables of the person's environment
   */
  constructor(closed: readonly string[], variables: Readonly<Record<string, string>>) {
    const isWindows = Deno.build.os === "windows";
    this.#variables = variables;
    const all = (variables["PATH"] || USUAL).split(isWindows ? ";" : ":");
    this.#folders = [...new Set(all)].filter((folder) => {
      if (!/^(?:\/|[A-Za-z]:[\\/])/.test(folder)) return false;
      try {
        const real = Deno.realPathSync(folder);
        return !closed.some((one) => contains(one, real));
      } catch (error) {
        if (error instanceof Error) return false;
        throw error;
      }
    });
  }

  /** The program's file. @param hint where there is none @throws {KernelError} `program` */
  find(name: string, hint: string = `install ${name}`): string {
    const endings = Deno.build.os === "windows" ? [".exe", ""] : [""];
    for (const folder of this.#folders) {
      for (const ending of endings) {
        const path = `${folder}/${name}${ending}`;
        if (kindOf(path) === "other") return path;
      }
    }
    throw new KernelError("program", `${name} is not installed`, hint);
  }

  /** The environment of a program. */
  environment(where: "inside" | "outside"): Record<string, string> {
    const names = where === "outside" ? [...INSIDE, ...OUTSIDE] : INSIDE;
    const kept = names.flatMap((name) => {
      const value = this.#variables[name];
      return value === undefined ? [] : [[name, value]];
    });
    const separator = Deno.build.os === "windows" ? ";" : ":";
    return { ...Object.fromEntries(kept), PATH: this.#folders.join(separator), ...QUIET };
  }
}
