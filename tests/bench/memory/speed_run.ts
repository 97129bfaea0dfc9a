/**
 * One run of the speed figures in a process of its own, so that its memory is its own: indexes the
 * folder named on the command line and prints what it took as JSON.
 * @module
 */
import { openNoteIndex } from "../../../src/memory/index/folder_index.ts";
import type { NoteIndex } from "../../../src/memory/index/note_index.ts";
import { openNoteStore } from "../../../src/memory/store/folder_store.ts";
import { zipfQueries, ZipfWords } from "./zipf_notes.ts";

/** What one run took; times in ms. */
export interface SpeedRun {
  readonly firstIndex: number;
  /** The longest time that nothing else had its turn. */
  readonly longestHold: number;
  readonly check: number;
  readonly open: number;
  readonly firstSearch: number;
  /** Each search, in order of time. */
  readonly searches: readonly number[];
  readonly writes: readonly number[];
  /** Both index files after one note changed. */
  readonly indexFiles: number;
  /** Resident, bytes: at the start, the most while indexing, the most while searching after a new start. */
  readonly residentAtStart: number;
  readonly residentIndexing: number;
  readonly residentSearching: number;
  readonly databaseBytes: number;
}

const QUERIES = 500;
const WARM_UP = 20;
const WRITES = 40;

const [folder = "", databases = "", part = "index"] = Deno.args;
const store = openNoteStore({ folder, now: Date.now });
const signal = new AbortController().signal;
let resident = Deno.memoryUsage().rss;
const residentAtStart = resident;
const watch = setInterval(() => resident = Math.max(resident, Deno.memoryUsage().rss), 50);
const found = part === "index" ? await indexing() : await using();
clearInterval(watch);
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(found)));

async function indexing(): Promise<Partial<SpeedRun>> {
  using index = await openNoteIndex({ store, folder, databases, now: Date.now });
  let last = performance.now();
  let longestHold = 0;
  const pulse = setInterval(() => {
    longestHold = Math.max(longestHold, performance.now() - last);
    last = performance.now();
  }, 1);
  const firstIndex = await timeOf(() => index.refresh({ signal }));
  clearInterval(pulse);
  const databaseBytes = index.figures().database_bytes;
  return { firstIndex, longestHold, residentAtStart, residentIndexing: resident, databaseBytes };
}

async function using(): Promise<Partial<SpeedRun>> {
  let opened: NoteIndex | undefined;
  const open = await timeOf(async () => {
    opened = await openNoteIndex({ store, folder, databases, now: Date.now });
  });
  if (!opened) throw new TypeError("the index was not opened");
  using index = opened;
  const [first = "", ...queries] = zipfQueries(new ZipfWords(), QUERIES);
  const firstSearch = await timeOf(() => index.search(first));
  // The first check of a new folder reads the files that were young when they were indexed.
  await index.refresh({ signal });
  const checks: number[] = [];
  for (let at = 0; at < 3; at++) checks.push(await timeOf(() => index.refresh({ signal })));
  const searches: number[] = [];
  for (const [at, query] of queries.entries()) {
    const took = await timeOf(() => index.search(query));
    if (at >= WARM_UP) searches.push(took);
  }
  const writes: number[] = [];
  for (let at = 0; at < WRITES; at++) {
    const draft = { body: `What was measured: ${crypto.randomUUID()}\n`.repeat(40) };
    writes.push(
      await timeOf(async () => {
        const { name } = await store.write(`knowledge/written-${at}`, draft);
        await index.update(name);
      }),
    );
  }
  const indexFiles = await timeOf(() => index.flush());
  searches.sort((a, b) => a - b);
  writes.sort((a, b) => a - b);
  const check = Math.min(...checks);
  return { open, firstSearch, check, searches, writes, indexFiles, residentSearching: resident };
}

async function timeOf(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await act();
  return performance.now() - began;
}
