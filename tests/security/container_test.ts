/**
 * Programs in a container, as the plugin that comes with Pyra starts them: a real Podman, if `PYRA_TEST_PODMAN` names a
 * command that runs one and `PYRA_TEST_IMAGE` an image with a shell. The same by a real client of Docker's, if
 * there is one; Podman stands for its server.
 */
import assert from "node:assert/strict";
import { bundledPlugins } from "../../src/kernel/plugins/bundled.ts";
import {
  type Containers,
  runtimePlugin,
  SomeContainers,
} from "../unit/kernel/plugins/some_containers.ts";

const PODMAN = Deno.env.get("PYRA_TEST_PODMAN") ?? "";
const IMAGE = Deno.env.get("PYRA_TEST_IMAGE") ?? "";

/** Whether there is a client of Docker's. */
function hasDocker(): boolean {
  try {
    return new Deno.Command("docker", { args: ["--version"] }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Podman, as a server that speaks as Docker's does. */
class DockerServer implements AsyncDisposable {
  readonly #folder = Deno.makeTempDirSync();
  readonly #child: Deno.ChildProcess;

  constructor() {
    const args = ["-c", `exec ${PODMAN} system service --time 0 unix://${this.socket}`];
    const streams = { stdin: "null", stdout: "null", stderr: "null" } as const;
    this.#child = new Deno.Command("sh", { args, ...streams }).spawn();
  }

  get socket(): string {
    return `${this.#folder}/docker.sock`;
  }

  async ready(): Promise<void> {
    const DOCKER_HOST = `unix://${this.socket}`;
    const command = new Deno.Command("docker", { args: ["ps"], env: { DOCKER_HOST } });
    for (let left = 50; !(await command.output()).success; left--) {
      assert.ok(left > 0, "Podman serves nobody");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill();
    await this.#child.status;
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** What a program sees and changes in a container, and that none outlives its program. @returns its code */
async function holdsToWorkspace(containers: Containers): Promise<number | null> {
  await using held = await SomeContainers.make({ ...containers, image: IMAGE });
  const { programs: { work, some } } = held;
  await Deno.writeTextFile(`${work}/.envrc`, "mine");
  const script =
    `echo a > a; pwd; echo x > .envrc; ls ${some.profile.home}; ls /sys/class/net; cat; exit 5`;
  const ran = await held.sh(script, { input: "told\n" });
  assert.equal(ran.stdout, `${work}\nlo\ntold\n`, ran.stderr);
  assert.equal(ran.sandbox, "container");
  assert.equal(await Deno.readTextFile(`${work}/a`), "a\n");
  assert.equal((await Deno.stat(`${work}/a`)).uid, Deno.uid());
  assert.equal(await Deno.readTextFile(`${work}/.envrc`), "mine");
  const late = await held.sh("trap '' TERM; while :; do sleep 1; done", { limitMs: 3_000 });
  assert.equal(late.timedOut, true);
  const args = ["-c", `${PODMAN} ps --quiet --filter name=pyra-`];
  const { stdout } = await new Deno.Command("sh", { args }).output();
  assert.equal(new TextDecoder().decode(stdout), "", "no container goes on");
  return ran.code;
}

Deno.test({
  name: "a container has the workspace and nothing else",
  // Not every machine runs containers.
  ignore: PODMAN === "" || IMAGE === "",
  async fn() {
    const bundled = await bundledPlugins(new URL("../../src/rooms/", import.meta.url));
    const files = bundled.find(({ name }) => name === "podman")?.files ?? [];
    const programs = { podman: `exec ${PODMAN} "$@"` };
    assert.equal(await holdsToWorkspace({ plugins: [files], programs }), 5);
  },
});

Deno.test({
  name: "Docker's container has the workspace and nothing else, whatever its name",
  // Not every machine runs containers.
  ignore: PODMAN === "" || IMAGE === "" || !hasDocker(),
  async fn() {
    await using server = new DockerServer();
    await server.ready();
    const docker = `DOCKER_HOST=unix://${server.socket} exec docker "$@"`;
    // Podman's server forgets how a container ended that is removed then: the code is not looked at.
    await holdsToWorkspace({ programs: { docker } });
    await using held = await SomeContainers.make({ programs: { docker }, image: IMAGE });
    const { work } = held.programs;
    const odd = `${work}/a b=c`;
    await Deno.mkdir(`${odd}/.git`, { recursive: true });
    const { stdout, stderr } = await held.sh("echo x > .git/a; pwd; ls -a .git", { folder: odd });
    assert.equal(stdout, `${odd}\n.\n..\na\n`, stderr);
  },
});

Deno.test({
  name: "a runtime that says something else than how the container is started runs nothing",
  // The command is a shell's script.
  ignore: Deno.build.os === "windows",
  async fn() {
    for (
      const start of [
        '["exec", "other", image]',
        '["run", image, "sh"]',
        '"run"',
        '["run", 5, image]',
      ]
    ) {
      const parts = `buildRunArgs: (mounts, name, image) => ${start},`;
      const plugins = [runtimePlugin("pod", 1, parts)];
      await using held = await SomeContainers.make({ plugins, programs: { pod: "echo ran" } });
      await assert.rejects(held.sh("true"), /does not say how/, start);
    }
  },
});
