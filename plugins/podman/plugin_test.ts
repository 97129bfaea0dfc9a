import assert from "node:assert/strict";
import plugin from "./plugin.ts";

const { runtime } = plugin;
assert.ok(runtime);

Deno.test("a container is started with the mounts it is given, and gone afterwards", () => {
  const mounts = [
    { from: "/project", to: "/project", writable: true },
    { from: "/project/.git", to: "/project/.git", writable: false },
  ];
  assert.deepEqual(runtime.buildRunArgs(mounts, "pyra-1", "debian:12"), [
    ...["run", "--rm", "--pull", "never", "--name", "pyra-1"],
    ...[
      "--volume",
      "/project:/project:rw",
      "--volume",
      "/project/.git:/project/.git:ro",
      "debian:12",
    ],
  ]);
});

Deno.test("a folder that podman would take for two is refused", () => {
  const mounts = [{ from: "/project/a:/etc", to: "/project/a:/etc", writable: true }];
  assert.throws(
    () => runtime.buildRunArgs(mounts, "pyra-1", "debian:12"),
    /rename what has a colon/,
  );
});

Deno.test("it fits where Podman runs", () => {
  const fits = (os: string) => runtime.platformMatches({ os, arch: "x86_64" });
  assert.deepEqual(["linux", "darwin", "windows"].map(fits), [true, true, false]);
});
