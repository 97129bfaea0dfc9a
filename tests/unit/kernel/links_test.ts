import assert from "node:assert/strict";
import { KernelError } from "../../../src/kernel/error.ts";
import { refuseLinks } from "../../../src/kernel/links.ts";

/** A folder whose time is long ago enough to be remembered, with one below it. */
async function withOldFolders(act: (top: string, record: string) => void): Promise<void> {
  const top = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${top}/tree/inner`, { recursive: true });
    await Deno.writeTextFile(`${top}/tree/inner/file`, "x");
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    act(`${top}/tree`, `${top}/record`);
  } finally {
    await Deno.remove(top, { recursive: true });
  }
}

function refuses(act: () => void): void {
  assert.throws(act, (error) => error instanceof KernelError && error.code === "boundary");
}

Deno.test("a link that appears below a folder seen before is found", async () => {
  await withOldFolders((tree, record) => {
    refuseLinks([tree], record);
    refuseLinks([tree], record);
    Deno.symlinkSync("/etc", `${tree}/inner/away`);
    refuses(() => refuseLinks([tree], record));
    Deno.removeSync(`${tree}/inner/away`);
    refuseLinks([tree], record);
    Deno.mkdirSync(`${tree}/inner/new/deep`, { recursive: true });
    Deno.linkSync(`${tree}/inner/file`, `${tree}/inner/new/deep/twin`);
    refuses(() => refuseLinks([tree], record));
  });
});

Deno.test("folders that did not change are not listed again", async () => {
  await withOldFolders((tree, record) => {
    refuseLinks([tree], record);
    const kept = JSON.parse(Deno.readTextFileSync(record));
    assert.deepEqual(kept.map(([folder]: [string]) => folder).sort(), [tree, `${tree}/inner`]);
    // What the record says of a folder whose time is the same is believed.
    for (const entry of kept) entry[1].folders = [];
    Deno.writeTextFileSync(record, JSON.stringify(kept));
    Deno.symlinkSync("/etc", `${tree}/inner/away`);
    refuseLinks([tree], record);
  });
});

Deno.test("a record of another shape, or none, costs one full look and nothing else", async () => {
  await withOldFolders((tree, record) => {
    Deno.symlinkSync("/etc", `${tree}/inner/away`);
    for (const text of ["", "[]", '[["/x", 5]]', "{", "null"]) {
      Deno.writeTextFileSync(record, text);
      refuses(() => refuseLinks([tree], record));
    }
  });
});

Deno.test("a record that cannot be written does not end the start", async () => {
  await withOldFolders((tree, record) => {
    Deno.mkdirSync(`${record}.new`);
    refuseLinks([tree], record);
  });
});
