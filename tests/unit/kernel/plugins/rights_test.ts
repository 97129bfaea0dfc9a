import assert from "node:assert/strict";
import { NO_WISHES } from "../../../../src/kernel/plugins/manifest.ts";
import { roomRights } from "../../../../src/kernel/plugins/rights.ts";
import type { PluginGrants } from "../../../../src/protocol/plugin_calls.ts";
import { refusal, SomeRun } from "./some_run.ts";

function rights(some: SomeRun, wishes: Partial<PluginGrants>, workspace = some.run.workspace) {
  const { profile, base: userHome } = some;
  const data = `${profile.home}/data/some`;
  return roomRights({ data, profile, workspace, userHome }, { ...NO_WISHES, ...wishes });
}

Deno.test("a plugin that asks for nothing has its data folder and nothing else", async () => {
  await using some = await SomeRun.make();
  const data = `${some.profile.home}/data/some`;
  assert.deepEqual(rights(some, {}), {
    permissions: { read: [data], write: [data], net: [] },
    dataFolder: data,
    workspace: null,
  });
});

Deno.test("folders are granted as they were agreed to, links resolved", async () => {
  await using some = await SomeRun.make();
  await Deno.mkdir(`${some.base}/notes/deep`, { recursive: true });
  await Deno.mkdir(`${some.base}/out`);
  const { permissions, workspace } = rights(some, {
    read: ["~/notes/deep"],
    write: [`${some.base}/out`],
    workspace: "read",
    tcp: ["a.example:25"],
  });
  const data = `${some.profile.home}/data/some`;
  assert.deepEqual(permissions, {
    read: [data, `${some.base}/out`, `${some.base}/notes/deep`, `${some.base}/work`],
    write: [data, `${some.base}/out`],
    net: ["a.example:25"],
  });
  assert.equal(workspace, `${some.base}/work`);
  assert.ok(rights(some, { workspace: "write" }).permissions.write.includes(`${some.base}/work`));
});

Deno.test("a folder that holds a profile is granted by its visible entries without it", async () => {
  await using some = await SomeRun.make();
  for (const name of ["a", ".hidden", ".pyra"]) await Deno.mkdir(`${some.base}/${name}`);
  await Deno.writeTextFile(`${some.base}/file`, "");
  const { permissions } = rights(some, { workspace: "write" }, some.base);
  const data = `${some.profile.home}/data/some`;
  const shown = ["a", "file", "work"].map((name) => `${some.base}/${name}`);
  assert.deepEqual(permissions.read.toSorted(), [...shown, ...shown, data].toSorted());
  assert.deepEqual(permissions.write.toSorted(), [...shown, data].toSorted());
});

Deno.test({
  name: "no link leads into a profile",
  // Windows asks for a right to make links.
  ignore: Deno.build.os === "windows",
  async fn() {
    await using some = await SomeRun.make();
    await Deno.symlink(some.profile.home, `${some.base}/way`);
    assert.ok(
      !rights(some, { workspace: "read" }, some.base).permissions.read.join().includes("way"),
    );
    const into = () => rights(some, { read: ["~/way"] });
    assert.throws(into, refusal("boundary"));
    assert.throws(() => rights(some, { read: [`${some.base}/way/vault`] }), refusal("boundary"));
    await Deno.remove(`${some.profile.home}/data/some`);
    await Deno.symlink("/etc", `${some.profile.home}/data/some`);
    assert.throws(() => rights(some, {}), refusal("boundary"));
  },
});

Deno.test("no part of any profile is granted, wherever the run's own lies", async () => {
  await using some = await SomeRun.make();
  const { home } = some.profile;
  await Deno.mkdir(`${home}/profiles/second/memory`, { recursive: true });
  await Deno.mkdir(`${some.base}/.pyra/vault`, { recursive: true });
  const paths = [
    home,
    `${home}/vault`,
    `${home}/data`,
    `${home}/plugins`,
    `${home}/profiles/second`,
    `${some.base}/.pyra/vault`,
    "~/.pyra",
    "~/home/memory",
  ];
  for (const path of paths) {
    assert.throws(() => rights(some, { write: [path] }), refusal("boundary"), path);
    if (!path.startsWith("~")) {
      assert.throws(() => rights(some, { workspace: "read" }, path), refusal("boundary"), path);
    }
  }
});

Deno.test("a folder that is not there is said by name", async () => {
  await using some = await SomeRun.make();
  assert.throws(() => rights(some, { read: ["~/none"] }), refusal("usage", /~\/none|none/));
});
