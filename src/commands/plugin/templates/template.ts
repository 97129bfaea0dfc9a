/**
 * What differs between the kinds of plugins that `pyra plugin new` writes.
 * @module
 */
import type { PluginManifest } from "../../../protocol/plugin_calls.ts";

/** What differs between the kinds. */
export interface Template {
  /** For the manifest; one line. */
  readonly description: string;
  /** `plugin.ts` */
  readonly plugin: string;
  /** `plugin_test.ts` */
  readonly test: string;
  /** `grants` of the manifest. */
  readonly grants: PluginManifest["grants"];
  /** What the README says of it, one paragraph. */
  readonly about: string;
}
