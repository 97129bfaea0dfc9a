/**
 * What is known of a machine, and how a model reads it.
 * @module
 */

/** A disk, or what is mounted as one. Sizes are bytes. */
export interface Disk {
  readonly device: string;
  readonly place: string;
  readonly total: number;
  readonly free: number;
}

/** A process. `cpu` is per cent of one processor, on average since it began. */
export interface Process {
  readonly pid: number;
  readonly name: string;
  readonly cpu: number;
  /** Bytes in memory. */
  readonly memory: number;
}

/** A way into the network. */
export interface Network {
  readonly name: string;
  readonly isUp: boolean;
  readonly addresses: readonly string[];
  /** Bytes since it is there; undefined if that is not counted. */
  readonly received?: number;
  readonly sent?: number;
}

/** What was found out; what is not there could not be told. */
export interface SystemInfo {
  readonly system?: string;
  /** Seconds since the start. */
  readonly uptime?: number;
  readonly processor?: string;
  readonly cores?: number;
  /** Over 1, 5 and 15 minutes. */
  readonly load?: readonly number[];
  readonly memory?: { readonly total: number; readonly available: number };
  readonly swap?: { readonly total: number; readonly free: number };
  readonly disks?: readonly Disk[];
  readonly networks?: readonly Network[];
  readonly processes?: readonly Process[];
}

const DISKS = 12;
/** What is smaller is no disk, but a part of the system. */
const LEAST_DISK_BYTES = 16 * 1_024 * 1_024;
const NETWORKS = 12;
const PROCESSES = 8;
const NAME_UNITS = 60;

/** The machine in lines, each at most once. */
export function infoLines(info: SystemInfo): string[] {
  const { system, uptime, processor, cores, load, memory, swap } = info;
  return [
    ...(system ? [`system: ${line(system)}`] : []),
    ...(uptime === undefined ? [] : [`running for: ${span(uptime)}`]),
    ...(processor || cores ? [`processor: ${named(processor, cores)}`] : []),
    ...(load && load.length > 0
      ? [`load over 1, 5, 15 minutes: ${load.map((one) => one.toFixed(2)).join(", ")}`]
      : []),
    ...(memory ? [`memory: ${size(memory.available)} of ${size(memory.total)} available`] : []),
    ...(swap && swap.total > 0 ? [`swap: ${size(swap.free)} of ${size(swap.total)} free`] : []),
    ...diskLines(info.disks ?? []),
    ...networkLines(info.networks ?? []),
    ...processLines(info.processes ?? []),
  ];
}

function diskLines(disks: readonly Disk[]): string[] {
  const real = disks.filter(({ total }) => total >= LEAST_DISK_BYTES);
  // One disk is mounted in several places at times: the shortest path is the one people know.
  const byDevice = new Map<string, Disk>();
  for (const disk of real.toSorted((one, other) => one.place.length - other.place.length)) {
    const key = `${disk.device} ${disk.total}`;
    if (!byDevice.has(key)) byDevice.set(key, disk);
  }
  const shown = [...byDevice.values()].toSorted((one, other) => other.total - one.total);
  return listed(
    "disks",
    shown,
    DISKS,
    ({ place, total, free }) =>
      `${line(place)}: ${size(free)} of ${size(total)} free (${
        Math.round((1 - free / total) * 100)
      } % used)`,
  );
}

function networkLines(networks: readonly Network[]): string[] {
  const shown = networks.filter(({ name, addresses }) =>
    !/^lo\d*$/.test(name) && addresses.length > 0
  );
  return listed("network", shown, NETWORKS, ({ name, isUp, addresses, received, sent }) => {
    const counted = received === undefined || sent === undefined
      ? ""
      : `; ${size(received)} received, ${size(sent)} sent`;
    return `${line(name)} (${isUp ? "up" : "down"}): ${line(addresses.join(", "))}${counted}`;
  });
}

function processLines(processes: readonly Process[]): string[] {
  const byCpu = processes.toSorted((one, other) => other.cpu - one.cpu).slice(0, PROCESSES);
  const byMemory = processes.toSorted((one, other) => other.memory - one.memory)
    .slice(0, PROCESSES);
  const shown = ({ pid, name, cpu, memory }: Process) =>
    `${line(name)} (${pid}): ${cpu.toFixed(1)} %, ${size(memory)}`;
  return [
    ...listed("by processor, on average since each began", byCpu, PROCESSES, shown),
    ...listed("by memory", byMemory, PROCESSES, shown),
    ...(processes.length > 0 ? [`processes: ${processes.length}`] : []),
  ];
}

function listed<T>(
  title: string,
  items: readonly T[],
  most: number,
  shown: (item: T) => string,
): string[] {
  if (items.length === 0) return [];
  const more = items.length - most;
  const lines = items.slice(0, most).map((item) => `- ${shown(item)}`);
  return [`${title}:`, ...lines, ...(more > 0 ? [`- and ${more} more`] : [])];
}

function named(processor: string | undefined, cores: number | undefined): string {
  const counted = cores === undefined ? "" : `${cores} core${cores === 1 ? "" : "s"}`;
  return [line(processor ?? ""), counted].filter((part) => part !== "").join(", ");
}

function size(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let value = bytes;
  let unit = 0;
  for (; value >= 1_000 && unit < units.length - 1; unit++) value /= 1_024;
  return `${value >= 10 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

function span(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3_600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  return [...(days > 0 ? [`${days} d`] : []), `${hours} h`, `${minutes} min`].join(" ");
}

/** A name of the system's is somebody's text too. */
function line(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ").trim().slice(0, NAME_UNITS * 4);
}
