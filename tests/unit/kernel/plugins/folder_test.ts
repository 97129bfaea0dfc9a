import assert from "node:assert/strict";
import { checkPlugin, readPlugin, writePlugin } from "../../../../src/kernel/plugins/folder.ts";
import { refusal, somePlugin } from "./some_run.ts";

const posix = Deno.build.os !== "windows";

async function inFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const base = await Deno.makeTempDir();
  try {
    await writePlugin(`${base}/some`, somePlugin());
    await act(`${base}/some`);
  } finally {
    await Deno.remove(base, { recursive: true });
  }
}

Deno.test("what was written is read with the same hash, whatever the order", async () => {
  await inFolder(async (folder) => {
    const files = [...somePlugin(), { path: "lib/part.ts", text: "\ufeffexport {}; // ü" }];
    await writePlugin(folder, files);
    const read = await readPlugin(folder);
    assert.equal(read.hash, (await checkPlugin(files.toReversed())).hash);
    assert.deepEqual(read.files.map(({ path }) => path), [
      "lib/part.ts",
      "manifest.json",
      "plugin.ts",
    ]);
    assert.equal(read.files[0]?.text, "\ufeffexport {}; // ü");
    assert.equal(read.main, "plugin.ts");
    if (posix) assert.equal(((await Deno.stat(`${folder}/plugin.ts`)).mode ?? 0) & 0o777, 0o600);
  });
});

Deno.test("every change of a name or a content changes the hash", async () => {
  const hash = async (files: { path: string; text: string }[]) =>
    (await checkPlugin([...somePlugin(), ...files])).hash;
  const hashes = await Promise.all([
    hash([]),
    hash([{ path: "a.ts", text: "bc" }]),
    hash([{ path: "ab.ts", text: "c" }]),
    hash([{ path: "a.ts", text: "bd" }]),
    hash([{ path: "a.ts", text: "b" }, { path: "b.ts", text: "c" }]),
    hash([{ path: "a.ts", text: "bb.tsc" }]),
    hash([{ path: "a.t", text: "sbc" }]),
    hash([{ path: "a.ts", text: "b\0b.ts\x001\0c" }]),
  ]);
  assert.equal(new Set(hashes).size, hashes.length);
});

Deno.test("hidden files and node_modules are no part of a plugin", async () => {
  await inFolder(async (folder) => {
    const before = (await readPlugin(folder)).hash;
    await Deno.mkdir(`${folder}/.git`);
    await Deno.writeFile(`${folder}/.git/index`, new Uint8Array([0xff, 0xfe]));
    await Deno.mkdir(`${folder}/node_modules/x`, { recursive: true });
    await Deno.writeTextFile(`${folder}/node_modules/x/a.js`, "");
    assert.equal((await readPlugin(folder)).hash, before);
  });
});

Deno.test({
  name: "a link, and a file with a second name, are refused",
  // Windows asks for a right to make links.
  ignore: !posix,
  async fn() {
    await inFolder(async (folder) => {
      await Deno.symlink("/etc/hostname", `${folder}/link.ts`);
      await assert.rejects(readPlugin(folder), refusal("bad_plugin", /link\.ts/));
      await Deno.remove(`${folder}/link.ts`);
      await Deno.symlink("/etc", `${folder}/lib`);
      await assert.rejects(readPlugin(folder), refusal("bad_plugin", /lib/));
      await Deno.remove(`${folder}/lib`);
      await Deno.link(`${folder}/plugin.ts`, `${folder}/../second.ts`);
      await assert.rejects(readPlugin(folder), refusal("bad_plugin", /plugin\.ts/));
    });
  },
});

Deno.test("bytes that are no text are refused", async () => {
  await inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.ts`, new Uint8Array([0x61, 0xc3, 0x28]));
    await assert.rejects(readPlugin(folder), refusal("bad_plugin", /UTF-8/));
  });
});

Deno.test("too many files, too large ones and too deep folders are refused", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/a/b/c/d/e/f/g/h/i`, { recursive: true });
    await assert.rejects(readPlugin(folder), refusal("bad_plugin", /deep/));
    await Deno.remove(`${folder}/a`, { recursive: true });
    await Deno.writeTextFile(`${folder}/big.ts`, " ".repeat(2 * 1024 * 1024 + 1));
    await assert.rejects(readPlugin(folder), refusal("bad_plugin", /2 MB/));
    await Deno.remove(`${folder}/big.ts`);
    for (let n = 0; n < 256; n++) await Deno.writeTextFile(`${folder}/f${n}.ts`, "");
    await assert.rejects(readPlugin(folder), refusal("bad_plugin", /256/));
  });
  const large = { text: "x".repeat(2 * 1024 * 1024) };
  const nine = Array.from({ length: 9 }, (_, n) => ({ path: `f${n}.ts`, ...large }));
  await assert.rejects(checkPlugin([...somePlugin(), ...nine]), refusal("bad_plugin", /16 MB/));
});

Deno.test("a path that leaves the folder, hides, or is one for two files is refused", async () => {
  const paths = [
    "../a.ts",
    "/etc/a.ts",
    "a/../../b.ts",
    ".hidden.ts",
    "a/.hidden",
    "a//b.ts",
    "a\\b.ts",
    "C:a.ts",
    "a\nb.ts",
    "",
    "PLUGIN.ts",
    "a/b/c/d/e/f/g/h/i.ts",
    "ü.ts",
  ];
  for (const path of paths) {
    const files = [...somePlugin(), { path, text: "" }];
    await assert.rejects(checkPlugin(files), refusal("bad_plugin"), path);
  }
});

Deno.test("a plugin begins with the file that its manifest names, or plugin.ts, or plugin.js", async () => {
  const [manifest] = somePlugin();
  assert.ok(manifest);
  const only = (path: string) => [manifest, { path, text: "" }];
  assert.equal((await checkPlugin(only("plugin.js"))).main, "plugin.js");
  await assert.rejects(checkPlugin(only("other.ts")), refusal("bad_plugin", /no plugin\.ts/));
  const named = [...somePlugin({ main: "lib/a.ts" }), { path: "lib/a.ts", text: "" }];
  assert.equal((await checkPlugin(named)).main, "lib/a.ts");
  await assert.rejects(checkPlugin(somePlugin({ main: "manifest.json" })), refusal("bad_plugin"));
  await assert.rejects(checkPlugin(only("plugin.ts").slice(1)), refusal("bad_plugin", /manifest/));
});
