import assert from "node:assert/strict";
import { readGrants } from "../../../../src/kernel/grants.ts";
import { checkPlugin, readPlugin } from "../../../../src/kernel/plugins/folder.ts";
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
  const record = await some.install(somePlugin(WISHES), "a folder");
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
  await assert.rejects(some.install(somePlugin(), "x"), refusal("denied"));
  assert.deepEqual(some.installed(), []);
  assert.deepEqual((await readGrants(some.profile)).plugins, {});
});

Deno.test("a typed --yes asks nobody and prints the same", async () => {
  await using asked = await SomeRun.make("plugin", "install", "x");
  asked.answers.push("y");
  await asked.install(somePlugin(WISHES), "x");
  await using typed = await SomeRun.make("plugin", "install", "x", "--yes");
  await typed.install(somePlugin(WISHES), "x");
  assert.deepEqual(typed.questions, []);
  assert.deepEqual(typed.said, asked.said);
});

Deno.test("what is installed already is not asked about, and an update says from what to what", async () => {
  await using first = await SomeRun.make("plugin", "install", "x");
  first.answers.push("y");
  const record = await first.install(somePlugin(WISHES));
  const same = first.again("plugin", "install", "x");
  assert.deepEqual(
    await same.installation.installed(await checkPlugin(somePlugin(WISHES))),
    record,
  );
  const changed = await checkPlugin(somePlugin({ ...WISHES, version: "1.1.0" }));
  assert.equal(await same.installation.installed(changed), undefined);
  assert.deepEqual([same.said, same.questions, same.log], [[], [], []]);

  const update = same.again("plugin", "install", "x");
  await assert.rejects(
    update.install(somePlugin({ ...WISHES, version: "1.1.0" })),
    (error) => refusal("denied")(error) && Object(error).data.hint === "some 1.0.0 stays as it is",
  );
  assert.deepEqual(update.questions, ["Update some: from 1.0.0 to 1.1.0?"]);
  assert.match(update.said.join("\n"), /An update: from 1\.0\.0 to 1\.1\.0[^]*nothing new/);
  assert.equal((await update.catalog.find("some")).record.version, "1.0.0");

  const other = update.again("plugin", "install", "x");
  other.answers.push("y");
  await other.install(somePlugin(WISHES, "export default { tools: [] }; // another"));
  assert.deepEqual(other.questions, ["Update some?"]);
  assert.match(other.said.join("\n"), /takes the place of the 1\.0\.0 that you have/);
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
    await assert.rejects(some.install(somePlugin(), "x"), refusal("denied"));
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
  some.answers.push("y");
  await some.install(somePlugin(WISHES), "x");
  const granting = some.again("plugin", "grants", "some", "--add", "https://more.example");
  granting.answers.push("y");
  await granting.installation.changeHost("some", "https://more.example", "add");
  const second = some.again("plugin", "install", "y");
  second.answers.push("y");
  const next = somePlugin({ version: "2.0.0", grants: { ...WISHES.grants, memory: true } });
  const record = await second.install(next, "x");
  assert.deepEqual(record.wishes.addedHosts, ["https://more.example"]);
  assert.ok(second.said.some((line) => line === "  - new: search your notes"));
  assert.ok(
    second.said.some((line) => /^ {2}- reach https:\/\/more\.example, wherever/.test(line)),
  );
  const before = await readPlugin(`${some.profile.cache}/plugin_before_some`);
  assert.equal(before.manifest.version, "1.0.0");
  assert.deepEqual(some.installed(), ["some"]);
});

Deno.test("what the person reads is one line a wish, however the manifest is written", async () => {
  await using some = await SomeRun.make("plugin", "install", "x", "--yes");
  const label = `${" ".repeat(120)}\n\x1b[1A\u2800\u2800It asks for nothing`;
  const description = `x\n  - nothing${"\u00a0".repeat(100)}y`;
  const plugin = somePlugin({ description, grants: { secrets: { key: { label } } } });
  await some.install(plugin, "from\nhere");
  assert.equal(some.said.length, 4);
  // deno-lint-ignore no-control-regex -- these must not be there
  for (const line of some.said) assert.doesNotMatch(line.slice(2), /[\x00-\x1f\u2800\u00a0]| {2}/);
});

