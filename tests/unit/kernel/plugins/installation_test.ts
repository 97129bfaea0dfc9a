import assert from "node:assert/strict";
import { readGrants } from "../../../../src/kernel/grants.ts";
import { readPlugin } from "../../../../src/kernel/plugins/folder.ts";
import { refusal, somePlugin, SomeRun } from "./some_run.ts";

const WISHES = {
  grants: {
    hosts: ["https://api.example"],
    secrets: { key: { label: "Key of example", origins: ["https://api.example"] }, own: {} },
  },
};

Deno.test("an installed plugin is there as it was shown, and enabled", async () => {
  await using some = await SomeRun.make("plugin", "install", "x");
  some.answers.push("y");
  const record = await some.installation.install(somePlugin(WISHES), "a folder");
  assert.equal(record.state, "enabled");
  assert.equal((await readPlugin(`${some.profile.plugins}/some`)).hash, record.hash);
  assert.deepEqual(some.questions, ["Enable some?"]);
  const said = some.said.join("\n");
  for (const part of ["some 1.0.0", "a folder", "https://api.example", "Key of example", "own"]) {
    assert.ok(said.includes(part), part);
  }
  assert.deepEqual(some.log.map(({ event }) => event), [
    "plugin.asked",
    "plugin.install",
    "plugin.enable",
  ]);
});

Deno.test("a no leaves nothing behind", async () => {
  await using some = await SomeRun.make("plugin", "install", "x");
  await assert.rejects(some.installation.install(somePlugin(), "x"), refusal("denied"));
  assert.deepEqual(some.installed(), []);
  assert.deepEqual((await readGrants(some.profile)).plugins, {});
});

Deno.test("a typed --yes asks nobody and prints the same", async () => {
  await using asked = await SomeRun.make("plugin", "install", "x");
  asked.answers.push("y");
  await asked.installation.install(somePlugin(WISHES), "x");
  await using typed = await SomeRun.make("plugin", "install", "x", "--yes");
  await typed.installation.install(somePlugin(WISHES), "x");
  assert.deepEqual(typed.questions, []);
  assert.deepEqual(typed.said, asked.said);
});

const NO_ACT: readonly (readonly string[])[] = [
  ["chat", "--yes"],
  ["plugin", "install", "x"],
  ["plugin", "list", "--yes"],
  ["plugin", "install", "x", "--", "--yes"],
  ["ask", "plugin install --yes"],
];
for (const line of NO_ACT) {
  Deno.test(`pyra ${line.join(" ")} is no yes to an installation`, async () => {
    await using some = await SomeRun.make(...line);
    await assert.rejects(some.installation.install(somePlugin(), "x"), refusal("denied"));
  });
}

Deno.test("a --yes to one plugin is none to another", async () => {
  await using some = await SomeRun.make("plugin", "enable", "--yes", "other");
  some.put(`${some.profile.plugins}/some`, somePlugin());
  some.put(`${some.profile.plugins}/other`, somePlugin({ name: "other" }));
  await assert.rejects(some.installation.enable("some"), refusal("denied"));
  assert.equal((await some.installation.enable("other")).state, "enabled");
});

Deno.test("a second version keeps added hosts, shows what is new, and the first goes to cache", async () => {
  await using some = await SomeRun.make("plugin", "install", "x");
  some.answers.push("y", "y", "y");
  await some.installation.install(somePlugin(WISHES), "x");
  await some.installation.changeHost("some", "https://more.example", "add");
  some.said.length = 0;
  const next = somePlugin({ version: "2.0.0", grants: { ...WISHES.grants, memory: true } });
  const record = await some.installation.install(next, "x");
  assert.deepEqual(record.wishes.addedHosts, ["https://more.example"]);
  assert.ok(some.said.some((line) => line === "  - new: search your notes"));
  assert.ok(some.said.some((line) => /^ {2}- reach https:\/\/more\.example, wherever/.test(line)));
  const before = await readPlugin(`${some.profile.cache}/plugin_before_some`);
  assert.equal(before.manifest.version, "1.0.0");
  assert.deepEqual(some.installed(), ["some"]);
});

