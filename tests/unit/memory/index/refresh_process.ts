/**
 * Looks through a memory folder, as one of several processes, and prints the report as JSON.
 *
 * `deno run -A refresh_process.ts FOLDER DATABASES`
 * @module
 */
import { openNoteIndex } from "../../../../src/memory/index/folder_index.ts";
import { openNoteStore } from "../../../../src/memory/store/folder_store.ts";

const [folder = "", databases = ""] = Deno.args;
const store = openNoteStore({ folder, now: Date.now });
using index = await openNoteIndex({ store, folder, databases, now: Date.now });
const report = await index.refresh({ signal: new AbortController().signal });
const { passages } = index.figures();
await Deno.stdout.write(
  new TextEncoder().encode(JSON.stringify({ report, passages, notices: index.notices })),
);
