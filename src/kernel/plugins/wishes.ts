/**
 * What a plugin asks for, in the words that the person reads before they agree.
 * @module
 */
import type { PluginGrants, SecretWish } from "../../protocol/plugin_calls.ts";

const LOCAL_NAME = /^(?:localhost|[^.]+|.+\.(?:local|lan|internal|localhost|home\.arpa))$/;

/** Whether an origin is one that lies in a network of one's own, by its name or address. */
export function isLocalOrigin(origin: string): boolean {
  const { hostname } = new URL(origin);
  return hostname.startsWith("[") || /^[\d.]+$/.test(hostname) || LOCAL_NAME.test(hostname);
}

/** One line a wish; none for a plugin that only computes. The values in them are foreign text. */
export function wishLines(wishes: PluginGrants): string[] {
  const { hosts, addedHosts, tcp, workspace, read, write, memory, conversation, secrets } = wishes;
  const { run, outside = [] } = wishes;
  const held = run.filter((program) => !outside.includes(program));
  const folder = "the folder that Pyra works in";
  return [
    ...hosts.map(hostLine),
    ...addedHosts.map((origin) => `reach ${origin}, wherever it lies (you added it)`),
    ...tcp.map((place) => `connect to ${place} by raw TCP; Pyra does not see what goes there`),
    ...(workspace === "read" ? [`read the files in ${folder}`] : []),
    ...(workspace === "write" ? [`read, change and remove the files in ${folder}`] : []),
    ...read.map((path) => `read the files in ${path}`),
    ...write.map((path) => `read, change and remove the files in ${path}`),
    ...(held.length > 0 ? [`run ${held.join(", ")}, held by your sandbox (see below)`] : []),
    ...(outside.length > 0
      ? [`run ${outside.join(", ")} outside any sandbox: that can do all that you can do yourself`]
      : []),
    ...(memory ? ["search your notes"] : []),
    ...(conversation ? ["see what you, the model and tools say, and change it"] : []),
    ...Object.entries(secrets).map(secretLine),
  ];
}

function hostLine(origin: string): string {
  if (origin === "*") return "reach every public host: it could send what it sees to anyone";
  return `reach ${origin}${isLocalOrigin(origin) ? " (which may lie in your own network)" : ""}`;
}

function secretLine([key, { label, origins, placement }]: [string, SecretWish]): string {
  // The plugin's own words come last: they cannot pass for what stands before them.
  if (origins.length === 0) return `know its secret ${key} (${label})`;
  const where = `at ${origins.join(", ")} without seeing it`;
  return `use its secret ${key} ${where}, sent as ${placement} (${label})`;
}
