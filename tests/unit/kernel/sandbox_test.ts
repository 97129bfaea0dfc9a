import assert from "node:assert/strict";
import { shellSettings } from "../../../src/kernel/sandbox/choice.ts";
import { guarded, putAside } from "../../../src/kernel/sandbox/held_place.ts";
import { ProgramPath } from "../../../src/kernel/sandbox/program_path.ts";
import { seatbeltProfile } from "../../../src/kernel/sandbox/seatbelt.ts";
import { refusal } from "./plugins/some_run.ts";

Deno.test("the block shell is read as it is written, the person's before the machine's", () => {
  const cases: [string[], { sandbox: string; image: string }][] = [
    [[], { sandbox: "auto", image: "" }],
    [["ai:\n  model: x\n"], { sandbox: "auto", image: "" }],
    [["shell:\n  sandbox: none\n"], { sandbox: "none", image: "" }],
    [['shell:\n  sandbox: "none" # for now\n'], { sandbox: "none", image: "" }],
    [["shell:\n  image: 'a/b:c'\n  sandbox: container\n"], {
      sandbox: "container",
      image: "a/b:c",
    }],
    [["shell:\n", "shell:\n  sandbox: bubblewrap\n"], { sandbox: "bubblewrap", image: "" }],
    [["shell:\n  sandbox: auto\n", "shell:\n  sandbox: none\n"], { sandbox: "auto", image: "" }],
  ];
  for (const [texts, expected] of cases) assert.deepEqual(shellSettings(texts), expected);
});

Deno.test("a block that is not plain runs nothing, and never counts as another one", () => {
  const lines = [
    "shell: { sandbox: none }",
    "shell:\n  sandbox: NONE",
    "shell:\n  sandbox:\n    none",
    "shell:\n  ? sandbox\n  : none",
    "shell:\n  sandbox: !!str none",
    "shell:\n  sandbox: &a none",
    "shell:\n  sandbox: none none",
    "shell:\n  sandboks: none",
    'shell:\n  image: "a b"',
  ];
  for (const line of lines) {
    assert.throws(() => shellSettings([`${line}\n`]), refusal("config_shape"), line);
  }
});

async function inFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("what other programs obey is found in the workspace, below it, and where the program starts", async () => {
  await inFolder(async (workspace) => {
    await Deno.mkdir(`${workspace}/a/b/.git/hooks`, { recursive: true });
    await Deno.mkdir(`${workspace}/a/.vscode`);
    await Deno.writeTextFile(`${workspace}/.envrc`, "");
    await Deno.writeTextFile(`${workspace}/a/.git`, "gitdir: elsewhere");
    const folder = `${workspace}/a/b`;
    const place = { workspace, folder, home: undefined, profiles: [], network: false };
    const { present, repositories, absent } = guarded(place);
    assert.deepEqual(
      present.toSorted(),
      [".envrc", "a/.git", "a/.vscode", "a/b/.git/hooks"].map((path) => `${workspace}/${path}`),
    );
    assert.deepEqual(repositories, [`${folder}/.git`]);
    assert.ok(absent.includes(`${workspace}/.bashrc`));
    assert.ok(absent.includes(`${folder}/.git/config`));
    await Deno.writeTextFile(`${workspace}/.bashrc`, "made");
    const [aside = ""] = putAside(absent);
    assert.equal(await Deno.readTextFile(aside), "made");
    assert.deepEqual(putAside(absent), []);
  });
});

Deno.test({
  name: "a program is looked for in the person's places, and never in the workspace",
  // Modes and the shape of PATH are those of Unix.
  ignore: Deno.build.os === "windows",
  async fn() {
    await inFolder(async (workspace) => {
      await Deno.mkdir(`${workspace}/bin`);
      await Deno.symlink(`${workspace}/bin`, `${workspace}.link`);
      await Deno.writeTextFile(`${workspace}/bin/ls`, "", { mode: 0o755 });
      const before = Deno.env.get("PATH") ?? "";
      Deno.env.set("PATH", `.:${workspace}/bin:bin:${workspace}.link:/no/such:${before}`);
      try {
        const path = new ProgramPath([workspace], Deno.env.toObject());
        assert.ok(!path.find("ls").startsWith(workspace));
        assert.throws(() => path.find("no-such-program"), refusal("program"));
        assert.ok(!path.environment("inside")["PATH"]?.includes(workspace));
      } finally {
        Deno.env.set("PATH", before);
        await Deno.remove(`${workspace}.link`);
      }
    });
  },
});

Deno.test("the profile for sandbox-exec closes what it must, whatever the names", async () => {
  // Its text alone: it was not tried on a Mac.
  await inFolder(async (folder) => {
    const workspace = `${folder}/a "b" \\c`;
    await Deno.mkdir(workspace);
    const place = {
      workspace,
      folder: workspace,
      home: "/Users/ada",
      profiles: ["/Users/ada/.pyra"],
    };
    const closed = seatbeltProfile({ ...place, network: false });
    const quoted = workspace.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
    const lines = closed.split("\n");
    const at = (start: string) => lines.findIndex((line) => line.startsWith(start));
    assert.ok(closed.includes(`(allow file-write* (subpath "${quoted}")`));
    assert.ok(closed.includes('(subpath "/Users/ada/.pyra")'));
    assert.ok(closed.includes("(deny network*)"));
    // The last rule that fits decides.
    assert.ok(at("(deny file-write*)") < at("(allow file-write* (subpath"));
    assert.ok(at("(allow file-write* (subpath") < at("(deny file-write* (subpath"));
    assert.ok(at("(allow file-write* (subpath") < at("(deny file-read* file-write*"));
    assert.equal(closed.split("(").length, closed.split(")").length);
    assert.ok(!seatbeltProfile({ ...place, network: true }).includes("(deny network*)"));
  });
});
