/**
 * A folder of sessions for tests.
 * @module
 */
import { join } from "node:path";
import type { SessionEvent } from "../../../src/sessions/event.ts";
import { openSessionStore } from "../../../src/sessions/folder_store.ts";
import { sessionFileName } from "../../../src/sessions/format.ts";
import type { SessionStore } from "../../../src/sessions/store.ts";
import { header } from "./sample_sessions.ts";

/** A folder that is removed with its sessions. */
export interface Folder extends AsyncDisposable {
  readonly store: SessionStore;
  readonly path: string;
  file(id: string): string;
}

/** A new folder. */
export async function makeFolder(): Promise<Folder> {
  const path = await Deno.makeTempDir();
  return {
    store: openSessionStore(path, Date.now),
    path,
    file: (id) => join(path, sessionFileName(id)),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** Writes a session of these events. @returns its id */
export async function write(folder: Folder, events: readonly SessionEvent[]): Promise<string> {
  const head = header();
  await using log = await folder.store.create(head);
  await log.append(...events);
  return head.id;
}
