import assert from "node:assert/strict";
import { DescriptionCache } from "../../../src/plugins/description_cache.ts";
import type { PluginDescription } from "../../../src/protocol/plugin_calls.ts";
import type { TestProfile } from "../../fakes/command_context.ts";
import { doctor, NO_SERVICE, pluginRecord, wholeProfile } from "../../fakes/examined_profile.ts";
import { kernelError } from "../../fakes/kernel.ts";
import { daemonStatus, taskStatus } from "./doctor_daemon.ts";

const START = " → run pyra daemon start; pyra daemon install has it start with your session";

/** What `pyra doctor` says of the daemon. */
async function told(profile: TestProfile, status = {}): Promise<string> {
  const answers = { daemonStatus: () => daemonStatus(status) };
  return (await doctor(profile, [], { answers })).of("daemon");
}

Deno.test("without a daemon all is well until something needs it", async () => {
  await using profile = await wholeProfile();
  assert.equal((await doctor(profile)).of("daemon"), "ok: it does not run, and nothing needs it");
  const wanted = await doctor(profile, [], { config: "daemon:\n  enabled: true\n" });
  assert.equal(wanted.code, 0);
  const message = "it does not run, and the setting daemon.enabled needs it";
  assert.equal(wanted.of("daemon"), `warning: ${message}${START}`);
});

Deno.test("an enabled plugin's task or channel needs it, a disabled one's does not", async () => {
  await using profile = await wholeProfile();
  const cache = new DescriptionCache(`${profile.home}/cache`);
  const gives = { tasks: ["poll"], channel: "chat" } as unknown as PluginDescription;
  await cache.write(pluginRecord("feeds"), gives);
  const answers = { plugins: () => [pluginRecord("feeds")] };
  const found = await doctor(profile, [], { answers });
  const need = "the task feeds.poll, the channel of feeds";
  assert.equal(found.of("daemon"), `warning: it does not run, and ${need} need it${START}`);
  const off = { plugins: () => [pluginRecord("feeds", { state: "disabled" })] };
  assert.match((await doctor(profile, [], { answers: off })).of("daemon"), /^ok/);
  const config = "plugins:\n  enabled: [other]\n";
  assert.match((await doctor(profile, [], { answers, config })).of("daemon"), /^ok/);
});

Deno.test("a daemon that is well is a line, and its faults are a line each", async () => {
  await using profile = await wholeProfile();
  assert.match(await told(profile), /^ok: process 4242, since .*, 1 task$/);
  const failed = { state: "failed", crashes: 10, lastError: "no such host" } as const;
  const waiting = { state: "waiting", crashes: 2, nextStart: new Date().toISOString() } as const;
  const tasks = [
    taskStatus({ name: "feeds.poll", ...failed }),
    taskStatus({ name: "mail.poll", ...waiting }),
    taskStatus({ state: "stopped" }),
  ];
  const lines = (await told(profile, { tasks, version: "1.0.0", malformed: 3 })).split("\n");
  const logs = "pyra daemon logs says more; pyra daemon reload starts it anew";
  assert.equal(
    lines[0],
    `broken: the task feeds.poll failed 10 times, and is left alone: no such host → ${logs}`,
  );
  assert.match(lines[1] ?? "", /^warning: the task mail\.poll ended 2 times in a row, and starts/);
  assert.equal(lines[2], "warning: it is Pyra 1.0.0, and this is 1.2.3 → run pyra daemon restart");
  assert.match(lines[3] ?? "", /^warning: 3 frames that came to it since its start were none → /);
  assert.equal(lines.length, 4);
});

