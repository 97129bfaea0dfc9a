/**
 * Programs in a container, as the plugin that comes with Pyra starts them: a real Podman, if `PYRA_TEST_PODMAN` names a
 * command that runs one and `PYRA_TEST_IMAGE` an image with a shell.
 */
import assert from "node:assert/strict";
import { bundledPlugins } from "../../src/kernel/plugins/bundled.ts";
import type { PluginFile } from "../../src/protocol/plugin_calls.ts";
import { somePlugin } from "../unit/kernel/plugins/some_run.ts";
import { type Ran, SomePrograms } from "../unit/kernel/plugins/some_programs.ts";

const PODMAN = Deno.env.get("PYRA_TEST_PODMAN") ?? "";
const IMAGE = Deno.env.get("PYRA_TEST_IMAGE") ?? "";
const RUNTIME = `
export default {
  runtime: {
    name: "pod", cli: "pod", priority: 1,
    platformMatches: () => true, ensureRunning() {}, listRunning: () => [],
    buildRunArgs: (mounts, name, image) => START,
  },
};`;

/** A plugin whose programs are held by containers. */
async function held(files: readonly PluginFile[], cli: string): Promise<SomePrograms> {
  const programs = await SomePrograms.make({ run: ["sh"] });
  const { some } = programs;
  programs.config("sandbox: container", `image: ${IMAGE || "localhost/none"}`);
  await Deno.mkdir(`${some.base}/bin`);
  // It has the name of what it starts, and shall not find itself.
  const text = `#!/bin/sh\nPATH='${Deno.env.get("PATH")}'\nexec ${PODMAN} "$@"\n`;
  await Deno.writeTextFile(`${some.base}/bin/${cli}`, text, { mode: 0o755 });
  Deno.env.set("PATH", `${some.base}/bin:${Deno.env.get("PATH")}`);
  const name: string = JSON.parse(files.find(isManifest)?.text ?? "{}").name;
  some.put(`${some.profile.plugins}/${name}`, files);
  const found = await some.catalog.find(name);
  await some.catalog.agree(found, found.record.wishes);
  Object.assign(some.run, { environment: { containerRuntime: name } });
  return programs;
}

function isManifest({ path }: PluginFile): boolean {
  return path === "manifest.json";
}

/** A runtime whose start of a container is this. */
async function heldBy(start: string): Promise<SomePrograms> {
  const grants = { run: ["pod"], outside: ["pod"] };
  return await held(somePlugin({ name: "pod", grants }, RUNTIME.replace("START", start)), "pod");
}

function sh(programs: SomePrograms, script: string, options = {}): Promise<Ran> {
  return programs.call("run", { argv: ["sh", "-c", script], options }) as Promise<Ran>;
}

Deno.test({
  name: "a container has the workspace and nothing else",
  // Not every machine runs containers.
  ignore: PODMAN === "" || IMAGE === "",
  async fn() {
    const bundled = await bundledPlugins(new URL("../../src/rooms/", import.meta.url));
    const files = bundled.find(({ name }) => name === "podman")?.files ?? [];
    await using programs = await held(files, "podman");
    const { work, some } = programs;
    await Deno.writeTextFile(`${work}/.envrc`, "mine");
    const ran = await sh(
      programs,
      `echo a > a; pwd; echo x > .envrc; ls ${some.profile.home}; ls /sys/class/net; exit 5`,
    );
    assert.equal(ran.code, 5);
    assert.equal(ran.sandbox, "container");
    assert.equal(ran.stdout, `${work}\nlo\n`);
    assert.equal(await Deno.readTextFile(`${work}/a`), "a\n");
    assert.equal(await Deno.readTextFile(`${work}/.envrc`), "mine");
    const late = await sh(programs, "trap '' TERM; while :; do sleep 1; done", { limitMs: 3_000 });
    assert.equal(late.timedOut, true);
    const args = ["-c", `${PODMAN} ps --quiet --filter name=pyra-`];
    const { stdout } = await new Deno.Command("sh", { args }).output();
    assert.equal(new TextDecoder().decode(stdout), "", "no container goes on");
  },
});

Deno.test({
  name: "a runtime that says something else than how the container is started runs nothing",
  // The command is a shell's script.
  ignore: Deno.build.os === "windows",
  async fn() {
    for (
      const args of [
        '["exec", "other", image]',
        '["run", image, "sh"]',
        '"run"',
        '["run", 5, image]',
      ]
    ) {
      await using programs = await heldBy(args);
      await assert.rejects(sh(programs, "true"), /does not say how/, args);
    }
  },
});
