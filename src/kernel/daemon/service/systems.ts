/**
 * The service as systemd's user manager, macOS's launchd and Windows' Task Scheduler keep it.
 * @module
 */
import type { ServiceFacts } from "../../../../service/facts.ts";
import { launchdPlist } from "../../../../service/launchd.ts";
import { systemdUnit } from "../../../../service/systemd.ts";
import { changedPath, scheduledTask } from "../../../../service/task_scheduler.ts";
import { KernelError } from "../../error.ts";
import { type ProgramResult, runProgram } from "../../programs.ts";

/** What a system's service manager says of a service. */
export interface ServiceLook {
  /** Whether it is started with the person's session. */
  readonly registered: boolean;
  readonly running: boolean;
  /** The daemon's process, where that is told. */
  readonly pid: number | undefined;
  /** Why it did not start, or ended; `undefined` if nothing is known of that. */
  readonly failure: string | undefined;
}

/** What keeps a service: each call but `file` and `text` throws `KernelError` `program` if it fails. */
export interface ServiceManager {
  readonly name: string;
  /** Where its file lies. */
  file(label: string, profileHome: string): string;
  /** @throws {KernelError} `usage` for facts that it cannot keep */
  text(facts: ServiceFacts): string;
  /** Whether it answers at all. */
  ready(): Promise<unknown>;
  /** Takes the file as it is now, and starts the service anew. */
  start(label: string, file: string): Promise<unknown>;
  /** Ends the service, and starts it no more. */
  stop(label: string): Promise<unknown>;
  /** After the file was removed. */
  forget(label: string): Promise<unknown>;
  look(label: string): Promise<ServiceLook>;
}

const WITHOUT = "pyra daemon start works without a service";

/** The person's home folder. @throws {KernelError} `usage` */
export function userFolder(): string {
  const home = Deno.env.get(Deno.build.os === "windows" ? "USERPROFILE" : "HOME");
  if (home) return home;
  throw new KernelError("usage", "nobody says where your home folder is", "set HOME");
}

function expectDone(program: string, { code, stderr, stdout }: ProgramResult): string {
  const text = new TextDecoder().decode(stdout);
  if (code === 0) return text;
  const said = (stderr.trim() || text.trim()).split("\n").at(-1)?.slice(0, 300) ?? "";
  throw new KernelError(
    "program",
    `${program} failed: ${said || `it ended with ${code}`}`,
    WITHOUT,
  );
}

const launchctl = (...args: readonly string[]) => runProgram("launchctl", args);
const domain = () => `gui/${Deno.uid()}`;

/** macOS's launchd, for the time that the person is logged in. */
export const launchd: ServiceManager = {
  name: "launchd",
  file: (label) => `${userFolder()}/Library/LaunchAgents/${label}.plist`,
  text: launchdPlist,
  ready: async () => expectDone("launchctl", await launchctl("print", domain())),
  async start(label, file) {
    await launchd.stop(label);
    expectDone("launchctl", await launchctl("enable", `${domain()}/${label}`));
    expectDone("launchctl", await launchctl("bootstrap", domain(), file));
  },
  async stop(label) {
    if (!(await launchd.look(label)).registered) return;
    expectDone("launchctl", await launchctl("bootout", `${domain()}/${label}`));
  },
  forget: () => Promise.resolve(),
  async look(label) {
    const { code, stdout } = await launchctl("print", `${domain()}/${label}`);
    const shown = code === 0 ? new TextDecoder().decode(stdout) : "";
    const pid = Number(/^\s*pid = (\d+)/m.exec(shown)?.[1]) || undefined;
    const status = Number(/^\s*last exit code = (\d+)/m.exec(shown)?.[1] ?? 0);
    const failure = pid === undefined && status !== 0 ? `it ended with ${status}` : undefined;
    return { registered: code === 0, running: pid !== undefined, pid, failure };
  },
};

const schtasks = (...args: readonly string[]) => runProgram("schtasks", args);

