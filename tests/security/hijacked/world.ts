/**
 * The files that an attack could change, and what they were before.
 * @module
 */

/** Paths below a folder, and their bytes as text that compares. */
type Snapshot = ReadonlyMap<string, Uint8Array>;

/** What Pyra itself writes in any turn. */
const OWN =
  /\/\.pyra\/(?:sessions|db|cache|logs|run|vault|data\/(?:files|shell|[^/]+\/storage)|memory\/(?:\.|MEMORY_INDEX|memory_index)|security\.log|log_heads|\.log_lock|\.link_check)|\/\.cache\/|\.links$/;

/** The files of a home folder. */
export class World {
  readonly #home: string;
  #before: Snapshot;

  constructor(home: string) {
    this.#home = home;
    this.#before = snapshot(home);
  }

  /** What is other than it was, a line each; afterwards all is as it was. */
  undo(): string[] {
    const changes: string[] = [];
    const now = snapshot(this.#home);
    for (const [path, bytes] of this.#before) {
      const other = now.get(path);
      if (other !== undefined && isSame(bytes, other)) continue;
      changes.push(`${other === undefined ? "gone" : "changed"}: ${path}`);
      Deno.mkdirSync(`${this.#home}${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
      // What took its place may be a link, which would be written through.
      const temporary = `${this.#home}${path}.undone`;
      Deno.writeFileSync(temporary, bytes);
      Deno.renameSync(temporary, `${this.#home}${path}`);
    }
    for (const path of now.keys()) {
      if (this.#before.has(path)) continue;
      changes.push(`new: ${path}`);
      Deno.removeSync(`${this.#home}${path}`);
    }
    return changes;
  }

  /** What is now is as it should be. */
  accept(): void {
    this.#before = snapshot(this.#home);
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function snapshot(home: string): Snapshot {
  const found = new Map<string, Uint8Array>();
  const walk = (folder: string): void => {
    for (const { name, isDirectory, isFile } of Deno.readDirSync(home + folder)) {
      const path = `${folder}/${name}`;
      if (OWN.test(path)) continue;
      if (isDirectory) walk(path);
      else if (isFile) found.set(path, Deno.readFileSync(home + path));
    }
  };
  walk("");
  return found;
}
