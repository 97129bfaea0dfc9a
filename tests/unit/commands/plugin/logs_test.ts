import assert from "node:assert/strict";
import { folderChanges } from "../../../../src/commands/plugin/folder_changes.ts";
import { LogTail } from "../../../../src/commands/plugin/log_tail.ts";

async function withFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a log is read from its end on, whole lines only", () =>
  withFolder(async (folder) => {
    const path = `${folder}/x.log`;
    const tail = new LogTail(path);
    assert.deepEqual(await tail.last(5), [], "there is none yet");
    const append = (text: string) => Deno.writeTextFile(path, text, { append: true });
    await append("1\n2\n3\nhal");
    assert.deepEqual(await tail.last(2), ["2", "3"]);
    assert.deepEqual(await tail.added(), []);
    await append("f\nü");
    assert.deepEqual(await tail.added(), ["half"]);
    await append("\n");
    assert.deepEqual(await tail.added(), ["ü"]);
  }));

Deno.test("a log that was put aside goes on in the new one", () =>
  withFolder(async (folder) => {
    const path = `${folder}/x.log`;
    await Deno.writeTextFile(path, "old 1\nold 2 which is long\n");
    const tail = new LogTail(path);
    await tail.last(10);
    await Deno.rename(path, `${path}.before`);
    assert.deepEqual(await tail.added(), []);
    await Deno.writeTextFile(path, "new\n");
    assert.deepEqual(await tail.added(), ["new"]);
  }));

Deno.test("of a long log only the end is read", () =>
  withFolder(async (folder) => {
    const path = `${folder}/x.log`;
    const lines = Array.from({ length: 200_000 }, (_, at) => `line ${at}`);
    await Deno.writeTextFile(path, `${lines.join("\n")}\n`);
    assert.deepEqual(await new LogTail(path).last(2), ["line 199998", "line 199999"]);
  }));

Deno.test("a change of a folder is told, in folders below it too, until the end", () =>
  withFolder(async (folder) => {
    const ended = new AbortController();
    const changes = folderChanges(folder, ended.signal);
    const first = changes.next();
    await Deno.writeTextFile(`${folder}/plugin.ts`, "1");
    assert.equal((await first).done, false);
    await Deno.mkdir(`${folder}/lib`);
    await Deno.writeTextFile(`${folder}/lib/deep.ts`, "1");
    assert.equal((await changes.next()).done, false);
    ended.abort();
    for (let left = 0; !(await changes.next()).done; left++) assert.ok(left < 2);
    const late = folderChanges(folder, ended.signal);
    assert.equal((await late.next()).done, true, "it had ended before");
  }));
