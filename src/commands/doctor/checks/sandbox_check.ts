/**
 * What holds the programs that plugins run.
 * @module
 */
import { DescriptionCache } from "../../../plugins/description_cache.ts";
import { type Check, ok, warning } from "../finding.ts";
import type { Patient } from "../patient.ts";

const HELD = {
  bubblewrap: "bubblewrap holds the programs that tools run",
  "sandbox-exec": "sandbox-exec holds the programs that tools run",
} as const;

/** The sandbox in force. */
export const SANDBOX_CHECK: Check = {
  name: "sandbox",
  async look(patient) {
    const { kind, problem } = await patient.context.kernel.call("sandbox", null);
    if (problem !== "") return [warning(`tools run no programs: ${problem}`, "")];
    if (kind === "none") {
      const message = "none, as shell.sandbox says: programs that tools run have your rights";
      return [warning(message, "run pyra config set shell.sandbox auto")];
    }
    return [kind === "container" ? await container(patient) : ok(HELD[kind])];
  },
};

async function container(patient: Patient) {
  const settings = await patient.readableSettings();
  const image = settings?.config.shell.image ?? "";
  if (image === "") {
    const hint = "run pyra config set shell.image with one that has your tools";
    return warning("containers hold programs, and no image is named", hint);
  }
  const cache = new DescriptionCache(patient.context.boot.profile.cache);
  const able = (await patient.plugins()).filter(({ state, wishes }) =>
    state === "enabled" && wishes.outside !== undefined && wishes.outside.length > 0
  );
  const starters: string[] = [];
  for (const record of able) {
    if ((await cache.read(record))?.runtime) starters.push(record.name);
  }
  // Which one fits this machine, or is named, the kernel asks when a program is run.
  const by = starters.length === 0 ? "Docker, since no plugin does that" : starters.join(" or ");
  return ok(`containers of ${image} hold the programs that tools run, started by ${by}`);
}
