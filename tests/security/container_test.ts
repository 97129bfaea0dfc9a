/**
 * Programs in a container, as a plugin's runtime starts them: a real Podman, if `PYRA_TEST_PODMAN` names a
 * command that runs one and `PYRA_TEST_IMAGE` an image with a shell.
 */
import assert from "node:assert/strict";
import { somePlugin } from "../unit/kernel/plugins/some_run.ts";
import { type Ran, SomePrograms } from "../unit/kernel/plugins/some_programs.ts";

const PODMAN = Deno.env.get("PYRA_TEST_PODMAN") ?? "";
const IMAGE = Deno.env.get("PYRA_TEST_IMAGE") ?? "";
const RUNTIME = `
const mounted = ({ from, to, writable }) => ["--volume", from + ":" + to + (writable ? "" : ":ro")];
export default {
  runtime: {
    name: "pod", cli: "pyra-test-podman", priority: 1,
    platformMatches: () => true, ensureRunning() {}, listRunning: () => [],
    buildRunArgs: (mounts, name, image) => ["run", "--rm", "--name", name, ...mounts.flatMap(mounted), image],
  },
};`;

/** A plugin whose programs are held by containers. */
async function held(code = RUNTIME): Promise<SomePrograms> {
  const programs = await SomePrograms.make({ run: ["sh"] });
  const { some } = programs;
  programs.config("sandbox: container", `image: ${IMAGE || "localhost/none"}`);
  await Deno.mkdir(`${some.base}/bin`);
  const text = `#!/bin/sh\nexec ${PODMAN} "$@"\n`;
  await Deno.writeTextFile(`${some.base}/bin/pyra-test-podman`, text, { mode: 0o755 });
  Deno.env.set("PATH", `${some.base}/bin:${Deno.env.get("PATH")}`);
  const grants = { run: ["pyra-test-podman"], outside: ["pyra-test-podman"] };
  some.put(`${some.profile.plugins}/pod`, somePlugin({ name: "pod", grants }, code));
  const found = await some.catalog.find("pod");
  await some.catalog.agree(found, found.record.wishes);
  Object.assign(some.run, { environment: { containerRuntime: "pod" } });
  return programs;
}

function sh(programs: SomePrograms, script: string, options = {}): Promise<Ran> {
  return programs.call("run", { argv: ["sh", "-c", script], options }) as Promise<Ran>;
}

Deno.test({
  name: "a container has the workspace and nothing else",
  // Not every machine runs containers.
  ignore: PODMAN === "" || IMAGE === "",
  async fn() {
    await using programs = await held();
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
      const code = RUNTIME.replace(/\["run"[^\n]*, image\],/, `${args},`);
      await using programs = await held(code);
      await assert.rejects(sh(programs, "true"), /does not say how/, args);
    }
  },
});
