/**
 * Which runtime starts containers, seen by what is started: the programs on the `PATH` are the test's.
 * @module
 */
import assert from "node:assert/strict";
import {
  type Containers,
  enable,
  runtimePlugin,
  SomeContainers,
  STAND_IN,
} from "./some_containers.ts";
import { refusal, somePlugin } from "./some_run.ts";

const EVERY = { docker: STAND_IN, podman: STAND_IN, lima: STAND_IN, slow: STAND_IN };

function test(name: string, fn: () => Promise<void>): void {
  // The stand-ins are scripts of a shell.
  Deno.test({ name, ignore: Deno.build.os === "windows", fn });
}

/** The program that starts a container. */
async function starter(containers: Partial<Containers>): Promise<string | undefined> {
  await using made = await SomeContainers.make({ programs: EVERY, ...containers });
  return (await made.started())[0];
}

test("the plugin that CONTAINER_RUNTIME names starts containers, whatever its priority", async () => {
  const plugins = [runtimePlugin("lima", 20), runtimePlugin("slow", -5)];
  assert.equal(await starter({ plugins, named: "slow" }), "slow");
  assert.equal(await starter({ plugins, named: "docker" }), "docker");
  assert.equal(
    await starter({ plugins: [runtimePlugin("docker", 1)], named: "docker" }),
    "docker",
  );
});

test("one that is named and does not start containers is no reason to take another", async () => {
  const plugins = [
    runtimePlugin("lima", 20),
    runtimePlugin("slow", 1, "platformMatches: () => false,"),
    somePlugin({ name: "podman", grants: { run: ["podman"], outside: ["podman"] } }),
  ];
  for (const named of ["slow", "podman", "absent"]) {
    await assert.rejects(
      starter({ plugins, named }),
      new RegExp(`CONTAINER_RUNTIME names no enabled plugin that .*: ${named}`),
    );
  }
});

test("of those that fit this machine the highest priority is taken, of equals the first name", async () => {
  const [lima, slow] = [runtimePlugin("lima", 1), runtimePlugin("slow", 2)];
  assert.equal(await starter({ plugins: [lima, slow] }), "slow");
  assert.equal(await starter({ plugins: [runtimePlugin("slow", 1), lima] }), "lima");
  assert.equal(await starter({ plugins: [runtimePlugin("lima", -7)] }), "lima");
  const never = runtimePlugin("podman", 9, "platformMatches: ({ os, arch }) => os + arch === 1,");
  assert.equal(await starter({ plugins: [lima, never] }), "lima");
  const here = `platformMatches: ({ os, arch }) =>
      os === "${Deno.build.os}" && arch === "${Deno.build.arch}",`;
  assert.equal(await starter({ plugins: [lima, runtimePlugin("podman", 9, here)] }), "podman");
});

test("one that cannot say whether it fits does not fit, and that is logged", async () => {
  const broken = runtimePlugin("podman", 9, "platformMatches() { throw new Error('no way'); },");
  const plugins = [broken, runtimePlugin("lima", 1)];
  await using containers = await SomeContainers.make({ programs: EVERY, plugins });
  assert.equal((await containers.started())[0], "lima");
  await containers.started();
  const { log } = containers.programs.some;
  const told = log.filter(({ event }) => event === "plugin.runtime_failed");
  assert.deepEqual(told, [{
    event: "plugin.runtime_failed",
    plugin: "podman",
    reason: "no way",
  }]);
});

test("a plugin starts nothing that the person did not agree to have outside of a sandbox", async () => {
  const inside = runtimePlugin("lima", 9, "", { run: ["lima"] });
  const other = runtimePlugin("slow", 9, "", { run: ["slow", "true"], outside: ["true"] });
  assert.equal(await starter({ plugins: [inside, other] }), "docker");
  await using containers = await SomeContainers.make({ programs: EVERY });
  const { programs } = containers;
  // Files that nobody agreed to.
  programs.some.put(`${programs.some.profile.plugins}/lima`, runtimePlugin("lima", 9));
  assert.equal((await containers.started())[0], "docker");
  await enable(programs, runtimePlugin("lima", 9));
  assert.equal((await containers.started())[0], "lima", "it is looked at anew");
});

test("what has to run is running before a container is started", async () => {
  const parts = `
      async ensureRunning({ run }) { await run(["lima", "up"]).result; this.isUp = true; },
      buildRunArgs(mounts, name, image) { return ["run", "--up", String(this.isUp), image]; },`;
  const plugins = [runtimePlugin("lima", 1, parts)];
  await using containers = await SomeContainers.make({ programs: EVERY, plugins });
  assert.deepEqual((await containers.started()).slice(0, 4), ["lima", "run", "--up", "true"]);
});

test("without a plugin Docker holds a program to the workspace, by the kernel's own words", async () => {
  await using containers = await SomeContainers.make({ programs: EVERY });
  const { work } = containers.programs;
  await Deno.writeTextFile(`${work}/.envrc`, "mine");
  assert.deepEqual(await containers.started(), [
    ...["docker", "run", "--rm", "--pull", "never", "--name", "NAME"],
    ...["--user", `${Deno.uid()}:${Deno.gid()}`],
    ...["--mount", `type=bind,source=${work},target=${work}`],
    ...["--mount", `type=bind,source=${work}/.envrc,target=${work}/.envrc,readonly`],
    ...["--interactive", "--workdir", work],
    ...["--env", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
    ...["--env", "TERM=dumb", "--env", "NO_COLOR=1"],
    ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--pids-limit", "4096"],
    ...["--network", "none", "some/image:1", "sh", "-c", "true"],
  ]);
});

test("a folder whose name Docker would take for several fields is one", async () => {
  await using containers = await SomeContainers.make({ programs: EVERY });
  const { work } = containers.programs;
  await Deno.mkdir(`${work}/a "b",readonly=no/.git`, { recursive: true });
  const started = await containers.started();
  const odd = `${work}/a ""b"",readonly=no/.git`;
  assert.ok(started.includes(`type=bind,"source=${odd}","target=${odd}"`), started.join("\n"));
});

test("where nothing starts containers nothing runs, and it says what to install", async () => {
  const failed = (containers: Partial<Containers>, words: RegExp) =>
    assert.rejects(starter(containers), words);
  await failed({ programs: { podman: STAND_IN } }, /docker is not installed/);
  const plugins = [runtimePlugin("lima", 1)];
  await failed({ programs: { docker: STAND_IN }, plugins }, /lima is not installed/);
  await using containers = await SomeContainers.make({ programs: EVERY });
  containers.programs.config("sandbox: container");
  await assert.rejects(
    containers.started(),
    refusal("plugin_failed", /the containers' image is not set/),
  );
});
