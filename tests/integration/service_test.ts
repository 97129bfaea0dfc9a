import assert from "node:assert/strict";
import { serviceState, serviceText, uninstall } from "../../src/kernel/daemon/service/service.ts";
import { exists, MANAGER, Rig, setAll, tree } from "./service_rig.ts";

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
    const { label, folders } = state;
    assert.deepEqual(folders?.slice(0, 3), [rig.home, "/tmp", "/var/tmp"]);
    assert.deepEqual(state, {
      manager: "systemd",
      label,
      file,
      written: "current",
      enabled: true,
      running: true,
      pid,
      failure: undefined,
      folders,
      lingers: false,
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
      folders: null,
      lingers: null,
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

real("lingering is set where it is asked for, and taken back if it was not before", async (rig) => {
  const uid = Deno.uid();
  const was = 'yes() { cat "$0.is" 2>/dev/null || echo no; }\n';
  const calls = await rig.program(
    "loginctl",
    `${was}case $1 in show-user) yes;; enable-linger) echo yes > "$0.is";; *) rm "$0.is";; esac`,
  );
  await rig.install();
  assert.deepEqual(calls(), [], "nobody asked for it");
  await rig.install({ linger: true });
  await rig.install({ linger: true });
  const asks = `show-user ${uid} --property=Linger --value`;
  assert.deepEqual(calls(), [asks, `enable-linger ${uid}`, asks]);
  await uninstall(rig.place);
  assert.equal(calls().at(-1), `disable-linger ${uid}`);

  const others = await rig.program("loginctl", "echo yes");
  const before = others().length;
  await rig.install({ linger: true });
  await uninstall(rig.place);
  const changes = others().slice(before).filter((one) => one !== asks);
  assert.deepEqual(changes, [], "who lingered before goes on");

  await rig.program("loginctl", '[ "$1" = show-user ] && exit 1; echo "Access denied" >&2; exit 1');
  await assert.rejects(
    rig.install({ linger: true }),
    /but ends when you log out: lingering was refused/,
  );
  assert.equal((await serviceState(rig.place)).running, true);
  await uninstall(rig.place);
});

real("a service whose file is gone is ended all the same", async (rig) => {
  const before = tree(rig.configs);
  const { lines: [file = ""] } = await rig.install();
  await Deno.remove(file);
  await uninstall(rig.place);
  assert.equal(await rig.answering(), undefined);
  assert.deepEqual(tree(rig.configs), before);
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
