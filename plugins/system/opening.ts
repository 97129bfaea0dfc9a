/**
 * Opens applications, files and pages as the person's desktop would.
 * @module
 */
import type { Json, PlannedUse, PluginContext } from "pyra/sdk";
import { type Command, effectsOf, outcomeOf } from "./command.ts";
import { SystemError } from "./system_error.ts";

type Input = Readonly<Record<string, Json>>;
type System = typeof Deno.build.os;

const LIMIT_MS = 10_000;
const TARGET_UNITS = 1_000;
/** Letters, digits and what names of applications have; never the beginning of an option or a path. */
const APPLICATION = /^[\p{L}\p{N}][\p{L}\p{N} ._+-]{0,63}$/u;
const SCHEMES = ["http:", "https:", "mailto:"];
/** To open these is to run them. */
const RUNS =
  /\.(?:desktop|appimage|sh|bash|zsh|fish|command|tool|app|pkg|dmg|workflow|scpt|applescript|terminal|exe|com|bat|cmd|msi|msix|appx|appinstaller|scr|pif|cpl|hta|js|jse|vbs|vbe|wsf|wsh|ps1|psm1|reg|lnk|url|webloc|inetloc|fileloc|jar|jnlp|py|pyw|rb|pl|php|run|bin|deb|rpm|flatpakref|flatpak|snap|service|torrent|iso|img|vhdx?|docm|xlsm|pptm|mobileconfig|action|library-ms|search-ms|settingcontent-ms|chm|out|elf|prefpane|saver|mpkg|wdgt|application|appref-ms|xll|gadget|ftploc|vncloc|afploc|rdp)$/i;
/** What runs a file that it is given, or asks which part of it to run. */
const RUNNERS =
  /term|console|konsole|kitty|alacritty|ghostty|\bwarp\b|powershell|^(?:ba|z|fi|da|k)?sh$|\bcmd\b|python|\bidle\b|java|wine|automator|script editor|installer/i;

/** What opens things on this system. */
export function openingCommands(): Command[] {
  const { os } = Deno.build;
  return [commandFor({ target: "file" }, os), commandFor({ application: "name" }, os)];
}

/** What would be opened; the person is asked each time. */
export function planOpening(input: Input): PlannedUse {
  const { application, target } = checked(input);
  const what = [application, target].filter((one) => one !== undefined);
  return {
    does: what.length === 2 ? `open ${what[1]} with ${what[0]}` : `open ${what[0]}`,
    effects: effectsOf([commandFor(input, Deno.build.os)]),
    ask: "always",
  };
}

/** Opens it. */
export async function runOpening(input: Input, context: PluginContext): Promise<string> {
  const command = commandFor(input, Deno.build.os);
  const { missing, result, err } = await outcomeOf(context, command, LIMIT_MS);
  const isOpen = result?.code === 0 ||
    // It answers 1 whatever it did.
    (command.argv[0] === "explorer" && result?.code === 1);
  if (isOpen) return "opened; whether it shows what it should only the person can see";
  const why = missing || err.trim().slice(0, 500) ||
    (result?.timedOut === true ? "it took too long" : "it does not say why");
  throw new SystemError("failed", `it could not be opened: ${why}`);
}

/** The command of a call on a system. @throws {SystemError} `bad_input` */
export function commandFor(input: Input, os: System): Command {
  const { application, target } = checked(input);
  const targets = target === undefined ? [] : [target];
  switch (os) {
    case "darwin":
      return {
        argv: [
          "open",
          ...(application === undefined ? [] : ["-a", application]),
          ...targets.map(named),
        ],
      };
    case "windows":
      if (application === undefined) return { argv: ["explorer", ...targets] };
      // The name has letters, digits, blanks and . _ + - only: in quotes it is a name and nothing else.
      return {
        argv: [
          "powershell",
          "-NoProfile",
          "-NonInteractive",
          "-Command",
          `Start-Process -FilePath '${application}'`,
        ],
      };
    default: {
      // The session's own manager starts it, so that it does not end with this call.
      const start = ["systemd-run", "--user", "--quiet", "--collect", "--same-dir", "--"];
      const opener = application === undefined ? ["xdg-open"] : ["gtk-launch", application];
      return { argv: [...start, ...opener, ...targets] };
    }
  }
}

/** Finder runs files without an ending. @throws {SystemError} */
function named(target: string): string {
  if (!target.startsWith("./") || /\.[^./]+$/.test(target)) return target;
  throw new SystemError("bad_input", "only files with an ending, such as .pdf, are opened here");
}

function checked(
  { application, target }: Input,
): { readonly application?: string; readonly target?: string } {
  if (application === undefined && target === undefined) {
    throw new SystemError("bad_input", "name an application, or a target to open");
  }
  if (target !== undefined && typeof application === "string" && RUNNERS.test(application)) {
    const message = `${application} would run what it is given; open it without a target`;
    throw new SystemError("bad_input", message);
  }
  return {
    ...(application === undefined ? {} : { application: checkedApplication(application) }),
    ...(target === undefined ? {} : { target: checkedTarget(target) }),
  };
}

function checkedApplication(name: Json): string {
  if (typeof name === "string" && APPLICATION.test(name.trim()) && !name.includes("..")) {
    return name.trim();
  }
  throw new SystemError(
    "bad_input",
    "application is a name such as firefox or org.gnome.Calculator, without a path or arguments",
  );
}

function checkedTarget(target: Json): string {
  const text = typeof target === "string" ? target.trim() : "";
  if (text === "" || text.length > TARGET_UNITS || /[\p{C}\p{Zl}\p{Zp}]/u.test(text)) {
    throw new SystemError("bad_input", "target is an address or a file of the workspace");
  }
  if (/^[A-Za-z][A-Za-z0-9+.-]+:/.test(text)) return checkedAddress(text);
  const parts = text.replaceAll("\\", "/").replace(/^(?:\.\/)+/, "").split("/");
  // Windows takes off what stands at the end of a name.
  const isClosed = parts.some((part) => part === "" || part === ".." || /[. :]$|:/.test(part));
  if (/^[/~-]/.test(text) || isClosed) {
    throw new SystemError(
      "bad_input",
      "a file is named by its path in the workspace, such as docs/a.pdf",
    );
  }
  if (parts.some((part) => RUNS.test(part))) {
    throw new SystemError("bad_input", `${text} would be run by opening it, so it is not opened`);
  }
  return `./${parts.join("/")}`;
}

function checkedAddress(text: string): string {
  const url = URL.parse(text);
  if (url === null || !SCHEMES.includes(url.protocol)) {
    throw new SystemError("bad_input", "only https, http and mailto addresses are opened");
  }
  if (url.username !== "" || url.password !== "") {
    throw new SystemError("bad_input", "an address with a name or password in it is not opened");
  }
  return url.href;
}
