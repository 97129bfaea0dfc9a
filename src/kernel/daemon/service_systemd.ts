/**
 * The service as systemd's user manager keeps it.
 * @module
 */
import { systemdUnit } from "../../../service/systemd.ts";
import { KernelError } from "../error.ts";
import { runProgram } from "../programs.ts";
import { type ServiceManager, userFolder } from "./service_desktops.ts";

const WITHOUT = "pyra daemon start works without a service";

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
  const { code, stdout, stderr } = await runProgram(program, all);
  if (code === 0) return new TextDecoder().decode(stdout).trim();
  const said = stderr.trim().split("\n").at(-1)?.slice(0, 300) || `it ended with ${code}`;
  throw new KernelError("program", `${program} ${args[0]} failed: ${said}`, WITHOUT);
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
    // Why a start fails is told by `look`.
    await ask("systemctl", "restart", `${label}.service`).catch(() => undefined);
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
    const status = is("ExecMainStatus");
    const failed = is("ActiveState") === "failed" || is("SubState") === "auto-restart";
    return {
      registered: is("UnitFileState") === "enabled",
      running: is("ActiveState") === "active",
      pid: Number(is("MainPID")) || undefined,
      failure: failed
        ? STATUSES[status] ?? `it ended with ${status} (${is("Result")}); see journalctl --user`
        : undefined,
    };
  },
};

/** Whether the person's services go on after they logged out. */
export async function lingers(): Promise<boolean> {
  return await ask("loginctl", "show-user", String(Deno.uid()), "--property=Linger", "--value")
    .then((said) => said === "yes", () => false);
}

/** Lets the person's services go on after they logged out, or not. @throws {KernelError} `program` */
export async function setLinger(to: "enable" | "disable"): Promise<void> {
  await ask("loginctl", `${to}-linger`, String(Deno.uid()));
}
