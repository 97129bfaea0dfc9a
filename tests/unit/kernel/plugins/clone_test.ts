import assert from "node:assert/strict";
import { clonePlugin } from "../../../../src/kernel/plugins/clone.ts";
import { writePlugin } from "../../../../src/kernel/plugins/folder.ts";
import { refusal, somePlugin } from "./some_run.ts";

const NOTHING = { proxy: { https: undefined, http: undefined, no: undefined }, caFile: undefined };
const git = await new Deno.Command("git", { args: ["--version"] }).output()
  .then(({ success }) => success, () => false);
/** Where there is nothing to clone with. */
const WITHOUT_GIT = !git || Deno.build.os === "windows";

/** A repository that holds a plugin. */
async function withRepository(
  act: (folder: string, sh: (script: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const base = await Deno.realPath(await Deno.makeTempDir());
  const folder = `${base}/some`;
  const sh = async (script: string) => {
    const commit = "git add -A && git -c user.name=a -c user.email=a@b.c commit -qm x";
    const args = ["-ec", `${script}\n${commit}`];
    const { code, stderr } = await new Deno.Command("sh", { args, cwd: folder }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
  };
  try {
    await writePlugin(folder, somePlugin());
    await sh("git init -q .");
    await act(folder, sh);
  } finally {
    await Deno.remove(base, { recursive: true });
  }
}

async function leftovers(): Promise<string[]> {
  const folder = Deno.env.get("TMPDIR") ?? "/tmp";
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (name.startsWith("pyra_clone_")) names.push(name);
  }
  return names;
}

Deno.test({
  name: "a repository's files are those of its last commit",
  // There is nothing to clone with.
  ignore: WITHOUT_GIT,
  async fn() {
    await withRepository(async (folder) => {
      await Deno.writeTextFile(`${folder}/not_committed.ts`, "");
      const files = await clonePlugin(folder, NOTHING);
      assert.deepEqual(files, somePlugin());
    });
  },
});

Deno.test({
  name: "a link, a submodule, too much and too many are refused before they are written out",
  // There is nothing to clone with.
  ignore: WITHOUT_GIT,
  async fn() {
    await withRepository(async (folder, sh) => {
      await sh("ln -s /etc/passwd link.ts");
      await assert.rejects(clonePlugin(folder, NOTHING), refusal("bad_plugin", /link/));
      await sh("rm link.ts && dd if=/dev/zero of=big.ts bs=1M count=17 2>/dev/null");
      await assert.rejects(clonePlugin(folder, NOTHING), refusal("bad_plugin", /16 MB/));
      await sh("rm big.ts && for n in $(seq 1100); do : > f$n.ts; done");
      await assert.rejects(clonePlugin(folder, NOTHING), refusal("bad_plugin", /1000/));
      await sh(
        "rm f*.ts && git init -q inner && cd inner && git -c user.name=a " +
          "-c user.email=a@b.c commit -q --allow-empty -m x && cd ..",
      );
      await assert.rejects(clonePlugin(folder, NOTHING), refusal("bad_plugin", /submodule/));
      await sh("rm -rf inner && dd if=/dev/urandom of=noise.bin bs=1M count=80 2>/dev/null");
      await assert.rejects(clonePlugin(folder, NOTHING), refusal("program"));
    });
    assert.deepEqual(await leftovers(), []);
  },
});

Deno.test({
  name: "nothing that a repository or the person's settings name is run",
  // There is nothing to clone with.
  ignore: WITHOUT_GIT,
  async fn() {
    await withRepository(async (folder, sh) => {
      const mark = `${folder}/../ran`;
      await sh(`printf '* filter=mark\\n' > .gitattributes`);
      const home = `${folder}/../home`;
      await Deno.mkdir(home);
      const config = `[filter "mark"]\n smudge = touch ${mark}\n[core]\n hooksPath = ${home}\n`;
      await Deno.writeTextFile(`${home}/.gitconfig`, config);
      await Deno.writeTextFile(`${home}/post-checkout`, `#!/bin/sh\ntouch ${mark}\n`);
      await Deno.chmod(`${home}/post-checkout`, 0o700);
      const before = Deno.env.get("HOME") ?? "";
      Deno.env.set("HOME", home);
      try {
        assert.equal((await clonePlugin(folder, NOTHING)).length, 2);
      } finally {
        Deno.env.set("HOME", before);
      }
      await assert.rejects(Deno.stat(mark), Deno.errors.NotFound);
    });
  },
});

for (
  const url of [
    "ext::sh -c id",
    "--upload-pack=id",
    "file:///etc",
    "ssh://host/path",
    "git@host:path",
    "http://host/path",
    "https://user:secret@host/path",
    "https://host",
    "relative/path",
    "",
  ]
) {
  Deno.test(`${url || "nothing"} is no address to clone from`, async () => {
    await assert.rejects(clonePlugin(url, NOTHING), refusal("usage"));
  });
}

Deno.test({
  name: "a repository that is not there is said in one line",
  // There is nothing to clone with.
  ignore: WITHOUT_GIT,
  async fn() {
    const error = await clonePlugin("/tmp/there is/no such", NOTHING).catch((error) => error);
    assert.ok(refusal("program")(error), String(error));
    assert.doesNotMatch(error.message, /\n/);
  },
});
