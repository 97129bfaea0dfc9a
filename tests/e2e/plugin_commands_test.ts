/**
 * `pyra plugin …` and `pyra tools …` as a script uses them: no terminal.
 * @module
 */
import assert from "node:assert/strict";
import { cleanEnvironment, withHome } from "./command.ts";
import { out, PLUGIN, pluginTest, writeEcho, writeFiles } from "./echo_plugin.ts";
import { pyra } from "./executable.ts";

pluginTest("a new plugin passes its test, is installed, used, and removed", async (bench) => {
  const { pyra, home } = bench;
  out(await pyra("plugin new greeter --kind tool"));
  assert.match(out(await pyra("plugin test greeter")), /ok {5}it greets by name[^]*2 tests/);
  const installed = await pyra("plugin install ./greeter --yes");
  assert.match(
    out(installed),
    /^greeter 0\.1\.0 is installed and enabled\n {2}tool: greeter\.greet/,
  );
  assert.match(installed.stderr, /It asks for nothing/);
  assert.match(out(await pyra("plugin list")), /^greeter +0\.1\.0 +enabled +yours +Greets/m);
  assert.match(out(await pyra("plugin info greeter")), /gives +tool: greeter\.greet/);
  assert.match(out(await pyra("tools list")), /^greeter\.greet +answers only +Greets someone/m);
  assert.equal(out(await pyra(`tools call greeter.greet '{"name":"Ada"}'`)), "Hello, Ada!\n");
  const piped = await pyra("tools call greeter.greet --json", '{"name":"Bo"}');
  assert.equal(JSON.parse(out(piped)).text, "Hello, Bo!");
  assert.match(out(await pyra("plugin logs greeter")), /greeting Ada\n[^]*greeting Bo\n$/);
  out(await pyra("config set plugin_settings.greeter.greeting Hej"));
  assert.equal(out(await pyra(`tools call greeter.greet '{"name":"Ada"}'`)), "Hej, Ada!\n");
  const wrong = await pyra("tools call greeter.greet '{}'");
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /^pyra: the arguments do not fit: name is missing/);

  assert.match(out(await pyra("plugin disable greeter")), /is disabled/);
  assert.equal((await pyra(`tools call greeter.greet '{"name":"Ada"}'`)).code, 2);
  out(await pyra("plugin enable greeter --yes"));
  assert.equal(out(await pyra(`tools call greeter.greet '{"name":"Ada"}'`)), "Hej, Ada!\n");
  assert.match(out(await pyra("plugin remove greeter --data")), /stored are removed/);
  assert.equal(out(await pyra("plugin list --json")), "[]\n");
  for (const gone of ["plugins/greeter", "data/greeter"]) {
    await assert.rejects(Deno.stat(`${home}/.pyra/${gone}`), Deno.errors.NotFound, gone);
  }
});

pluginTest("a new task passes its test, and is told of where it is installed", async ({ pyra }) => {
  out(await pyra("plugin new watcher --kind task"));
  assert.match(
    out(await pyra("plugin test watcher")),
    /ok {5}it looks when it is started[^]*1 test/,
  );
  assert.match(out(await pyra("plugin install ./watcher --yes")), /daemon task: watch/);
  assert.match(out(await pyra("plugin info watcher")), /gives +daemon task: watch/);
});

pluginTest("a new hook passes its test, and a test that fails is named", async ({ pyra, home }) => {
  out(await pyra("plugin new careful --kind hook"));
  assert.match(out(await pyra("plugin test careful")), /turns are counted[^]*3 tests/);
  const path = `${home}/careful/plugin.ts`;
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(
    path,
    text.replace("turns + 1", "turns + 2").replace(".length", ".size"),
  );
  const failed = await pyra("plugin test careful");
  assert.equal(failed.code, 1);
  assert.match(failed.stdout, /fails {2}turns are counted\n +\S[^]*1 of 4 failed/);
  const json = await pyra("plugin test careful --json");
  assert.equal(JSON.parse(json.stdout).failed, 1);
  assert.equal((await pyra("plugin new careful")).code, 1, "it is there already");
  assert.equal((await pyra("plugin new ./bad_name")).code, 2);
});

