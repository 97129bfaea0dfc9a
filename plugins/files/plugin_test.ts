import assert from "node:assert/strict";
import { failure, Rig, runHere } from "../../tests/fakes/files_rig.ts";

Deno.test("a file is read with line numbers, in parts, and a part says where the next begins", async () => {
  const lines = Array.from({ length: 500 }, (_, at) => `line ${at + 1} of the file`);
  await using rig = await Rig.make({ "src/a.txt": `${lines.join("\n")}\n`, "b.txt": "x\r\ny" });
  const first = await rig.run("read_file", { path: "src/a.txt" });
  assert.match(first, /^src\/a\.txt, 500 lines\n {4}1\tline 1 of the file\n/);
  const [, next] = /\[more: from_line (\d+)\]\n$/.exec(first) ?? [];
  const second = await rig.run("read_file", { path: "src/a.txt", from_line: Number(next) });
  assert.match(second, new RegExp(`\\n *${next}\\tline ${next} of the file\\n`));
  assert.ok(first.length < 4_000 && second.length < 4_000);
  assert.equal(
    await rig.run("read_file", { path: "b.txt" }),
    "b.txt, 2 lines, CRLF line ends, no line end at the end\n    1\tx\n    2\ty\n",
  );
  const part = await rig.run("read_file", { path: "./src//a.txt", from_line: 7, lines: 2 });
  assert.equal(
    part,
    "src/a.txt, 500 lines\n    7\tline 7 of the file\n    8\tline 8 of the file\n[more: from_line 9]\n",
  );
});

