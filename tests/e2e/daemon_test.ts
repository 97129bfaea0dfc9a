/**
 * The life of a daemon, as a person and a script lead it by `pyra daemon …`.
 * @module
 */
import assert from "node:assert/strict";
import { startModelServer } from "../fakes/model_server.ts";
import { cleanEnvironment, run, type RunOptions, type RunResult, withHome } from "./command.ts";
import { pyra as executable } from "./executable.ts";
import { hasTmux, Screen } from "./tmux.ts";

const withoutTmux = !hasTmux();
const LOOK_MS = 50;
const LOOKS = 100;
const PASSPHRASE = { PYRA_VAULT_PASSPHRASE: "correct horse" };

/** Runs commands in a home of its own; a daemon that is left there is ended. */
async function withDaemonHome(
  act: (
    pyra: (line: string, options?: Partial<RunOptions>) => Promise<RunResult>,
    home: string,
  ) => Promise<void>,
): Promise<void> {
  await withHome(async (home) => {
    const pyra = (line: string, options: Partial<RunOptions> = {}) =>
      run(line.split(" "), { home, ...options });
    try {
      await pyra("setup --provider demo");
      await act(pyra, home);
    } finally {
      await pyra("daemon stop --limit 1s --force");
    }
  });
}

function pidOf(home: string): number {
  return JSON.parse(Deno.readTextFileSync(`${home}/.pyra/run/daemon.pid`)).pid;
}

function inRun(home: string): string[] {
  return [...Deno.readDirSync(`${home}/.pyra/run`)].map(({ name }) => name);
}

function logOf(home: string): string {
  return Deno.readTextFileSync(`${home}/.pyra/logs/daemon.log`);
}

