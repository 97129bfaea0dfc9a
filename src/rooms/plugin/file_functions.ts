/**
 * The `Deno` that a plugin sees: files by their paths, within the room's rights. No open files, no links,
 * no modes, nothing of the process.
 *
 * The runtime follows a link in a granted folder wherever it leads, and programs can make links there. So where
 * a path leads is looked at before it is used. A program that changes it in between can still win that race.
 * @module
 */

/** Which of a function's paths it reads or writes, and whether it follows a link at their end. */
type Use = "reads" | "writes" | "reads the name" | "writes the name";
type Callable = (...given: unknown[]) => unknown;

const FUNCTIONS: Readonly<Record<string, readonly Use[]>> = {
  copyFile: ["reads", "writes"],
  lstat: ["reads the name"],
  mkdir: ["writes the name"],
  readDir: ["reads"],
  readFile: ["reads"],
  readTextFile: ["reads"],
  // Where a link leads is no secret, and whoever asks is careful.
  realPath: [],
  remove: ["writes the name"],
  rename: ["writes the name", "writes the name"],
  stat: ["reads"],
  truncate: ["writes"],
  writeFile: ["writes"],
  writeTextFile: ["writes"],
};

/** The room's folders, links resolved. */
export interface RoomFolders {
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/** The frozen namespace. */
export function fileFunctions(runtime: typeof Deno, folders: RoomFolders): object {
  const given: Record<string, unknown> = {
    errors: Object.freeze({ ...runtime.errors }),
    build: Object.freeze({ os: runtime.build.os, arch: runtime.build.arch }),
    inspect: (...values: Parameters<typeof Deno.inspect>) => runtime.inspect(...values),
  };
  const look = new Look(runtime, folders);
  for (const [name, uses] of Object.entries(FUNCTIONS)) {
    for (const full of [name, `${name}Sync`]) {
      const wanted = runtime[full as "stat"] as Callable;
      // A function of the room's, so that nothing can be hung onto the runtime's own.
      const safe = (values: unknown[]) =>
        wanted(
          ...uses.map((use, at) => look.checked(values[at], use)),
          ...values.slice(uses.length),
        );
      given[full] = Object.freeze(
        full === name && name !== "readDir"
          ? async (...values: unknown[]) => await safe(values)
          : (...values: unknown[]) => safe(values),
      );
    }
  }
  return Object.freeze(given);
}

/** Looks where paths lead. */
class Look {
  readonly #runtime: typeof Deno;
  readonly #folders: RoomFolders;
  readonly #isWindows: boolean;

  constructor(runtime: typeof Deno, { read, write }: RoomFolders) {
    this.#runtime = runtime;
    this.#isWindows = runtime.build.os === "windows";
    const plain = (paths: readonly string[]) => paths.map((path) => this.#plain(path));
    this.#folders = { read: plain(read), write: plain(write) };
  }

  /** The path, as a text that is read once. @throws {Deno.errors.NotCapable} if it leads elsewhere */
  checked(given: unknown, use: Use): string {
    const path = given instanceof URL ? this.#pathOf(given) : given;
    if (typeof path !== "string") throw new TypeError("a path is a text");
    const folders = this.#folders[use.startsWith("reads") ? "read" : "write"];
    // What is granted may be named itself, where nobody may look at what holds it.
    if (folders.includes(this.#plain(path.replace(/(?<=.)\/+$/, "")))) return path;
    const real = this.#real(path, use);
    const isInside = folders.some((folder) => real === folder || real?.startsWith(`${folder}/`));
    if (isInside || real === undefined) return path;
    throw new this.#runtime.errors.NotCapable(`${path} leads out of what was granted`);
  }

  /** Where it leads; `undefined` for what the runtime refuses by its name, which says so better. */
  #real(path: string, use: Use): string | undefined {
    try {
      return this.#plain(use.endsWith("name") ? this.#led(path) : this.#ledThrough(path));
    } catch (error) {
      if (error instanceof this.#runtime.errors.NotCapable) return undefined;
      throw error;
    }
  }

  /** Where a path leads, a link at its end followed; what is not there lies where its folder leads. */
  #ledThrough(path: string): string {
    try {
      return this.#runtime.realPathSync(path);
    } catch (error) {
      if (!(error instanceof this.#runtime.errors.NotFound)) throw error;
      // Writing to it would make what it leads to: that lies nowhere that was granted.
      if (this.#isLink(path)) return "";
      return this.#led(path);
    }
  }

  /** Where a name lies, whatever is there. */
  #led(path: string): string {
    const pattern = this.#isWindows ? /^(.*?)([\\/]?)([^\\/]*)[\\/]*$/s : /^(.*?)(\/?)([^/]*)\/*$/s;
    const [, folder = "", slash = "", name = ""] = pattern.exec(path) ?? [];
    if (name === "" || name === "." || name === "..") return this.#runtime.realPathSync(path);
    const inside = this.#ledThrough(folder || slash || ".");
    return `${inside === "/" ? "" : inside}/${name}`;
  }

  #isLink(path: string): boolean {
    try {
      return this.#runtime.lstatSync(path).isSymlink;
    } catch (error) {
      if (error instanceof this.#runtime.errors.NotFound) return false;
      throw error;
    }
  }

  #pathOf({ protocol, pathname }: URL): string {
    if (protocol !== "file:") throw new TypeError("a path is a text, or the address of a file");
    const path = decodeURIComponent(pathname);
    return this.#isWindows ? path.slice(1) : path;
  }

  #plain(path: string): string {
    return this.#isWindows ? path.replaceAll("\\", "/").toLowerCase() : path;
  }
}
