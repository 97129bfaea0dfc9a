import assert from "node:assert/strict";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { install, serviceState, serviceText, uninstall } from "../../src/kernel/daemon/service.ts";
import type { ServiceOptions, ServicePlace } from "../../src/kernel/daemon/service_facts.ts";
import { profilePaths } from "../../src/kernel/profile.ts";
import { sleep } from "../../src/protocol/waiting.ts";

/** The folder of a user manager of systemd's, with `home` and `rt` in it. */
const MANAGER = Deno.env.get("PYRA_TEST_SYSTEMD");
const LIMIT_MS = 30_000;
const STAND_IN = new URL("stand_in_daemon.ts", import.meta.url);

/** A profile in a folder that no careless template survives, and a program that stands for Pyra. */
class Rig implements AsyncDisposable {
  readonly #before: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  readonly home: string;
  readonly configs: string;
  readonly place: ServicePlace;
  /** What answers, as the daemon's own record says. */
  readonly answering = () => Promise.resolve(this.#pid());
  readonly signal = AbortSignal.timeout(4 * LIMIT_MS);

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
    return install(this.place, options, { answering: this.answering, signal: this.signal });
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

function setAll(variables: Readonly<Record<string, string | undefined>>): void {
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

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function tree(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory
      ? [`${name}/`, ...tree(`${folder}/${name}`).map((path) => `${name}/${path}`)]
      : [name]
  ).sort();
}

function real(name: string, fn: (rig: Rig) => Promise<void>): void {
  Deno.test({
    name,
    // PYRA_TEST_SYSTEMD: start-systemd-user.sh beside the project starts a user manager; .ci/run names it.
    ignore: MANAGER === undefined,
    async fn() {
      await using rig = await Rig.make();
      await fn(rig);
    },
  });
}

real(
  "a service is installed, answers, is started again after a kill, and is gone after",
  async (rig) => {
    const before = tree(rig.configs);
    const { message, lines: [file = ""] } = await rig.install();
    assert.match(message, /^the service pyra-[0-9a-f]{12} runs, and starts when you log in$/);
    assert.equal(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o644);
    const state = await serviceState(rig.place);
    const pid = await rig.answering();
    const { label } = state;
    assert.deepEqual(state, {
      manager: "systemd",
      label,
      file,
      written: "current",
      enabled: true,
      running: true,
      pid,
      failure: undefined,
    });

    // It runs what was meant, where it was meant, and holds what it starts.
    const seen = JSON.parse(rig.read("seen"));
    assert.deepEqual(seen, {
      args: ["daemon", "run", "--home", rig.home, "--profile", "default"],
      folder: Deno.env.get("HOME"),
      path: Deno.env.get("PATH"),
      umask: Deno.umask(),
      passphrase: seen.passphrase,
      system: seen.system,
      program: "held",
    });
    assert.match(seen.system, /NotCapable|PermissionDenied|Error/);
    assert.ok(!exists("/usr/pyra-was-here"));

    const again = await rig.install();
    assert.match(again.message, /it was so before$/);
    assert.equal(await rig.answering(), pid, "the same process goes on");

    Deno.kill(pid ?? 0, "SIGKILL");
    const next = await rig.until(async () => {
      const now = await rig.answering();
      return now === pid ? undefined : now;
    });
    assert.equal((await serviceState(rig.place)).pid, next);

    const gone = await uninstall(rig.place);
    assert.equal(gone.message, `the service ${label} is gone`);
    assert.equal(await rig.answering(), undefined, "it was ended");
    assert.deepEqual(tree(rig.configs), before);
    assert.ok(!exists(`${rig.home}/service.json`));
    const off = {
      written: "none",
      enabled: false,
      running: false,
      pid: undefined,
      failure: undefined,
    };
    assert.deepEqual(await serviceState(rig.place), { manager: "systemd", label, file, ...off });
    assert.deepEqual(await uninstall(rig.place), { message: "there is no service", lines: [] });
  },
);

real("what is asked for otherwise is changed, and the daemon started anew", async (rig) => {
  await rig.install();
  const pid = await rig.answering();
  const credential = { file: `${rig.home}/pass word`, encrypted: false };
  await assert.rejects(rig.install({ credential }), { code: "usage" });
  await Deno.writeTextFile(credential.file, "x", { mode: 0o644 });
  await Deno.chmod(credential.file, 0o644);
  await assert.rejects(rig.install({ credential }), { code: "denied" });
  await Deno.chmod(credential.file, 0o600);
  await rig.install({ credential });
  assert.notEqual(await rig.answering(), pid);
  assert.equal((await serviceState(rig.place)).written, "current", "as it was asked for");
  const { file } = await serviceState(rig.place);
  await Deno.writeTextFile(file, "# more\n", { append: true });
  assert.equal((await serviceState(rig.place)).written, "old");
  assert.equal(
    await serviceText(rig.place, { credential }) + "# more\n",
    await Deno.readTextFile(file),
  );
});

real("a service that does not start leaves nothing and says why", async (rig) => {
  const before = tree(rig.configs);
  await Deno.writeTextFile(`${rig.home}/fails`, "yes");
  await assert.rejects(rig.install(), /the service did not start: it ended with 4 \(exit-code\)/);
  assert.deepEqual(tree(rig.configs), before);
  assert.ok(!exists(`${rig.home}/service.json`));
  await Deno.remove(`${rig.home}/fails`);
  await rig.install();
  assert.equal((await serviceState(rig.place)).running, true);
});

real("what Pyra did not make is neither replaced nor removed", async (rig) => {
  const { file } = await serviceState(rig.place);
  await Deno.writeTextFile(file, "[Service]\nExecStart=/bin/true\n");
  await assert.rejects(rig.install(), { code: "denied" });
  assert.equal((await serviceState(rig.place)).written, "foreign");
  await assert.rejects(uninstall(rig.place), { code: "denied" });
  await Deno.remove(file);
});

real("a daemon that runs beside is not taken for the service's", async (rig) => {
  await Deno.writeTextFile(`${rig.home}/answers`, String(Deno.pid));
  await assert.rejects(rig.install(), /a daemon runs already that is no service/);
  assert.ok(!exists((await serviceState(rig.place)).file));
  await Deno.remove(`${rig.home}/answers`);
});

Deno.test({
  name: "where no systemd answers, installing says what works without and writes nothing",
  // The other systems have other managers.
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using rig = await Rig.make("work");
    const folder = `${rig.folder}/nobody`;
    await Deno.mkdir(folder);
    setAll({ HOME: folder, XDG_RUNTIME_DIR: folder, XDG_CONFIG_HOME: `${folder}/config` });
    await assert.rejects(
      rig.install(),
      { message: "no systemd answers that starts your services" },
    );
    assert.deepEqual(await uninstall(rig.place), { message: "there is no service", lines: [] });
    assert.deepEqual(tree(folder), []);
    const text = await serviceText(rig.place, { confined: false, writable: [folder] });
    assert.ok(text.includes("ExecStart=") && !text.includes("ProtectSystem"));
    assert.deepEqual(tree(folder), [], "showing the text does nothing");
    await assert.rejects(rig.install({ writable: [`${folder}/none`] }), { code: "usage" });
  },
});
