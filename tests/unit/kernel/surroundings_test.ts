import assert from "node:assert/strict";
import { surroundings } from "../../../src/kernel/surroundings.ts";

async function inFolder(play: (home: string) => Promise<void>): Promise<void> {
  const home = await Deno.realPath(await Deno.makeTempDir());
  try {
    await play(home);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

function put(path: string, text = ""): void {
  Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  Deno.writeTextFileSync(path, text);
}

Deno.test("the machine and the disk are told in figures that can be", async () => {
  await inFolder(async (home) => {
    const { cores, memory, disk, release, load } = await surroundings({
      workspace: home,
      userHome: home,
    });
    assert.ok(cores >= 1 && load >= 0 && release !== "");
    assert.ok(memory.available > 0 && memory.available <= memory.total);
    assert.ok(disk && disk.available <= disk.total);
  });
});

Deno.test("instructions are read from the repository's folder down to the workspace", async () => {
  await inFolder(async (home) => {
    const workspace = `${home}/project/packages/one`;
    put(`${home}/AGENTS.md`, "of the home folder");
    put(`${home}/project/.git/HEAD`);
    put(`${home}/project/AGENTS.md`, "of the project");
    put(`${workspace}/AGENTS.md`, "of the part");
    const told = await surroundings({ workspace, userHome: home });
    assert.equal(told.project, `${home}/project`);
    assert.deepEqual(told.names, ["AGENTS.md"]);
    assert.deepEqual(told.instructions, [
      { path: `${home}/project/AGENTS.md`, text: "of the project" },
      { path: `${workspace}/AGENTS.md`, text: "of the part" },
    ]);
  });
});

Deno.test("without a repository only the workspace's own count, and never a home folder above", async () => {
  await inFolder(async (home) => {
    put(`${home}/.git/HEAD`);
    put(`${home}/AGENTS.md`, "of the home folder");
    put(`${home}/a/b/AGENTS.md`, "own");
    const told = await surroundings({ workspace: `${home}/a/b`, userHome: home });
    assert.equal(told.project, null);
    assert.deepEqual(told.instructions, [{ path: `${home}/a/b/AGENTS.md`, text: "own" }]);
    const atHome = await surroundings({ workspace: home, userHome: home });
    assert.equal(atHome.instructions.length, 1);
  });
});

Deno.test("a link, a folder and what is too long are named and not read", async () => {
  await inFolder(async (home) => {
    put(`${home}/secret`, "a key");
    for (const name of ["linked", "folder", "long", "full"]) await Deno.mkdir(`${home}/${name}`);
    await Deno.symlink(`${home}/secret`, `${home}/linked/AGENTS.md`);
    await Deno.mkdir(`${home}/folder/AGENTS.md`);
    put(`${home}/long/AGENTS.md`, "x".repeat(32 * 1024 + 1));
    put(`${home}/full/AGENTS.md`, "x".repeat(32 * 1024));
    for (const [name, length] of [["linked"], ["folder"], ["long"], ["full", 32_768]] as const) {
      const { instructions } = await surroundings({
        workspace: `${home}/${name}`,
        userHome: undefined,
      });
      assert.equal(instructions[0]?.text?.length, length, name);
    }
  });
});
