/**
 * `pyra plugin setup`: a plugin's secrets, its settings, and what it wants to ask itself.
 *
 * The kernel ends this room to ask for a secret or a host, and the next one begins the set-up anew: what
 * was answered before is answered the same (`answered.ts`).
 * @module
 */
import { pluginServer } from "../../plugins/requests.ts";
import { kernelRooms } from "../../plugins/rooms.ts";
import { setUpPlugin as runSetUp, type SetupResult } from "../../plugins/setup.ts";
import { readTextIfPresent } from "../../durable/file.ts";
import type { Json } from "../../protocol/plugin.ts";
import type { PluginRecord } from "../../protocol/plugin_calls.ts";
import type { CommandContext } from "../context.ts";
import { usageError } from "../errors.ts";
import { isOn, textOf } from "../option_values.ts";
import { jsonText } from "../output.ts";
import type { Parsed } from "../program.ts";
import { remark } from "../remark.ts";
import { AnsweredBefore } from "./answered.ts";
import { describe, findPlugin } from "./described.ts";
import { setupQuestions } from "./setup_questions.ts";

/** `pyra plugin setup NAME [--secret KEY [--stdin]]` */
export async function setUpPlugin(context: CommandContext, parsed: Parsed): Promise<number> {
  const { boot } = context;
  const record = await findPlugin(context, parsed.arguments[0] ?? "");
  const key = textOf(parsed.options, "--secret");
  if (key !== undefined) return await storeSecret(context, record, key);
  if (isOn(parsed.options, "--stdin")) {
    throw usageError("--stdin is for one secret", "name it: --secret KEY --stdin");
  }
  if (record.state !== "enabled") {
    throw usageError(`${record.name} is not enabled`, `run pyra plugin enable ${record.name}`);
  }
  if (!boot.terminal.stdin || !boot.terminal.stdout || boot.options.json) {
    throw usageError(
      "set-up cannot ask here",
      `use pyra config set plugin_settings.${record.name}.KEY VALUE, and --secret KEY --stdin`,
    );
  }
  const described = await describe(context, record);
  if (described.kind === "broken") throw described.error;
  const result = await ask(context, record, described.description);
  return await confirm(context, record, result);
}

async function storeSecret(
  context: CommandContext,
  { name }: PluginRecord,
  key: string,
): Promise<number> {
  await context.kernel.call("storePluginSecret", { name, key });
  const { json, quiet } = context.boot.options;
  if (json) await context.print(jsonText({ name, secret: key }));
  else if (!quiet) await context.print(`the secret ${key} of ${name} is stored\n`);
  return 0;
}

async function ask(
  context: CommandContext,
  record: PluginRecord,
  description: Parameters<typeof runSetUp>[0]["description"],
): Promise<SetupResult> {
  const { kernel, signal } = context;
  const { name } = record;
  const before = new AnsweredBefore(context, name);
  const ui = setupQuestions(await context.openPrompts(), before);
  const settings = async () => {
    const { config: { plugin_settings: all } } = await context.loadConfig();
    return Object.hasOwn(all, name) ? all[name] ?? {} : {};
  };
  kernel.onPluginRequest(pluginServer({
    settings: async () => await settings() as Readonly<Record<string, Json>>,
    maySearch: () => false,
    search: () => Promise.resolve([]),
    ui: (plugin) => plugin === name ? ui : undefined,
  }));
  return await runSetUp({ record, description }, {
    rooms: kernelRooms(kernel),
    ui,
    settings,
    secretsSet: () => kernel.call("pluginSecrets", { name }),
    storeSecret: (key) =>
      before.once(`secret ${key}`, () => kernel.call("storePluginSecret", { name, key })),
    async addHost(origin) {
      const { hosts, addedHosts } = record.wishes;
      if ([...hosts, ...addedHosts].includes(origin)) return;
      const params = { name, origin, change: "add" } as const;
      await before.once(`host ${origin}`, () => kernel.call("changePluginHost", params));
    },
    saveSettings: (values) => saveSettings(context, name, values),
    serving: (work) => work(),
  }, signal);
}

/** Writes settings; null takes one out. */
async function saveSettings(
  context: CommandContext,
  plugin: string,
  values: Readonly<Record<string, Json>>,
): Promise<void> {
  const { setValue, unsetValue } = await import("../../config/edit.ts");
  const before = await readTextIfPresent(context.boot.profile.config) ?? "";
  let text = before;
  for (const [key, value] of Object.entries(values)) {
    const path = `plugin_settings.${plugin}.${key}`;
    text = value === null ? unsetValue(text, path) : setValue(text, path, value);
  }
  if (text !== before) await context.kernel.call("writeConfig", { text });
}

async function confirm(
  context: CommandContext,
  { name, wishes }: PluginRecord,
  { asked, changed, missing }: SetupResult,
): Promise<number> {
  // A secret that was asked for in an earlier room is asked for no more.
  const hasNothing = asked === "none" && Object.keys(wishes.secrets).length === 0;
  // What runs of it, in another program too, reads its settings when it starts.
  await context.kernel.call("stopPlugin", { name });
  if (!context.boot.options.quiet) {
    const settings = changed.length === 0 ? "" : `; saved: ${changed.join(", ")}`;
    await context.print(
      hasNothing ? `${name} has nothing to set up\n` : `${name} is set up${settings}\n`,
    );
  }
  for (const label of missing) {
    await remark(context, `still missing: ${label}; pyra plugin setup ${name} asks again`);
  }
  return 0;
}
