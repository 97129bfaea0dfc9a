import process from "node:process";
import { pathToFileURL } from "node:url";
import { install, uninstall } from "../../src/kernel/daemon/service/service.ts";
import type { ServiceOptions, ServicePlace } from "../../src/kernel/daemon/service/facts.ts";
import { profilePaths } from "../../src/kernel/profile.ts";
import { sleep } from "../../src/protocol/waiting.ts";

/** The folder of a user manager of systemd's, with `home` and `rt` in it. */
export const MANAGER = Deno.env.get("PYRA_TEST_SYSTEMD");
const LIMIT_MS = 60_000;
const STAND_IN = new URL("stand_in_daemon.ts", import.meta.url);

/** A profile in a folder that no careless template survives, and a program that stands for Pyra. */
export class Rig implements AsyncDisposable {
  readonly #before: Record<string, string | undefined>;
  readonly folder: string;
  readonly home: string;
  readonly configs: string;
  readonly place: ServicePlace;
  /** What answers, as the daemon's own record says. */
  readonly answering = () => Promise.resolve(this.#pid());
  readonly signal = AbortSignal.timeout(LIMIT_MS);

  constructor(folder: string, name = "default") {
    this.folder = folder;
    const manager = MANAGER ?? folder;
    const set = {
      HOME: `${manager}/home`,
      XDG_RUNTIME_DIR: `${manager}/rt`,
      XDG_CONFIG_HOME: undefined,
      DBUS_SESSION_BUS_ADDRESS: undefined,
    };
    this.#before = Object.fromEntries(Object.keys(set).map((key) => [key, Deno.env.get(key)]));
    setAll(set);
    this.home = `${folder}/Pyra's "%h" $HOME ü🦊\\n &<>`;
    this.configs = `${manager}/home/.config/systemd/user`;
    const { home, logs } = profilePaths(this.home, name);
    Deno.mkdirSync(logs, { recursive: true });
    Deno.copyFileSync(STAND_IN, `${folder}/main.ts`);
    this.place = { profile: { home, logs, name }, entries: pathToFileURL(`${folder}/src/rooms/`) };
  }

  static async make(name?: string): Promise<Rig> {
    return new Rig(await Deno.realPath(await Deno.makeTempDir({ prefix: "so '$x %n ü" })), name);
  }

  #pid(): number | undefined {
    const pid = Number(this.read("answers")) || undefined;
    // As the real one's lock, its record counts only while it lives.
    return pid !== undefined && isAlive(pid) ? pid : undefined;
  }

  read(name: string): string {
    return exists(`${this.home}/${name}`) ? Deno.readTextFileSync(`${this.home}/${name}`) : "";
  }

  install(options: ServiceOptions = {}): ReturnType<typeof install> {
    return install(this.place, options, this.answering);
  }

  /** A program that is found before the system's, and notes what it is called with. */
  async program(name: string, script: string): Promise<() => string[]> {
    const folder = `${this.folder}/programs`;
    await Deno.mkdir(folder, { recursive: true });
    const calls = `${folder}/${name}.calls`;
    const text = `#!/bin/sh\necho "$*" >> "\${0}.calls"\n${script}\n`;
    await Deno.writeTextFile(`${folder}/${name}`, text, { mode: 0o755 });
    this.#before["PATH"] ??= Deno.env.get("PATH");
    Deno.env.set("PATH", `${folder}:${this.#before["PATH"]}`);
    return () => exists(calls) ? Deno.readTextFileSync(calls).trim().split("\n") : [];
  }

  async until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      await sleep(50, this.signal);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (MANAGER !== undefined) await uninstall(this.place);
    setAll(this.#before);
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** Sets variables of the environment, and deletes the others. */
export function setAll(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) Deno.env.delete(name);
    else Deno.env.set(name, value);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

/** Whether there is something at that path. */
export function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** All that lies in a folder. */
export function tree(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory
      ? [`${name}/`, ...tree(`${folder}/${name}`).map((path) => `${name}/${path}`)]
      : [name]
  ).sort();
}
