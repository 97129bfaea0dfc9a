import assert from "node:assert/strict";
import { refusal, somePlugin, SomeRun } from "./some_run.ts";

Deno.test("of several that were typed each is installed, once, under its own name, and no other", async () => {
  await using some = await SomeRun.make("plugin", "install", "some", "other", "--yes");
  await assert.rejects(some.install(somePlugin({ name: "third" })), refusal("denied"));
  await some.install(somePlugin());
  await assert.rejects(some.install(somePlugin({ version: "1.1.0" })), refusal("denied"));
  await some.install(somePlugin({ name: "other" }));
  assert.deepEqual(some.installed().sort(), ["other", "some"]);
  assert.ok(some.said.some((line) => line.endsWith(", from other")));
});

Deno.test("a yes to one plugin that was typed is none to a second", async () => {
  await using some = await SomeRun.make("plugin", "install", "some", "--yes");
  await some.install(somePlugin());
  await assert.rejects(some.install(somePlugin({ name: "other" })), refusal("denied"));
});