Deno.test("one that does not answer is told within the time, and one of another protocol at once", async () => {
  await using profile = await wholeProfile();
  const never = { daemonStatus: () => new Promise<never>(() => {}) };
  const silent = await doctor(profile, [], { answers: never });
  assert.equal(silent.code, 1);
  assert.match(silent.of("daemon"), /^broken: it gave no answer .* → .*pyra daemon stop --force/);
  const words = "the daemon is Pyra 0.9, which speaks otherwise";
  const other = {
    daemonStatus: () => Promise.reject(kernelError("daemon_version", words, "restart it")),
  };
  const version = await doctor(profile, [], { answers: other });
  assert.equal(version.of("daemon"), `broken: ${words} → restart it`);
});

Deno.test("what a killed daemon left is told, and removed with --fix", async () => {
  await using profile = await wholeProfile();
  const answers = { daemonRemains: () => ["daemon.pid", "token"] };
  const seen = await doctor(profile, [], { answers });
  const message = "one that was killed left daemon.pid, token in the profile's folder run";
  assert.equal(seen.of("daemon"), `warning: ${message} → run pyra doctor --fix`);
  const mended = await doctor(profile, ["--fix"], { answers });
  assert.equal(mended.of("daemon"), `ok: ${message}; they are removed (mended)`);
  const starting = () => Promise.reject(kernelError("daemon_running", "it is just starting"));
  const held = await doctor(profile, ["--fix"], { answers: { daemonRemains: starting } });
  assert.equal(held.of("daemon"), "broken: it is just starting");
});

Deno.test("a damaged record is not put aside while a daemon goes on with it", async () => {
  await using profile = await wholeProfile();
  await Deno.writeTextFile(`${profile.home}/db/state.db`, "this is no database".repeat(300));
  const answers = { daemonStatus: () => daemonStatus() };
  const kept = await doctor(profile, ["--fix"], { answers });
  assert.match(kept.of("usage"), /^broken: db\/state\.db is damaged .* → run pyra daemon stop/);
  const { of } = await doctor(profile, ["--fix"]);
  assert.match(of("usage"), /\(mended\)$/);
});

Deno.test("a service is told of by what it is, and how to mend it", async () => {
  await using profile = await wholeProfile();
  const installed = { written: "current", enabled: true, running: true, pid: 4242 } as const;
  const service = async (state: object, status: object | null = {}) => {
    const answers = {
      serviceStatus: () => ({ ...NO_SERVICE, ...installed, ...state }),
      daemonStatus: () => status && daemonStatus(status),
    };
    return (await doctor(profile, [], { answers })).of("service");
  };
  assert.equal((await doctor(profile)).of("service"), "ok: none is installed");
  assert.equal(await service({}), "ok: pyra of systemd runs, and starts with your session");
  assert.match(await service({ lingers: false }), /^ok: .*; it ends when you log out$/);
  assert.match(await service({ lingers: true }), /your session$/);
  assert.match(
    await service({ written: "foreign" }),
    /^warning: .*pyra\.service was not made by Pyra → move it away/,
  );
  assert.match(
    await service({ written: "old" }),
    /^warning: .* is not what this Pyra would write → run pyra daemon install$/,
  );
  const off = { running: false, pid: undefined };
  const namespaces = "this system gives services no namespaces; use --unconfined";
  assert.equal(
    await service({ ...off, failure: namespaces }),
    `broken: pyra does not run: ${namespaces} → run pyra daemon install --unconfined`,
  );
  assert.match(
    await service({ ...off, failure: "it ended with 3 (exit-code)" }),
    /^broken: pyra does not run: it ended with 3 .* → run pyra daemon install; pyra daemon logs/,
  );
  assert.match(
    await service({ enabled: false }),
    /^warning: pyra does not start with your session → run pyra daemon install$/,
  );
  assert.match(
    await service({ ...off, enabled: false, failure: "systemctl show failed: no bus" }),
    /^warning: pyra: systemctl show failed: no bus → log in as yourself/,
  );
  assert.match(
    await service({ pid: 7 }),
    /^warning: the daemon \(process 4242\) is not the one that pyra started → /,
  );
  assert.match(await service({ pid: undefined }), /^ok/);
});
