import assert from "node:assert/strict";
import { DescriptionCache } from "../../../../src/plugins/description_cache.ts";
import type { PluginDescription, PluginRecord } from "../../../../src/protocol/plugin_calls.ts";
import { EXIT } from "../../../../src/protocol/error.ts";
import { type CommandRun, scriptedPrompts, TestProfile } from "../../../fakes/command_context.ts";
import { type KernelAnswers, kernelError } from "../../../fakes/kernel.ts";

const WISHES: PluginRecord["wishes"] = {
  hosts: ["https://api.example"],
  addedHosts: [],
  tcp: [],
  workspace: "read",
  read: [],
  write: [],
  run: ["git"],
  memory: true,
  conversation: false,
  secrets: { key: { label: "Key", origins: ["https://api.example"], placement: "x-key: {}" } },
};

function record(changes: Partial<PluginRecord> = {}): PluginRecord {
  return {
    name: "files",
    version: "1.0.0",
    description: "works with files",
    from: "profile",
    state: "enabled",
    problem: "",
    hash: "00".repeat(32),
    agreed: null,
    wishes: WISHES,
    ...changes,
  };
}

/** A kernel with these plugins. */
function having(...records: PluginRecord[]): KernelAnswers {
  return {
    plugins: () => records,
    pluginSecrets: () => [],
    pluginDataSize: () => 3_400,
    disablePlugin: ({ name }) => record({ name, state: "disabled" }),
    removePlugin: () => null,
    enablePlugin: ({ name }) => record({ name }),
    changePluginHost: ({ name, origin, change }) =>
      record({ name, wishes: { ...WISHES, addedHosts: change === "add" ? [origin] : [] } }),
    stopPlugin: () => null,
    log: () => null,
    bundledPlugins: () => [],
    pluginFiles: () => [],
  };
}

const JSON_OUT: CommandRun = { options: { json: true } };

Deno.test("list says which plugins do not start, and why", async () => {
  await using profile = await TestProfile.create();
  const answers = having(
    record(),
    record({ name: "grew", state: "changed", agreed: { ...WISHES, run: [] } }),
    record({ name: "broken", state: "broken", version: "", problem: "it has no manifest.json" }),
    record({ name: "other", from: "system" }),
  );
  const config = "plugins:\n  enabled: [files]\n";
  const { code, out, err } = await profile.run(["plugin", "list"], { answers, config });
  assert.equal(code, 0);
  assert.match(out, /^name +version +state +whose +what it is\nfiles +1\.0\.0 +enabled +yours /);
  assert.match(out, /^broken +- +broken/m);
  assert.match(err, /grew does not start: it asks for more; pyra plugin enable grew shows it/);
  assert.match(err, /broken: it has no manifest\.json/);
  assert.match(err, /other does not start: plugins\.enabled/);
  const none = await profile.run(["plugin", "list"], { answers: having() });
  assert.deepEqual([none.out, none.code], ["", 0]);
  assert.match(none.err, /pyra plugin available/);
  const quiet = { answers: having(), options: { quiet: true } };
  assert.deepEqual((await profile.run(["plugin", "list"], quiet)).err, "");
});

Deno.test("what a plugin says of itself draws nothing on the terminal", async () => {
  await using profile = await TestProfile.create();
  const hostile = record({ description: "x\u001b]52;c;aGk=\u0007\u001b[2J\nfiles 9.9 enabled" });
  const answers = having(hostile);
  for (const command of ["list", "info files"]) {
    const words = ["plugin", ...command.split(" ")];
    const plugin = { ...hostile, state: "disabled" as const };
    for (const given of [answers, having(plugin)]) {
      const { out, err } = await profile.run(words, { answers: given, terminal: true });
      // deno-lint-ignore no-control-regex -- they are what is looked for
      assert.doesNotMatch(out + err, /[\x00-\x09\x0b-\x1f]/);
      assert.doesNotMatch(out, /^files 9\.9/m);
    }
  }
});

