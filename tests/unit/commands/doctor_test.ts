import assert from "node:assert/strict";
import type { CommandContext } from "../../../src/commands/context.ts";
import { examine } from "../../../src/commands/doctor/examine.ts";
import { Patient } from "../../../src/commands/doctor/patient.ts";
import { visibleWidth } from "@earendil-works/pi-tui/dist/utils.js";
import {
  doctor,
  healthyAnswers,
  pluginRecord,
  wholeProfile,
} from "../../fakes/examined_profile.ts";
import { kernelError } from "../../fakes/kernel.ts";

const DEMO = "ai:\n  provider_id: demo\n";
const LOCAL = "ai:\n  provider_id: ollama\n  model: m\n";
const HOSTED = "ai:\n  provider_id: openai\n  model: m\n";
const UTF8 = { LANG: "C.UTF-8", TERM: "xterm-256color" };

Deno.test("in a healthy profile all is well, and the exit code is 0", async () => {
  await using profile = await wholeProfile();
  const { code, out } = await doctor(profile, [], { config: DEMO });
  assert.equal(code, 0);
  const found: Record<string, unknown>[] = JSON.parse(out);
  assert.deepEqual([...new Set(found.map(({ state }) => state))], ["ok"], out);
  for (const one of found) {
    assert.deepEqual(Object.keys(one), ["check", "state", "message", "hint", "fixed"]);
  }
  const names = "version folder files leftovers disk clock config vault keys provider memory " +
    "usage sessions logs plugins mcp sandbox daemon service schedules terminal";
  assert.deepEqual(found.map(({ check }) => check), names.split(" "));
});

Deno.test("people see a line each, hints below, and what it comes to", async () => {
  await using profile = await wholeProfile();
  const answers = healthyAnswers(profile.home, ["doctor"], {
    sandbox: () => ({ kind: "none", problem: "" }),
  });
  const run = { config: DEMO, answers, env: UTF8 };
  const { out, code } = await profile.run(["doctor"], run);
  assert.equal(code, 0);
  assert.match(out, /^ok {7}version: Pyra 1\.2\.3 on Deno /);
  assert.match(
    out,
    /\nwarning {2}sandbox: none, .*\n {9}→ run pyra config set shell\.sandbox auto\n/,
  );
  assert.match(out, /\n\n1 warning\.\n$/);
  const quiet = await profile.run(["doctor"], { ...run, options: { quiet: true } });
  assert.deepEqual(quiet.out.trimEnd().split("\n").length, 2);
});

Deno.test("at 40 columns no line is longer, and colour is for terminals that want it", async () => {
  await using profile = await wholeProfile();
  const problem =
    "there is no sandbox here that works: install bubblewrap (apt install bubblewrap)";
  const answers = healthyAnswers(profile.home, ["doctor"], {
    sandbox: () => ({ kind: "none", problem }),
  });
  const run = { config: DEMO, answers, env: UTF8, terminal: true };
  const { out } = await profile.run(["doctor"], { ...run, columns: 40 });
  for (const line of out.split("\n")) assert.ok(visibleWidth(line) <= 40, line);
  assert.match(out.replace(/\s+/g, " "), /sandbox: tools run no programs: there is no sandbox/);
  const options = { color: true };
  const coloured = await profile.run(["doctor"], { ...run, options, columns: 80 });
  assert.ok(coloured.out.includes("\x1b[33mwarning\x1b[39m"));
  for (const other of [{ terminal: false }, { env: { ...UTF8, NO_COLOR: "1" } }]) {
    const plain = await profile.run(["doctor"], { ...run, options, columns: 80, ...other });
    assert.ok(!plain.out.includes("\x1b"));
  }
});

Deno.test("a setting that is unknown is a warning, a wrong one breaks, both are named", async () => {
  await using profile = await wholeProfile();
  const typo = await doctor(profile, [], { config: `${DEMO}memory:\n  auto_lod: true\n` });
  assert.equal(typo.code, 0);
  assert.match(
    typo.of("config"),
    /^warning: .*line 4: there is no setting memory\.auto_lod.*auto_load/,
  );
  const wrong = await doctor(profile, [], { config: "ai:\n  temperature: warm\n" });
  assert.equal(wrong.code, 1);
  assert.match(wrong.of("config"), /^broken: .*ai\.temperature/);
  assert.match(wrong.of("provider"), /^warning: not looked at/);
});

Deno.test("before set-up it says what is missing, and breaks nothing", async () => {
  await using profile = await wholeProfile();
  const { code, of } = await doctor(profile);
  assert.equal(code, 0);
  assert.equal(of("config"), "ok: there is none yet");
  assert.equal(of("provider"), "warning: none is chosen yet → run pyra setup");
});

