/**
 * Sets a plugin up with the person: by its own set-up, or else by asking for its secrets and its settings.
 * For a secret and for a host the kernel may end this room and start another.
 * @module
 */
import * as z from "zod/mini";
import { PyraError } from "../protocol/error.ts";
import { oneLine, plainLines } from "../protocol/foreign_text.ts";
import type { Json, SetupUi } from "../protocol/plugin.ts";
import type { DescribedPlugin } from "./catalogue.ts";
import type { PluginRooms } from "./rooms.ts";
import { checkSetting, type SettingField, settingValues, typedSetting } from "./settings.ts";

/** What a set-up needs. */
export interface SetupPorts {
  readonly rooms: PluginRooms;
  readonly ui: SetupUi;
  /** Which secrets are set. */
  readonly secretsSet: () => Promise<readonly string[]>;
  /**
   * Has the kernel ask for a secret. It may end this room; the next one begins the set-up anew, and finds
   * it set. @throws {PyraError} `denied`
   */
  readonly storeSecret: (key: string) => Promise<void>;
  /**
   * Has the kernel ask whether the plugin may reach one more host, unless it may already. It may end this
   * room, as `storeSecret`. @throws {PyraError} `denied`
   */
  readonly addHost: (origin: string) => Promise<void>;
  /** The values under `plugin_settings.<name>` as they are. */
  readonly settings: () => Promise<Readonly<Record<string, unknown>>>;
  /** Writes those that changed. */
  readonly saveSettings: (values: Readonly<Record<string, Json>>) => Promise<void>;
  /** Has the requests `ui.*` of the plugin served while `work` runs. */
  readonly serving: <T>(work: () => Promise<T>) => Promise<T>;
}

/** What a set-up did. */
export interface SetupResult {
  /** Keys of the settings that were written. */
  readonly changed: readonly string[];
  /** Labels of secrets that are not set. */
  readonly missing: readonly string[];
  /** `own`: the plugin asked too; `none`: it has nothing to ask. */
  readonly asked: "own" | "fields" | "none";
}

/**
 * Runs a set-up.
 * @throws {PyraError} what the plugin's own set-up failed with; what the questions throw; the signal's
 * reason
 */
export async function setUpPlugin(
  { record, description }: DescribedPlugin,
  ports: SetupPorts,
  signal: AbortSignal,
): Promise<SetupResult> {
  const { name, wishes } = record;
  if (description.hasSetup) {
    const changed = await ownSetup({ record, description }, ports, signal);
    // Which of its secrets are needed is what it asked about.
    return { changed, missing: [], asked: "own" };
  }
  for (const key of Object.keys(wishes.secrets)) {
    signal.throwIfAborted();
    if (!(await ports.secretsSet()).includes(key)) await storeOrLeave(key, ports);
  }
  const changed = await askFields(name, description.configFields, ports, signal);
  const set = await ports.secretsSet();
  const missing = Object.entries(wishes.secrets).flatMap(([key, { label }]) =>
    set.includes(key) ? [] : [oneLine(label, 200) || key]
  );
  const hasFields = description.configFields.some(({ kind }) => kind !== "secret");
  return { changed, missing, asked: hasFields ? "fields" : "none" };
}

/** What a plugin's own set-up may come to; the kernel looks at each host itself. */
const Outcome = z.nullable(z.object({
  settings: z.optional(z.record(z.string(), z.unknown())),
  hosts: z.optional(z.array(z.string().check(z.maxLength(200))).check(z.maxLength(8))),
}));

/** Runs the plugin's set-up and keeps what it came to. @returns keys of the settings that changed */
async function ownSetup(
  { record: { name }, description }: DescribedPlugin,
  { rooms, serving, addHost, settings, saveSettings }: SetupPorts,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const said = await serving(() =>
    rooms.call({ plugin: name, method: "setup", params: {}, limitMs: null }, { signal })
  );
  const outcome = Outcome.safeParse(said);
  if (!outcome.success) throw badOutcome(name, "what it gives");
  const { settings: given = {}, hosts = [] } = outcome.data ?? {};
  const before = await settings();
  const changed: Record<string, Json> = {};
  for (const [key, value] of Object.entries(given)) {
    const field = description.configFields.find((field) => field.key === key);
    const checked = field && field.kind !== "secret" ? checkSetting(field, value) : undefined;
    if (checked?.kind !== "value") throw badOutcome(name, oneLine(key, 60));
    const now = Object.hasOwn(before, key) ? before[key] : undefined;
    if (JSON.stringify(now) !== JSON.stringify(checked.value)) changed[key] = checked.value;
  }
  // Before anything is written: the question may end this room.
  for (const origin of hosts) await addHost(origin);
  if (Object.keys(changed).length > 0) await saveSettings(changed);
  return Object.keys(changed);
}

function badOutcome(plugin: string, what: string): PyraError {
  const message = `the set-up of ${plugin} ended with a setting that is none: ${what}`;
  return new PyraError("configuration", "bad_setup", message, { hint: "tell its author" });
}

/** A secret that the person does not give now may be given later. */
async function storeOrLeave(key: string, ports: SetupPorts): Promise<void> {
  try {
    await ports.storeSecret(key);
  } catch (thrown) {
    if (!(thrown instanceof PyraError) || thrown.code !== "denied") throw thrown;
  }
}

/** Asks for the settings and writes those that changed. */
async function askFields(
  plugin: string,
  fields: readonly SettingField[],
  { ui, settings, saveSettings }: SetupPorts,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const asked = fields.filter(({ kind }) => kind !== "secret");
  if (asked.length === 0) return [];
  const { values } = settingValues(plugin, asked, await settings());
  const changed: Record<string, Json> = {};
  for (const field of asked) {
    signal.throwIfAborted();
    const now = values[field.key] ?? null;
    const value = await askField(field, now, ui);
    if (JSON.stringify(value) !== JSON.stringify(now)) changed[field.key] = value;
  }
  if (Object.keys(changed).length > 0) await saveSettings(changed);
  return Object.keys(changed);
}

async function askField(field: SettingField, now: Json, ui: SetupUi): Promise<Json> {
  const { kind, label, key, description, options, required } = field;
  const question = label || key;
  if (description !== "") await ui.note(plainLines(description, 1_000));
  if (kind === "bool") return await ui.confirm(question, now === true);
  if (kind === "select") {
    const first = typeof now === "string" && options.includes(now) ? [now] : [];
    return await ui.select(question, [...new Set([...first, ...options])]);
  }
  while (true) {
    const typed = await ui.text(question, shown(now));
    if (typed.trim() === "" && kind !== "list" && (now === null || !required)) {
      if (!required) return kind === "text" && now !== null ? "" : null;
      await ui.note("this one is needed");
      continue;
    }
    const value = typedSetting(field, typed);
    if (value.kind === "value") return value.value;
    await ui.note(`expected ${value.expects}`);
  }
}

function shown(value: Json): string {
  if (value === null) return "";
  return Array.isArray(value) ? value.join(", ") : String(value);
}
