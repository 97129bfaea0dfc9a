import assert from "node:assert/strict";
import { followFolder } from "../../../../src/memory/index/follow.ts";
import type { NoteIndex } from "../../../../src/memory/index/note_index.ts";
import { type Changed, FolderChanges } from "../../../../src/memory/index/watch.ts";
import { type MemoryPlace, memoryPlace, refresh } from "./memory_place.ts";

/** An index that follows its folder until the end of the block. */
async function following(place: MemoryPlace): Promise<AsyncDisposable & { index: NoteIndex }> {
  const index = await place.open();
  await refresh(index);
  const stop = new AbortController();
  const followed = index.follow(stop.signal);
  // Until the watching has begun and the first look is over.
  await place.put("ready.md", "The following has begun.");
  await until(() => index.entry("ready.md") !== undefined);
  return {
    index,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await followed;
      await index.flush();
      index[Symbol.dispose]();
    },
  };
}

/** Waits for what comes in the end, or for the test's own limit. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!await isSo()) {
    assert(performance.now() < end, "it did not come");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

Deno.test("what editors, file managers and git do to the folder is followed", async () => {
  await using place = await memoryPlace();
  await using follower = await following(place);
  const { index } = follower;
  const finds = async (query: string, file: string) =>
    (await index.search(query)).some((hit) => hit.file === file);

  await place.put("a.md", "An apple.");
  await until(() => finds("apple", "a.md"));
  // An editor writes beside and renames.
  await Deno.writeTextFile(`${place.folder}/a.md~`, "A banana.");
  await Deno.rename(`${place.folder}/a.md~`, `${place.folder}/a.md`);
  await until(() => finds("banana", "a.md"));
  // A new folder with files in it, at once.
  await place.put("trips/2026/vienna.md", "A giraffe at the zoo.");
  await until(() => finds("giraffe", "trips/2026/vienna.md"));
  await Deno.rename(`${place.folder}/trips`, `${place.folder}/travels`);
  await until(() => finds("giraffe", "travels/2026/vienna.md"));
  await until(() => index.entry("trips/2026/vienna.md") === undefined);
  await Deno.rename(`${place.folder}/travels/2026/vienna.md`, `${place.folder}/vienna.md`);
  await until(() => finds("giraffe", "vienna.md"));
  await Deno.remove(`${place.folder}/travels`, { recursive: true });
  await Deno.remove(`${place.folder}/a.md`);
  await until(() => index.entry("a.md") === undefined);
  assert.deepEqual(index.list().map(({ name }) => name), ["ready.md", "vienna.md"]);
  assert.deepEqual(index.notices, []);
});

Deno.test("a flood of changes is followed to its end", async () => {
  await using place = await memoryPlace();
  await using follower = await following(place);
  for (let at = 0; at < 400; at++) await place.put(`k${at % 7}/n${at}.md`, `Turtle ${at}.`);
  await until(() => follower.index.figures().notes === 401);
  for (let at = 0; at < 7; at++) await Deno.remove(`${place.folder}/k${at}`, { recursive: true });
  await until(() => follower.index.figures().notes === 1);
});

Deno.test("a folder that goes and comes back is followed again", async () => {
  await using place = await memoryPlace();
  await using follower = await following(place);
  await Deno.rename(place.folder, `${place.folder}-away`);
  await until(() => follower.index.figures().notes === 0);
  await Deno.rename(`${place.folder}-away`, place.folder);
  await until(() => follower.index.figures().notes === 1);
  await place.put("b.md", "A banana.");
  await until(() => follower.index.entry("b.md") !== undefined);
});

Deno.test("a database that is deleted under a follower is made anew although no note changes", async () => {
  await using place = await memoryPlace();
  await using follower = await following(place);
  for await (const { name } of Deno.readDir(place.databases)) {
    await Deno.remove(`${place.databases}/${name}`);
  }
  assert.equal(follower.index.isComplete, false);
  await until(() => follower.index.isComplete);
  assert.equal((await follower.index.search("following"))[0]?.file, "ready.md");
});

Deno.test("a folder that the system cannot watch is looked through again and again", async () => {
  await using place = await memoryPlace();
  const stop = new AbortController();
  const looks: boolean[] = [];
  const failures: unknown[] = [];
  await followFolder({
    folder: place.folder,
    watch: () => {
      throw new TypeError("No space left on device (os error 28)");
    },
    apply: ({ isWide }) => {
      looks.push(isWide);
      if (looks.length === 2) stop.abort();
      return Promise.resolve(1);
    },
    failed: (cause) => failures.push(cause),
  }, stop.signal);
  assert.deepEqual(looks, [true, true]);
  assert.match(String(failures[0]), /No space left/);
});

Deno.test("a change that fails is told, and the following goes on", async () => {
  await using place = await memoryPlace();
  const stop = new AbortController();
  const failures: unknown[] = [];
  const changes: Changed[] = [];
  const followed = followFolder({
    folder: place.folder,
    apply: (changed) => {
      changes.push(changed);
      return Promise.reject(new TypeError("broken"));
    },
    failed: (cause) => failures.push(cause),
  }, stop.signal);
  await until(() => changes.length > 0);
  await place.put("a.md", "An apple.");
  await until(() => changes.some(({ names }) => names.has("a.md")));
  stop.abort();
  await followed;
  assert(failures.length >= 2);
});

Deno.test("following that is ended before it began does nothing", async () => {
  await using place = await memoryPlace();
  using index = await place.open();
  await index.follow(AbortSignal.abort());
  assert.deepEqual(index.notices, []);
});

Deno.test("events are told by the names of notes, and what is none of them is left out", async () => {
  await using place = await memoryPlace();
  const { folder } = place;
  await place.put("a/b.md", "There.");
  await Deno.writeTextFile(`${folder}/photo`, "no folder");
  const changed = (kind: Deno.FsEvent["kind"], path: string, flag?: "rescan") => {
    const changes = new FolderChanges(folder);
    const paths = path === "" ? [] : [`${folder}/${path}`];
    changes.add(flag ? { kind, paths, flag } : { kind, paths });
    const { names, isWide } = changes.take();
    assert(changes.isEmpty);
    return isWide ? "wide" : [...names].join();
  };
  assert.equal(changed("modify", "a/b.md"), "a/b.md");
  assert.equal(changed("remove", "a/gone.md"), "a/gone.md");
  assert.equal(changed("create", "e\u0301.md"), "\u00e9.md");
  assert.equal(changed("rename", "a"), "wide");
  assert.equal(changed("remove", "was_a_folder"), "wide");
  assert.equal(changed("modify", "a"), "");
  assert.equal(changed("access", "a/b.md"), "");
  assert.equal(changed("other", "", "rescan"), "wide");
  for (const name of ["MEMORY_INDEX.md", "memory_index.json", "photo", "gone.png"]) {
    assert.equal(changed("create", name), "", name);
  }
  for (
    const name of [".history/x.md", ".lock", "a/.b.md.12.tmp", "a/b.md.1-2-3.tmp", ".git/HEAD"]
  ) {
    assert.equal(changed("create", name), "", name);
  }
  const many = new FolderChanges(folder);
  for (let at = 0; at < 999; at++) {
    many.add({ kind: "create", paths: [`${folder}/${at}.md`] });
  }
  assert.equal(many.take().isWide, true);
});
