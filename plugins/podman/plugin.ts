/**
 * Containers by Podman. It needs no service: each program is a container of its own, which goes with it.
 * @module
 */
import type { ContainerRuntime, Plugin } from "pyra/sdk";

const CLI = "podman";

/** What cannot be started, and why. */
class PodmanError extends Error {
  readonly code = "bad_mount";
}

/** One mount, as `podman run --volume` has it. */
function volume(
  { from, to, writable }: Parameters<ContainerRuntime["buildRunArgs"]>[0][number],
): string[] {
  if (/[:\n]/.test(from + to)) {
    throw new PodmanError(
      `${JSON.stringify(from)} cannot be put into a container: rename what has a colon`,
    );
  }
  return ["--volume", `${from}:${to}:${writable ? "rw" : "ro"}`];
}

const plugin: Plugin = {
  runtime: {
    name: CLI,
    cli: CLI,
    priority: 20,
    platformMatches: ({ os }) => os === "linux" || os === "darwin",
    ensureRunning() {},
    async listRunning(prefix, { run }) {
      const argv = [CLI, "ps", "--format", "{{.Names}}", "--filter", `name=^${prefix}`];
      let names = "";
      for await (const { stream, text } of run(argv)) if (stream === "stdout") names += text;
      return names.split("\n").filter((name) => name.startsWith(prefix));
    },
    // An image that is not there yet is not fetched: that is the person's to do.
    buildRunArgs: (mounts, name, image) => [
      ...["run", "--rm", "--pull", "never", "--name", name],
      ...mounts.flatMap(volume),
      image,
    ],
  },
};

export default plugin;
