import assert from "node:assert/strict";
import { join } from "node:path";
import { PyraError } from "../../../src/protocol/error.ts";
import { readLines } from "../../../src/sessions/lines.ts";
import { takeLock } from "../../../src/locking/file_lock.ts";
import { FileLog } from "../../../src/sessions/log.ts";
import { question } from "./sample_sessions.ts";

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("after a write that failed in its middle, the next line begins where that one began", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "log");
    const file = await Deno.open(path, { read: true, write: true, create: true });
    let room = Infinity;
    let cuts = true;
    // A real file on a disk that fills up, and on which truncating fails too for a while.
    const full = new Proxy(file, {
      get: (target, key) => {
        if (key === "write") {
          return async (bytes: Uint8Array) => {
            if (room <= 0) throw new Error("no space left on device");
            const count = await target.write(bytes.subarray(0, Math.min(room, 7)));
            room -= count;
            return count;
          };
        }
        if (key === "truncate" && !cuts) return () => Promise.reject(new Error("not now"));
        const value = Reflect.get(target, key);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const log = new FileLog("id", full, { [Symbol.asyncDispose]: () => Promise.resolve() }, 0);
    await log.append(question("1"));
    const whole = await Deno.readTextFile(path);
    const isUnwritable = (thrown: unknown) =>
      thrown instanceof PyraError && thrown.code === "session_unwritable" &&
      /no space/.test(thrown.message);

    room = 20;
    await assert.rejects(log.append(question("2"), question("3")), isUnwritable);
    assert.equal(await Deno.readTextFile(path), whole, "the torn line is cut off at once");

    [room, cuts] = [20, false];
    await assert.rejects(log.append(question("2")), isUnwritable);
    assert.notEqual(await Deno.readTextFile(path), whole);
    [room, cuts] = [Infinity, true];
    await log.append(question("4"));
    await log[Symbol.asyncDispose]();
    assert.deepEqual(
      (await Deno.readTextFile(path)).trimEnd().split("\n").map((line) => JSON.parse(line)),
      [question("1"), question("4")],
    );
    await assert.rejects(log.append(question("5")), /closed/);
  });
});

Deno.test("appends that are not waited for are written in their order before the file is closed", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "log");
    const file = await Deno.open(path, { read: true, write: true, create: true });
    const log = new FileLog("id", file, { [Symbol.asyncDispose]: () => Promise.resolve() }, 0);
    const written = ["1", "2", "3"].map((text) => log.append(question(text)));
    await log[Symbol.asyncDispose]();
    await Promise.all(written);
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
    assert.deepEqual(lines.map((line) => JSON.parse(line)), ["1", "2", "3"].map(question));
  });
});

Deno.test("a lock has one holder at a time, also while it is let go and taken", async () => {
  await inFolder(async (folder) => {
    let holders = 0;
    let taken = 0;
    const contend = async () => {
      for (let n = 0; n < 40; n++) {
        const lock = await takeLock(join(folder, "x.lock"));
        if (lock === undefined) continue;
        assert.equal(++holders, 1);
        taken++;
        if (n % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
        holders--;
        await lock[Symbol.asyncDispose]();
      }
    };
    await Promise.all(Array.from({ length: 12 }, contend));
    assert.ok(taken > 40);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(folder)), []);
  });
});

Deno.test("lines are found across chunks, with where they begin, and too long ones have no bytes", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "lines");
    const texts = [
      "",
      "a",
      "x".repeat(70_000),
      "ü",
      "y".repeat(200_000),
      "b".repeat(65_536),
      "end",
    ];
    for (const last of ["", "\n"]) {
      await Deno.writeTextFile(path, texts.join("\n") + last);
      using file = await Deno.open(path);
      let start = 0;
      const lines = (await Array.fromAsync(readLines(file, 100_000))).flat();
      assert.equal(lines.length, texts.length);
      texts.forEach((text, at) => {
        const line = lines[at];
        const isLast = at === texts.length - 1;
        assert.equal(line?.start, start);
        assert.equal(line.complete, !isLast || last !== "");
        const bytes = new TextEncoder().encode(text);
        assert.deepEqual(line.bytes, bytes.length > 100_000 ? undefined : bytes);
        start += bytes.length + 1;
      });
    }
  });
});