Deno.test("a provider is asked for its models, quietly, and its answer is judged", async () => {
  await using profile = await wholeProfile();
  const asked: [string, string | null][] = [];
  const run = (status: number) => ({
    config: HOSTED,
    environmentKeys: ["openai"],
    answers: {
      connect: () => ({ sentinel: "pyra-stand-in", source: "environment" } as const),
    },
    fetch: (input: RequestInfo | URL, init?: RequestInit) => {
      asked.push([String(input), new Headers(init?.headers).get("authorization")]);
      return Promise.resolve(new Response("{}", { status }));
    },
  });
  const fine = await doctor(profile, [], run(200));
  assert.match(
    fine.of("provider"),
    /^ok: openai, m; https:\/\/api\.openai\.com answered in \d+ ms$/,
  );
  assert.deepEqual(asked, [["https://api.openai.com/v1/models", "Bearer pyra-stand-in"]]);
  assert.deepEqual(fine.kernel.of("connect"), [{ provider: "openai", quiet: true }]);
  const refused = await doctor(profile, [], run(401));
  assert.equal(refused.code, 1);
  assert.match(refused.of("provider"), /^broken: .*refuses the key \(401\)/);
  assert.match((await doctor(profile, [], run(503))).of("provider"), /^warning: .*\(503\)/);
  asked.length = 0;
  const offline = await doctor(profile, ["--offline"], run(200));
  assert.deepEqual([asked, offline.kernel.of("connect")], [[], []]);
});

Deno.test("a server that is not there breaks, a locked vault and a missing key are told", async () => {
  await using profile = await wholeProfile();
  const open = { connect: () => ({ sentinel: null, source: "none" } as const) };
  const dead = await doctor(profile, [], { config: LOCAL, answers: open });
  assert.equal(dead.code, 1);
  assert.equal(dead.of("provider"), "broken: no network in this test → start the server");
  const refusal = (code: string) => ({
    config: HOSTED,
    answers: { connect: () => Promise.reject(kernelError(code, "it is so", "do that")) },
  });
  const locked = await doctor(profile, [], refusal("vault_locked"));
  assert.match(locked.of("provider"), /^warning: openai, m; not asked: the vault is locked/);
  const keyless = await doctor(profile, [], refusal("no_key"));
  assert.equal(keyless.of("provider"), "broken: it is so → do that");
});

Deno.test("a check that does not end is told, and the others are not held up", async () => {
  const never = { name: "slow", look: () => new Promise<never>(() => undefined) };
  const fails = {
    name: "fails",
    look: () => Promise.reject(kernelError("x", "it is so", "do it")),
  };
  const context = { signal: new AbortController().signal } as unknown as CommandContext;
  const patient = new Patient(context, { fix: false, offline: true });
  const limits = { lookMs: 20, fixMs: 20 };
  const found = await examine(patient, [never, fails], limits);
  assert.deepEqual(found.map(({ check, state, message }) => [check, state, message]), [
    ["slow", "warning", "no answer within 0.02 seconds"],
    ["fails", "broken", "it is so"],
  ]);
});

Deno.test("plugins that cannot start, are full, or failed today are named", async () => {
  await using profile = await wholeProfile();
  const day = 24 * 3_600_000;
  const lines = [
    { time: new Date(Date.now() - 2 * day).toISOString(), plugin: "old", problem: "x" },
    { time: new Date().toISOString(), plugin: "loud", problem: "x" },
    { time: new Date().toISOString(), plugin: "loud", problem: "y" },
  ];
  const text = `${lines.map((line) => JSON.stringify(line)).join("\n")}\n{"time":`;
  await Deno.writeTextFile(`${profile.home}/logs/plugin_errors.log`, text, { mode: 0o600 });
  const { of, code } = await doctor(profile, [], {
    config: `${DEMO}plugins:\n  enabled:\n    - loud\n    - gone\n`,
    answers: {
      plugins: () => [
        pluginRecord("bad", { state: "broken", problem: "no \x1b[31mmanifest" }),
        pluginRecord("other", { state: "changed" }),
        pluginRecord("off", { state: "disabled" }),
        pluginRecord("full"),
        pluginRecord("loud"),
      ],
      pluginDataSize: ({ name }) => name === "full" ? 256 * 1024 * 1024 : 0,
    },
  });
  assert.equal(code, 1);
  assert.deepEqual(of("plugins").split("\n"), [
    "broken: bad cannot start: no  [31mmanifest → see pyra plugin info bad",
    "warning: other does not start: it changed since you agreed to it → " +
    "pyra plugin enable other shows what changed, and asks",
    "broken: full keeps 268 MB of 268 MB, and does not run → see data/full in the profile",
    "warning: there is no plugin gone, which plugins.enabled names → run pyra config edit",
    "warning: loud failed 2 times in the last day → see pyra plugin logs loud",
  ]);
});

Deno.test("a container without an image is a warning; with one it says who starts it", async () => {
  await using profile = await wholeProfile();
  const answers = { sandbox: () => ({ kind: "container", problem: "" } as const) };
  const config = `${DEMO}shell:\n  sandbox: container\n`;
  const imageless = await doctor(profile, [], { config, answers });
  assert.match(imageless.of("sandbox"), /^warning: .*no image is named → .*shell\.image/);
  const named = await doctor(profile, [], { config: `${config}  image: debian:12\n`, answers });
  assert.match(named.of("sandbox"), /^ok: containers of debian:12 .*, started by Docker/);
});

Deno.test("a terminal that is narrow or has no UTF-8 is told of", async () => {
  await using profile = await wholeProfile();
  const narrow = await doctor(profile, [], {
    config: DEMO,
    terminal: true,
    columns: 30,
    env: { TERM: "dumb", LANG: "C" },
  });
  const lines = narrow.of("terminal").split("\n");
  assert.match(lines[0] ?? "", /^warning: it has 30 columns/);
  assert.match(lines[1] ?? "", /^warning: TERM names none/);
  if (Deno.build.os === "linux") assert.match(lines[2] ?? "", /^warning: the character set is C/);
});
