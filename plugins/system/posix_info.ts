/**
 * What `df` and `ps` say, on Linux and macOS.
 * @module
 */
import type { Disk, Process } from "./system_info.ts";

/** What is no disk but looks like one. */
const NO_DISK = /^(?:tmpfs|devtmpfs|overlay|none|udev|efivarfs|shm|map |devfs|\/dev\/loop)/;
const UNSEEN_PLACE = /^\/(?:proc|sys|dev|run|snap)(?:\/|$)|^\/System\/Volumes\/(?!Data$)/;

/** `df -kP`: a line for each, in blocks of 1,024 bytes. */
export function disksOf(text: string): Disk[] {
  return text.split("\n").flatMap((row) => {
    const [, device = "", total, , free, place = ""] =
      /^(.+?)\s+(\d+)\s+(\d+)\s+(-?\d+)\s+\d+%\s+(\/.*)$/.exec(row) ?? [];
    const isRoot = place === "/";
    if (total === undefined || (!isRoot && NO_DISK.test(device)) || UNSEEN_PLACE.test(place)) {
      return [];
    }
    return [{ device, place, total: Number(total) * 1_024, free: Number(free) * 1_024 }];
  });
}

/** `ps -A -o pid=,pcpu=,rss=,comm=`; the arguments, which may hold secrets, are not asked for. */
export function processesOf(text: string): Process[] {
  return text.split("\n").flatMap((row) => {
    const [, pid, cpu, rss, path = ""] = /^\s*(\d+)\s+([\d.,]+)\s+(\d+)\s+(.+?)\s*$/.exec(row) ??
      [];
    if (pid === undefined || cpu === undefined) return [];
    const name = path.startsWith("/") ? path.split("/").at(-1) ?? path : path;
    return [{
      pid: Number(pid),
      name,
      cpu: Number(cpu.replace(",", ".")),
      memory: Number(rss) * 1_024,
    }];
  });
}