Deno.test("what is no text is not read as one, and what is no file is refused", async () => {
  await using rig = await Rig.make({ "a.bin": new Uint8Array([0x7f, 69, 76, 70, 0, 1]) });
  assert.match(
    await rig.run("read_file", { path: "a.bin" }),
    /holds no text \(6 bytes, begins with 7f 45/,
  );
  assert.match((await failure(rig.run("read_file", { path: "." }))).message, /is a folder/);
  assert.equal((await failure(rig.run("read_file", { path: "none" }))).code, "not_found");
  await Array.fromAsync(runHere(["mkfifo", "pipe"], rig.workspace));
  assert.match((await failure(rig.run("read_file", { path: "pipe" }))).message, /no ordinary file/);
});

Deno.test("nothing outside the workspace is reached, by names or by links", async () => {
  await using rig = await Rig.make({ "in/a.txt": "inside" });
  await Deno.writeTextFile(rig.outside("secret"), "outside");
  await Deno.mkdir(rig.outside("folder"));
  await Deno.symlink(rig.outside("secret"), `${rig.workspace}/link`);
  await Deno.symlink(rig.outside("folder"), `${rig.workspace}/out`);
  await Deno.symlink(rig.outside("none"), `${rig.workspace}/dangling`);
  await Deno.symlink("in", `${rig.workspace}/inner`);
  const content = "x";
  for (
    const path of ["../secret", "in/../../secret", rig.outside("secret"), "/etc/passwd", "~/x"]
  ) {
    assert.equal((await failure(rig.run("read_file", { path }))).code, "refused", path);
    assert.equal((await failure(rig.plan("write_file", { path, content }))).code, "refused", path);
    assert.equal((await failure(rig.plan("delete", { path }))).code, "refused", path);
  }
  for (const path of ["link", "out/new", "out/deep/new"]) {
    assert.equal((await failure(rig.plan("write_file", { path, content }))).code, "refused", path);
  }
  for (const path of ["link", "out", "out/x"]) {
    const { code } = await failure(rig.run("read_file", { path }));
    assert.ok(code === "refused" || code === "not_found", `${path}: ${code}`);
  }
  assert.match((await failure(rig.run("read_file", { path: "link" }))).message, /leaves the work/);
  await failure(rig.plan("write_file", { path: "dangling", content }));
  assert.equal((await failure(rig.plan("move", { from: "in", to: "out/in" }))).code, "refused");
  assert.equal((await failure(rig.run("search_files", { path: "out" }))).code, "refused");
  assert.match(await rig.run("read_file", { path: "inner/a.txt" }), /^in\/a\.txt, 1 lines/);
  // The link itself is an entry like any other; what it leads to stays.
  await rig.use("delete", { path: "link" });
  assert.equal(await Deno.readTextFile(rig.outside("secret")), "outside");
  assert.deepEqual(await Array.fromAsync(Deno.readDir(rig.outside("folder"))), []);
});

Deno.test("a folder is listed by name, size or time, and links are named as such", async () => {
  await using rig = await Rig.make({
    "b.txt": "12345",
    "a.txt": "1",
    "sub/c": "",
    ".hidden": "12",
  });
  await Deno.symlink("a.txt", `${rig.workspace}/link`);
  const listed = await rig.run("list_directory", {});
  assert.deepEqual(
    listed.split("\n").map((line) => line.split(/\s+/).at(-1)),
    ["entries", ".hidden", "a.txt", "b.txt", "link", "sub/", ""],
  );
  assert.match(listed, /\n {6}link .*link\n/);
  const bySize = await rig.run("list_directory", { path: ".", sort: "size" });
  assert.match(bySize.split("\n")[1] ?? "", /5 bytes .* b\.txt$/);
});

Deno.test("a plan says what would be done, shows the difference, and names the file", async () => {
  await using rig = await Rig.make({ "src/a.ts": "one\ntwo\nthree\n" });
  const edits = [{ old_text: "two", new_text: "2" }];
  const plan = await rig.plan("edit_file", { path: "src/a.ts", edits });
  assert.equal(plan.does, "edit src/a.ts (+1 −1 lines), not under version control");
  assert.deepEqual(plan.effects, [{ kind: "writes", where: "workspace/src/a.ts" }]);
  assert.match(
    plan.detail ?? "",
    /^--- src\/a\.ts\n\+\+\+ .*\n@@ -1,3 \+1,3 @@\n one\n-two\n\+2\n three\n/,
  );
  assert.equal(plan.ask, undefined);
  assert.equal(await rig.read("src/a.ts"), "one\ntwo\nthree\n");
  await Deno.mkdir(`${rig.workspace}/.git`);
  const again = await rig.plan("write_file", { path: "src/a.ts", content: "x" });
  assert.match(
    again.does,
    /^replace the text of src\/a\.ts .*, in a folder under version control$/,
  );
});

Deno.test("what is grave is asked for whatever the rules say, with the reason", async () => {
  await using rig = await Rig.make({ "run.sh": "x", "src/a.ts": "x" });
  await Deno.chmod(`${rig.workspace}/run.sh`, 0o755);
  const grave: Record<string, RegExp> = {
    ".bashrc": /run when a shell/,
    "x/.ssh/config": /keys are kept/,
    "deploy/server.pem": /keys or passwords/,
    ".env.local": /keys or passwords/,
    ".git/hooks/pre-commit": /inside of a version control/,
    ".GIT/config": /inside of a version control/,
    ".vscode/tasks.json": /run commands/,
    ".github/workflows/a.yml": /run commands/,
    "AGENTS.md": /assistants/,
    ".config/autostart/x.desktop": /start-up/,
    ".something": /dot-file/,
  };
  for (const [path, reason] of Object.entries(grave)) {
    const plan = await rig.plan("write_file", { path, content: "x" });
    assert.equal(plan.ask, "always", path);
    assert.match(plan.does, reason, path);
  }
  for (const path of ["src/b.ts", "docs/key.md", "environment.ts", "profile.md", "a.b.c"]) {
    assert.equal((await rig.plan("write_file", { path, content: "x" })).ask, undefined, path);
  }
  const program = await rig.plan("write_file", { path: "run.sh", content: "y" });
  assert.match(program.does, /can be run as a program/);
  assert.equal((await rig.plan("delete", { path: "src" })).ask, "always");
  assert.equal((await rig.plan("move", { from: "src/a.ts", to: ".git/hooks/a" })).ask, "always");
});

Deno.test("what changed between the question and the answer is left alone", async () => {
  await using rig = await Rig.make({ "a.txt": "before\n", "b.txt": "b", "c.txt": "c" });
  const edit = { path: "a.txt", edits: [{ old_text: "before", new_text: "after" }] };
  await rig.plan("edit_file", edit);
  await rig.write("a.txt", "before\nmine\n");
  assert.equal((await failure(rig.run("edit_file", edit))).code, "changed");
  assert.equal(await rig.read("a.txt"), "before\nmine\n");
  const make = { path: "new.txt", content: "x" };
  await rig.plan("write_file", make);
  await rig.write("new.txt", "mine");
  assert.equal((await failure(rig.run("write_file", make))).code, "changed");
  assert.equal(await rig.read("new.txt"), "mine");
  const move = { from: "b.txt", to: "d.txt" };
  await rig.plan("move", move);
  await rig.write("d.txt", "mine");
  assert.match((await failure(rig.run("move", move))).code, /changed|refused/);
  await rig.plan("delete", { path: "c.txt" });
  await rig.write("c.txt", "c, and more");
  assert.equal((await failure(rig.run("delete", { path: "c.txt" }))).code, "changed");
  assert.deepEqual(await rig.names(), ["a.txt", "b.txt", "c.txt", "d.txt", "new.txt"]);
  // An agreement counts once, and none counts for another call.
  assert.equal((await failure(rig.run("delete", { path: "b.txt" }))).code, "changed");
  await rig.use("delete", { path: "b.txt" });
  assert.equal((await failure(rig.run("delete", { path: "b.txt" }))).code, "changed");
});

Deno.test("a change keeps the file's mode, and leaves nothing unfinished behind", async () => {
  await using rig = await Rig.make({ "run.sh": "echo 1\n" });
  await Deno.chmod(`${rig.workspace}/run.sh`, 0o750);
  await rig.use("edit_file", { path: "run.sh", edits: [{ old_text: "1", new_text: "2" }] });
  assert.equal(await rig.read("run.sh"), "echo 2\n");
  assert.equal(((await Deno.stat(`${rig.workspace}/run.sh`)).mode ?? 0) & 0o777, 0o750);
  await rig.use("write_file", { path: "deep/er/new.txt", content: "x\n" });
  assert.deepEqual(await rig.names(), ["deep", "run.sh"]);
  assert.deepEqual(await rig.names("deep/er"), ["new.txt"]);
});

Deno.test("each change is taken back, the newest first, or that of one path", async () => {
  await using rig = await Rig.make({ "a.txt": "one\n", "b/c.txt": "c" });
  await Deno.chmod(`${rig.workspace}/a.txt`, 0o640);
  const edit = (from: string, to: string) =>
    rig.use("edit_file", { path: "a.txt", edits: [{ old_text: from, new_text: to }] });
  await edit("one", "two");
  await edit("two", "three");
  await rig.use("write_file", { path: "new.txt", content: "new" });
  await rig.use("move", { from: "b", to: "moved" });
  await rig.use("delete", { path: "moved/c.txt" });
  await rig.use("undo_file_change", { path: "a.txt" });
  assert.equal(await rig.read("a.txt"), "two\n");
  assert.match(await rig.use("undo_file_change", {}), /moved\/c\.txt is back/);
  assert.match(await rig.use("undo_file_change", {}), /b is back/);
  assert.equal(await rig.read("b/c.txt"), "c");
  await rig.use("undo_file_change", {});
  await rig.use("undo_file_change", {});
  assert.equal(await rig.read("a.txt"), "one\n");
  assert.equal(((await Deno.stat(`${rig.workspace}/a.txt`)).mode ?? 0) & 0o777, 0o640);
  assert.deepEqual((await rig.names()).filter((name) => !name.startsWith(".")), ["a.txt", "b"]);
  assert.equal((await failure(rig.plan("undo_file_change", {}))).code, "not_found");
});

Deno.test("what somebody else changed since is not taken back", async () => {
  await using rig = await Rig.make({ "a.txt": "one\n" });
  await rig.use("write_file", { path: "a.txt", content: "two\n" });
  await rig.use("write_file", { path: "n.txt", content: "n" });
  await rig.write("a.txt", "two\nmine\n");
  await rig.write("n.txt", "mine");
  for (const path of ["a.txt", "n.txt"]) {
    assert.equal((await failure(rig.plan("undo_file_change", { path }))).code, "changed");
  }
  assert.equal(await rig.read("a.txt"), "two\nmine\n");
});

Deno.test("a deleted folder lies in a trash as freedesktop.org has it, and git does not see it", async () => {
  await using rig = await Rig.make({ "old stuff/a.txt": "a", "old stuff/b/c.txt": "c" });
  const plan = await rig.plan("delete", { path: "old stuff" });
  assert.match(plan.does, /^move the folder old stuff \(3 entries\) to the trash/);
  assert.match(await rig.run("delete", { path: "old stuff" }), /undo_file_change/);
  const [trash = ""] = await rig.names();
  assert.match(trash, /^\.Trash-\w+$/);
  assert.equal(await rig.read(`${trash}/files/old stuff/b/c.txt`), "c");
  assert.match(
    await rig.read(`${trash}/info/old stuff.trashinfo`),
    /^\[Trash Info\]\nPath=old%20stuff\nDeletionDate=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\n$/,
  );
  assert.equal(await rig.read(`${trash}/.gitignore`), "*\n");
  await rig.write("old stuff", "a file of that name");
  await rig.use("delete", { path: "old stuff" });
  assert.deepEqual(await rig.names(`${trash}/files`), ["old stuff", "old stuff 2"]);
  assert.equal((await failure(rig.plan("delete", { path: `${trash}/files` }))).code, "refused");
  assert.match(await rig.run("search_files", { glob: "*", all: true }), /^nothing/);
  assert.equal((await failure(rig.plan("delete", { path: "." }))).code, "bad_input");
});

Deno.test("a move overwrites nothing and goes nowhere into itself", async () => {
  await using rig = await Rig.make({ "a/x": "1", "b/x": "2" });
  assert.equal((await failure(rig.plan("move", { from: "a", to: "b" }))).code, "refused");
  assert.equal((await failure(rig.plan("move", { from: "a", to: "a/c" }))).code, "bad_input");
  assert.equal((await failure(rig.plan("move", { from: "none", to: "c" }))).code, "not_found");
  await rig.use("move", { from: "a/x", to: "c/d/x" });
  assert.equal(await rig.read("c/d/x"), "1");
});
