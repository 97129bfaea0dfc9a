/**
 * What the commands read of a manifest; the kernel reads it strictly.
 * @module
 */
import * as z from "zod/mini";
import { editDistance } from "../../protocol/edit_distance.ts";
import type { PluginFile, PluginGrants } from "../../protocol/plugin_calls.ts";
import { badSource } from "./file_bounds.ts";

const texts = z.optional(z.array(z.string()));

const Manifest = z.looseObject({
  name: z.string(),
  version: z.string(),
  main: z.optional(z.string()),
  grants: z.optional(z.looseObject({
    hosts: texts,
    tcp: texts,
    workspace: z.optional(z.enum(["none", "read", "write"])),
    read: texts,
    write: texts,
    run: texts,
    outside: texts,
    memory: z.optional(z.boolean()),
    conversation: z.optional(z.boolean()),
    secrets: z.optional(z.record(z.string(), z.unknown())),
  })),
});

/** A manifest. */
export interface ReadManifest {
  readonly name: string;
  readonly version: string;
  /** The module that the plugin begins with. */
  readonly main: string;
  /** Without its secrets. */
  readonly wishes: PluginGrants;
  readonly secretKeys: readonly string[];
  /** All of it. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The manifest among a plugin's files. @throws {PyraError} `bad_plugin` */
export function readManifest(files: readonly PluginFile[]): ReadManifest {
  const has = (path: string) => files.some((file) => file.path === path);
  const text = files.find(({ path }) => path === "manifest.json")?.text ?? "";
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "";
    throw badSource(`manifest.json is no JSON: ${reason}`, "correct it", cause);
  }
  const { data: manifest, error } = Manifest.safeParse(parsed);
  if (!manifest) {
    const [issue] = error.issues;
    const where = issue?.path.join(".") || "all of it";
    throw badSource(`manifest.json: ${where} is ${expected(issue)}`, "correct it", error);
  }
  refuseNearNames(Object.keys(manifest));
  const { name, version, grants = {} } = manifest;
  const main = manifest.main ?? (has("plugin.ts") ? "plugin.ts" : "plugin.js");
  const wishes: PluginGrants = {
    hosts: grants.hosts ?? [],
    addedHosts: [],
    tcp: grants.tcp ?? [],
    workspace: grants.workspace ?? "none",
    read: grants.read ?? [],
    write: grants.write ?? [],
    run: grants.run ?? [],
    ...(grants.outside !== undefined && { outside: grants.outside }),
    memory: grants.memory ?? false,
    conversation: grants.conversation ?? false,
    secrets: {},
  };
  const secretKeys = Object.keys(grants.secrets ?? {});
  return { name, version, main, wishes, secretKeys, fields: manifest };
}

/** Other fields are left alone; one that is nearly `grants` would be too, and the plugin get nothing. */
function refuseNearNames(names: readonly string[]): void {
  const slip = names.find((name) => name !== "grants" && editDistance(name, "grants") <= 2);
  if (slip === undefined) return;
  throw badSource(`manifest.json has ${JSON.stringify(slip)}`, 'did you mean "grants"?');
}

/** What a part of the manifest should have been. */
function expected(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === "invalid_value") return `one of ${issue.values.map(String).join(", ")}`;
  if (issue?.code !== "invalid_type") return "not as it has to be";
  const kinds: Readonly<Record<string, string>> = {
    array: "a list of texts",
    boolean: "true or false",
    object: "an object",
    record: "an object",
    string: "a text",
  };
  return kinds[issue.expected] ?? issue.expected;
}
