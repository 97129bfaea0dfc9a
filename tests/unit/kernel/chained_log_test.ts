import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { ChainCheck, ChainHead, type ChainReport } from "../../../src/guard/log_chain.ts";
import { appendChained } from "../../../src/kernel/chained_log.ts";

const LOG = "security.log";

async function withFolder(act: (home: string) => void | Promise<void>): Promise<void> {
  const home = await Deno.makeTempDir({ prefix: "pyra-logs-" });
  try {
    await act(home);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

function headOf(home: string): ChainHead {
  return ChainHead.parse(JSON.parse(Deno.readTextFileSync(`${home}/log_heads.json`))[LOG]);
}

function check(home: string): ChainReport {
  const head = headOf(home);
  const checked = new ChainCheck(
    head,
    (line) => createHash("sha256").update(line).digest("hex"),
  );
  for (const { file } of head.parts) {
    checked.part(file);
    if (names(home).includes(file)) checked.bytes(Deno.readFileSync(`${home}/${file}`));
  }
  return checked.end();
}

const names = (home: string) => [...Deno.readDirSync(home)].map(({ name }) => name).sort();
const sizeOf = async (home: string) =>
  names(home).includes(LOG) ? (await Deno.stat(`${home}/${LOG}`)).size : 0;
const append = (home: string, count: number, text = "") => {
  for (let index = 0; index < count; index++) appendChained(home, LOG, { index, text });
};
/** Lines of 20 kB: 200 of them fill a file. */
const LARGE = { 0: "x", ...Array(10).fill("x".repeat(2_000)) };

Deno.test("each line carries the hash of the one before, and the head the last one's", () =>
  withFolder((home) => {
    append(home, 5);
    const lines = Deno.readTextFileSync(`${home}/${LOG}`).trimEnd().split("\n");
    const hashes = lines.map((line) => createHash("sha256").update(line).digest("hex"));
    const read = lines.map((line) => JSON.parse(line));
    assert.deepEqual(read.map(({ number }) => number), [1, 2, 3, 4, 5]);
    assert.deepEqual(read.map(({ before }) => before), ["0".repeat(64), ...hashes.slice(0, -1)]);
    const { count, hash } = headOf(home);
    assert.deepEqual({ count, hash }, { count: 5, hash: hashes.at(-1) });
    if (Deno.build.os === "windows") return;
    for (const name of names(home)) {
      assert.equal((Deno.statSync(`${home}/${name}`).mode ?? 0) & 0o777, 0o600, name);
    }
  }));

Deno.test("a field that is called as the chain's own does not take its place", () =>
  withFolder((home) => {
    appendChained(home, LOG, { number: 7, before: "x" });
    append(home, 1);
    assert.deepEqual(check(home).faults, []);
    assert.equal(
      JSON.parse(Deno.readTextFileSync(`${home}/${LOG}`).split("\n")[0] ?? "").number,
      1,
    );
  }));

/** A process that appends so many lines. */
function writer(home: string, lines: number): Deno.Command {
  const module = new URL("../../../src/kernel/chained_log.ts", import.meta.url).href;
  const code = `const { appendChained } = await import(${JSON.stringify(module)});
    for (let i = 0; i < ${lines}; i++) appendChained(${JSON.stringify(home)}, "${LOG}", { i });`;
  Deno.writeTextFileSync(`${home}/writer.ts`, code);
  const config = new URL("../../../deno.json", import.meta.url).pathname;
  const args = ["run", "-A", "--quiet", "--no-check", "--config", config, `${home}/writer.ts`];
  return new Deno.Command(Deno.execPath(), { args, stdout: "null", stderr: "piped" });
}

Deno.test("four processes that log at once leave one whole chain", () =>
  withFolder(async (home) => {
    const command = writer(home, 100);
    const runs = Array.from({ length: 4 }, () => command.output());
    for (const { success, stderr } of await Promise.all(runs)) {
      assert.ok(success, new TextDecoder().decode(stderr));
    }
    assert.deepEqual(check(home), { faults: [], more: 0, lines: 400, ahead: 0 });
  }));

Deno.test("processes that are killed while they log leave a chain that others go on with", () =>
  withFolder(async (home) => {
    const command = writer(home, 1_000_000);
    for (let round = 0; round < 4; round++) {
      const runs = [command.spawn(), command.spawn()];
      const before = await sizeOf(home);
      // Each is in the middle of its work when it is killed, wherever that is.
      for (let size = before; size < before + 20_000;) {
        await new Promise((resolve) => setTimeout(resolve, 3));
        size = await sizeOf(home);
      }
      for (const run of runs) run.kill("SIGKILL");
      for (const run of runs) await run.output();
      append(home, 1);
      assert.deepEqual(check(home).faults, []);
    }
  }));

Deno.test("full files are put aside, the oldest go, and what is kept is one whole chain", () =>
  withFolder((home) => {
    for (let index = 0; index < 2_200; index++) appendChained(home, LOG, LARGE);
    const { count, parts } = headOf(home);
    assert.equal(count, 2_200);
    assert.equal(parts.length, 8);
    assert.ok((parts[0]?.first ?? 0) > 1, "the first lines are gone");
    const kept = names(home).filter((name) => name.startsWith(LOG));
    assert.deepEqual(kept, parts.map(({ file }) => file).sort());
    assert.deepEqual(check(home).faults, []);
    // A file that someone else removes is missed.
    Deno.removeSync(`${home}/${parts[3]?.file}`);
    assert.deepEqual(check(home).faults.map(({ kind }) => kind), ["missing"]);
  }));

Deno.test("a run that ends at any moment of an append leaves a chain that goes on", () =>
  withFolder((home) => {
    append(home, 3);
    const heads = Deno.readTextFileSync(`${home}/log_heads.json`);
    append(home, 2);
    // Two runs ended between their line and its head.
    Deno.writeTextFileSync(`${home}/log_heads.json`, heads);
    assert.equal(check(home).ahead, 2);
    append(home, 1);
    assert.deepEqual(check(home), { faults: [], more: 0, lines: 6, ahead: 0 });
    // One had put the full file aside, and not said so.
    const { count, hash } = headOf(home);
    Deno.renameSync(`${home}/${LOG}`, `${home}/${LOG}.${count}.${hash.slice(0, 8)}`);
    append(home, 1);
    assert.equal(headOf(home).parts.length, 2);
    assert.deepEqual(check(home), { faults: [], more: 0, lines: 7, ahead: 0 });
    // One was cut off in the middle of its line by a power cut: that is told, and the next line is whole.
    Deno.writeTextFileSync(`${home}/${LOG}`, '{"time":"20', { append: true });
    append(home, 1);
    assert.deepEqual(check(home).faults.map(({ kind }) => kind), ["inserted"]);
  }));

Deno.test("the chain goes on behind a log that someone cut, and the cut is told", () =>
  withFolder((home) => {
    append(home, 5);
    const lines = Deno.readTextFileSync(`${home}/${LOG}`).split("\n");
    Deno.writeTextFileSync(`${home}/${LOG}`, `${lines.slice(0, 3).join("\n")}\n`);
    append(home, 2);
    assert.deepEqual(check(home).faults.map(({ kind, line }) => [kind, line]), [["missing", 4]]);
    Deno.removeSync(`${home}/${LOG}`);
    append(home, 1);
    assert.deepEqual(check(home).faults.map(({ kind, line }) => [kind, line]), [["missing", 1]]);
  }));

Deno.test("without a head that can be read, a new chain begins and the old log is put aside", () =>
  withFolder((home) => {
    append(home, 2);
    for (const broken of ["", "{", "[]", '{"security.log":{"count":1}}', '{"security.log":null}']) {
      Deno.writeTextFileSync(`${home}/log_heads.json`, broken);
      append(home, 1);
      assert.deepEqual(check(home), { faults: [], more: 0, lines: 1, ahead: 0 });
    }
    const aside = names(home).filter((name) => name.startsWith(`${LOG}.unchained.`));
    assert.equal(aside.length, 5);
  }));

Deno.test("a head that names files of others makes nobody remove them", () =>
  withFolder((home) => {
    append(home, 1);
    Deno.writeTextFileSync(`${home}/diary`, "dear");
    const heads = JSON.parse(Deno.readTextFileSync(`${home}/log_heads.json`));
    const [part] = heads[LOG].parts;
    for (const file of ["diary", `${LOG}/../diary`, `${LOG}.1.aaaaaaaa/../diary`]) {
      heads[LOG].parts = [...Array.from({ length: 9 }, () => ({ ...part, file })), part];
      Deno.writeTextFileSync(`${home}/log_heads.json`, JSON.stringify(heads));
      for (let index = 0; index < 220; index++) appendChained(home, LOG, LARGE);
      assert.ok(names(home).includes("diary"));
    }
  }));
