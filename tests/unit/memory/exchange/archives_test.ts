import assert from "node:assert/strict";
import fc from "fast-check";
import { readZipDirectory } from "../../../../src/memory/exchange/zip_directory.ts";
import { PyraError } from "../../../../src/protocol/error.ts";
import { patched, withListField, zipOf } from "./archives.ts";
import { chatGpt, talk } from "./conversations.ts";
import { counts, Workbench } from "./workbench.ts";

/** Fields of an entry in the list of contents. */
const FLAGS = 8, METHOD = 10, SIZE = 24, ATTRIBUTES = 38, OFFSET = 42;

Deno.test("the archive that OpenAI sends is read as it is, pictures and all", async () => {
  await using bench = await Workbench.make();
  const zip = await bench.file(
    "export.zip",
    zipOf({
      "conversations.json": JSON.stringify([chatGpt("One", talk("a", "b"))]),
      "file-abc.png": "picture",
      "user.json": "{}",
    }),
  );
  assert.equal(counts(await bench.import(zip)), "1 created, 0 changed, 0 unchanged, 0 skipped");
  assert.equal(counts(await bench.import(zip)), "0 created, 0 changed, 1 unchanged, 0 skipped");
});

Deno.test("a packed vault is read, whatever the archive is called", async () => {
  await using bench = await Workbench.make();
  const vault = { "Home/.obsidian/app.json": "{}", "Home/a.md": "a", "__MACOSX/Home/._a.md": "x" };
  const first = await bench.file("monday.zip", zipOf({ ...vault, "Home/sub/b.md": "b" }));
  const report = await bench.import(first);
  assert.equal(report.kind, "obsidian");
  assert.deepEqual(await bench.names(), ["imported/Home/a.md", "imported/Home/sub/b.md"]);
  const second = await bench.file("tuesday.zip", zipOf({ ...vault, "Home/sub/b.md": "b, edited" }));
  assert.equal(counts(await bench.import(second)), "0 created, 1 changed, 1 unchanged, 0 skipped");
});

Deno.test("names that lead out of the archive stay inside the memory", async () => {
  await using bench = await Workbench.make();
  const zip = zipOf({
    "../../up.md": "1",
    "/etc/root.md": "2",
    "c:\\windows\\x.md": "3",
    "ok/./y.md": "4",
    ".ssh/key.md": "5",
    "memory/.history/z.md": "6",
  });
  await bench.import(await bench.file("bad.zip", zip));
  assert.deepEqual(await bench.names(), [
    "imported/bad/c-/windows/x.md",
    "imported/bad/etc/root.md",
    "imported/bad/ok/y.md",
    "imported/bad/up.md",
  ]);
  const outside = await bench.entries(".");
  assert.deepEqual(outside, ["bad.zip", "memory"]);
});

Deno.test("of two files with one name the last counts, as everywhere, and it is said", async () => {
  await using bench = await Workbench.make();
  const zip = patched(
    zipOf({ "x/a1.md": "first", "x/a2.md": "last", "y.md": "y" }),
    "a1.md",
    "a2.md",
  );
  const report = await bench.import(await bench.file("twice.zip", zip));
  assert.match(report.problems[0]?.message ?? "", /twice/);
  assert.equal((await bench.store.read("imported/twice/x/a2")).body, "last");
});

Deno.test("links, encrypted files and unknown packing are left out", async () => {
  await using bench = await Workbench.make();
  const zip = zipOf({ "a.md": "text", "b.md": "text" });
  const link = withListField(zip, ATTRIBUTES, 0o120777 * 0x10000, 4);
  // Nothing but links is nothing to import.
  await assert.rejects(bench.import(await bench.file("l.zip", link)), {
    code: "empty_import_source",
  });
  for (const bytes of [withListField(zip, FLAGS, 1, 2), withListField(zip, METHOD, 12, 2)]) {
    const report = await bench.import(await bench.file("e.zip", bytes));
    assert.deepEqual(report.skips, { unreadable: 2 });
    assert.match(report.problems[0]?.message ?? "", /unpack the archive first/);
  }
});

