/**
 * What Windows says of itself, by one script that is always the same.
 * @module
 */
import type { Command } from "./command.ts";
import type { Disk, Network, Process, SystemInfo } from "./system_info.ts";

const SCRIPT = [
  "$ErrorActionPreference='SilentlyContinue'",
  "[Console]::OutputEncoding=[Text.Encoding]::UTF8",
  "$o=Get-CimInstance Win32_OperatingSystem",
  "$c=Get-CimInstance Win32_Processor|Select-Object -First 1",
  "[ordered]@{" + [
    "system=$o.Caption+' '+$o.Version",
    "uptime=[long]((Get-Date)-$o.LastBootUpTime).TotalSeconds",
    "processor=$c.Name",
    "cores=[Environment]::ProcessorCount",
    "use=$c.LoadPercentage",
    "total=[long]$o.TotalVisibleMemorySize*1024",
    "available=[long]$o.FreePhysicalMemory*1024",
    "disks=@(Get-CimInstance Win32_LogicalDisk -Filter 'DriveType=3'|" +
    "Select-Object DeviceID,Size,FreeSpace)",
    "networks=@(Get-CimInstance Win32_NetworkAdapterConfiguration -Filter 'IPEnabled=True'|" +
    "Select-Object Description,IPAddress)",
    "processes=@(Get-Process|Select-Object Id,ProcessName,CPU,WorkingSet64," +
    "@{n='Age';e={((Get-Date)-$_.StartTime).TotalSeconds}})",
  ].join(";") + "}|ConvertTo-Json -Depth 3 -Compress",
].join(";");

/** The command. */
export const WINDOWS_COMMANDS = {
  machine: { argv: ["powershell", "-NoProfile", "-NonInteractive", "-Command", SCRIPT] },
} as const satisfies Record<string, Command>;

/** Reads what the script wrote. */
export function windowsInfo({ machine = "" }: { readonly machine?: string }): SystemInfo {
  const said = parsed(machine.replace(/^\ufeff/, ""));
  const number = (name: string) => numberOf(said[name]);
  const text = (name: string) => textOf(said[name]);
  const [total, available] = [number("total"), number("available")];
  const [uptime, cores] = [number("uptime"), number("cores")];
  return {
    ...(text("system") !== "" && { system: text("system").replace(/^Microsoft /, "") }),
    ...(uptime !== undefined && { uptime }),
    ...(text("processor") !== "" && { processor: text("processor") }),
    ...(cores !== undefined && { cores }),
    ...(total !== undefined && available !== undefined && { memory: { total, available } }),
    disks: records(said["disks"]).flatMap(diskOf),
    networks: records(said["networks"]).map(networkOf),
    processes: records(said["processes"]).flatMap(processOf),
  };
}

function diskOf({ DeviceID, Size, FreeSpace }: Record<string, unknown>): Disk[] {
  const [total, free] = [numberOf(Size), numberOf(FreeSpace)];
  if (total === undefined || free === undefined) return [];
  return [{ device: textOf(DeviceID), place: textOf(DeviceID), total, free }];
}

function networkOf({ Description, IPAddress }: Record<string, unknown>): Network {
  const all = Array.isArray(IPAddress) ? IPAddress : [IPAddress];
  const addresses = all.map(textOf).filter((one) => one !== "" && !one.startsWith("fe80:"));
  return { name: textOf(Description), isUp: true, addresses };
}

function processOf(
  { Id, ProcessName, CPU, WorkingSet64, Age }: Record<string, unknown>,
): Process[] {
  const [pid, memory] = [numberOf(Id), numberOf(WorkingSet64)];
  if (pid === undefined || memory === undefined || pid === 0) return [];
  // Seconds of the processor; of the system's own it is not told.
  const [used = 0, age = 0] = [numberOf(CPU), numberOf(Age)];
  return [{ pid, memory, name: textOf(ProcessName), cpu: age > 0 ? used / age * 100 : 0 }];
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch (cause) {
    if (cause instanceof SyntaxError) return {};
    throw cause;
  }
}

/** A list of one comes as that one. */
function records(value: unknown): Record<string, unknown>[] {
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return list.filter((one) => typeof one === "object" && one !== null);
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}
