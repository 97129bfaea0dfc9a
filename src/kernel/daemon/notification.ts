/**
 * Notifications of the desktop. Their texts are a model's: they are data to every program that shows them.
 * @module
 */
import { KernelError } from "../error.ts";
import { textField } from "../params.ts";
import { runProgram } from "../programs.ts";
import { sanitise } from "../prompt.ts";
import type { Run } from "../run.ts";

const TITLE_UNITS = 80;
const TEXT_UNITS = 300;
/** So many in so many ms, in this process. */
const SHOWN_LIMIT = 10;
const SPAN_MS = 60_000;
const HINT = "the schedule's result is in its session, and in the file of --output";
const OSASCRIPT = "on run argv\n" +
  "display notification (item 2 of argv) with title (item 1 of argv)\nend run";
/** Toasts belong to a program that the system knows: PowerShell, that shows them. */
const TOAST = "$ErrorActionPreference='Stop';" +
  "$kind=[Windows.UI.Notifications.ToastNotificationManager,Windows.UI.Notifications,ContentType=WindowsRuntime];" +
  "$toast=$kind::GetTemplateContent([Windows.UI.Notifications.ToastTemplateType]::ToastText02);" +
  "$lines=$toast.GetElementsByTagName('text');" +
  "$lines.Item(0).InnerText=$env:PYRA_TITLE;$lines.Item(1).InnerText=$env:PYRA_TEXT;" +
  "$shown=[Windows.UI.Notifications.ToastNotification,Windows.UI.Notifications,ContentType=WindowsRuntime]::new($toast);" +
  "$kind::CreateToastNotifier('{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe').Show($shown)";

/** When they were shown, the oldest first. */
const shown: number[] = [];

/** Shows a notification for a daemon's run. @throws {KernelError} `denied`, `bad_call`, `program` */
export async function notify({ host, daemon }: Run, params: unknown): Promise<void> {
  if (!host?.job && daemon === undefined) {
    throw new KernelError("denied", "only a schedule's job shows notifications");
  }
  const title = shownText(textField(params, "title"), TITLE_UNITS);
  const text = shownText(textField(params, "text"), TEXT_UNITS);
  const now = Date.now();
  while (shown.length > 0 && Math.abs(now - (shown[0] ?? now)) >= SPAN_MS) shown.shift();
  if (shown.length >= SHOWN_LIMIT) {
    throw new KernelError("program", "too many notifications in a minute", HINT);
  }
  shown.push(now);
  const [program, args, variables] = programFor(title, text);
  const result = await runProgram(program, args, undefined, variables);
  if (result.code === 0) return;
  const said = sanitise(result.stderr, 200);
  throw new KernelError("program", `${program} could not show it${said && `: ${said}`}`, HINT);
}

/** The program that shows notifications, its arguments, and what it finds in its environment. */
function programFor(
  title: string,
  text: string,
): [string, readonly string[], Readonly<Record<string, string>>] {
  switch (Deno.build.os) {
    case "windows": {
      const args = ["-NoProfile", "-NonInteractive", "-Command", TOAST];
      return ["powershell", args, { PYRA_TITLE: title, PYRA_TEXT: text }];
    }
    case "darwin":
      return ["osascript", ["-e", OSASCRIPT, "--", title, text], {}];
    default:
      return ["notify-send", ["--app-name=Pyra", "--", title, text], {}];
  }
}

/** One line. Desktops take what is in angle brackets for markup, and `notify-send` knows escapes. */
function shownText(text: string, most: number): string {
  const plain = sanitise(text, most).replaceAll("<", "‹").replaceAll(">", "›")
    .replaceAll("&", "＆").replaceAll("\\", "⧵");
  return plain === "" ? "Pyra" : plain;
}
