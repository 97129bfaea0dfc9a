/**
 * What Linux says of itself.
 * @module
 */
import type { Command } from "./command.ts";
import { disksOf, processesOf } from "./posix_info.ts";
import type { Network, SystemInfo } from "./system_info.ts";

const FILES = [
  "/proc/cpuinfo",
  "/proc/meminfo",
  "/proc/stat",
  "/proc/loadavg",
  "/proc/uptime",
  "/proc/sys/kernel/osrelease",
  "/etc/os-release",
];

/** The commands, by what they tell. */
export const LINUX_COMMANDS = {
  machine: { argv: ["head", "-v", "-n", "1200", ...FILES] },
  disks: { argv: ["df", "-kPl"] },
  network: { argv: ["ip", "-json", "-stats", "address"], network: true },
  processes: { argv: ["ps", "-A", "-o", "pid=,pcpu=,rss=,comm="] },
} as const satisfies Record<string, Command>;

/** Reads what the commands wrote; a text that is empty tells nothing. */
export function linuxInfo(
  { machine = "", disks = "", network = "", processes = "" }: Partial<
    Record<keyof typeof LINUX_COMMANDS, string>
  >,
): SystemInfo {
  const files = filesOf(machine);
  const file = (path: string) => files.get(path) ?? "";
  const [, system] = /^PRETTY_NAME=(["']?)(.*)\1$/m.exec(file("/etc/os-release"))?.slice(1) ?? [];
  const kernel = file("/proc/sys/kernel/osrelease").trim();
  const cpu = file("/proc/cpuinfo");
  const [processor] = /^(?:model name|Hardware|cpu model|Model)\s*:\s*(.+)$/m.exec(cpu)
    ?.slice(1) ?? [];
  const cores = file("/proc/stat").match(/^cpu\d+ /gm)?.length;
  const [uptime] = file("/proc/uptime").split(" ");
  const load = file("/proc/loadavg").split(" ").slice(0, 3).map(Number).filter(Number.isFinite);
  const memory = file("/proc/meminfo");
  const total = kib(memory, "MemTotal");
  // Old kernels do not say what could be freed.
  const available = kib(memory, "MemAvailable") ?? kib(memory, "MemFree");
  const [swapTotal, swapFree] = [kib(memory, "SwapTotal"), kib(memory, "SwapFree")];
  return {
    ...(system !== undefined || kernel !== ""
      ? { system: [system ?? "Linux", kernel && `(Linux ${kernel})`].join(" ").trim() }
      : {}),
    ...(Number(uptime) > 0 && { uptime: Number(uptime) }),
    ...(processor !== undefined && { processor }),
    ...(cores !== undefined && { cores }),
    ...(load.length === 3 && { load }),
    ...(total !== undefined && available !== undefined && { memory: { total, available } }),
    ...(swapTotal !== undefined && swapFree !== undefined &&
      { swap: { total: swapTotal, free: swapFree } }),
    disks: disksOf(disks),
    networks: networksOf(network),
    processes: processesOf(processes),
  };
}

/** `head -v` puts a line with its name before each file. */
function filesOf(text: string): Map<string, string> {
  const parts = text.split(/^==> (\/\S+) <==\n/m).slice(1);
  const files = new Map<string, string>();
  for (let at = 0; at + 1 < parts.length; at += 2) files.set(parts[at] ?? "", parts[at + 1] ?? "");
  return files;
}

function kib(text: string, name: string): number | undefined {
  const [, value] = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text) ?? [];
  return value === undefined ? undefined : Number(value) * 1_024;
}

/** `ip -json`: a list of links with their addresses. */
function networksOf(text: string): Network[] {
  return listOf(text).flatMap((link): Network[] => {
    const { ifname, operstate, flags, addr_info: addresses, stats64 } = link;
    if (typeof ifname !== "string") return [];
    const found = recordsOf(addresses).flatMap(({ local, prefixlen, scope }) =>
      typeof local === "string" && scope !== "link" ? [`${local}/${Number(prefixlen)}`] : []
    );
    const { rx, tx } = recordOf(stats64);
    const [received, sent] = [recordOf(rx)["bytes"], recordOf(tx)["bytes"]];
    const isUp = operstate === "UP" || (Array.isArray(flags) && flags.includes("LOWER_UP"));
    return [{
      name: ifname,
      isUp,
      addresses: found,
      ...(typeof received === "number" && typeof sent === "number" && { received, sent }),
    }];
  });
}

function listOf(text: string): Record<string, unknown>[] {
  try {
    return recordsOf(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof SyntaxError) return [];
    throw cause;
  }
}

function recordsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(recordOf) : [];
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
