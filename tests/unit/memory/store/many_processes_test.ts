import assert from "node:assert/strict";
import { type TemporaryNotes, temporaryNotes } from "./temporary_notes.ts";

const WRITERS = 8;
const LINES = 12;
const KILLS = 120;
/** Kept alive at once while they are killed, so that starting them costs less. */
const AT_ONCE = 4;

function start(notes: TemporaryNotes, ...args: string[]): Deno.ChildProcess {
  const script = new URL("./writer_process.ts", import.meta.url).pathname;
  const allow = `${notes.folder}`;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", `--allow-read=${allow}`, `--allow-write=${allow}`]
      .concat(script, notes.folder, ...args),
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Waits until the process works, and leaves its output to be thrown away. */
async function ready(process: Deno.ChildProcess): Promise<void> {
  const reader = process.stdout.getReader();
  await reader.read();
  reader.releaseLock();
}

Deno.test("eight processes write at once, and every line and version is there", async () => {
  await using notes = await temporaryNotes();
  const names = Array.from({ length: WRITERS }, (_, index) => `w${index}`);
  const ended = names.map((name) => start(notes, name, String(LINES), "append").output());
  for (const { success, stderr } of await Promise.all(ended)) {
    assert.ok(success, new TextDecoder().decode(stderr));
  }
  const { body } = await notes.store.read("log");
  const lines = body.split("\n").filter((line) => line !== "");
  const wanted = names.flatMap((name) => Array.from({ length: LINES }, (_, i) => `- ${name} ${i}`));
  assert.deepEqual(lines.toSorted(), wanted.toSorted());
  for (const name of names) {
    assert.equal((await notes.store.read(`own/${name}`)).body, `${LINES - 1}\n`);
    assert.equal((await notes.store.history(`own/${name}`)).length, LINES);
  }
  const versions = await notes.store.history("log");
  assert.equal(versions.length, 50, "the bound of one note");
  for (const [index, { id }] of versions.entries()) {
    if (index === versions.length - 1) continue;
    const count = (await notes.store.version(id)).split("\n").filter((line) =>
      line.startsWith("- ")
    );
    assert.equal(count.length, WRITERS * LINES - 1 - index, "each version has one line less");
  }
  assert.ok(!(await notes.paths()).some((path) => /tmp|lock/.test(path)), "nothing is left over");
});

Deno.test("processes killed while they write leave a whole note, a history and a free lock", async () => {
  await using notes = await temporaryNotes();
  const isWhole = (text: string) => text === "first" || /^(\d)\1{19999}$/.test(text);
  await notes.store.replace("note", "first");
  let kills = 0;
  while (kills < KILLS) {
    const processes = Array.from({ length: AT_ONCE }, () => start(notes, "note", "0", "forever"));
    for (const process of processes) {
      await ready(process);
      // Chance decides what it is doing at that moment.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 12));
      process.kill("SIGKILL");
      kills++;
      const files = await notes.store.files();
      for (const { name } of files) {
        const text = await notes.text(name).catch(() => "first");
        assert.ok(isWhole(text), `${name} is torn: ${text.length} characters`);
      }
    }
    for (const process of processes) {
      await Promise.all([process.status, process.stdout.cancel(), process.stderr.cancel()]);
    }
    const store = notes.another();
    for (const { id, size_bytes } of await store.history()) {
      const text = await store.version(id);
      assert.ok(size_bytes === 0 ? text === "" : isWhole(text), `${id} is torn`);
    }
    // The lock is free, and what a kill has interrupted can be taken back.
    const before = (await store.history()).length;
    await store.replace("after", String(kills % 10).repeat(20_000));
    assert.match((await store.undo("after")).before, /^(\d)\1{19999}$/);
    assert.ok(before > 0, "the history is not lost");
  }
});
