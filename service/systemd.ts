/**
 * The daemon as a unit of systemd's user manager. Rules of the text: systemd.syntax(7), systemd.service(5)
 * ("Command lines") and systemd.exec(5).
 * @module
 */
import { MARKER, type ServiceFacts } from "./facts.ts";

/** The credential's name: the daemon reads `$CREDENTIALS_DIRECTORY/pyra-passphrase`. */
export const CREDENTIAL = "pyra-passphrase";

/** A `%` that is none of systemd's. */
const literal = (text: string) => text.replaceAll("%", "%%");

/** One word. Only these two escapes are read alike in every setting. */
const word = (text: string) => `"${literal(text).replaceAll(/["\\]/g, "\\$&")}"`;

/** One argument of a command line: there, `$` begins a variable. */
const argument = (text: string) => word(text.replaceAll("$", "$$$$"));

/** A command line. systemd takes no quotes, `\`, `$` or tab in the program's own path, but sh does. */
function command(program: readonly string[]): string {
  const isPlain = !/["'\\$\t]/.test(program[0] ?? "");
  const whole = isPlain ? program : ["/bin/sh", "-c", 'exec "$0" "$@"', ...program];
  return whole.map(argument).join(" ");
}

/** What a confined service may write to: Pyra's folder, and where people work. */
export function writableFolders({ home, workspace, writable }: ServiceFacts): string[] {
  return [home, "/tmp", "/var/tmp", workspace, ...writable];
}

/** The text of `NAME.service`. @param facts for which `unwritable` has no word */
export function systemdUnit(facts: ServiceFacts): string {
  const { profile, program, workspace, path, umask, credential, confined } = facts;
  const load = credential?.encrypted ? "LoadCredentialEncrypted" : "LoadCredential";
  // What is missing is passed over, but for Pyra's own folder.
  const places = writableFolders(facts).map((at, index) => index === 0 ? at : `-${at}`);
  return `# ${MARKER}; pyra daemon uninstall removes it.
[Unit]
Description=Pyra's daemon, profile ${literal(profile)}
# What ends ten times in ten minutes is left alone; systemctl --user status says so.
StartLimitIntervalSec=600
StartLimitBurst=10

[Service]
Type=exec
ExecStart=${command(program)}
ExecReload=/bin/kill -HUP $MAINPID
WorkingDirectory=${literal(workspace)}
Environment=${word(`PATH=${path}`)}
# New files of the person's work get the modes that they always get; Pyra's own have modes of their own.
UMask=${umask.toString(8).padStart(4, "0")}
Restart=on-failure
RestartSec=5
# Starting anew mends neither a wrong command line, nor a missing set-up, nor a vault that stays locked.
RestartPreventExitStatus=2 3 4
SuccessExitStatus=143
# Only the daemon is told to end; it ends what it runs itself, within 30 s. What is left then is killed.
KillMode=mixed
TimeoutStopSec=45
${credential ? `${load}=${CREDENTIAL}:${literal(credential.file)}\n` : ""}
# A program that takes all memory ends alone, and the daemon goes on.
MemoryMax=50%
OOMPolicy=continue
TasksMax=4096
# A core dump would hold secrets.
LimitCORE=0
RestrictRealtime=yes
LockPersonality=yes
${confined ? confinement(places) : ""}
[Install]
WantedBy=default.target
`;
}

/**
 * What is not here is left out on purpose: bubblewrap needs namespaces (no RestrictNamespaces) and an
 * untouched /proc (no ProtectKernelTunables, ProtectKernelLogs, ProcSubset), the runtime's compiler memory
 * that is written and run (no MemoryDenyWriteExecute), and clients' workspaces the real /tmp and the devices.
 */
function confinement(places: readonly string[]): string {
  return `NoNewPrivileges=yes
# netlink for bubblewrap, which sets up the loopback device.
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
# Without a user namespace of its own a user's service cannot have the lines below.
PrivateUsers=yes
# All is read-only but Pyra's folder, where people work, and (%t) where their agents keep sockets.
ProtectSystem=strict
ReadWritePaths=${[...places.map(word), '"-%t"'].join(" ")}
`;
}