Deno.test("a file that unpacks to more or less than it says is left out", async () => {
  await using bench = await Workbench.make();
  const zip = zipOf({ "bomb.md": "0".repeat(3_000_000) });
  for (const size of [10, 2_999_999, 3_000_001]) {
    const report = await bench.import(await bench.file("b.zip", withListField(zip, SIZE, size, 4)));
    assert.deepEqual(report.skips, { unreadable: 1 }, `${size}`);
  }
  const large = await bench.file("large.zip", zipOf({ "bomb.md": "0".repeat(50_000_000) }));
  assert.deepEqual((await bench.import(large)).skips, { too_large: 1 });
  const far = await bench.file("far.zip", withListField(zip, OFFSET, 0xfffffff0, 4));
  assert.deepEqual((await bench.import(far)).skips, { unreadable: 1 });
  assert.deepEqual(await bench.names(), []);
});

Deno.test("a file that is read piece by piece is stopped where it unpacks to more than it says", async () => {
  await using bench = await Workbench.make();
  const many = Array.from({ length: 400 }, (_none, n) => chatGpt(`Talk ${n}`, talk("a", "b")));
  const zip = zipOf({ "conversations.json": JSON.stringify(many) });
  const file = await bench.file("b.zip", withListField(zip, SIZE, 10, 4));
  await assert.rejects(bench.import(file), { message: /unpacks to more than it says/ });
});

Deno.test("a flipped byte in a stored file is noticed", async () => {
  await using bench = await Workbench.make();
  const zip = zipOf({ "a.md": "hello", "b.md": "whole" }, { level: 0 });
  const report = await bench.import(await bench.file("s.zip", patched(zip, "hello", "hellO")));
  assert.equal(counts(report), "1 created, 0 changed, 0 unchanged, 1 skipped");
  assert.match(report.problems[0]?.message ?? "", /damaged here/);
});

Deno.test("an archive that is cut off is refused with what to do", async () => {
  await using bench = await Workbench.make();
  const zip = zipOf({ "a.md": "text ".repeat(100), "b.md": "more" });
  for (const bytes of [zip.slice(0, -30), zip.slice(0, 40), new Uint8Array(), zip.slice(60)]) {
    const file = await bench.file("cut.zip", bytes);
    await assert.rejects(bench.import(file), {
      code: "import_unreadable",
      message: /cut off|damaged/,
    });
  }
});

Deno.test("archives with flipped bytes never throw anything but a sentence, and never leave the folder", async () => {
  await using bench = await Workbench.make();
  const zip = zipOf({
    "../a.md": "text ".repeat(20),
    "d/b.md": "more",
    "conversations.json": "[]",
  });
  const flips = fc.array(fc.tuple(fc.nat(zip.length - 1), fc.nat(255)), { maxLength: 6 });
  const file = bench.path("f.zip");
  await fc.assert(
    fc.asyncProperty(flips, fc.nat(20), async (places, cut) => {
      const bytes = zip.slice(0, zip.length - (cut > 15 ? cut : 0));
      for (const [at, byte] of places) if (at < bytes.length) bytes[at] = byte;
      await Deno.writeFile(file, bytes);
      try {
        await bench.import(file, {
          dryRun: true,
          category: "fuzz",
          each: ({ name }) => assert.match(name, /^fuzz\/(?!.*\.\.\/)/),
        });
      } catch (thrown) {
        assert.ok(thrown instanceof PyraError, `${thrown}`);
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("an archive that says it has millions of files is refused before its list is read", async () => {
  const bytes = new Uint8Array(56 + 20 + 22);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x06064b50, true);
  view.setBigUint64(32, 2_000_000n, true);
  view.setUint32(56, 0x07064b50, true);
  view.setUint32(76, 0x06054b50, true);
  view.setUint16(76 + 10, 0xffff, true);
  const read: number[] = [];
  const readAt = (offset: number, length: number) => {
    read.push(offset);
    return Promise.resolve(bytes.slice(offset, offset + length));
  };
  await assert.rejects(readZipDirectory(readAt, bytes.length), { message: /too many files/ });
  assert.deepEqual(read, [0, 56, 0]);
});