pluginTest("a plugin whose names are wrong gives nothing, which its test says", async (bench) => {
  const { pyra, home } = bench;
  await writeEcho(home, {}, "export default { tool: [], configFields: () => [] };");
  const { code, stdout } = await pyra("plugin test echo");
  assert.equal(code, 1);
  assert.match(
    stdout,
    /fails {2}it starts[^]*it gives nothing that Pyra knows: [^]*tool for tools/,
  );
  await writeEcho(home, {}, `export default { hooks: { beforeTurn() {} } };`);
  const hook = await pyra("plugin test echo");
  assert.match(
    hook.stdout,
    /fails {2}the hooks\n +beforeTurn: not called before[^]*"conversation": true/,
  );
  const fields = `configFields: () => [{ key: "token", kind: "secret", label: "Token" }]`;
  await writeEcho(home, {}, `export default { systemPrompt: "x", ${fields} };`);
  const secret = await pyra("plugin test echo");
  assert.match(secret.stdout, /fails {2}the settings[^]*token is not among the manifest's grants/);
});

pluginTest("a test reaches nothing: not the network, not a file, not a secret", async (bench) => {
  const { pyra, home } = bench;
  await writeEcho(home, { hosts: ["*"], workspace: "write", secrets: { key: { label: "key" } } });
  await writeFiles(`${home}/echo`, {
    "plugin_test.ts": `import assert from "node:assert/strict";
import type { PluginTests } from "pyra/sdk";
export const tests: PluginTests = {
  async "no network"() { await assert.rejects(fetch("http://127.0.0.1:9")); },
  "no files"() { assert.throws(() => Deno.readTextFileSync(${
      JSON.stringify(`${home}/echo/plugin.js`)
    })); },
  async "it runs"({ run }) { assert.equal(await run("say", { a: 1 }), '{"a":1}'); },
};
`,
  });
  assert.match(out(await pyra("plugin test echo")), /3 tests/);
  assert.equal(out(await pyra("plugin list --json")), "[]\n");
  await assert.rejects(Deno.stat(`${home}/.pyra/data/echo`), Deno.errors.NotFound);
});

pluginTest("nobody to ask and no --yes is a refusal, and nothing is written", async (bench) => {
  const { pyra, home } = bench;
  await writeEcho(home, { hosts: ["https://api.example"], run: ["git"] });
  const { code, stdout, stderr } = await pyra("plugin install ./echo");
  assert.deepEqual([code, stdout], [4, ""]);
  assert.match(stderr, /^pyra: [^\n]+--yes[^\n]*\n$/);
  assert.equal(out(await pyra("plugin list --json")), "[]\n");
  const typed = await pyra("plugin install ./echo --yes");
  out(typed);
  assert.match(typed.stderr, /reach https:\/\/api\.example[^]*run git, held by/);
  assert.match(
    out(await pyra("plugin grants echo")),
    /may\n {2}reach https:[^]*\n {2}run git\n$/,
  );
});

pluginTest("a plugin that changes does not start until it is agreed to again", async (bench) => {
  const { pyra, home } = bench;
  await writeEcho(home);
  out(await pyra("plugin install ./echo --yes"));
  assert.equal(out(await pyra("tools call echo.say")), "{}\n");
  const path = `${home}/.pyra/plugins/echo/plugin.js`;
  await Deno.writeTextFile(path, PLUGIN.replace("Says", "Now says"));
  const listed = await pyra("plugin list");
  assert.match(out(listed), /^echo +1\.0\.0 +changed/m);
  assert.match(listed.stderr, /echo does not start: its files have changed/);
  assert.equal((await pyra("tools call echo.say")).code, 2);
  assert.equal((await pyra("plugin enable echo")).code, 4);
  assert.match(out(await pyra("plugin enable echo --yes")), /is enabled/);
  assert.match(out(await pyra("tools list")), /Now says it again/);
});

pluginTest("addresses are added and taken back", async ({ pyra, home }) => {
  await writeEcho(home, { hosts: ["https://api.example"] });
  out(await pyra("plugin install ./echo --yes"));
  assert.equal((await pyra("plugin grants echo --add https://other.example")).code, 4);
  const added = out(await pyra("plugin grants echo --add https://other.example --yes"));
  assert.match(added, /reach https:\/\/other\.example \(added by you\)/);
  const removed = out(await pyra("plugin grants echo --remove https://other.example/"));
  assert.doesNotMatch(removed, /other/);
  assert.equal((await pyra("plugin grants echo --add ftp://x")).code, 2);
});

pluginTest("a plugin that does not start is installed, and said to be broken", async (bench) => {
  const { pyra, home } = bench;
  await writeEcho(home, {}, "throw new Error('not today');");
  const { code, stderr } = await pyra("plugin install ./echo --yes");
  assert.equal(code, 1);
  assert.match(stderr, /not today/);
  assert.match(out(await pyra("plugin info echo")), /does not start +[^\n]*not today/);
  const tools = await pyra("tools list");
  assert.doesNotMatch(out(tools), /echo/);
  assert.match(tools.stderr, /the plugin echo is left out/);
});

pluginTest("a secret is stored for a script, and never shown", async ({ pyra, home }) => {
  const secrets = { api_key: { label: "API key", origins: ["https://api.example"] } };
  await writeEcho(home, { hosts: ["https://api.example"], secrets });
  const installed = await pyra("plugin install ./echo --yes");
  out(installed);
  assert.match(installed.stderr, /pyra plugin setup echo asks for what it needs/);
  const store = "plugin setup echo --secret api_key --stdin";
  const nowhere = await pyra(store, "sk-hidden-value");
  assert.match(nowhere.stderr, /there is no vault yet [^]* add --vault keyfile/);
  const stored = await pyra(`${store} --vault keyfile`, "sk-hidden-value");
  assert.match(out(stored), /the secret api_key of echo is stored/);
  const info = out(await pyra("plugin info echo"));
  assert.match(info, /api_key \(API key\): set/);
  assert.match(out(await pyra("vault list")), /plugin:echo:api_key/);
  assert.doesNotMatch(info + stored.stdout + stored.stderr, /hidden/);
  assert.equal((await pyra("plugin setup echo --secret other --stdin", "x")).code, 1);
  assert.equal((await pyra("plugin setup echo")).code, 2);
});

pluginTest("names that no plugin has are refused with the nearest", async ({ pyra, home }) => {
  await writeEcho(home);
  out(await pyra("plugin install ./echo --yes"));
  for (const command of ["enable", "disable", "info", "remove", "grants", "logs", "setup"]) {
    const { code, stdout, stderr } = await pyra(`plugin ${command} ecko`);
    assert.deepEqual([code, stdout], [1, ""], command);
    assert.match(stderr, /^pyra: there is no plugin ecko — did you mean echo\?/, command);
  }
  const { stderr } = await pyra("plugin info clock");
  assert.match(stderr, /^pyra: the plugin clock is not installed — pyra plugin install clock/);
  for (const line of ["plugin", "plugin instal x", "tools", "tools call", "plugin dev"]) {
    assert.equal((await pyra(line)).code, 2, line);
  }
});

Deno.test("a plugin under development runs anew after a change, and shows its log", () =>
  withHome(async (home) => {
    await writeEcho(
      home,
      {},
      PLUGIN.replace("=> JSON", "=> (console.log('ran'), 'one'), x: (input) => JSON"),
    );
    const { path, args } = await pyra();
    const child = new Deno.Command(path, {
      args: [...args, "plugin", "dev", "./echo", "--yes", "--json"],
      clearEnv: true,
      env: cleanEnvironment(home),
      cwd: home,
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const writer = child.stdin.getWriter();
    const type = (line: string) => writer.write(new TextEncoder().encode(`${line}\n`));
    const lines = child.stdout.pipeThrough(new TextDecoderStream());
    let text = "";
    const reader = lines.getReader();
    const until = async (pattern: RegExp) => {
      while (!pattern.test(text)) {
        const { value, done } = await reader.read();
        assert.ok(!done, `the program ended; it said ${text}`);
        text += value;
      }
      text = "";
    };
    await until(/"event":"started","name":"echo"/);
    await type("say {}");
    await until(/"status":"ok","text":"one"[^]*"ran"|"ran"[^]*"status":"ok","text":"one"/);
    await Deno.writeTextFile(`${home}/echo/plugin.js`, "export default {");
    await until(/"event":"failed"/);
    await Deno.writeTextFile(`${home}/echo/plugin.js`, PLUGIN);
    await until(/"event":"started"/);
    await type('echo.say {"b":2}');
    await until(/"text":"\{\\"b\\":2\}"/);
    await writer.close();
    await Deno.writeTextFile(
      `${home}/echo/plugin.js`,
      `${PLUGIN} // the end of the input ends nothing`,
    );
    await until(/"event":"started"/);
    child.kill("SIGINT");
    const { code } = await child.status;
    await reader.cancel();
    assert.equal(code, 130);
  }));