/** Waits until something holds. */
async function eventually(holds: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (let look = 0; look < LOOKS; look++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  assert.fail(what);
}

Deno.test("a daemon is started once, told of, read anew and ended", () =>
  withDaemonHome(async (pyra, home) => {
    const none = await pyra("daemon status");
    assert.deepEqual([none.code, none.stdout], [
      3,
      "no daemon runs; pyra daemon start starts it\n",
    ]);
    const started = await pyra("daemon start");
    assert.equal(started.code, 0, started.stderr);
    const pid = pidOf(home);
    assert.equal(started.stdout, `the daemon runs (process ${pid})\n`);

    const status = await pyra("daemon status --json");
    assert.equal(status.code, 0, status.stderr);
    const told = JSON.parse(status.stdout);
    assert.deepEqual([told.pid, told.vault.state, told.runs], [pid, "absent", []]);
    for (const line of ["daemon start", "daemon run"]) {
      const second = await pyra(line);
      assert.equal(second.code, 4, line);
      assert.match(second.stderr, new RegExp(`runs already \\(process ${pid}, since 20..-`), line);
    }
    const reloaded = await pyra("daemon reload");
    assert.match(reloaded.stdout, /^settings and plugins were read anew\nkept: schedules\n$/);

    const ended = await pyra("daemon stop");
    assert.deepEqual([ended.code, ended.stdout], [0, "the daemon has ended\n"]);
    assert.deepEqual(inRun(home), ["daemon.lock"]);
    assert.equal((await pyra("daemon stop")).stdout, "no daemon runs\n");
    assert.equal((await pyra("daemon reload")).code, 1);
  }));

Deno.test({
  name: "its files are its user's alone, and it is in a session of its own",
  ignore: Deno.build.os !== "linux", // modes, and `ps` with these columns
  fn: () =>
    withDaemonHome(async (pyra, home) => {
      await pyra("daemon start");
      const pid = pidOf(home);
      for (const file of ["run/daemon.pid", "run/daemon.sock", "run/token", "logs/daemon.log"]) {
        assert.equal(((await Deno.stat(`${home}/.pyra/${file}`)).mode ?? 0) & 0o777, 0o600, file);
      }
      const look = ["-c", 'ps -o sid= -p "$0"; readlink "/proc/$0/cwd"', String(pid)];
      const { stdout } = await new Deno.Command("sh", { args: look }).output();
      const [session, folder] = new TextDecoder().decode(stdout).trim().split(/\s+/);
      assert.deepEqual([session, folder], [String(pid), home]);
    }),
});

Deno.test({
  name: "after kill -9 nothing is believed of what it left, and it starts anew",
  ignore: Deno.build.os === "windows", // there are no such signals
  fn: () =>
    withDaemonHome(async (pyra, home) => {
      await pyra("daemon start");
      const record = await Deno.readTextFile(`${home}/.pyra/run/daemon.pid`);
      Deno.kill(pidOf(home), "SIGKILL");
      assert.equal((await pyra("daemon status")).code, 3);
      // The number is another program's by now.
      const reused = record.replace(/"pid":\d+/, `"pid":${Deno.pid}`);
      await Deno.writeTextFile(`${home}/.pyra/run/daemon.pid`, reused);
      assert.equal((await pyra("daemon stop --force")).stdout, "no daemon runs\n");
      assert.equal((await pyra("ask hello")).code, 0);
      assert.equal((await pyra("daemon restart")).code, 0);
      assert.equal((await pyra("daemon status")).code, 0);
    }),
});

Deno.test({
  name: "it reads settings anew at SIGHUP, and ends in order at SIGTERM",
  ignore: Deno.build.os === "windows", // there are no such signals
  fn: () =>
    withDaemonHome(async (pyra, home) => {
      await pyra("daemon start");
      Deno.kill(pidOf(home), "SIGHUP");
      await eventually(() => logOf(home).includes('"event":"reloaded"'), "it reloads");
      Deno.kill(pidOf(home), "SIGTERM");
      await eventually(async () => (await pyra("daemon status")).code === 3, "it ends");
      assert.match(logOf(home), /"event":"stopped"/);
      assert.deepEqual(inRun(home), ["daemon.lock"]);
    }),
});

Deno.test({
  name: "one that hangs is told of, and killed only by force",
  ignore: Deno.build.os === "windows", // there are no such signals
  fn: () =>
    withDaemonHome(async (pyra, home) => {
      await pyra("daemon start");
      Deno.kill(pidOf(home), "SIGSTOP");
      for (const line of ["daemon status", "daemon stop"]) {
        const { code, stderr } = await pyra(line);
        assert.equal(code, 1, line);
        assert.match(stderr, /does not answer — pyra daemon stop --force/, line);
      }
      const killed = await pyra("daemon stop --force");
      assert.equal(killed.code, 0, killed.stderr);
      assert.match(killed.stdout, /^the daemon has ended\ninterrupted: everything/);
      assert.equal((await pyra("daemon status")).code, 3);
    }),
});

Deno.test("work that runs is waited for up to the limit, and what was interrupted is told", () =>
  withDaemonHome(async (pyra) => {
    await using server = await startModelServer({ text: "word ".repeat(600), chunk_delay_ms: 50 });
    const env = { PYRA_AI_PROVIDER_ID: "custom", PYRA_AI_MODEL: "m", PYRA_AI_BASE_URL: server.url };
    await pyra("daemon start");
    const asked = pyra("ask something", { env });
    await server.request(0);
    const { runs } = JSON.parse((await pyra("daemon status --json")).stdout);
    assert.deepEqual(runs.map(({ what }: { what: string }) => what), ["ask"]);
    const stopped = await pyra("daemon stop --limit 1s");
    assert.equal(stopped.code, 0, stopped.stderr);
    assert.equal(stopped.stdout, "the daemon has ended\ninterrupted: pyra ask\n");
    assert.notEqual((await asked).code, 0);
    for (const limit of ["2h", "0s", "soon", "-1s"]) {
      assert.equal((await pyra(`daemon stop --limit ${limit}`)).code, 2, limit);
    }
  }));

Deno.test("a start that fails says why, and leaves nothing running", () =>
  withDaemonHome(async (pyra, home) => {
    await Deno.mkdir(`${home}/.pyra/run/token/in-the-way`, { recursive: true });
    const { code, stderr } = await pyra("daemon start");
    assert.equal(code, 1);
    assert.match(stderr, /^pyra: the daemon did not start \(exit code 1\): .*token is in the way/);
    assert.equal((await pyra("daemon status")).code, 3);
    await Deno.remove(`${home}/.pyra/run/token`, { recursive: true });
    assert.equal((await pyra("daemon start")).code, 0);
  }));

Deno.test("the vault: a wrong passphrase starts nothing, none leaves it locked, a time locks it", () =>
  withDaemonHome(async (pyra, home) => {
    const set = "vault set mail --origin https://mail.example --stdin --vault passphrase";
    assert.equal((await pyra(set, { env: PASSPHRASE, input: "secret-value" })).code, 0);
    const vault = async () => JSON.parse((await pyra("daemon status --json")).stdout).vault;

    const wrong = await pyra("daemon start", { env: { PYRA_VAULT_PASSPHRASE: "nearly" } });
    assert.equal(wrong.code, 4);
    assert.match(wrong.stderr, /not the passphrase/);
    assert.equal((await pyra("daemon status")).code, 3);

    const locked = await pyra("daemon start");
    assert.equal(locked.code, 0, locked.stderr);
    assert.match(locked.stdout, /\nthe vault is locked; pyra vault unlock opens it\n$/);
    // A restart that cannot have what it needs leaves the daemon as it is.
    const pid = pidOf(home);
    const failed = await pyra("daemon restart", { env: { PYRA_VAULT_PASSPHRASE: "nearly" } });
    assert.deepEqual([failed.code, pidOf(home)], [4, pid]);

    const unlocked = await pyra("vault unlock --for 8h", { env: PASSPHRASE });
    assert.match(
      unlocked.stdout,
      /^the vault is open in the daemon until 20..-..-.. ..:..; it keeps/,
    );
    assert.equal((await vault()).state, "open");
    assert.match((await pyra("vault lock")).stdout, /the daemon forgot it/);
    assert.deepEqual(await vault(), { state: "locked", until: null });

    const again = await pyra("daemon restart --for 2s", { env: PASSPHRASE });
    assert.match(again.stdout, /\nthe vault is open until 20/);
    assert.notEqual(pidOf(home), pid);
    await eventually(async () => (await vault()).state === "locked", "it is locked in time");
    const shown = ["-c", 'cat "/proc/$0/environ" "/proc/$0/cmdline"', String(pidOf(home))];
    const { stdout } = await new Deno.Command("sh", { args: shown }).output();
    assert.ok(!new TextDecoder().decode(stdout).includes(PASSPHRASE.PYRA_VAULT_PASSPHRASE));
    assert.equal((await pyra("vault unlock --for never", { env: PASSPHRASE })).code, 2);
    await pyra("daemon stop");
    const nobody = await pyra("vault unlock --for 8h", { env: PASSPHRASE });
    assert.equal(nobody.code, 1);
    assert.match(
      nobody.stderr,
      /no daemon runs that could keep the vault open — pyra daemon start/,
    );
  }));

Deno.test("the log is shown by lines, across the one that was put aside", () =>
  withDaemonHome(async (pyra, home) => {
    assert.match((await pyra("daemon logs")).stderr, /has written nothing yet/);
    await pyra("daemon start");
    await pyra("daemon stop");
    const { stdout } = await pyra("daemon logs");
    assert.match(stdout, /^20..-..-.. ..:.. {2}started {2}pid \d+, version /);
    assert.match(stdout, /stopped {2}interrupted nothing\n$/);
    const one = await pyra("daemon logs --lines 1 --json");
    assert.equal(JSON.parse(one.stdout).event, "stopped");
    await Deno.rename(`${home}/.pyra/logs/daemon.log`, `${home}/.pyra/logs/daemon.log.before`);
    await pyra("daemon start --locked");
    const both = (await pyra("daemon logs")).stdout;
    assert.match(both, /started[^]*stopped[^]*started/);
  }));

/** A terminal in which a command line runs. */
async function terminal(home: string, ...words: readonly string[]): Promise<Screen> {
  const { path, args } = await executable();
  const command = [path, ...args, ...words];
  return await Screen.start({ command, env: cleanEnvironment(home), cwd: home, columns: 60 });
}

Deno.test({
  name: "on a terminal the passphrase is asked for, by start and by the foreground",
  ignore: withoutTmux, // tmux is the terminal; `.ci/run` installs it
  fn: () =>
    withDaemonHome(async (pyra, home) => {
      const set = "vault set mail --origin https://mail.example --stdin --vault passphrase";
      assert.equal((await pyra(set, { env: PASSPHRASE, input: "secret-value" })).code, 0);
      {
        await using screen = await terminal(home, "daemon", "start");
        await screen.until(/Passphrase of the vault: *$/);
        await screen.type("nearly");
        await screen.press("Enter");
        await screen.until(/not the passphrase \(2 more\)\.\nPassphrase of the vault: *$/);
        assert.equal((await pyra("daemon status")).code, 3, "nothing was started yet");
        await screen.type(PASSPHRASE.PYRA_VAULT_PASSPHRASE);
        await screen.press("Enter");
        const shown = await screen.until(/the vault is open until the daemon ends\n\[exit 0\]/);
        assert.ok(!shown.includes(PASSPHRASE.PYRA_VAULT_PASSPHRASE));
      }
      // It outlives the terminal.
      assert.equal((await pyra("vault lock")).code, 0);
      {
        await using screen = await terminal(home, "vault", "unlock", "--for", "8h");
        await screen.until(/Passphrase of the vault: *$/);
        await screen.type(PASSPHRASE.PYRA_VAULT_PASSPHRASE);
        await screen.press("Enter");
        await screen.until(/is open in the daemon until [^]*\[exit 0\]/);
      }
      await pyra("daemon stop");
      await using screen = await terminal(home, "daemon", "run");
      await screen.until(/Ctrl-C ends it\nPassphrase of the vault: *$/);
      await screen.type(PASSPHRASE.PYRA_VAULT_PASSPHRASE);
      await screen.press("Enter");
      await screen.until(/it runs \(process \d+\)/);
      const { vault } = JSON.parse((await pyra("daemon status --json")).stdout);
      assert.equal(vault.state, "open");
      await screen.press("C-c");
      await screen.until(/\[exit 0\]/);
      assert.deepEqual(inRun(home), ["daemon.lock"]);
    }),
});