Deno.test("what the person reads is one line a wish, however the manifest is written", async () => {
  await using some = await SomeRun.make("plugin", "install", "x", "--yes");
  const label = `${" ".repeat(120)}\n\x1b[1A\u2800\u2800It asks for nothing`;
  const description = `x\n  - nothing${"\u00a0".repeat(100)}y`;
  const plugin = somePlugin({ description, grants: { secrets: { key: { label } } } });
  await some.installation.install(plugin, "from\nhere");
  assert.equal(some.said.length, 4);
  // deno-lint-ignore no-control-regex -- these must not be there
  for (const line of some.said) assert.doesNotMatch(line.slice(2), /[\x00-\x1f\u2800\u00a0]| {2}/);
});

Deno.test("a disabled plugin is agreed to no longer", async () => {
  await using some = await SomeRun.make("plugin", "install", "x", "--yes");
  await some.installation.install(somePlugin(), "x");
  assert.equal((await some.installation.disable("some")).state, "disabled");
  assert.deepEqual((await readGrants(some.profile)).plugins, {});
});

Deno.test("a removal that was typed asks nobody, and takes the data only with --data", async () => {
  await using some = await SomeRun.make("plugin", "install", "x", "--yes");
  await some.installation.install(somePlugin(), "x");
  const data = `${some.profile.home}/data/some`;
  await Deno.mkdir(data);
  const removing = some.again("plugin", "remove", "some");
  await removing.installation.remove("some");
  await assert.rejects(removing.catalog.find("some"), refusal("no_such_plugin"));
  assert.ok((await Deno.stat(data)).isDirectory);
  removing.put(`${some.profile.plugins}/some`, somePlugin());
  await some.again("plugin", "remove", "--data", "some").installation.remove("some");
  await assert.rejects(Deno.stat(data), Deno.errors.NotFound);
});

Deno.test("a removal that was not typed is asked about", async () => {
  await using some = await SomeRun.make("chat");
  some.put(`${some.profile.plugins}/some`, somePlugin());
  await assert.rejects(some.installation.remove("some"), refusal("denied"));
  assert.equal((await some.catalog.find("some")).record.state, "disabled");
});

Deno.test("a system's plugin is enabled for the profile and cannot be removed", async () => {
  await using some = await SomeRun.make("plugin", "enable", "some", "--yes");
  some.put(`${some.base}/system/some`, somePlugin());
  assert.equal((await some.installation.enable("some")).state, "enabled");
  await assert.rejects(some.installation.remove("some"), refusal("denied"));
});

Deno.test("a host is asked about before it is added, and taken back without a question", async () => {
  await using some = await SomeRun.make("plugin", "install", "x", "--yes");
  await some.installation.install(somePlugin(WISHES), "x");
  const change = (origin: string, how: "add" | "remove") =>
    some.installation.changeHost("some", origin, how);
  await assert.rejects(change("https://a.example", "add"), refusal("denied"));
  some.answers.push("y");
  const added = await change("https://a.example", "add");
  assert.deepEqual([added.state, added.wishes.addedHosts], ["enabled", ["https://a.example"]]);
  assert.deepEqual((await change("https://a.example", "remove")).wishes.addedHosts, []);
  assert.equal(some.questions.length, 2);
  for (const origin of ["*", "a.example", "https://a.example/x", "javascript:1", "https://*.a"]) {
    await assert.rejects(change(origin, "add"), refusal("usage"), origin);
  }
});

Deno.test("a plugin that is not enabled gets no host", async () => {
  await using some = await SomeRun.make();
  some.put(`${some.profile.plugins}/some`, somePlugin());
  some.answers.push("y");
  const adding = some.installation.changeHost("some", "https://a.example", "add");
  await assert.rejects(adding, refusal("not_enabled"));
});

Deno.test("a secret goes to the vault under the plugin's name, bound to the manifest's origins", async () => {
  await using some = await SomeRun.make("plugin", "install", "x", "--yes");
  await some.installation.install(somePlugin(WISHES), "x");
  some.answers.push("s3cret", "known");
  await some.installation.storeSecret("some", "key");
  await some.installation.storeSecret("some", "own");
  assert.deepEqual([...some.secrets], [
    ["plugin:some:key", { value: "s3cret", origins: ["https://api.example"] }],
    ["plugin:some:own", { value: "known", origins: [] }],
  ]);
  assert.match(some.questions[0] ?? "", /Key of example.*some.*https:\/\/api\.example only/);
  assert.deepEqual(await some.installation.secrets("some"), ["key", "own"]);
  assert.ok(!JSON.stringify(some.log).includes("s3cret"));
  for (const key of ["other", "__proto__", "constructor"]) {
    await assert.rejects(some.installation.storeSecret("some", key), refusal("no_such_secret"));
  }
});