const GIVES: PluginDescription = {
  tools: [{
    name: "read",
    description: "Reads a file.",
    parameters: { type: "object" },
    effects: [{ kind: "reads", where: "workspace" }],
    timeLimit: 60_000,
    plans: false,
  }],
  commands: [{ name: "tree", usage: "[DIR]", description: "Shows the tree." }],
  systemPrompt: "be careful",
  hooks: ["afterTurn"],
  skills: [],
  mcpServers: [{ name: "remote", url: "https://api.example/mcp" }],
  tasks: ["watch"],
  channel: null,
  runtime: null,
  configFields: [{
    key: "depth",
    kind: "number",
    label: "How deep",
    description: "",
    default: 3,
    options: [],
    required: false,
  }, {
    key: "hidden",
    kind: "bool",
    label: "Hidden files",
    description: "",
    default: false,
    options: [],
    required: false,
  }],
  hasSetup: false,
};

/** The plugin's description as it is kept, so that none is started. */
async function keep(profile: TestProfile, gives: PluginDescription = GIVES): Promise<void> {
  await new DescriptionCache(`${profile.home}/cache`).write(record(), gives);
}

Deno.test("info says what an enabled plugin gives, and starts none that is not", async () => {
  await using profile = await TestProfile.create();
  await keep(profile);
  const { out } = await profile.run(["plugin", "info", "files"], { answers: having(record()) });
  for (
    const line of [
      /^may +reach https:\/\/api\.example\n +read the files in the workspace\n +run git$/m,
      /^gives +tool: files\.read\n +command: \/tree\n +hook: afterTurn\n +MCP server: remote/m,
      /daemon task: watch\n +a text for the model/,
      /^keeps +3\.[34] kB in data\/files$/m,
      /^secrets +key \(Key\): not set$/m,
      /^setting depth +How deep: 3$/m,
      /^whose +yours$/m,
    ]
  ) assert.match(out, line);
  const disabled = having(record({ state: "disabled" }));
  const off = await profile.run(["plugin", "info", "files"], { answers: disabled });
  assert.match(off.out, /^asks to +reach/m);
  assert.match(off.out, /pyra plugin enable files lets it start/);
  const json = await profile.run(["plugin", "info", "files"], { ...JSON_OUT, answers: disabled });
  assert.equal(JSON.parse(json.out).gives, null);
});

Deno.test("what the kernel refuses is refused, with its hint and its exit code", async () => {
  await using profile = await TestProfile.create();
  const answers: KernelAnswers = {
    ...having(record({ state: "disabled" })),
    enablePlugin: () => Promise.reject(kernelError("denied", "not agreed to", "try again")),
  };
  const { code, out, err } = await profile.run(["plugin", "enable", "files"], { answers });
  assert.deepEqual([code, out, err], [EXIT.refused, "", "pyra: not agreed to — try again\n"]);
});

Deno.test("an address is added once, and what is typed is made an origin", async () => {
  await using profile = await TestProfile.create();
  const answers = having(record());
  const words = ["plugin", "grants", "files", "--add", "https://More.example/"];
  const { kernel, out } = await profile.run(words, { answers });
  const params = { name: "files", origin: "https://more.example", change: "add" };
  assert.deepEqual(kernel.of("changePluginHost"), [params]);
  assert.match(out, /reach https:\/\/more\.example \(added by you\)/);
  const there = having(record({ wishes: { ...WISHES, addedHosts: ["https://more.example"] } }));
  assert.deepEqual(
    (await profile.run(words, { answers: there })).kernel.of("changePluginHost"),
    [],
  );
  for (const wrong of ["more.example", "https://a/path", "file:///x", "https://a/?q"]) {
    const run = await profile.run(["plugin", "grants", "files", "--add", wrong], { answers });
    assert.equal(run.code, EXIT.usage, wrong);
    assert.deepEqual(run.kernel.calls, []);
  }
});

Deno.test("set-up writes the settings that changed, and keeps the rest of the file", async () => {
  await using profile = await TestProfile.create();
  await keep(profile);
  const config = "# mine\nai:\n  provider_id: demo # yes\n";
  const prompts = scriptedPrompts(["enter", { pick: "Yes" }]);
  const wishes = { ...WISHES, secrets: {} };
  const answers = having(record({ wishes }));
  const words = ["plugin", "setup", "files"];
  const run = await profile.run(words, { answers, config, prompts, terminal: true });
  assert.deepEqual([run.code, run.err], [0, ""]);
  assert.match(run.out, /files is set up; saved: hidden/);
  const text = await Deno.readTextFile(profile.configPath);
  assert.ok(text.startsWith(config));
  assert.match(text, /plugin_settings:\n {2}files:\n {4}hidden: true\n$/);
  assert.deepEqual(run.kernel.of("stopPlugin"), [{ name: "files" }], "it reads them anew");
});

