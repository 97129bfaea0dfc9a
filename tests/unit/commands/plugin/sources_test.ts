import { NO_WISHES } from "../../../../src/kernel/plugins/manifest.ts";
import assert from "node:assert/strict";
import { gzipSync } from "fflate";
import { archiveFiles } from "../../../../src/commands/plugin/archive_files.ts";
import { folderFiles } from "../../../../src/commands/plugin/folder_files.ts";
import { readManifest } from "../../../../src/commands/plugin/manifest_text.ts";
import { PyraError } from "../../../../src/protocol/error.ts";
import type { PluginFile, PluginRecord } from "../../../../src/protocol/plugin_calls.ts";
import { TestProfile } from "../../../fakes/command_context.ts";
import type { KernelAnswers } from "../../../fakes/kernel.ts";

async function withFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
  act: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    for (const [path, content] of Object.entries(files)) {
      await Deno.mkdir(`${folder}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      await Deno.writeFile(`${folder}/${path}`, bytes);
    }
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const paths = (files: readonly PluginFile[]) => files.map(({ path }) => path);

Deno.test("a folder's texts are read by name, without what lies beside a plugin", () =>
  withFolder({
    "manifest.json": "{}",
    "plugin.ts": "\ufeff// a mark at the start stays",
    "lib/a.ts": "a",
    ".git/config": "x",
    ".env": "SECRET=1",
    "node_modules/x/index.js": "x",
  }, async (folder) => {
    const files = await folderFiles(folder);
    assert.deepEqual(paths(files), ["lib/a.ts", "manifest.json", "plugin.ts"]);
    assert.ok(files[2]?.text.startsWith("\ufeff"));
  }));

Deno.test("what is no folder is said so, with what to name instead", () =>
  withFolder({ "manifest.json": "{}" }, async (folder) => {
    const refused = (path: string, message: RegExp) =>
      assert.rejects(folderFiles(path), { code: "bad_plugin", message });
    await refused(`${folder}/nowhere`, /^there is no folder .*\/nowhere$/);
    await refused(`${folder}/manifest.json`, /manifest\.json is no folder$/);
  }));

Deno.test("a mistake in a manifest is told in words, with its place", () => {
  const refused = (manifest: unknown, message: string) => {
    const text = typeof manifest === "string" ? manifest : JSON.stringify(manifest);
    const files = [{ path: "manifest.json", text }];
    assert.throws(() => readManifest(files), { code: "bad_plugin", message });
  };
  const named = { name: "a-plugin", version: "1.0.0" };
  refused(
    { ...named, grants: { hosts: "x" } },
    "manifest.json: grants.hosts is a list of texts",
  );
  refused({ ...named, grants: { memory: 1 } }, "manifest.json: grants.memory is true or false");
  refused(
    { ...named, grants: { workspace: true } },
    "manifest.json: grants.workspace is one of none, read, write",
  );
  refused({ ...named, version: 1 }, "manifest.json: version is a text");
  refused("[]", "manifest.json: all of it is an object");
});

Deno.test("a folder with links, bytes or too much in it is refused", async () => {
  const manifest = { "manifest.json": "{}" };
  await withFolder(manifest, async (folder) => {
    await Deno.symlink("/etc/hosts", `${folder}/hosts.ts`);
    await assert.rejects(folderFiles(folder), /hosts\.ts is a link/);
  });
  await withFolder(manifest, async (folder) => {
    await Deno.link(`${folder}/manifest.json`, `${folder}/again.json`);
    await assert.rejects(folderFiles(folder), /is a link/);
  });
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`f${at}`, "x"]));
  for (
    const [files, why] of [
      [{ ...manifest, "image.png": new Uint8Array([0x89, 0x50, 0xff]) }, /image\.png is no text/],
      [{ ...manifest, "large.ts": "x".repeat(3 * 1024 * 1024) }, /larger than 2 MB/],
      [{ ...manifest, ...many }, /more than 256 files/],
      [{ ...manifest, "a/b/c/d/e/f/g/h/i.ts": "x" }, /too deep/],
      [{ "plugin.ts": "x" }, /no manifest\.json/],
    ] as const
  ) {
    await withFolder(files, (folder) => assert.rejects(folderFiles(folder), why));
  }
});

Deno.test("an archive that unpacks to more than a plugin may be is not unpacked whole", () =>
  withFolder({ "bomb.tgz": gzipSync(new Uint8Array(64 * 1024 * 1024)) }, async (folder) => {
    await assert.rejects(archiveFiles(`${folder}/bomb.tgz`), /larger than a plugin may be/);
    const half = gzipSync(new TextEncoder().encode("x".repeat(2_000))).slice(0, 20);
    await Deno.writeFile(`${folder}/half.tgz`, half);
    await assert.rejects(archiveFiles(`${folder}/half.tgz`), /damaged/);
    await Deno.writeTextFile(`${folder}/text.tgz`, "no archive".repeat(100));
    await assert.rejects(archiveFiles(`${folder}/text.tgz`), /cannot be read/);
    await Deno.writeTextFile(`${folder}/short.tgz`, "junk\n");
    await assert.rejects(archiveFiles(`${folder}/short.tgz`), /no archive, or an empty one/);
  }));

const NOT_CLONED: readonly (readonly [string, RegExp])[] = [
  [
    "git@git.example:a/b.git",
    /by https only, without your keys — write https:\/\/git\.example\/a\/b\.git,/,
  ],
  ["ssh://git@git.example:22/a", /without your keys — write https:\/\/git\.example\/a,/],
  ["file:///srv/a.git", /by its path — write \/srv\/a\.git/],
  ["http://git.example/a", /plain http may be anyone's — write https:\/\/git\.example\/a/],
  ["https://me:pass@git.example/a", /a name or password in it is not cloned/],
  ["git://git.example/a", /by https only — write https:\/\/host\/path/],
  ["ext://sh", /by https only/],
  ["some/a.git", /by its whole path/],
];

Deno.test("an address that is not cloned is refused with what to write instead", async () => {
  await using profile = await TestProfile.create();
  for (const [typed, message] of NOT_CLONED) {
    const { code, err, kernel } = await profile.run(["plugin", "install", typed], { answers: {} });
    assert.equal(code, 2, typed);
    assert.match(err, message);
    assert.deepEqual(kernel.calls, []);
  }
});

Deno.test("a field that is nearly grants is refused with what was meant", () => {
  for (const slip of ["grnats", "gants", "Grants"]) {
    const text = JSON.stringify({ name: "some", version: "1.0.0", [slip]: {} });
    assert.throws(
      () => readManifest([{ path: "manifest.json", text }]),
      (error) => error instanceof PyraError && error.hint === 'did you mean "grants"?',
    );
  }
});

const RECORD: PluginRecord = {
  name: "clock",
  version: "1.0.0",
  description: "",
  from: "profile",
  state: "enabled",
  problem: "",
  hash: "ab",
  agreed: null,
  wishes: NO_WISHES,
};

Deno.test("an installation says whether it is new, in place of another, or was there", async () => {
  await using profile = await TestProfile.create();
  const text = JSON.stringify({ name: "clock", version: "1.1.0" });
  const outcome = async (now: PluginRecord, before: readonly PluginRecord[], remembered = {}) => {
    const answers: KernelAnswers = {
      bundledPlugins: () => [{
        ...RECORD,
        files: [{ path: "manifest.json", text }],
      }],
      installPlugin: () => now,
      plugins: () => before,
      remember: () => null,
      log: () => null,
    };
    const run = await profile.run(["plugin", "install", "clock"], { answers, ...remembered });
    return run.out.split("\n")[0];
  };
  const update = { ...RECORD, version: "1.1.0", hash: "cd" };
  assert.equal(await outcome(RECORD, []), "clock 1.0.0 is installed and enabled");
  assert.equal(await outcome(RECORD, [RECORD]), "clock 1.0.0 was installed and enabled already");
  assert.equal(await outcome(update, [RECORD]), "clock 1.1.0 is installed in place of 1.0.0");
  // The question ended the room that saw what was there before.
  assert.equal(
    await outcome(update, [update], {
      remembered: { plugin_install: { version: "1.0.0", hash: "ab" } },
    }),
    "clock 1.1.0 is installed in place of 1.0.0",
  );
  assert.equal(
    await outcome(update, [update], { remembered: { plugin_install: null } }),
    "clock 1.1.0 is installed and enabled",
  );
});

Deno.test("several that come with Pyra are installed one after the other, and each is told once", async () => {
  await using profile = await TestProfile.create();
  const bundled = ["clock", "fetch"].map((name) => ({
    ...RECORD,
    name,
    files: [{ path: "manifest.json", text: JSON.stringify({ name, version: "1.0.0" }) }],
  }));
  const answers: KernelAnswers = {
    bundledPlugins: () => bundled,
    installPlugin: (params) => {
      const { files: [file] } = params as { files: [PluginFile] };
      return { ...RECORD, name: JSON.parse(file.text).name };
    },
    plugins: () => [],
    remember: () => null,
    log: () => null,
  };
  const install = (typed: readonly string[], remembered: unknown = null) =>
    profile.run(["plugin", "install", ...typed], { answers, remembered });
  const told = (out: string) => out.split("\n").filter((line) => line.includes("1.0.0"));
  const run = await install(["clock", "fetch", "clock"]);
  assert.deepEqual(told(run.out), [
    "clock 1.0.0 is installed and enabled",
    "fetch 1.0.0 is installed and enabled",
  ]);
  assert.deepEqual(run.kernel.of("remember").at(-1), {
    state: { plugin_install: null, plugins_done: ["clock"] },
  });
  // The second question ended the room that had told of the first.
  const later = await install(["clock", "fetch"], {
    plugin_install: null,
    plugins_done: ["clock"],
  });
  assert.deepEqual(told(later.out), ["fetch 1.0.0 is installed and enabled"]);
  const other = await install(["clock", "./mine"]);
  assert.equal(other.code, 2);
  assert.match(other.err, /come with Pyra, and \.\/mine is none — install it alone/);
  assert.deepEqual(other.kernel.of("installPlugin"), []);
});

Deno.test("what is typed decides where a plugin comes from", async () => {
  const text = JSON.stringify({ name: "clock", version: "1.0.0" });
  const files = [{ path: "manifest.json", text }];
  const bundled = { name: "clock", version: "1.0.0", description: "", files };
  const answers: KernelAnswers = {
    bundledPlugins: () => [bundled],
    clonePlugin: () => [{ path: "manifest.json", text: `${text} ` }],
    installPlugin: () => RECORD,
    plugins: () => [],
    remember: () => null,
  };
  await using profile = await TestProfile.create();
  const install = async (typed: string, granted: readonly string[] = []) => {
    const run = await profile.run(["plugin", "install", typed], { answers, granted });
    const [params] = run.kernel.of("installPlugin") as { files: PluginFile[] }[];
    return { ...run, params };
  };
  assert.deepEqual((await install("clock")).params, { files });
  for (
    const url of [
      "https://git.example/a",
      "https://git.example/a.git",
      "/srv/a.git",
    ]
  ) {
    const { params, kernel } = await install(url);
    assert.deepEqual(kernel.of("clonePlugin"), [{ url }]);
    assert.equal(params?.files[0]?.text, `${text} `);
  }
  await withFolder({ "clock/manifest.json": text }, async (folder) => {
    const { params } = await install("./clock", [`${folder}/clock`]);
    assert.equal(params?.files[0]?.path, "manifest.json");
  });
  const none = await install("clok", [`${profile.home}/clok`]);
  assert.equal(none.code, 2);
  assert.match(none.err, /there is no plugin, folder or archive clok — did you mean clock\?/);
});
