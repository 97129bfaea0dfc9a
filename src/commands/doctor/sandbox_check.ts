/**
 * What holds the programs that plugins run.
 * @module
 */
import { DescriptionCache } from "../../plugins/description_cache.ts";
import { type Check, ok, warning } from "./finding.ts";
import type { Patient } from "./patient.ts";

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
  for (const record of await patient.plugins()) {
    if (record.state !== "enabled") continue;
    const runtime = (await cache.read(record))?.runtime;
    if (runtime) return ok(`containers of ${image}, started by ${record.name}`);
  }
  const message = "containers hold programs, and no enabled plugin is known to start them";
  return warning(message, "see pyra plugin available, or set shell.sandbox to auto");
}
