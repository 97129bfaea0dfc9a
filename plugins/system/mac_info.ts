/**
 * What macOS says of itself.
 * @module
 */
import type { Command } from "./command.ts";
import { disksOf, processesOf } from "./posix_info.ts";
import type { Network, SystemInfo } from "./system_info.ts";

/** The commands, by what they tell. */
export const MAC_COMMANDS = {
  machine: {
    argv: [
      "sysctl",
      "hw.memsize",
      "hw.ncpu",
      "machdep.cpu.brand_string",
      "vm.loadavg",
      "vm.swapusage",
      "kern.boottime",
    ],
  },
  pages: { argv: ["vm_stat"] },
  system: { argv: ["sw_vers"] },
  disks: { argv: ["df", "-kPl"] },
  network: { argv: ["ifconfig", "-a"], network: true },
  processes: { argv: ["ps", "-A", "-o", "pid=,pcpu=,rss=,comm="] },
} as const satisfies Record<string, Command>;

/** Reads what the commands wrote. @param now seconds since 1970 */
export function macInfo(
  texts: Partial<Record<keyof typeof MAC_COMMANDS, string>>,
  now: number,
): SystemInfo {
  const { machine = "", pages = "", system = "", disks = "", network = "", processes = "" } = texts;
  const value = (name: string) =>
    new RegExp(`^${name.replaceAll(".", "\\.")}: (.*)$`, "m").exec(machine)?.[1] ?? "";
  const total = Number(value("hw.memsize"));
  const cores = Number(value("hw.ncpu"));
  const processor = value("machdep.cpu.brand_string");
  const load =
    value("vm.loadavg").match(/\d+[.,]\d+/g)?.map((one) => Number(one.replace(",", "."))) ?? [];
  const [, began] = /sec = (\d+)/.exec(value("kern.boottime")) ?? [];
  const available = availableOf(pages);
  const swap = swapOf(value("vm.swapusage"));
  const version = /^ProductVersion:\s*(\S+)/m.exec(system)?.[1];
  return {
    ...(version !== undefined && { system: `macOS ${version}` }),
    ...(began !== undefined && now > Number(began) && { uptime: now - Number(began) }),
    ...(processor !== "" && { processor }),
    ...(cores > 0 && { cores }),
    ...(load.length === 3 && { load }),
    ...(total > 0 && available !== undefined && { memory: { total, available } }),
    ...(swap && { swap }),
    disks: disksOf(disks),
    networks: networksOf(network),
    processes: processesOf(processes),
  };
}

/** Pages that are free, or are given up when they are needed. */
function availableOf(text: string): number | undefined {
  const [, size] = /page size of (\d+) bytes/.exec(text) ?? [];
  if (size === undefined) return undefined;
  const pages = (name: string) =>
    Number(new RegExp(`^Pages ${name}:\\s+(\\d+)\\.`, "m").exec(text)?.[1] ?? 0);
  return (pages("free") + pages("inactive") + pages("speculative") + pages("purgeable")) *
    Number(size);
}

function swapOf(text: string): SystemInfo["swap"] | undefined {
  const [, total, free] = /total = ([\d.,]+)M.*free = ([\d.,]+)M/.exec(text) ?? [];
  if (total === undefined || free === undefined) return undefined;
  const bytes = (one: string) => Number(one.replace(",", ".")) * 1_024 * 1_024;
  return { total: bytes(total), free: bytes(free) };
}

function networksOf(text: string): Network[] {
  return text.split(/^(?=[a-z]\S*: flags=)/m).flatMap((block): Network[] => {
    const [, name, flags = ""] = /^(\S+): flags=\S*<([^>]*)>/.exec(block) ?? [];
    if (name === undefined) return [];
    const addresses = [...block.matchAll(/^\s+inet6? ([0-9a-f.:]+)(?!\S*%)/gm)]
      .map(([, address = ""]) => address).filter((address) => !address.startsWith("fe80:"));
    const isUp = flags.split(",").includes("UP") && !/status: inactive/.test(block);
    return [{ name, isUp, addresses }];
  });
}
