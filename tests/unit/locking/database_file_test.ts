import assert from "node:assert/strict";
import { makeDatabaseFile } from "../../../src/locking/database_file.ts";
import { openRecord } from "../../../src/app_usage.ts";
import { ScheduleStore } from "../../../src/scheduler/store.ts";

async function addElsewhere(path: string, name: string): Promise<void> {
  const script = new URL("schedule_writer.ts", import.meta.url).pathname;
  const config = new URL("../../../deno.json", import.meta.url).pathname;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "-A", "--config", config, script, path, name],
    stdout: "null",
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
}

Deno.test("who has a database open sees what other processes write, whoever opens it beside", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/state.db`;
  {
    using store = await ScheduleStore.open(path);
    store.list();
    for (const name of ["one", "two"]) {
      // As a hosted run does in the daemon's process.
      {
        using _other = await ScheduleStore.open(path);
        const notify = () => undefined;
        using _usage = await openRecord(folder, { now: Date.now, notify, isSuspect: false });
        await makeDatabaseFile(path);
      }
      await addElsewhere(path, name);
      assert.ok(store.find(name), `${name} is seen`);
    }
    assert.ok(
      (await Array.fromAsync(Deno.readDir(folder))).some(({ name }) => name.endsWith("-wal")),
    );
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test({
  name: "opening a database beside another room lets go of no lock of SQLite's",
  ignore: Deno.build.os !== "linux", // only there can the locks be seen
  async fn() {
    const folder = await Deno.makeTempDir();
    const path = `${folder}/state.db`;
    {
      using store = await ScheduleStore.open(path);
      store.list();
      const { ino } = await Deno.stat(path);
      const isLocked = async () => {
        const { stdout } = await new Deno.Command("cat", { args: ["/proc/locks"] }).output();
        const lines = new TextDecoder().decode(stdout).split("\n");
        return lines.some((line) => line.includes(` ${Deno.pid} `) && line.includes(`:${ino} `));
      };
      assert.ok(await isLocked());
      {
        using _other = await ScheduleStore.open(path);
      }
      assert.ok(await isLocked(), "after the schedules were opened and closed");
      {
        const notify = () => undefined;
        using _usage = await openRecord(folder, { now: Date.now, notify, isSuspect: false });
      }
      assert.ok(await isLocked(), "after the usage was opened and closed");
    }
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test("a database's file is made empty and private, and never touched again", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/state.db`;
  await makeDatabaseFile(path);
  const { size, mode } = await Deno.stat(path);
  assert.equal(size, 0);
  // Windows has no modes.
  if (Deno.build.os !== "windows") assert.equal((mode ?? 0) & 0o777, 0o600);
  await Deno.writeTextFile(path, "kept");
  await makeDatabaseFile(path);
  assert.equal(await Deno.readTextFile(path), "kept");
  await assert.rejects(makeDatabaseFile(`${folder}/no/state.db`), Deno.errors.NotFound);
  await Deno.remove(folder, { recursive: true });
});
