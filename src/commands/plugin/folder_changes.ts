/**
 * Changes in a folder while its files are worked on.
 * @module
 */
import { isLeftOut } from "./file_bounds.ts";

/** Editors write a file in several steps; what follows within this is the same change, ms. */
const TOGETHER_MS = 150;

/** Yields once for each change, until the signal aborts. Changes while one is looked at count as one. */
export async function* folderChanges(
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<void> {
  const watcher = Deno.watchFs(folder);
  const close = () => watcher.close();
  signal.addEventListener("abort", close);
  if (signal.aborted) close();
  let wake = () => {};
  let isChanged = false;
  const watching = (async () => {
    for await (const { kind, paths } of watcher) {
      if (kind === "access" || paths.every((path) => isBeside(folder, path))) continue;
      isChanged = true;
      wake();
    }
    wake();
  })();
  try {
    while (!signal.aborted) {
      if (!isChanged) await new Promise<void>((resolve) => wake = resolve);
      if (signal.aborted) return;
      await new Promise((resolve) => setTimeout(resolve, TOGETHER_MS));
      isChanged = false;
      yield;
    }
  } finally {
    signal.removeEventListener("abort", close);
    if (!signal.aborted) close();
    await watching;
  }
}

/** Whether a path lies in what is no part of a plugin. */
function isBeside(folder: string, path: string): boolean {
  return path.startsWith(folder) &&
    path.slice(folder.length).split(/[\\/]/).some((part) => part !== "" && isLeftOut(part));
}
