import assert from "node:assert/strict";
import { interruption } from "../../../../src/commands/context.ts";
import { TestProfile } from "../../../fakes/command_context.ts";

const JSON_OUT = { options: { json: true } };

/** A profile beside which there is a folder of Markdown. */
async function withFolder(files: Readonly<Record<string, string>>): Promise<TestProfile> {
  const profile = await TestProfile.create();
  for (const [name, text] of Object.entries(files)) {
    const path = `${profile.home}/Vault/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, text);
  }
  return profile;
}

const FILES = { "Anna.md": "Anna likes pears.\n", "Daily/today.md": "A zeppelin.\n", "p.png": "x" };

Deno.test("import says how many notes came, and only what the kernel granted is read", async () => {
  await using profile = await withFolder(FILES);
  const granted = [`${profile.home}/Vault`];
  // The path as it was typed leads nowhere: the granted one is used.
  const { code, out, err } = await profile.run(["memory", "import", "~/Vault"], { granted });
  assert.deepEqual([code, err], [0, ""]);
  assert.equal(out, "2 notes are new, 0 changed, 0 as before; left out: 1 attachment\n");
  const again = await profile.run(["memory", "import", "Vault"], { granted, ...JSON_OUT });
  const report = JSON.parse(again.out);
  assert.deepEqual([report.created, report.unchanged, report.dry_run], [0, 2, false]);
  assert.deepEqual(report.notes, []);
});

Deno.test("a dry run names what would come, one a line, and writes nothing", async () => {
  await using profile = await withFolder(FILES);
  const { code, out } = await profile.run(["memory", "import", "Vault", "mine", "--dry-run"], {
    granted: [`${profile.home}/Vault`],
  });
  assert.equal(code, 0);
  const lines = out.trimEnd().split("\n");
  assert.deepEqual(lines.slice(0, -1).toSorted(), [
    "created  mine/Anna.md",
    "created  mine/Daily/today.md",
  ]);
  assert.match(lines.at(-1) ?? "", /^2 notes would be new, .*; nothing was written$/);
  assert.equal((await profile.run(["memory", "list"], JSON_OUT)).out, "[]\n");
});

Deno.test("an import of which nothing came fails, and names why", async () => {
  await using profile = await withFolder({ "broken.md": "x" });
  await Deno.writeFile(`${profile.home}/Vault/broken.md`, new Uint8Array([0, 1, 2]));
  const { code, err } = await profile.run(["memory", "import", "Vault"], {
    granted: [`${profile.home}/Vault`],
  });
  assert.equal(code, 1);
  assert.match(err, /^pyra: [^\n]*broken\.md[^\n]*\n$/);
});

Deno.test("Ctrl-C ends an import, and the next one brings the rest", async () => {
  await using profile = await withFolder(
    Object.fromEntries(Array.from({ length: 30 }, (_, number) => [`${number}.md`, `n${number}\n`])),
  );
  const granted = [`${profile.home}/Vault`];
  const ended = new AbortController();
  let written = 0;
  const { code, err } = await profile.run(["memory", "import", "Vault"], {
    granted,
    signal: ended.signal,
    memory: (real) => {
      const replace = real.replace.bind(real);
      return Object.assign(real, {
        replace: (name: string, text: string) => {
          if (++written === 10) ended.abort(interruption("interrupt"));
          return replace(name, text);
        },
      });
    },
  });
  assert.deepEqual([code, err], [130, ""]);
  const { out } = await profile.run(["memory", "import", "Vault"], { granted, ...JSON_OUT });
  const { created, unchanged } = JSON.parse(out);
  assert.equal(created + unchanged, 30);
  assert.ok(unchanged >= 9 && created > 0, out);
});

Deno.test("export writes to the file that was named, or lines to standard output", async () => {
  await using profile = await TestProfile.create();
  await profile.run(["memory", "write", "user/profile", "I live in Ghent.", "--summary", "me"]);
  const path = `${profile.home}/notes.json`;
  const { code, out } = await profile.run(["memory", "export", "--output", "notes.json"], {
    granted: [path],
  });
  assert.deepEqual([code, out], [0, "1 note is in notes.json\n"]);
  assert.ok((await Deno.readTextFile(path)).includes("Ghent"));
  const again = await profile.run(["memory", "export", "--output", "notes.json"], {
    granted: [path],
  });
  assert.equal(again.code, 1);
  const json = await profile.run(["memory", "export", "--output", "two.json"], {
    granted: [`${profile.home}/two.json`],
    ...JSON_OUT,
  });
  assert.equal(JSON.parse(json.out).output, "two.json");
  const piped = await profile.run(["memory", "export"]);
  assert.equal(JSON.parse(piped.out).name, "user/profile.md");
});