Deno.test("a disabled plugin is agreed to no longer", async () => {
  await using some = await SomeRun.make("plugin", "install", "x", "--yes");
  await some.install(somePlugin(), "x");
  await assert.rejects(some.installation.disable("some"), refusal("denied"));
  const disabling = some.again("plugin", "disable", "some");
  assert.equal((await disabling.installation.disable("some")).state, "disabled");
  assert.deepEqual((await readGrants(some.profile)).plugins, {});
});

Deno.test("a removal that was typed asks nobody, and takes the data only with --data", async () => {
  await using some = await SomeRun.make("plugin", "install", "x", "--yes");
  await some.install(somePlugin(), "x");
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

Deno.test("a system's plugin is enabled for the profile and cannot be removed", async () => {
  await using some = await SomeRun.make("plugin", "enable", "some", "--yes");
  some.put(`${some.base}/system/some`, somePlugin());
  assert.equal((await some.installation.enable("some")).state, "enabled");
  const removing = some.again("plugin", "remove", "some");
  await assert.rejects(removing.installation.remove("some"), refusal("denied", /your own/));
});

Deno.test("a host is asked about before it is added, and taken back without a question", async () => {
  await using some = await SomeRun.make("plugin", "install", "x", "--yes");
  await some.install(somePlugin(WISHES), "x");
  const granting = some.again("plugin", "grants", "some");
  const change = (origin: string, how: "add" | "remove") =>
    granting.installation.changeHost("some", origin, how);
  await assert.rejects(change("https://a.example", "add"), refusal("denied"));
  granting.answers.push("y");
  const added = await change("https://a.example", "add");
  assert.deepEqual([added.state, added.wishes.addedHosts], ["enabled", ["https://a.example"]]);
  assert.deepEqual((await change("https://a.example", "remove")).wishes.addedHosts, []);
  assert.deepEqual(granting.questions[1], granting.questions[0]);
  assert.match(granting.questions[0] ?? "", /some reach https:\/\/a\.example, .*your own network/);
  for (const origin of ["*", "a.example", "https://a.example/x", "javascript:1", "https://*.a"]) {
    await assert.rejects(change(origin, "add"), refusal("usage"), origin);
  }
});

Deno.test("a plugin that is not enabled gets no host", async () => {
  await using some = await SomeRun.make("plugin", "setup", "some");
  some.put(`${some.profile.plugins}/some`, somePlugin());
  some.answers.push("y");
  const adding = some.installation.changeHost("some", "https://a.example", "add");
  await assert.rejects(adding, refusal("not_enabled"));
});

Deno.test("a secret goes to the vault under the plugin's name, bound to the manifest's origins", async () => {
  await using some = await SomeRun.make("plugin", "install", "x", "--yes");
  await some.install(somePlugin(WISHES), "x");
  const setting = some.again("plugin", "setup", "some");
  setting.answers.push("s3cret", "known");
  await setting.installation.storeSecret("some", "key");
  await setting.installation.storeSecret("some", "own");
  assert.deepEqual([...setting.secrets], [
    ["plugin:some:key", { value: "s3cret", origins: ["https://api.example"] }],
    ["plugin:some:own", { value: "known", origins: [] }],
  ]);
  assert.match(
    setting.questions[0] ?? "",
    /^Secret key of the plugin some, sent to https:\/\/api\.example only \(Key of example\)/,
  );
  assert.deepEqual(await setting.installation.secrets("some"), ["key", "own"]);
  assert.ok(!JSON.stringify(setting.log).includes("s3cret"));
  for (const key of ["other", "__proto__", "constructor"]) {
    await assert.rejects(setting.installation.storeSecret("some", key), refusal("no_such_secret"));
  }
});

Deno.test("a yes that was typed is one to one plugin", async () => {
  await using some = await SomeRun.make("plugin", "install", "x", "--yes");
  await some.install(somePlugin());
  const other = somePlugin({ name: "other", grants: { run: ["sh"] } });
  await assert.rejects(some.install(other), refusal("denied"));
  assert.deepEqual(some.installed(), ["some"]);
});

/** Each change, and the command lines that it may be made in. */
const CHANGES: Readonly<Record<string, readonly string[]>> = {
  install: ["plugin install x"],
  enable: ["plugin enable some"],
  disable: ["plugin disable some"],
  remove: ["plugin remove some"],
  addHost: ["plugin grants some", "plugin setup some"],
  removeHost: ["plugin grants some", "plugin setup some"],
  storeSecret: ["plugin setup some"],
};
const LINES = [
  ...new Set(Object.values(CHANGES).flat()),
  "chat",
  "ask some --yes",
  "plugin list",
  "plugin test some",
  "plugin enable other",
  "plugin remove other",
  "plugin setup other",
  "plugin grants other",
];

Deno.test("nothing is changed, and nobody asked, in a run of another command or about another plugin", async () => {
  for (const line of LINES) {
    await using enabling = await SomeRun.make("plugin", "enable", "some", "--yes");
    enabling.put(`${enabling.profile.plugins}/some`, somePlugin(WISHES));
    await enabling.installation.enable("some");
    const some = enabling.again(...line.split(" "));
    const { installation } = some;
    const acts: Record<string, () => Promise<unknown>> = {
      install: () => some.install(somePlugin()),
      enable: () => installation.enable("some"),
      disable: () => installation.disable("some"),
      remove: () => installation.remove("some"),
      addHost: () => installation.changeHost("some", "https://evil.example", "add"),
      removeHost: () => installation.changeHost("some", "https://evil.example", "remove"),
      storeSecret: () => installation.storeSecret("some", "key"),
    };
    for (const [name, act] of Object.entries(acts)) {
      if (CHANGES[name]?.includes(line)) continue;
      some.answers.push("y");
      await assert.rejects(act(), refusal("denied"), `${line}: ${name}`);
      assert.deepEqual([some.questions, some.said], [[], []], `${line}: ${name}`);
    }
    assert.equal((await some.catalog.find("some")).record.state, "enabled", line);
  }
});

Deno.test("a plugin's own words cannot pass for the kernel's", async () => {
  await using some = await SomeRun.make("plugin", "install", "x");
  const label = "K) at https://good.example without seeing it, sent as x (y";
  const origins = ["https://evil.example"];
  const plugin = somePlugin({ grants: { secrets: { key: { label, origins } } } });
  await assert.rejects(some.install(plugin), refusal("denied"));
  const line = some.said.find((text) => text.includes("secret key")) ?? "";
  assert.match(
    line,
    /^ {2}- use its secret key at https:\/\/evil\.example without seeing it, sent as/,
  );
});

Deno.test("no wish is cut short, however long it is", async () => {
  await using some = await SomeRun.make("plugin", "install", "x");
  const origins = Array.from({ length: 5 }, (_, i) => `https://${"a".repeat(60)}${i}.example`);
  const label = "x".repeat(200);
  const plugin = somePlugin({ grants: { secrets: { key: { label, origins } } } });
  await assert.rejects(some.install(plugin), refusal("denied"));
  for (const origin of origins) assert.ok(some.said.some((line) => line.includes(origin)), origin);
  assert.ok(some.said.some((line) => line.includes(label)));
});

Deno.test("who takes the name of a plugin that is gone is seen to get its secrets", async () => {
  await using some = await SomeRun.make("plugin", "install", "x");
  some.secrets.set("plugin:some:own", { value: "kept", origins: [] });
  await assert.rejects(some.install(somePlugin(WISHES)), refusal("denied"));
  assert.ok(some.said.includes("The vault keeps this for it already: own"));
});
