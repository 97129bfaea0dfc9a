import assert from "node:assert/strict";
import type { Json } from "pyra/sdk";
import { commandFor } from "./opening.ts";
import { MANAGERS } from "./package_commands.ts";
import { Stage } from "./stage.ts";

Deno.test("every program that a plan can name is one that the manifest asks for", async () => {
  const { grants } = JSON.parse(await Deno.readTextFile(new URL("manifest.json", import.meta.url)));
  const commands = [
    ...Object.values(MANAGERS).flatMap((manager) => [
      manager.search(["a"]),
      manager.install(["a"]),
      manager.remove(["a"]),
    ]),
    ...(["linux", "darwin", "windows"] as const).flatMap((os) => [
      commandFor({ application: "a" }, os),
      commandFor({ target: "a.pdf" }, os),
    ]),
  ];
  for (const { argv } of commands) assert.ok(grants.run.includes(argv[0]), argv[0]);
  for (const program of grants.outside) assert.ok(grants.run.includes(program), program);
});

Deno.test("what is planned is what is run, argument for argument", async () => {
  using stage = new Stage({ simulate: { out: "Remv htop [3.2]\n" } });
  for (
    const [name, input] of [
      ["get_system_info", {}],
      ["manage_application", { action: "remove", names: ["htop"], manager: "apt" }],
      ["open_application", { target: "docs/a.pdf" }],
    ] as const
  ) {
    stage.runs.length = 0;
    const planned = await stage.plan(name, input as Record<string, Json>);
    await stage.run(name, input as Record<string, Json>).catch(() => undefined);
    assert.deepEqual(
      planned?.effects?.map((effect) => effect.kind === "runs" && effect.argv),
      stage.runs.map(({ argv }) => argv),
      name,
    );
    if (name !== "get_system_info") assert.equal(planned?.ask, "always");
  }
});

const ELSEWHERE = Deno.build.os !== "linux";

Deno.test("a program that is missing costs its own part", async () => {
  using stage = new Stage({
    head: { out: "==> /proc/loadavg <==\n0.1 0.2 0.3 1/2 3\n" },
    ip: { fails: "ip is not installed" },
  });
  if (ELSEWHERE) return;
  const text = await stage.run("get_system_info", { parts: ["machine", "network"] });
  assert.match(text, /^load over[^]*network could not be told: ip is not installed$/m);
});
