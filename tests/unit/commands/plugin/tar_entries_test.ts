import assert from "node:assert/strict";
import fc from "fast-check";
import { tarFiles } from "../../../../src/commands/plugin/tar_entries.ts";
import { PyraError } from "../../../../src/protocol/error.ts";

/** An entry of an archive that a test makes. */
interface Entry {
  readonly path: string;
  readonly kind?: string;
  readonly text?: string;
  readonly prefix?: string;
  /** Changes the header before its sum is made. */
  readonly change?: (header: Uint8Array) => void;
}

const BLOCK = 512;
const encode = (text: string) => new TextEncoder().encode(text);

function header({ path, kind = "0", text = "", prefix, change }: Entry): Uint8Array {
  const bytes = new Uint8Array(BLOCK);
  const put = (at: number, value: string) => bytes.set(encode(value), at);
  bytes.set(encode(path).slice(0, 100), 0);
  put(100, "0000644\0");
  put(124, `${encode(text).length.toString(8).padStart(11, "0")}\0`);
  put(136, "00000000000\0");
  put(156, kind);
  put(257, "ustar\0" + "00");
  if (prefix !== undefined) put(345, prefix);
  change?.(bytes);
  put(148, "        ");
  const sum = bytes.reduce((all, byte) => all + byte, 0);
  put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return bytes;
}

function archive(entries: readonly Entry[]): Uint8Array {
  const parts = entries.flatMap((entry) => {
    const content = encode(entry.text ?? "");
    const padded = new Uint8Array(Math.ceil(content.length / BLOCK) * BLOCK);
    padded.set(content);
    return [header(entry), padded];
  });
  parts.push(new Uint8Array(2 * BLOCK));
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}

function read(entries: readonly Entry[]): [string, string][] {
  return tarFiles(archive(entries))
    .map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)]);
}

function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length++;
  return `${length}${rest}`;
}

function refused(bytes: Uint8Array, message: RegExp): void {
  assert.throws(() => tarFiles(bytes), (error) => {
    assert.ok(error instanceof PyraError);
    assert.equal(error.code, "bad_plugin");
    assert.match(error.message, message);
    return true;
  });
}

Deno.test("files are read with their folders, however the archive names them", () => {
  const long = `${"d".repeat(60)}/${"f".repeat(80)}.ts`;
  assert.deepEqual(
    read([
      { path: "./", kind: "5" },
      { path: "./a.ts", text: "one" },
      { path: "b", kind: "5" },
      { path: "b/c.ts", text: "x".repeat(1_000) },
      { path: "d.ts", prefix: "deep/er", text: "two" },
      { path: "PaxHeader", kind: "x", text: record("path", long) },
      { path: "short", text: "three" },
      { path: "././@LongLink", kind: "L", text: `${long}.long\0` },
      { path: "short", text: "four" },
      { path: "global", kind: "g", text: record("comment", "hello") },
      { path: "e.ts", kind: "\0", text: "" },
    ]),
    [
      ["a.ts", "one"],
      ["b/c.ts", "x".repeat(1_000)],
      ["deep/er/d.ts", "two"],
      [long, "three"],
      [`${long}.long`, "four"],
      ["e.ts", ""],
    ],
  );
});

Deno.test("an entry that leads out of the archive's folder refuses it", () => {
  const hostile = [
    "../x",
    "a/../../x",
    "a/..",
    "..",
    "/etc/passwd",
    "//x",
    "C:\\x",
    "C:/x",
    "a\\..\\x",
    "a//b",
    "a/./b",
    "./../x",
  ];
  for (const path of hostile) {
    refused(archive([{ path: "ok", text: "1" }, { path, text: "2" }]), /leads out/);
    const inHeader = [{ path: "h", kind: "x", text: record("path", path) }, { path: "ok" }];
    refused(archive(inHeader), /leads out/);
    refused(archive([{ path: "l", kind: "L", text: path }, { path: "ok" }]), /leads out/);
  }
  refused(archive([{ path: "x", prefix: "../y" }]), /leads out/);
});

Deno.test("links, devices and pipes refuse it, whatever they are called", () => {
  for (const kind of ["1", "2", "3", "4", "6", "K", "S", "V", "Z"]) {
    refused(archive([{ path: "innocent.ts", kind, text: "" }]), /innocent\.ts in the archive is/);
  }
});

Deno.test("a damaged archive is refused, and no number in it is believed", () => {
  const good = archive([{ path: "a", text: "hello" }]);
  refused(good.slice(0, BLOCK + 2), /ends too early/);
  const flipped = good.slice();
  flipped[0] = 0x7a;
  refused(flipped, /sum is wrong/);
  const size = (text: string): Entry => ({
    path: "a",
    change: (header) => header.set(encode(text), 124),
  });
  refused(archive([size("77777777777\0")]), /ends too early/);
  refused(archive([size("-0000000001\0")]), /number is wrong/);
  refused(archive([size("99999999999\0")]), /number is wrong/);
  const binary: Entry = {
    path: "a",
    change: (header) => header.set([0x80, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255], 124),
  };
  refused(archive([binary]), /ends too early/);
  for (const text of ["99 path=x\n", "0 path=x\n", "x path=x\n", "path=x"]) {
    refused(archive([{ path: "h", kind: "x", text }, { path: "a" }]), /wrong/);
  }
  for (const path of ["", "./", "."]) refused(archive([{ path, text: "x" }]), /no name/);
  refused(archive(Array.from({ length: 3_000 }, (_, at) => ({ path: `f${at}` }))), /too many/);
});

Deno.test("whatever the bytes are, reading ends, and no path leads out", () => {
  const bytes = fc.uint8Array({ maxLength: 2_000 });
  const mutated = fc.tuple(
    fc.array(fc.tuple(fc.nat(4 * BLOCK), fc.nat(255)), { maxLength: 8 }),
    fc.string({ maxLength: 40 }),
  ).map(([changes, path]) => {
    const all = archive([{ path: path || "a", text: "text" }, { path: "b", text: "more" }]);
    for (const [at, value] of changes) all[at % all.length] = value;
    return all;
  });
  fc.assert(
    fc.property(fc.oneof(bytes, mutated), (bytes) => {
      try {
        for (const { path } of tarFiles(bytes)) {
          assert.ok(!path.startsWith("/") && !path.split("/").includes(".."));
        }
      } catch (error) {
        assert.ok(error instanceof PyraError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});
