import assert from "node:assert/strict";
import { RunUsage } from "../../src/app_limits.ts";
import { UNLIMITED, wish } from "./guard/limits/ledgers.ts";

/** What models use in the profile whose databases lie in a folder. */
function usageIn(db: string): RunUsage {
  const context = { boot: { profile: { db } }, now: Date.now };
  return new RunUsage(context as unknown as ConstructorParameters<typeof RunUsage>[0]);
}

async function withFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes many requests down, and lets go of the file. */
async function fill(folder: string): Promise<void> {
  using usage = usageIn(folder);
  const ledger = await usage.ledger();
  for (let at = 0; at < 300; at++) {
    ledger.reserve(wish({ turn: `turn ${at}` }), UNLIMITED, Date.now());
  }
}

Deno.test("what one run wrote down the next one counts; nobody else may read it", async () => {
  await withFolder(async (folder) => {
    await fill(folder);
    using usage = usageIn(folder);
    const ledger = await usage.ledger();
    assert.equal(ledger.database.number("SELECT count(*) FROM request"), 300);
    if (Deno.build.os === "windows") return;
    for await (const { name } of Deno.readDir(folder)) {
      assert.equal(((await Deno.stat(`${folder}/${name}`)).mode ?? 0) & 0o777, 0o600, name);
    }
  });
});

Deno.test("pages that are damaged are noticed when they are used, and put aside with the rest", async () => {
  await withFolder(async (folder) => {
    await fill(folder);
    using file = await Deno.open(`${folder}/state.db`, { write: true });
    await file.seek(4096, Deno.SeekMode.Start);
    await file.write(new Uint8Array(30_000).fill(0x5a));
    using usage = usageIn(folder);
    const ledger = await usage.ledger();
    let fault: unknown;
    try {
      ledger.reserve(wish(), UNLIMITED, Date.now());
    } catch (thrown) {
      fault = thrown;
    }
    assert.ok(fault instanceof Error);
    const mended = await usage.ledger(fault);
    assert.equal(mended.reserve(wish(), UNLIMITED, Date.now()).kind, "reserved");
    assert.match(
      usage.takeNotices().join(),
      /damaged, so a new one was begun; the old one is .*state/,
    );
    assert.deepEqual(usage.takeNotices(), []);
    assert.equal(await usage.ledger(), mended);
  });
});

Deno.test("of many that find a damaged file at once, one begins anew, and all go on", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/state.db`, "no database ".repeat(1_000));
    const all = Array.from({ length: 5 }, () => usageIn(folder));
    const ledgers = await Promise.all(all.map((usage) => usage.ledger()));
    for (const ledger of ledgers) ledger.reserve(wish(), UNLIMITED, Date.now());
    assert.equal(ledgers[0]?.database.number("SELECT count(*) FROM request"), 5);
    assert.equal(all.flatMap((usage) => usage.takeNotices()).length, 1);
    for (const usage of all) usage[Symbol.dispose]();
  });
});

Deno.test("where nothing can be written down, nothing is asked, and the error says what to do", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    using usage = usageIn(`${folder}/file`);
    await assert.rejects(usage.ledger(), (error: Error & { code: string; hint: string }) => {
      assert.equal(error.code, "usage_unusable");
      assert.match(error.hint, /folder db/);
      return true;
    });
  });
});