Deno.test("a secret that was given is said to be set up, in the room that comes after it", async () => {
  await using profile = await TestProfile.create();
  await keep(profile, { ...GIVES, configFields: [] });
  const answers: KernelAnswers = { ...having(record()), pluginSecrets: () => ["key"] };
  const given = { answers, prompts: scriptedPrompts([]), terminal: true };
  const run = await profile.run(["plugin", "setup", "files"], given);
  assert.equal(run.out, "files is set up\n");
  const bare = having(record({ wishes: { ...WISHES, secrets: {} } }));
  const other = await profile.run(["plugin", "setup", "files"], { ...given, answers: bare });
  assert.equal(other.out, "files has nothing to set up\n");
});

Deno.test("a secret that was refused is not asked for again in the next room", async () => {
  await using profile = await TestProfile.create();
  await keep(profile, { ...GIVES, configFields: [] });
  const answers: KernelAnswers = {
    ...having(record()),
    storePluginSecret: () => Promise.reject(kernelError("denied", "no")),
  };
  const given = { answers, prompts: scriptedPrompts([]), terminal: true };
  const first = await profile.run(["plugin", "setup", "files"], given);
  assert.deepEqual([first.code, first.kernel.of("storePluginSecret").length], [0, 1]);
  assert.match(first.err, /still missing: Key/);
  const remembered = first.kernel.remembered;
  const next = await profile.run(["plugin", "setup", "files"], { ...given, remembered });
  assert.deepEqual([next.code, next.kernel.of("storePluginSecret").length], [0, 0]);
  const other = { plugin_setup: { plugin: "another", answers: [] } };
  const anew = await profile.run(["plugin", "setup", "files"], { ...given, remembered: other });
  assert.equal(anew.kernel.of("storePluginSecret").length, 1);
});

Deno.test("set-up asks nobody where there is no terminal, or the plugin is not enabled", async () => {
  await using profile = await TestProfile.create();
  const words = ["plugin", "setup", "files"];
  const piped = await profile.run(words, { answers: having(record()), input: "x" });
  assert.equal(piped.code, EXIT.usage);
  assert.match(piped.err, /pyra config set plugin_settings\.files\.KEY VALUE/);
  const off = having(record({ state: "disabled" }));
  const disabled = await profile.run(words, { answers: off, terminal: true });
  assert.match(disabled.err, /files is not enabled — run pyra plugin enable files/);
  const lost = await profile.run([...words, "--stdin"], { answers: having(record()) });
  assert.equal(lost.code, EXIT.usage);
});

Deno.test("--json prints what it did as data", async () => {
  await using profile = await TestProfile.create();
  await keep(profile);
  const run = async (...words: string[]) => {
    const { out, code, err } = await profile.run(["plugin", ...words], {
      ...JSON_OUT,
      answers: having(record()),
    });
    assert.deepEqual([code, err], [0, ""]);
    return JSON.parse(out);
  };
  assert.equal((await run("disable", "files")).state, "disabled");
  assert.deepEqual(await run("grants", "files"), {
    name: "files",
    state: "enabled",
    grants: WISHES,
  });
  assert.deepEqual(await run("remove", "files"), { removed: "files", data: false, rules: [] });
  const cache = new DescriptionCache(`${profile.home}/cache`);
  assert.equal(await cache.read(record()), undefined);
  const broken = await profile.run(["plugin", "enable", "files"], {
    ...JSON_OUT,
    answers: having(record()),
  });
  assert.equal(broken.code, EXIT.failed, "it could not be started");
  assert.equal(typeof JSON.parse(broken.out).error.message, "string");
});

Deno.test("what was allowed to a plugin's tools goes with it, and no other rule", async () => {
  await using profile = await TestProfile.create();
  const rules = ["allow files.read in /tmp", "deny files.wipe", "allow filesystem.list"];
  const config = `tools:\n  rules: ${JSON.stringify(rules)}\n`;
  let left = "";
  const { out, code, err } = await profile.run(["plugin", "remove", "files"], {
    config,
    answers: {
      ...having(record()),
      writeConfig({ text }) {
        left = text;
        return null;
      },
    },
  });
  assert.deepEqual([code, err], [0, ""]);
  assert.match(out, /forgotten: allow files\.read in \/tmp/);
  assert.match(left, /deny files\.wipe/);
  assert.match(left, /allow filesystem\.list/);
  assert.doesNotMatch(left, /files\.read/);
});
