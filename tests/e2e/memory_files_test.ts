/**
 * `pyra memory …` with other people's files: imports, exports, folders that cannot be written.
 * @module
 */
import assert from "node:assert/strict";
import { run, withHome } from "./command.ts";

const OBSIDIAN = {
  ".obsidian/app.json": "{}",
  "Daily/2024-01-31.md": "Met [[Anna]] about the zeppelin. #meeting\n",
  "Anna.md": "---\ntags: [friends]\n---\nAnna likes pears.\n",
  "picture.png": "not a note",
};

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = `${folder}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, text);
  }
}

Deno.test("a folder of Markdown comes in once, however often it is imported", async () => {
  await withHome(async (home) => {
    await writeFiles(`${home}/Vault`, OBSIDIAN);
    const look = await run(["memory", "import", "Vault", "--dry-run"], { home });
    assert.equal(look.code, 0, look.stderr);
    assert.match(
      look.stdout,
      /2 notes would be new, 0 changed, 0 as before; left out: 1 attachment; nothing was written\n$/,
    );
    assert.equal((await run(["memory", "list", "--json"], { home })).stdout, "[]\n");
    const first = await run(["memory", "import", "Vault"], { home });
    assert.match(
      first.stdout,
      /^2 notes are new, 0 changed, 0 as before; left out: 1 attachment\n$/,
    );
    const again = await run(["memory", "import", "Vault", "--json"], { home });
    const { created, changed, unchanged } = JSON.parse(again.stdout);
    assert.deepEqual([created, changed, unchanged], [0, 0, 2]);
    const found = await run(["memory", "search", "zeppelin", "--json"], { home });
    assert.match(JSON.parse(found.stdout)[0].file, /2024-01-31\.md$/);
  });
});

Deno.test("an import goes below a category of one's own", async () => {
  await withHome(async (home) => {
    await writeFiles(`${home}/Vault`, OBSIDIAN);
    const { code, stderr } = await run(["memory", "import", "Vault", "notes/old"], { home });
    assert.equal(code, 0, stderr);
    const { stdout } = await run(["memory", "list", "notes/old", "--json"], { home });
    assert.equal(JSON.parse(stdout).length, 2);
  });
});

Deno.test("what cannot be imported is told in a line", async () => {
  await withHome(async (home) => {
    await writeFiles(home, { "x.json": "{", "empty/nothing.txt": "" });
    for (const path of ["missing", "x.json", "/etc/hostname"]) {
      const { code, stdout, stderr } = await run(["memory", "import", path], { home });
      assert.notEqual(code, 0, path);
      assert.equal(stdout, "");
      assert.match(stderr, /^pyra: [^\n]+\n$/, path);
    }
    assert.equal((await run(["memory", "import"], { home })).code, 2);
  });
});

Deno.test("an export is the notes byte for byte, and comes in again elsewhere", async () => {
  await withHome(async (home) => {
    await run(["memory", "write", "user/profile", "I live in Ghent."], { home });
    await run(["memory", "write", "été", "Chaud."], { home });
    for (const output of ["copy", "notes.zip", "notes.json"]) {
      const { code, stdout, stderr } = await run(["memory", "export", "--output", output], {
        home,
      });
      assert.equal(code, 0, `${output}: ${stderr}`);
      assert.equal(stdout, `2 notes are in ${output}\n`);
      const other = await run(["--profile", output.slice(0, 4), "memory", "import", output], {
        home,
      });
      assert.equal(other.code, 0, `${output}: ${other.stderr}`);
      const list = await run(["--profile", output.slice(0, 4), "memory", "list", "--json"], {
        home,
      });
      assert.equal(JSON.parse(list.stdout).length, 2, output);
      await Deno.remove(`${home}/.pyra/profiles/${output.slice(0, 4)}`, { recursive: true });
    }
    assert.deepEqual(
      await Deno.readFile(`${home}/copy/user/profile.md`),
      await Deno.readFile(`${home}/.pyra/memory/user/profile.md`),
    );
    const again = await run(["memory", "export", "--output", "copy"], { home });
    assert.equal(again.code, 1);
    assert.match(again.stderr, /^pyra: [^\n]*copy[^\n]*\n$/);
    const piped = await run(["memory", "export"], { home });
    assert.equal(piped.stdout.trimEnd().split("\n").length, 2);
    for (const line of piped.stdout.trimEnd().split("\n")) assert.ok(JSON.parse(line).name);
  });
});

Deno.test({
  name: "a folder that cannot be written loses nothing and says so",
  ignore: Deno.build.os === "windows" || Deno.uid() === 0, // root writes everywhere
  async fn() {
    await withHome(async (home) => {
      await run(["memory", "write", "a", "a zeppelin flies"], { home });
      const folder = `${home}/.pyra/memory`;
      await Deno.chmod(folder, 0o500);
      try {
        for (const line of ["write b text", "append a more", "rm a", "mv a c"]) {
          const { code, stderr } = await run(["memory", ...line.split(" ")], { home });
          assert.equal(code, 1, line);
          assert.match(stderr, /^pyra: [^\n]+\n$/);
        }
        const found = await run(["memory", "search", "zeppelin"], { home });
        assert.match(found.stdout, /^a\.md/);
      } finally {
        await Deno.chmod(folder, 0o700);
      }
    });
  },
});
