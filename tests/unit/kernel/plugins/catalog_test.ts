import assert from "node:assert/strict";
import { readGrants } from "../../../../src/kernel/grants.ts";
import { PluginCatalog } from "../../../../src/kernel/plugins/catalog.ts";
import { checkPlugin } from "../../../../src/kernel/plugins/folder.ts";
import { refusal, somePlugin, SomeRun } from "./some_run.ts";

Deno.test("a plugin that nobody agreed to is disabled, an agreed one enabled, a changed one changed", async () => {
  await using some = await SomeRun.make("plugin", "enable", "some", "--yes");
  const folder = `${some.profile.plugins}/some`;
  some.put(folder, somePlugin({ grants: { memory: true } }));
  const state = async () => (await some.catalog.find("some")).record.state;
  assert.equal(await state(), "disabled");
  await some.installation.enable("some");
  assert.equal(await state(), "enabled");
  await Deno.writeTextFile(`${folder}/plugin.ts`, "export default {}; // other");
  const { record } = await some.catalog.find("some");
  assert.equal(record.state, "changed");
  assert.deepEqual(record.agreed?.memory, true);
  some.put(folder, somePlugin({ grants: { memory: true, run: ["git"] } }));
  const asking = (await some.catalog.find("some")).record;
  assert.equal(asking.state, "changed");
  assert.deepEqual([asking.wishes.run, asking.agreed?.run], [["git"], []]);
});

Deno.test("one added file is enough to be changed", async () => {
  await using some = await SomeRun.make("plugin", "enable", "some", "--yes");
  some.put(`${some.profile.plugins}/some`, somePlugin());
  await some.installation.enable("some");
  some.put(`${some.profile.plugins}/some`, [{ path: "more.ts", text: "" }]);
  assert.equal((await some.catalog.find("some")).record.state, "changed");
});

Deno.test("the profile's plugin goes before the system's, and says so", async () => {
  await using some = await SomeRun.make();
  some.put(`${some.base}/system/some`, somePlugin({ version: "2.0.0" }));
  some.put(`${some.base}/system/other`, somePlugin({ name: "other" }));
  some.put(`${some.profile.plugins}/some`, somePlugin());
  const [other, own] = await some.catalog.all();
  assert.deepEqual([other?.name, other?.from, other?.problem], ["other", "system", ""]);
  assert.deepEqual([own?.name, own?.from, own?.version], ["some", "profile", "1.0.0"]);
  assert.match(own?.problem ?? "", /system\/some/);
});

Deno.test("a broken plugin is listed with its problem, and the others are there", async () => {
  await using some = await SomeRun.make();
  some.put(`${some.profile.plugins}/good`, somePlugin({ name: "good" }));
  some.put(`${some.profile.plugins}/bad`, [{ path: "manifest.json", text: "{" }]);
  some.put(`${some.profile.plugins}/misnamed`, somePlugin());
  await Deno.mkdir(`${some.profile.plugins}/empty`);
  await Deno.mkdir(`${some.profile.plugins}/.half`);
  await Deno.writeTextFile(`${some.profile.plugins}/file`, "");
  const all = await some.catalog.all();
  assert.deepEqual(all.map(({ name, state }) => `${name} ${state}`), [
    "bad broken",
    "empty broken",
    "good disabled",
    "misnamed broken",
  ]);
  assert.ok(all.filter(({ state }) => state === "broken").every(({ problem }) => problem !== ""));
});

Deno.test("foreign words are shown without control characters", async () => {
  await using some = await SomeRun.make();
  const description = "nice\x1b[2J\x1b]52;c;eA==\x07\u202e";
  some.put(`${some.profile.plugins}/some`, somePlugin({ description }));
  const { record } = await some.catalog.find("some");
  // deno-lint-ignore no-control-regex -- these must not be there
  assert.doesNotMatch(record.description, /[\x00-\x1f\x7f-\x9f\u202e]/);
});

Deno.test("a name that is no plugin's is refused, and leads nowhere", async () => {
  await using some = await SomeRun.make();
  for (const name of ["none", "../vault", "", "__proto__", "/etc"]) {
    await assert.rejects(some.catalog.find(name), refusal("no_such_plugin"), name);
  }
});

Deno.test("an agreement that something else wrote counts for nothing", async () => {
  await using some = await SomeRun.make("plugin", "enable", "some", "--yes");
  some.put(`${some.profile.plugins}/some`, somePlugin());
  await some.installation.enable("some");
  const { mac, grants } = JSON.parse(await Deno.readTextFile(some.profile.grants));
  grants.plugins.some.wishes.run = ["sh"];
  await Deno.writeTextFile(some.profile.grants, JSON.stringify({ mac, grants }));
  await assert.rejects(readGrants(some.profile), refusal("boundary"));
  await assert.rejects(some.catalog.find("some"), refusal("boundary"));
});

Deno.test("a folder under development stays agreed to while its files change, in this run only", async () => {
  await using some = await SomeRun.make("plugin", "dev", "x", "--yes");
  const folder = `${some.base}/any folder`;
  some.put(folder, somePlugin());
  const catalog = new PluginCatalog(some.profile, folder, `${some.base}/system`);
  const found = await catalog.find("some");
  assert.equal(found.record.state, "disabled");
  await catalog.agree(found, found.record.wishes);
  some.put(folder, somePlugin({ version: "1.1.0" }, "export default {};"));
  assert.equal((await catalog.find("some")).record.state, "enabled");
  some.put(folder, somePlugin({ grants: { memory: true } }));
  assert.equal((await catalog.find("some")).record.state, "changed");
  const next = new PluginCatalog(some.profile, folder, `${some.base}/system`);
  assert.equal((await next.find("some")).record.state, "disabled");
  assert.deepEqual((await readGrants(some.profile)).plugins, {});
});

Deno.test("a plugin that is tried has no wishes, whatever its manifest says", async () => {
  await using some = await SomeRun.make();
  const files = somePlugin({ grants: { hosts: ["*"], run: ["sh"] } });
  const record = some.catalog.try(await checkPlugin(files));
  assert.equal(record.state, "enabled");
  assert.deepEqual(record.wishes.hosts, []);
  assert.deepEqual(record.wishes.run, []);
  assert.equal(record.wishes.conversation, false);
  assert.ok(some.catalog.isTried("some"));
});
