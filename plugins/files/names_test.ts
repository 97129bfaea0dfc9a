import assert from "node:assert/strict";
import fc from "fast-check";
import { failure, Rig } from "../../tests/fakes/files_rig.ts";

const ODD = [
  "con",
  "NUL.txt",
  "com1.log",
  "end.",
  "end ",
  "new\nline",
  "bell\u0007",
  "turn\u202etxt.exe",
  "x".repeat(256),
  "é".repeat(128),
  "half\ud800",
];

Deno.test("new names that mislead, or that some system cannot have, are refused in one sentence", async () => {
  await using rig = await Rig.make({ "a.txt": "a" });
  for (const path of ODD) {
    const { code, message } = await failure(rig.plan("write_file", { path, content: "x" }));
    assert.equal(code, "bad_input", path);
    assert.ok(message.length < 400 && !/\p{Cc}/u.test(message), message);
    assert.equal((await failure(rig.plan("move", { from: "a.txt", to: path }))).code, "bad_input");
  }
  assert.equal(
    (await failure(rig.plan("write_file", { path: "a\0b", content: "" }))).code,
    "bad_input",
  );
  assert.deepEqual(await rig.names(), ["a.txt"]);
});

Deno.test("odd names that are there can be read, renamed and deleted", async () => {
  await using rig = await Rig.make();
  const names = [
    "end.",
    "new\nline",
    "turn\u202etxt",
    "con",
    "  ",
    "*",
    "[a]",
    "-rf",
    "é".repeat(120),
  ];
  for (const name of names) {
    await rig.write(name, "text");
    assert.match(await rig.run("read_file", { path: name }), / {4}1\ttext\n$/, name);
    await rig.use("edit_file", { path: name, edits: [{ old_text: "text", new_text: "new" }] });
    await rig.use("move", { from: name, to: "plain" });
    await rig.use("undo_file_change", {});
    await rig.use("delete", { path: name });
    await rig.use("undo_file_change", {});
    assert.equal(await rig.read(name), "new");
    await rig.use("delete", { path: name });
  }
});

Deno.test("under any name nothing outside is touched, and what was written is read again", async () => {
  await using rig = await Rig.make();
  await Deno.writeTextFile(rig.outside("kept"), "kept");
  const part = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 12 }),
    fc.string({ unit: "binary", maxLength: 6 }),
    fc.constantFrom("..", ".", "~", "", " ", "a", ".git", "C:", "\\", "x".repeat(300)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 4 }), async (parts) => {
      const path = parts.join("/");
      const before = await Array.fromAsync(Deno.readDir(rig.outside(".")));
      try {
        await rig.use("write_file", { path, content: `text of ${parts.length}\n` });
      } catch (error) {
        assert.match(
          String(Reflect.get(error as object, "code")),
          /^(bad_input|refused|not_found|changed)$/,
          `${JSON.stringify(path)}: ${error}`,
        );
        return;
      }
      assert.match(await rig.run("read_file", { path }), / {4}1\ttext of/);
      await rig.use("delete", { path });
      assert.deepEqual(await Array.fromAsync(Deno.readDir(rig.outside("."))), before);
    }),
    { numRuns: 60 },
  );
  assert.equal(await Deno.readTextFile(rig.outside("kept")), "kept");
});

Deno.test("of edits at the same time none is lost: each is done, or says that it was not", async () => {
  await using rig = await Rig.make({ "a.txt": "" });
  await rig.write("a.txt", Array.from({ length: 20 }, (_, at) => `line ${at};\n`).join(""));
  const inputs = Array.from({ length: 20 }, (_, at) => ({
    path: "a.txt",
    edits: [{ old_text: `line ${at};`, new_text: `done ${at};` }],
  }));
  const done = new Set<number>();
  for (let round = 0; round < 40 && done.size < inputs.length; round++) {
    await Promise.all(inputs.map(async (input, at) => {
      if (done.has(at)) return;
      try {
        await rig.use("edit_file", input);
        done.add(at);
      } catch (error) {
        assert.equal(Reflect.get(error as object, "code"), "changed");
      }
    }));
  }
  assert.equal(done.size, 20);
  const expected = Array.from({ length: 20 }, (_, at) => `done ${at};\n`).join("");
  assert.equal(await rig.read("a.txt"), expected);
  assert.deepEqual(await rig.names(), ["a.txt"]);
  for (let at = 0; at < 20; at++) await rig.use("undo_file_change", { path: "a.txt" });
  assert.match(await rig.read("a.txt"), /^line 0;\nline 1;\n/);
});

Deno.test("new files at the same time under one name: each is made from what it saw, or says so", async () => {
  await using rig = await Rig.make();
  const results = await Promise.allSettled(
    Array.from(
      { length: 12 },
      (_, at) => rig.use("write_file", { path: "one.txt", content: `text ${at}` }),
    ),
  );
  const made = results.flatMap(({ status }, at) => status === "fulfilled" ? [at] : []);
  // One that was asked for after another was made replaces it, as its plan says.
  assert.ok(made.map((at) => `text ${at}`).includes(await rig.read("one.txt")));
  assert.deepEqual(await rig.names(), ["one.txt"]);
  for (const _ of made) await rig.use("undo_file_change", {});
  assert.deepEqual(await rig.names(), []);
});
