/**
 * `pyra doctor` in profiles that are really broken.
 * @module
 */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { cleanEnvironment, run, type RunOptions, withHome } from "./command.ts";
import { DaemonProcess } from "./daemon_process.ts";
import { pyra } from "./executable.ts";
import { hasTmux, Screen } from "./tmux.ts";

interface Seen {
  readonly code: number;
  readonly stderr: string;
  /** A check's findings as `state: message`, one a line; `mended` for what was. */
  of(check: string): string;
}

async function doctor(options: RunOptions, ...flags: string[]): Promise<Seen> {
  const { code, stdout, stderr } = await run(["doctor", "--json", ...flags], options);
  assert.ok(stdout !== "", stderr);
  const found: Record<string, string>[] = JSON.parse(stdout);
  const of = (check: string) =>
    found.filter((one) => one["check"] === check)
      .map(({ state, message, fixed }) => `${fixed ? "mended" : state}: ${message}`).join("\n");
  return { code, stderr, of };
}

/** The same; where the machine has so much to do that the look at the daemon took too long, once more. */
async function unhurried(options: RunOptions, ...flags: string[]): Promise<Seen> {
  for (let left = 5;; left--) {
    const seen = await doctor(options, ...flags);
    if (left === 0 || !seen.of("daemon").includes("no answer within")) return seen;
  }
}

async function done(args: readonly string[], options: RunOptions): Promise<void> {
  const { code, stderr } = await run(args, options);
  assert.equal(code, 0, stderr);
}

const CHECKS =
  "version folder files leftovers disk clock config vault keys provider memory usage " +
  "sessions logs plugins mcp sandbox daemon service schedules terminal";

Deno.test("before set-up and after it nothing is broken", () =>
  withHome(async (home) => {
    const fresh = await doctor({ home });
    assert.equal(fresh.code, 0, fresh.stderr);
    assert.equal(fresh.of("provider"), "warning: none is chosen yet");
    await done(["setup", "--provider", "demo", "--yes"], { home });
    await done(["ask", "remember that my cat is called Miso"], { home });
    await done(["memory", "write", "a/bread", "about bread"], { home });
    const used = await doctor({ home });
    assert.equal(used.code, 0, used.stderr);
    for (const check of CHECKS.split(" ")) {
      const mayWarn = check === "sandbox" || check === "terminal";
      assert.match(
        used.of(check),
        mayWarn ? /^(?:ok|warning): / : /^ok: /,
        `${check}: ${used.of(check)}`,
      );
    }
    assert.match(used.of("logs"), /whole, [1-9]/);
    assert.match(used.of("memory"), /whole and up to date/);
  }));

Deno.test("what is broken is named, and what is safe is mended with --fix alone", () =>
  withHome(async (home) => {
    const profile = `${home}/.pyra`;
    await done(["setup", "--provider", "demo", "--yes"], { home });
    await done(["ask", "hello"], { home });
    await done(["memory", "write", "a/bread", "about bread"], { home });
    await done(["plugin", "new", "greeter"], { home });
    await done(["plugin", "install", "./greeter", "--yes"], { home });
    await done(["config", "set", "general.user_name", "Ada"], { home });

    const plugin = `${profile}/plugins/greeter/plugin.ts`;
    await Deno.writeTextFile(plugin, "// more\n", { append: true });
    await Deno.writeTextFile(`${profile}/config.yaml`, "genral:\n  theme: dark\n", {
      append: true,
    });
    // What the log of changes still holds would mend it.
    for (const end of ["-wal", "-shm"]) {
      await Deno.remove(`${profile}/db/state.db${end}`).catch(() => undefined);
    }
    await Deno.writeTextFile(`${profile}/db/state.db`, "this is no database".repeat(300));
    const log = await Deno.readTextFile(`${profile}/security.log`);
    const second = log.split("\n").toSpliced(1, 1).join("\n");
    await Deno.writeTextFile(`${profile}/security.log`, second);
    const isWindows = Deno.build.os === "windows";
    if (!isWindows) {
      await Deno.writeTextFile(`${profile}/vault/recipients.txt`, "", { mode: 0o644 });
      await Deno.chmod(`${profile}/vault/recipients.txt`, 0o644);
      await Deno.chmod(`${profile}/config.yaml`, 0o644);
    }

    const seen = await doctor({ home });
    assert.equal(seen.code, 1);
    assert.match(seen.of("config"), /^warning: .*there is no setting genral/);
    assert.match(seen.of("usage"), /^broken: db\/state\.db is damaged/);
    assert.match(seen.of("logs"), /^broken: security\.log:2: /);
    assert.match(seen.of("plugins"), /^warning: greeter does not start: it changed/);
    if (!isWindows) {
      assert.match(seen.of("files"), /^mended: .*config\.yaml was open/);
      assert.match(seen.of("files"), /\nbroken: 1 file open to others: vault\/recipients\.txt$/);
    }

    const mended = await doctor({ home }, "--fix");
    assert.match(mended.of("usage"), /^mended: db\/state\.db was damaged/);
    if (!isWindows) assert.match(mended.of("files"), /^mended: 1 file closed to others/);
    const after = await doctor({ home });
    assert.equal(after.of("usage"), "ok: no model was asked yet");
    assert.match(after.of("files"), /^ok/);
    assert.equal(after.code, 1, "a log is evidence, and stays as it is");
    assert.equal(after.of("logs"), seen.of("logs"));
    assert.match(after.of("plugins"), /^warning/);
  }));

