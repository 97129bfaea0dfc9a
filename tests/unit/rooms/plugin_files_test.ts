import assert from "node:assert/strict";
import { fileFunctions } from "../../../src/rooms/plugin/file_functions.ts";

/** A granted folder beside one that is not, with links between them. */
async function withFolders(
  act: (given: typeof Deno, inside: string, outside: string) => Promise<void>,
): Promise<void> {
  const base = await Deno.realPath(await Deno.makeTempDir());
  const [inside, outside, shown] = [`${base}/inside`, `${base}/outside`, `${base}/shown`];
  for (const folder of [inside, outside, shown]) await Deno.mkdir(folder);
  await Deno.writeTextFile(`${outside}/secret`, "secret");
  await Deno.writeTextFile(`${shown}/text`, "text");
  await Deno.writeTextFile(`${inside}/own`, "own");
  await Deno.symlink(`${outside}/secret`, `${inside}/file`);
  await Deno.symlink(outside, `${inside}/folder`);
  await Deno.symlink(`${outside}/none`, `${inside}/nowhere`);
  await Deno.symlink(`${shown}/text`, `${inside}/shown`);
  await Deno.symlink(`${inside}/own`, `${inside}/near`);
  const folders = { read: [inside, shown], write: [inside] };
  try {
    await act(fileFunctions(Deno, folders) as typeof Deno, inside, outside);
  } finally {
    await Deno.remove(base, { recursive: true });
  }
}

Deno.test("no path leads out of what was granted, through a file or a folder", async () => {
  await withFolders(async (given, inside, outside) => {
    const refused = (error: unknown) => error instanceof Deno.errors.NotCapable;
    const tries: (() => unknown)[] = [
      () => given.readTextFile(`${inside}/file`),
      () => given.readFile(`${inside}/folder/secret`),
      () => given.readTextFile(`${inside}/../outside/secret`),
      () => given.readTextFile(new URL(`file://${inside}/file`)),
      () => given.stat(`${inside}/file`),
      () => given.lstat(`${inside}/folder/secret`),
      () => Array.fromAsync(given.readDir(`${inside}/folder`)),
      () => given.writeTextFile(`${inside}/file`, "x"),
      () => given.writeTextFile(`${inside}/nowhere`, "x"),
      () => given.writeTextFile(`${inside}/folder/new`, "x"),
      () => given.writeTextFile(`${inside}/shown`, "x"),
      () => given.truncate(`${inside}/file`),
      () => given.mkdir(`${inside}/folder/new/deep`, { recursive: true }),
      () => given.remove(`${inside}/folder/secret`),
      () => given.rename(`${inside}/own`, `${inside}/folder/own`),
      () => given.rename(`${inside}/folder/secret`, `${inside}/mine`),
      () => given.copyFile(`${inside}/file`, `${inside}/copy`),
      () => given.copyFile(`${inside}/own`, `${inside}/file`),
      () => given.readTextFileSync(`${inside}/file`),
    ];
    for (const [at, act] of tries.entries()) {
      await assert.rejects(async () => await act(), refused, String(at));
    }
    assert.deepEqual(await Array.fromAsync(Deno.readDir(outside), ({ name }) => name), ["secret"]);
    assert.equal(await Deno.readTextFile(`${outside}/secret`), "secret");
  });
});

Deno.test("within it everything is as it was, links too", async () => {
  await withFolders(async (given, inside) => {
    assert.equal(await given.readTextFile(`${inside}/near`), "own");
    assert.equal(await given.readTextFile(`${inside}/shown`), "text");
    assert.equal((await given.lstat(`${inside}/file`)).isSymlink, true);
    assert.equal((await given.stat(inside)).isDirectory, true);
    assert.equal((await given.lstat(`${inside}/`)).isDirectory, true);
    await given.writeTextFile(`${inside}/near`, "changed");
    assert.equal(await given.readTextFile(`${inside}/own`), "changed");
    await given.mkdir(`${inside}/a/b/c`, { recursive: true });
    await given.writeTextFile(`${inside}/a/b/c/new`, "x");
    await given.rename(`${inside}/a/b/c/new`, `${inside}/a/b/new`);
    await given.remove(`${inside}/file`);
    await assert.rejects(given.lstat(`${inside}/file`), Deno.errors.NotFound);
    await assert.rejects(given.readTextFile(`${inside}/none/at/all`), Deno.errors.NotFound);
    assert.ok((await Array.fromAsync(given.readDir(inside))).length > 3);
  });
});

Deno.test("a path is a text that is looked at once", async () => {
  await withFolders(async (given, inside) => {
    let asked = 0;
    const turning = { toString: () => ++asked > 1 ? `${inside}/file` : `${inside}/own` };
    await assert.rejects(given.readTextFile(turning as never), TypeError);
    await assert.rejects(given.readTextFile(new URL("https://a.example/own")), TypeError);
  });
});
