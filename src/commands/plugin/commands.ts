/**
 * `pyra plugin …`: which file runs which of its commands.
 * @module
 */
import type { CommandRunner } from "../runner.ts";

/** The second words of `pyra plugin`; each loads only its own code. */
export const PLUGIN_COMMANDS: Readonly<Record<string, CommandRunner>> = {
  list: async (context) => (await import("./list.ts")).listPlugins(context),
  available: async (context) => (await import("./list.ts")).listAvailable(context),
  install: async (...given) => (await import("./install.ts")).installPlugin(...given),
  enable: async (...given) => (await import("./switches.ts")).enablePlugin(...given),
  disable: async (...given) => (await import("./switches.ts")).disablePlugin(...given),
  remove: async (...given) => (await import("./switches.ts")).removePlugin(...given),
  setup: async (...given) => (await import("./setup.ts")).setUpPlugin(...given),
  info: async (...given) => (await import("./info.ts")).showPlugin(...given),
  grants: async (...given) => (await import("./grants.ts")).changeGrants(...given),
  logs: async (...given) => (await import("./logs.ts")).showLog(...given),
  new: async (...given) => (await import("./new.ts")).newPlugin(...given),
  test: async (...given) => (await import("./check.ts")).testPlugin(...given),
  dev: async (...given) => (await import("./dev.ts")).developPlugin(...given),
};
