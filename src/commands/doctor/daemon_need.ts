/**
 * What in a profile does nothing without a daemon.
 * @module
 */
import { DescriptionCache } from "../../plugins/description_cache.ts";
import { counted } from "./finding.ts";
import type { Patient } from "./patient.ts";

/** What needs one, a few words each. Plugins are not started for it. */
export async function needOfDaemon(patient: Patient): Promise<readonly string[]> {
  const [kept, settings, plugins] = await Promise.all([
    patient.schedules(),
    patient.readableSettings(),
    patient.plugins(),
  ]);
  const live = kept.kind !== "read"
    ? 0
    : kept.schedules.filter(({ schedule: { enabled, nextAt } }) => enabled && nextAt !== null)
      .length;
  const need = live === 0 ? [] : [counted(live, "schedule")];
  const cache = new DescriptionCache(patient.context.boot.profile.cache);
  const started = settings?.config.plugins.enabled ?? [];
  for (const record of plugins) {
    const { name, state } = record;
    if (state !== "enabled" || (started.length > 0 && !started.includes(name))) continue;
    const { tasks = [], channel = null } = await cache.read(record) ?? {};
    need.push(...tasks.map((task) => `the task ${name}.${task}`));
    if (channel !== null) need.push(`the channel of ${name}`);
  }
  if (need.length === 0 && settings?.config.daemon.enabled) need.push("the setting daemon.enabled");
  return need;
}
