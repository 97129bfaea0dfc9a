/**
 * The plugins, what went wrong with them, and the MCP servers they bring.
 * @module
 */
import { isRecord } from "../../../rpc/frame.ts";
import { KeptListings } from "../../../mcp/kept_listings.ts";
import { DescriptionCache } from "../../../plugins/description_cache.ts";
import type { PluginRecord } from "../../../protocol/plugin_calls.ts";
import { byteText } from "../../output.ts";
import { LogTail } from "../../plugin/log_tail.ts";
import { broken, type Check, counted, type Finding, ok, someOf, warning } from "../finding.ts";
import type { Patient } from "../patient.ts";

/** What a plugin may keep, as the kernel has it; told when little is left. */
const DATA_BYTES = 256 * 1024 * 1024;
const NEARLY_FULL = 0.8;
const DAY_MS = 24 * 3_600_000;
const LOG_LINES = 1_000;

/** Whether those that are there can start, have room, and did not fail. */
export const PLUGINS_CHECK: Check = {
  name: "plugins",
  async look(patient) {
    const [records, settings, failures] = await Promise.all([
      patient.plugins(),
      patient.readableSettings(),
      failuresOf(patient),
    ]);
    const named = settings?.config.plugins.enabled ?? [];
    const missing = named.filter((name) => !records.some((record) => record.name === name));
    const found = [
      ...(await Promise.all(records.map((record) => lookAt(patient, record)))).flat(),
      ...missing.map((name) =>
        warning(`there is no plugin ${name}, which plugins.enabled names`, "run pyra config edit")
      ),
      ...[...failures].map(([name, count]) => {
        const times = count === 1 ? "once" : `${count} times`;
        const hint = records.some((record) => record.name === name)
          ? `see pyra plugin logs ${name}`
          : "see logs/plugin_errors.log in the profile";
        return warning(`${name} failed ${times} in the last day`, hint);
      }),
    ];
    if (found.length > 0) return found;
    const enabled = records.filter(({ state }) => state === "enabled").map(({ name }) => name);
    return [ok(enabled.length === 0 ? "none is enabled" : someOf(enabled))];
  },
};

async function lookAt(
  { context: { kernel } }: Patient,
  { name, state, problem }: PluginRecord,
): Promise<readonly Finding[]> {
  switch (state) {
    case "broken":
      return [broken(`${name} cannot start: ${problem}`, `see pyra plugin info ${name}`)];
    case "changed": {
      const hint = `pyra plugin enable ${name} shows what changed, and asks`;
      return [warning(`${name} does not start: it changed since you agreed to it`, hint)];
    }
    case "disabled":
      return [];
    case "enabled": {
      const size = await kernel.call("pluginDataSize", { name });
      const keeps = `${name} keeps ${byteText(size)} of ${byteText(DATA_BYTES)}`;
      const hint = `see data/${name} in the profile`;
      if (size >= DATA_BYTES) return [broken(`${keeps}, and does not run`, hint)];
      return size > DATA_BYTES * NEARLY_FULL ? [warning(keeps, hint)] : [];
    }
  }
}

/** By plugin: how often it failed in the last day. */
async function failuresOf({ context }: Patient): Promise<ReadonlyMap<string, number>> {
  const { boot: { profile }, now } = context;
  const lines = await new LogTail(`${profile.logs}/plugin_errors.log`).last(LOG_LINES);
  const failures = new Map<string, number>();
  for (const line of lines) {
    const { time, plugin, from } = fieldsOf(line);
    const name = plugin ?? from;
    if (typeof name !== "string" || typeof time !== "string") continue;
    if (!(now() - Date.parse(time) < DAY_MS)) continue;
    const who = name === "host" ? "the plugins' process" : name;
    failures.set(who, (failures.get(who) ?? 0) + 1);
  }
  return failures;
}

function fieldsOf(line: string): Record<string, unknown> {
  try {
    const fields: unknown = JSON.parse(line);
    return isRecord(fields) ? fields : {};
  } catch (error) {
    // A line that a full disk cut short.
    if (!(error instanceof SyntaxError)) throw error;
    return {};
  }
}

/** What the servers of plugins last said; none is asked. */
export const MCP_CHECK: Check = {
  name: "mcp",
  async look(patient) {
    const { context: { boot: { profile } } } = patient;
    const descriptions = new DescriptionCache(profile.cache);
    const listings = new KeptListings(profile.cache);
    const found: Finding[] = [];
    let [servers, tools] = [0, 0];
    for (const record of await patient.plugins()) {
      if (record.state !== "enabled") continue;
      const named = (await descriptions.read(record))?.mcpServers ?? [];
      const kept = named.length === 0 ? [] : await listings.read(record);
      for (const { name } of named) {
        servers++;
        const listing = kept.find(({ server }) => server === name);
        tools += listing?.tools.length ?? 0;
        if (listing?.failed) {
          const message = `the server ${name} of ${record.name} did not answer`;
          found.push(warning(message, `see pyra plugin info ${record.name}`));
        }
        for (const problem of listing?.problems ?? []) found.push(warning(problem, ""));
      }
    }
    if (found.length > 0) return found;
    const all = `${counted(servers, "server")} of plugins, ${counted(tools, "tool")}`;
    return [ok(servers === 0 ? "no plugin brings a server" : all)];
  },
};
