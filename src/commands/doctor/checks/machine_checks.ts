/**
 * The program and what it runs on: versions, the clock, the terminal.
 * @module
 */
import { systemName } from "../../../context/system_name.ts";
import { PRICES_AS_OF } from "../../../guard/limits/prices.ts";
import { localTime } from "../../output.ts";
import { type Check, type Finding, ok, warning } from "../finding.ts";

/** What the compiled program brings; what is older was not tried. */
const LEAST_RUNTIME = [2, 6];
/** A file may be dated so far ahead by a disk on another machine, ms. */
const CLOCK_LEEWAY_MS = 5 * 60_000;
/** Below this tables and questions are hard to read. */
const LEAST_COLUMNS = 40;
/** What says that no colours or cursor movements are understood. */
const DUMB = ["", "dumb"];

/** Pyra, its runtime and the system. */
export const VERSION_CHECK: Check = {
  name: "version",
  async look({ context: { boot, kernel } }) {
    // The workspace, which is looked at as well, may be closed to Pyra: that is no matter here.
    const told = await kernel.call("surroundings", null).catch(() => undefined);
    const system = systemName(boot.os, told?.release ?? "", told?.system ?? "");
    const runtime = Deno.version.deno;
    const message = `Pyra ${boot.version} on Deno ${runtime}, ${system} (${Deno.build.arch})`;
    const isOld = isBefore(runtime.split(".").map(Number), LEAST_RUNTIME);
    return [isOld ? warning(message, `use Deno ${LEAST_RUNTIME.join(".")} or later`) : ok(message)];
  },
};

function isBefore(
  [major = 0, minor = 0]: readonly number[],
  [least = 0, part = 0] = LEAST_RUNTIME,
) {
  return major < least || (major === least && minor < part);
}

/** Whether the clock can be right: limits, schedules and logs go by it. */
export const CLOCK_CHECK: Check = {
  name: "clock",
  async look(patient) {
    const { newest } = await patient.files();
    const now = patient.context.now();
    const time = (ms: number) => localTime(new Date(ms).toISOString());
    const hint = "set the clock; limits, logs and conversations go by it";
    if (now < Date.parse(`${PRICES_AS_OF}-01`)) {
      return [warning(`it says ${time(now)}, which is before this Pyra was made`, hint)];
    }
    if (newest > now + CLOCK_LEEWAY_MS) {
      const message = `it says ${time(now)}, and a file of the profile is from ${time(newest)}`;
      return [warning(message, hint)];
    }
    return [ok(`${time(now)} (${Intl.DateTimeFormat().resolvedOptions().timeZone})`)];
  },
};

/** Whether the terminal shows what Pyra prints. */
export const TERMINAL_CHECK: Check = {
  name: "terminal",
  look({ context: { boot, columns } }) {
    const { env, terminal, os } = boot;
    if (!terminal.stdout) return [ok("the output goes to no terminal")];
    const found: Finding[] = [];
    // Some terminals do not say how wide they are.
    const width = columns() || undefined;
    if (width !== undefined && width < LEAST_COLUMNS) {
      found.push(warning(`it has ${width} columns`, `make it ${LEAST_COLUMNS} wide, or wider`));
    }
    if (os !== "windows" && DUMB.includes(env["TERM"] ?? "")) {
      const hint = "set TERM to what your terminal is, such as xterm-256color";
      found.push(warning("TERM names none, so the chat shows plain lines", hint));
    }
    const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
    if (os === "linux" && !/utf-?8/i.test(locale)) {
      const named = locale === "" ? "no character set is named" : `the character set is ${locale}`;
      found.push(warning(named, "set LANG to one with UTF-8, such as C.UTF-8"));
    }
    if (found.length > 0) return found;
    const colours = !boot.options.color || env["NO_COLOR"]
      ? "no colours (as you wish)"
      : /truecolor|24bit/i.test(env["COLORTERM"] ?? "")
      ? "all colours"
      : /256/.test(env["TERM"] ?? "")
      ? "256 colours"
      : "16 colours";
    return [ok(`${width ?? "unknown"} columns, ${colours}, UTF-8`)];
  },
};