Deno.test("a provider that is not there is told at once, and nobody is asked for a passphrase", () =>
  withHome(async (home) => {
    const url = ["--base-url", "http://127.0.0.1:9/v1", "--model", "m", "--yes"];
    await run(["setup", "--provider", "custom", ...url], { home });
    const dead = await doctor({ home });
    assert.equal(dead.code, 1);
    assert.match(dead.of("provider"), /^broken: .*127\.0\.0\.1:9/);
    const offline = await doctor({ home }, "--offline");
    assert.equal(offline.of("provider"), "ok: custom, m; not asked (--offline)");
    assert.equal(offline.code, 0, offline.stderr);

    const env = { PYRA_VAULT_PASSPHRASE: "correct horse" };
    const key = ["--key-stdin", "--vault", "passphrase", "--yes"];
    await run(["setup", "--provider", "openai", ...key], { home, env, input: "sk-x" });
    await done(["config", "set", "ai.provider_id", "openai"], { home });
    await done(["config", "unset", "ai.base_url"], { home });
    const locked = await doctor({ home });
    assert.equal(locked.of("vault"), "ok: 1 secret, behind a passphrase, locked now");
    assert.match(locked.of("provider"), /^warning: openai, .*not asked: the vault is locked$/);
    assert.equal(locked.code, 0, locked.stderr);
  }));

Deno.test("a config that cannot be read is named, and the rest is looked at", () =>
  withHome(async (home) => {
    await done(["setup", "--provider", "demo", "--yes"], { home });
    await Deno.writeTextFile(`${home}/.pyra/config.yaml`, "ai:\n  model: [\n");
    const { code, of } = await doctor({ home });
    assert.equal(code, 1);
    assert.match(of("config"), /^broken: .*config\.yaml, line \d/);
    assert.match(of("provider"), /^warning: not looked at/);
    assert.match(of("disk"), /^ok/);
  }));

Deno.test("a daemon that is needed, runs, was killed, and what it left", () =>
  withHome(async (home) => {
    await done(["setup", "--provider", "demo", "--yes"], { home });
    const idle = await unhurried({ home });
    assert.equal(idle.of("daemon"), "ok: it does not run, and nothing needs it");
    assert.equal(idle.of("schedules"), "ok: there is none");
    await done(["schedule", "add", "daily 08:00", "hello", "--name", "news"], { home });
    const needed = await unhurried({ home });
    assert.equal(needed.of("daemon"), "warning: it does not run, and 1 schedule needs it");
    assert.match(needed.of("schedules"), /^ok: 1 schedule, the next at /);
    {
      await using daemon = await DaemonProcess.start({ home });
      const running = await unhurried({ home });
      assert.match(running.of("daemon"), new RegExp(`^ok: process ${daemon.pid()}, since `));
      assert.equal(running.code, 0, running.stderr);
      await daemon.kill();
    }
    const killed = await unhurried({ home });
    assert.match(killed.of("daemon"), /^warning: one that was killed left daemon\.pid, /);
    const mended = await unhurried({ home }, "--fix");
    assert.match(mended.of("daemon"), /^mended: one that was killed left/);
    const after = await unhurried({ home });
    assert.equal(after.of("daemon"), needed.of("daemon"));
    assert.equal(after.code, 0, after.stderr);
  }));

Deno.test("a schedule that nobody typed, and one whose row is gone, are named", () =>
  withHome(async (home) => {
    await done(["setup", "--provider", "demo", "--yes"], { home });
    await done(["schedule", "add", "daily 08:00", "hello", "--name", "news"], { home });
    {
      const db = new DatabaseSync(`${home}/.pyra/db/state.db`);
      db.exec("UPDATE schedules SET id = 'planted', name = 'planted'");
      db.close();
    }
    const { code, of } = await doctor({ home });
    assert.equal(code, 1);
    assert.deepEqual(of("schedules").split("\n"), [
      "broken: nobody typed what planted does, so it does not run",
      "warning: what was typed for news is kept, and no schedule runs it",
    ]);
  }));

Deno.test({
  name: "on a terminal of 40 columns it fits, and asks nothing though the vault is locked",
  ignore: !hasTmux(), // tmux is the terminal; `.ci/run` installs it
  fn: () =>
    withHome(async (home) => {
      const env = { PYRA_VAULT_PASSPHRASE: "correct horse" };
      const key = ["--key-stdin", "--vault", "passphrase", "--yes"];
      await run(["setup", "--provider", "openai", ...key], { home, env, input: "sk-x" });
      const { path, args } = await pyra();
      const command = [path, ...args, "doctor", "--quiet"];
      const options = { env: cleanEnvironment(home), cwd: home, columns: 40 };
      await using screen = await Screen.start({ command, ...options });
      await screen.until(/\[exit 0\]/);
      const lines = await screen.lines();
      assert.ok(lines.includes("warning  provider: openai, gpt-5.4-mini;"), lines.join("\n"));
      assert.ok(lines.includes("  → set PYRA_VAULT_PASSPHRASE for this"), lines.join("\n"));
      assert.ok(!lines.join("\n").includes("Passphrase of"));
    }),
});
