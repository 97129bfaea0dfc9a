import assert from "node:assert/strict";
import { chooseRuntime, type RuntimeChoice } from "../../../src/runtimes/choose.ts";

const PLATFORM = { os: "linux", arch: "x86_64" };

function runtime(name: string, priority: number, fits: boolean | Error = true): RuntimeChoice {
  return {
    name,
    priority,
    platformMatches: () => fits instanceof Error ? Promise.reject(fits) : Promise.resolve(fits),
  };
}

const DOCKER = runtime("docker", 0);

async function chosen(runtimes: RuntimeChoice[], wanted?: string): Promise<string> {
  return (await chooseRuntime(runtimes, { platform: PLATFORM, wanted })).runtime.name;
}

Deno.test("the runtime that the environment names comes first, whatever its priority", async () => {
  const runtimes = [DOCKER, runtime("podman", 10), runtime("slow", -5)];
  assert.equal(await chosen(runtimes, "slow"), "slow");
  assert.equal(await chosen(runtimes, " docker "), "docker");
  assert.equal(await chosen(runtimes, ""), "podman");
});

Deno.test("a named one that is not there, or does not fit, is no reason to take another", async () => {
  const runtimes = [DOCKER, runtime("mac", 10, false)];
  await assert.rejects(chosen(runtimes, "lima"), {
    code: "unknown_runtime",
    message: "CONTAINER_RUNTIME names lima, which is not there",
    hint: "name one of docker, mac, or unset it",
  });
  await assert.rejects(chosen(runtimes, "mac"), /does not fit this machine/);
});

Deno.test("of those that fit the highest priority is taken, and Docker only when none does", async () => {
  assert.equal(await chosen([DOCKER, runtime("a", 1), runtime("b", 2)]), "b");
  assert.equal(await chosen([DOCKER, runtime("b", 1), runtime("a", 1)]), "a");
  assert.equal(await chosen([DOCKER, runtime("a", -1)]), "a");
  const faults = [runtime("a", 9, false), runtime("b", 8, new Error("no\nway")), DOCKER];
  const { runtime: { name }, left } = await chooseRuntime(faults, { platform: PLATFORM });
  assert.equal(name, "docker");
  assert.deepEqual(left, [
    "a does not fit linux on x86_64",
    "b could not say whether it fits: no way",
  ]);
  await assert.rejects(chosen([runtime("a", 1, false)]), { code: "no_runtime" });
});

Deno.test("a second runtime of one name cannot take the first one's place", async () => {
  const first = runtime("docker", 0);
  const { runtime: taken, left } = await chooseRuntime([first, runtime("docker", 99)], {
    platform: PLATFORM,
  });
  assert.equal(taken, first);
  assert.deepEqual(left, ["a second runtime is called docker"]);
});
