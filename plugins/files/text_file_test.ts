import assert from "node:assert/strict";
import fc from "fast-check";
import { failure, Rig } from "../../tests/fakes/files_rig.ts";
import { readText, rewrittenText } from "./text_file.ts";

const FORMS: Readonly<Record<string, (text: string) => Uint8Array>> = {
  "utf-8": (text) => new TextEncoder().encode(text),
  "utf-8 with a mark": (text) => new TextEncoder().encode(`\ufeff${text}`),
  "utf-16le": (text) => new Uint8Array([0xff, 0xfe, ...Buffer.from(text, "utf16le")]),
  "utf-16be": (text) => new Uint8Array([0xfe, 0xff, ...Buffer.from(text, "utf16le").swap16()]),
  "utf-16le without a mark": (text) => Buffer.from(text, "utf16le"),
  "latin-1": (text) => Buffer.from(text, "latin1"),
};

Deno.test("an edit keeps the encoding and the line ends of every line", async () => {
  const before = "première\r\nzwölf\nthird line\r\nfourth line of the text\r\n";
  const after = "première\r\nzwölf\n3é\r\nnew\r\nfourth line of the text\r\n";
  for (const [name, write] of Object.entries(FORMS)) {
    await using rig = await Rig.make({ "a.txt": write(before) });
    await rig.use("edit_file", {
      path: "a.txt",
      edits: [{ old_text: "third line\nfourth", new_text: "3é\nnew\nfourth" }],
    });
    const written = await Deno.readFile(`${rig.workspace}/a.txt`);
    assert.deepEqual(Buffer.from(written), Buffer.from(write(after)), name);
    await rig.use("write_file", { path: "a.txt", content: "é: all other words\nnew\n" });
    const whole = await Deno.readFile(`${rig.workspace}/a.txt`);
    assert.deepEqual(Buffer.from(whole), Buffer.from(write("é: all other words\r\nnew\r\n")), name);
  }
});

Deno.test("a character that the encoding lacks is refused, and nothing is written", async () => {
  await using rig = await Rig.make({ "a.txt": Buffer.from("caf\xe9\n", "latin1") });
  const { message } = await failure(rig.plan("write_file", { path: "a.txt", content: "日本\n" }));
  assert.match(message, /Latin-1, which has no 日/);
});

Deno.test("what holds no text is not edited or overwritten", async () => {
  await using rig = await Rig.make({
    "a.png": new Uint8Array([0x89, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13]),
    "b.gz": new Uint8Array([0x1f, 0x8b, 8, 1, 2, 3, 4, 5, 0xff]),
  });
  for (const path of ["a.png", "b.gz"]) {
    const { code } = await failure(rig.plan("write_file", { path, content: "x" }));
    assert.equal(code, "refused", path);
  }
  await Deno.writeFile(`${rig.workspace}/big.txt`, new Uint8Array(17 * 1024 * 1024).fill(65));
  const big = { path: "big.txt", content: "x" };
  assert.equal((await failure(rig.plan("write_file", big))).code, "too_large");
  assert.equal((await failure(rig.run("read_file", { path: "big.txt" }))).code, "too_large");
});

Deno.test("whatever is read as text is written back to the same bytes", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.string({ unit: "binary" }).map((text) => Buffer.from(text, "utf16le")),
    fc.string({ unit: "binary" }).map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(bytes, (bytes) => {
      const file = readText(bytes);
      if (file === undefined) return;
      try {
        assert.deepEqual(Buffer.from(rewrittenText(bytes, file, file.text)), Buffer.from(bytes));
      } catch (error) {
        assert.match(String(error), /would not survive/);
      }
    }),
    { numRuns: 400 },
  );
});