/** Windows' Task Scheduler. Whether a task runs is told in the system's language; the daemon says it. */
export const taskScheduler: ServiceManager = {
  name: "the Task Scheduler",
  file: (_label, profileHome) => `${profileHome}/service.xml`,
  text(facts) {
    const path = changedPath(facts);
    if (path === undefined) return scheduledTask(facts);
    const hint = "move it to a folder without % and $ in its name";
    throw new KernelError("usage", `the Task Scheduler would change the path ${path}`, hint);
  },
  ready: async () => expectDone("schtasks", await schtasks("/Query", "/?")),
  async start(label, file) {
    expectDone("schtasks", await schtasks("/Create", "/TN", label, "/XML", file, "/F"));
    expectDone("schtasks", await schtasks("/Run", "/TN", label));
  },
  async stop(label) {
    if (!(await taskScheduler.look(label)).registered) return;
    // It may not run; then there is nothing to end.
    await schtasks("/End", "/TN", label);
    expectDone("schtasks", await schtasks("/Delete", "/TN", label, "/F"));
  },
  forget: () => Promise.resolve(),
  async look(label) {
    const registered = (await schtasks("/Query", "/TN", label)).code === 0;
    return { registered, running: registered, pid: undefined, failure: undefined };
  },
};

/** What a status of systemd's own says about the start; others are the daemon's. */
const STATUSES: Readonly<Record<string, string>> = {
  "200": "its folder cannot be entered",
  "203": "the program cannot be run",
  "217": "this system gives services no namespaces; use --unconfined",
  "226": "its folders cannot be set apart; look whether they exist, or use --unconfined",
  "243": "the credential cannot be read",
};

/** Runs `systemctl --user`, or `loginctl`. @returns what it printed @throws {KernelError} `program` */
async function ask(program: "systemctl" | "loginctl", ...args: readonly string[]): Promise<string> {
  const all = program === "systemctl" ? ["--user", "--no-ask-password", ...args] : args;
  return expectDone(`${program} ${args[0]}`, await runProgram(program, all));
}

/** systemd's user manager. */
export const systemd: ServiceManager = {
  name: "systemd",
  file: (label) =>
    `${Deno.env.get("XDG_CONFIG_HOME") || `${userFolder()}/.config`}/systemd/user/${label}.service`,
  text: systemdUnit,
  async ready() {
    try {
      await ask("systemctl", "show-environment");
    } catch (cause) {
      const own = Deno.env.get("XDG_RUNTIME_DIR")
        ? WITHOUT
        : `log in as yourself (not by su or sudo), or: ${WITHOUT}`;
      throw new KernelError("program", "no systemd answers that starts your services", own, cause);
    }
  },
  async start(label) {
    await ask("systemctl", "daemon-reload");
    await ask("systemctl", "enable", `${label}.service`);
    // What failed before does not count.
    await ask("systemctl", "reset-failed", `${label}.service`).catch(() => undefined);
    await ask("systemctl", "restart", `${label}.service`);
  },
  stop: (label) => ask("systemctl", "disable", "--now", `${label}.service`),
  async forget(label) {
    await ask("systemctl", "daemon-reload");
    // It knows of no failure mostly, and says so.
    await ask("systemctl", "reset-failed", `${label}.service`).catch(() => undefined);
  },
  async look(label) {
    const fields = "--property=UnitFileState,ActiveState,SubState,MainPID,ExecMainStatus,Result";
    const shown = await ask("systemctl", "show", `${label}.service`, fields);
    const is = (field: string) => new RegExp(`^${field}=(.*)$`, "m").exec(shown)?.[1] ?? "";
    const [active, status] = [is("ActiveState"), is("ExecMainStatus")];
    const failed = active === "failed" || is("SubState") === "auto-restart";
    const ended = active === "inactive" ? "it was ended, or ended by itself" : undefined;
    return {
      registered: is("UnitFileState") === "enabled",
      running: active === "active",
      pid: Number(is("MainPID")) || undefined,
      failure: failed
        ? STATUSES[status] ?? `it ended with ${status} (${is("Result")}); see journalctl --user`
        : ended,
    };
  },
};

/** Whether the person's services go on after they logged out. */
export async function lingers(): Promise<boolean> {
  return await ask("loginctl", "show-user", String(Deno.uid()), "--property=Linger", "--value")
    .then((said) => said.trim() === "yes", () => false);
}

/** Lets the person's services go on after they logged out, or not. @throws {KernelError} `program` */
export async function setLinger(to: "enable" | "disable"): Promise<void> {
  await ask("loginctl", `${to}-linger`, String(Deno.uid()));
}
