/**
 * `pyra memory …`: which file runs which of its commands.
 * @module
 */
import type { CommandRunner } from "../runner.ts";

/** The second words of `pyra memory`; each loads only its own code. */
export const MEMORY_COMMANDS: Readonly<Record<string, CommandRunner>> = {
  list: async (...given) => (await import("./notes.ts")).listNotes(...given),
  show: async (...given) => (await import("./notes.ts")).showNote(...given),
  search: async (...given) => (await import("./search.ts")).searchNotes(...given),
  write: async (...given) => (await import("./changes.ts")).writeNote(...given),
  append: async (...given) => (await import("./changes.ts")).appendToNote(...given),
  edit: async (...given) => (await import("./edit.ts")).editNote(...given),
  mv: async (...given) => (await import("./changes.ts")).moveNote(...given),
  rm: async (...given) => (await import("./changes.ts")).removeNotes(...given),
  undo: async (...given) => (await import("./history.ts")).undoChange(...given),
  history: async (...given) => (await import("./history.ts")).listVersions(...given),
  reindex: async (context) => (await import("./figures.ts")).reindexNotes(context),
  stats: async (context) => (await import("./figures.ts")).showFigures(context),
  export: async (...given) => (await import("./exchange.ts")).exportMemory(...given),
  import: async (...given) => (await import("./exchange.ts")).importMemory(...given),
};
