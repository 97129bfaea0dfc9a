/**
 * What a model should know of the machine and the workspace, in two texts: one that stays the same for a run,
 * and one that changes. No name of a host or a person is in them, and the home folder is `~`.
 * @module
 */
import { fencedData, oneLine } from "../protocol/foreign_text.ts";
import type { Surroundings } from "../protocol/kernel_calls.ts";
import { systemName } from "./system_name.ts";
import { workspaceKinds } from "./workspace_kind.ts";

/** What the app room knows by itself. */
export interface Machine {
  readonly os: string;
  readonly arch: string;
  /** Absolute. */
  readonly workspace: string;
  /** `SHELL`, `LANG`, `LC_ALL`, … */
  readonly env: Readonly<Record<string, string>>;
}

const FOLDER_UNITS = 160;
const WORD_UNITS = 40;
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** What stays the same for a run. @param now for the time zone, ms since 1970 */
export function standingFacts(
  { os, arch, workspace, env }: Machine,
  { release, system, cores, memory, home, project, names }: Surroundings,
  now: number,
): string {
  const kinds = [
    ...(project === null
      ? []
      : [project === workspace ? "a git repository" : "in a git repository"]),
    ...workspaceKinds(names),
  ];
  const language = word(env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"]);
  const facts = [
    `${systemName(os, release, system)}, ${word(arch)}`,
    counted(cores, "processor"),
    `${gib(memory.total)} GiB of memory`,
    `shell ${shellName(os, env)}`,
    `time zone ${zone(now)}`,
    ...(language === "" || language === "C" ? [] : [`language ${language}`]),
  ];
  const folder = `The workspace is ${shownFolder(workspace, home)}`;
  return `This machine: ${facts.join("; ")}.\n` +
    `${folder}${kinds.length === 0 ? "" : ` (${kinds.join(", ")})`}.`;
}

/** What changes, as one line of data. @param now ms since 1970 */
export function currentFacts(
  { os }: Machine,
  { cores, load, memory, disk }: Surroundings,
  now: number,
): string {
  const date = new Date(now);
  const [hours, minutes] = [date.getHours(), date.getMinutes()].map(twoDigits);
  const facts = [
    `${DAYS[date.getDay()]} ${hours}:${minutes}`,
    // It is not counted there.
    ...(os === "windows" ? [] : [`load ${load.toFixed(1)} on ${counted(cores, "processor")}`]),
    `${gib(memory.available)} of ${gib(memory.total)} GiB of memory free`,
    ...(disk === null
      ? []
      : [`${gib(disk.available)} of ${gib(disk.total)} GiB of the workspace's disk free`]),
  ];
  return `The machine now, as Pyra measured it:\n${fencedData(facts.join("; "))}`;
}

/** A path as it may be shown: below the home folder with `~`, in quotes, one line. */
export function shownFolder(path: string, home: string | null): string {
  const plain = path.replaceAll("\\", "/");
  const base = home?.replaceAll("\\", "/").replace(/\/+$/, "") ?? "";
  const isHome = base !== "" && (plain === base || plain.startsWith(`${base}/`));
  const shown = isHome ? `~${plain.slice(base.length)}` : plain;
  return `"${oneLine(shown.replace(/["`[\]]/g, "?"), FOLDER_UNITS)}"`;
}

function shellName(os: string, { SHELL }: Machine["env"]): string {
  const name = word(SHELL?.split(/[\\/]/).at(-1)?.replace(/\.exe$/i, ""));
  return name || (os === "windows" ? "PowerShell" : "sh");
}

/** A word of the environment; what is none is left out. */
function word(text = ""): string {
  return /^[\w.@+-]+$/.test(text) ? text.slice(0, WORD_UNITS) : "";
}

/** As `UTC+02:00`; the runtime's own names would cost milliseconds. */
function zone(now: number): string {
  const minutes = -new Date(now).getTimezoneOffset();
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? "-" : "+"}${twoDigits(hours)}:${twoDigits(rest)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function gib(bytes: number): string {
  const value = bytes / 2 ** 30;
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
