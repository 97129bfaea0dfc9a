import assert from "node:assert/strict";
import { openMemory } from "../../../src/memory/open.ts";
import { NEVER } from "./index/memory_place.ts";

const ASKED = { maxTokens: 2_000, signal: NEVER };

Deno.test("questions of a running chat find all again when the database was deleted under it", async () => {
  const home = await Deno.makeTempDir({ prefix: "pyra-open-" });
  try {
    const databases = `${home}/db`;
    await Deno.mkdir(databases);
    await using memory = openMemory({ folder: `${home}/memory`, databases, now: Date.now });
    const filling = "Nothing of interest happens here. ".repeat(80);
    await memory.write("boats", { body: `# Boats\n\n${filling}\n\nThe xylophone is aboard.\n` });
    const question = "where is the xylophone?";
    const foundIn = async () => (await memory.contextFor(question, ASKED))?.relevant ?? "";
    assert.match(await foundIn(), /xylophone is aboard/);
    for await (const { name } of Deno.readDir(databases)) await Deno.remove(`${databases}/${name}`);
    // A question waits only briefly for the notes to be read again: another one may come first.
    for (let asked = 0; asked < 100 && !(await foundIn()).includes("xylophone is"); asked++);
    assert.match(await foundIn(), /xylophone is aboard/);
    assert.equal((await memory.figures()).notes, 1);
    assert.equal(memory.notices.length, 1);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});
