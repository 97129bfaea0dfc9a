/**
 * `pyra plugin …`: which file runs which of its commands.
 * @module
 */
import type { CommandRunner } from "../runner.ts";
import { changing } from "./daemon_reload.ts";

/** The second words of `pyra plugin`; each loads only its own code. */
export const PLUGIN_COMMANDS: Readonly<Record<string, CommandRunner>> = {
  list: async (context) => (await import("./list.ts")).listPlugins(context),
  available: async (context) => (await import("./list.ts")).listAvailable(context),
  install: changing(async (...given) => (await import("./install.ts")).installPlugin(...given)),
  enable: changing(async (...given) => (await import("./switches.ts")).enablePlugin(...given)),
  disable: changing(async (...given) => (await import("./switches.ts")).disablePlugin(...given)),
  remove: changing(async (...given) => (await import("./switches.ts")).removePlugin(...given)),
  setup: changing(async (...given) => (await import("./setup.ts")).setUpPlugin(...given)),
  info: async (...given) => (await import("./info.ts")).showPlugin(...given),
  grants: changing(async (...given) => (await import("./grants.ts")).changeGrants(...given)),
  logs: async (...given) => (await import("./logs.ts")).showLog(...given),
  new: async (...given) => (await import("./new.ts")).newPlugin(...given),
  test: async (...given) => (await import("./check.ts")).testPlugin(...given),
  dev: async (...given) => (await import("./dev.ts")).developPlugin(...given),
};
