import assert from "node:assert/strict";
import fc from "fast-check";
import { applyEdits } from "./edit.ts";
import { failure, Rig } from "../../tests/fakes/files_rig.ts";

const once = (oldText: string, newText: string) => ({ oldText, newText, where: "once" }) as const;

Deno.test("several edits are done one after the other, all or none", async () => {
  await using rig = await Rig.make({ "a.txt": "one\ntwo\nthree\n" });
  const path = "a.txt";
  await rig.use("edit_file", {
    path,
    edits: [{ old_text: "one", new_text: "1" }, { old_text: "1\ntwo", new_text: "12" }],
  });
  assert.equal(await rig.read(path), "12\nthree\n");
  const { message } = await failure(rig.plan("edit_file", {
    path,
    edits: [{ old_text: "12", new_text: "x" }, { old_text: "none", new_text: "y" }],
  }));
  assert.match(message, /^edit 2 of 2: the old text is not in the file, so nothing was changed/);
  assert.equal(await rig.read(path), "12\nthree\n");
});

Deno.test("a text that is not unique is refused with its lines, or replaced everywhere", () => {
  const text = "a\nb\na\nc a\n";
  assert.throws(
    () => applyEdits(text, [once("a", "x")], "\n"),
    /3 times in the file \(lines 1, 3, 4\)/,
  );
  const edit = { oldText: "a", newText: "aa", where: "everywhere" } as const;
  assert.equal(applyEdits(text, [edit], "\n"), "aa\nb\naa\nc aa\n");
});

Deno.test("a text that is not found is answered with the nearest lines", () => {
  const text = "function add(a, b) {\n\treturn a + b;\n}\n";
  assert.throws(
    () => applyEdits(text, [once("function add(a, b) {\n  return a + b;", "x")], "\n"),
    /Lines 1–2 differ from it in white space only:\n1\tfunction add/,
  );
  assert.throws(
    () => applyEdits(text, [once("function sub(a, b) {", "x")], "\n"),
    /The lines most like its first:\n1\tfunction add\(a, b\) \{$/,
  );
  assert.throws(() => applyEdits(text, [once("zzzz", "x")], "\n"), /No line is like its first/);
  assert.throws(() => applyEdits(text, [once("", "x")], "\n"), /no old text/);
  assert.throws(() => applyEdits(text, [once("add", "add")], "\n"), /changes nothing/);
});

Deno.test("an edit changes the replaced text and nothing else, whatever the line ends", () => {
  const piece = fc.string({
    unit: fc.constantFrom("a", "b", "\r\n", "\n", " ", "é"),
    maxLength: 12,
  });
  fc.assert(fc.property(piece, piece, piece, (before, after, given) => {
    const text = `${before}<OLD>${after}`;
    const result = applyEdits(text, [once("<OLD>", given)], "\n");
    assert.equal(result, before + given.replaceAll("\r\n", "\n") + after);
  }));
});

Deno.test("old text is found across line ends of either kind", () => {
  assert.equal(applyEdits("a\r\nb\r\nc\n", [once("a\nb", "x\ny")], "\n"), "x\r\ny\r\nc\n");
  assert.equal(applyEdits("a\r\nb\r\nc\n", [once("\nb\n", "\n")], "\n"), "a\r\nc\n");
  assert.equal(applyEdits("a\nb\n", [once("a\r\nb", "x\r\ny")], "\r\n"), "x\ny\n");
});
