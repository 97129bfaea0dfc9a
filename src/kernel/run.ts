/**
 * One run of a command line: what is known before any room starts, and the rooms that it uses.
 * @module
 */
import type { HostedScreen, JobBoot, JobResult } from "../protocol/daemon_calls.ts";
import type { Channel } from "../rpc/channel.ts";
import { encodeName } from "../vault/name.ts";
import { AGE_ENDING, vaultFolders } from "../vault/paths.ts";
import { appendChained } from "./chained_log.ts";
import { type CommandLine, optionValue } from "./command_line.ts";
import type { Environment } from "./environment.ts";
import { PROVIDER_ORIGINS } from "./origins.ts";
import { profileOf, workspaceOf } from "./place.ts";
import { exists, openProfile, type Profile } from "./profile.ts";
import { type Grants, rights } from "./roles.ts";
import { Room, type RoomStart } from "./room.ts";
import type { Terminal } from "./terminal.ts";
import { TrustedRooms } from "./trusted_rooms.ts";

/** What a run is made of. */
export interface RunStart {
  readonly line: CommandLine;
  readonly environment: Environment;
  /** The folder that the command line was typed in, absolute. */
  readonly folder: string;
  /** The folder of the rooms' entries. */
  readonly entries: URL;
  readonly terminal: RunTerminal;
  /** Ends the run because a room died, or could not be started. */
  readonly died: (room: string, cause: unknown) => void;
  /** Set in a daemon. */
  readonly host?: RunHost;
}

/** The terminal as a run uses it. */
export type RunTerminal = Pick<Terminal, Exclude<keyof Terminal, "read" | "unread" | "reserve">>;

/** What a daemon gives to its runs. */
export interface RunHost {
  readonly profile: Profile;
  /** Of the run, no other's in this process. */
  readonly number: number;
  /** They outlive the run. */
  readonly rooms: TrustedRooms;
  /** A worker for an app room that has its modules loaded, if there is one. */
  readonly warm: () => Worker | undefined;
  /**
   * The run takes the person: it is handed over to their client, which goes on by itself. Never answers.
   * Undefined where there is nobody.
   */
  readonly handOver: ((remembered: unknown) => Promise<never>) | undefined;
  readonly screen: HostedScreen | null;
  readonly job: JobBoot | null;
}

/** The daemon as its own app room reaches it. */
export interface RunningDaemon {
  /** The app room serves the daemon's questions from now on. */
  served(): void;
  /** Runs a schedule's job to its end. @throws {KernelError} `no_job`, `denied` */
  runJob(params: unknown, signal: AbortSignal): Promise<JobResult>;
  /** Appends a line to the daemon's log. */
  log(fields: Readonly<Record<string, unknown>>): void;
  /** Ends the process in order. */
  terminate(code: number): Promise<void>;
}

/** One run. */
export class Run {
  readonly environment: Environment;
  readonly line: CommandLine;
  /** The folder that Pyra works in. */
  readonly workspace: string;
  /** The person's home folder. */
  readonly userHome: string | undefined;
  readonly profile: Profile;
  /** What of the profile's modes was put right, one sentence each. */
  readonly repaired: string[] = [];
  readonly terminal: RunTerminal;
  readonly died: RunStart["died"];
  readonly entries: URL;
  readonly host: RunHost | undefined;
  readonly rooms: TrustedRooms;
  /** Set where this run is the daemon. */
  daemon: Promise<RunningDaemon> | undefined;

  /** Opens the profile. @throws {KernelError} */
  constructor({ line, environment, folder, entries, terminal, died, host }: RunStart) {
    this.environment = environment;
    this.line = line;
    this.entries = entries;
    this.terminal = terminal;
    this.died = died;
    this.host = host;
    const { HOME, USERPROFILE } = environment.programs;
    this.userHome = HOME ?? USERPROFILE;
    this.workspace = workspaceOf(line, folder);
    this.profile = host?.profile ?? profileOf(line, environment, this.workspace);
    openProfile(this.profile, (text) => {
      this.repaired.push(text);
      if (!line.options.quiet) terminal.say(`pyra: ${text}`);
    });
    this.rooms = host?.rooms ?? new TrustedRooms({
      profile: this.profile,
      environment,
      entries,
      security: (event, fields) => this.security(event, fields),
      died,
    });
  }

  /** A caller's name at egress, which serves all runs of a daemon. */
  callerOf(name: string): string {
    return this.host ? `${name} of run ${this.host.number}` : name;
  }

  /** Appends a line to `security.log`. */
  security(event: string, fields: Readonly<Record<string, unknown>> = {}): void {
    appendChained(this.profile.home, "security.log", { event, ...fields });
  }

  /** Starts an app room with what it may read and write beside its own folders. */
  startApp(start: Pick<RoomStart, "boot" | "handlers">, grants: Grants): Room {
    // A warm one has the usual rights, and no more.
    const isUsual = grants.read.length + grants.write.length === 0;
    return new Room({
      ...start,
      name: "app",
      entries: this.entries,
      permissions: rights("app", this.profile, grants),
      died: (cause) => this.died("app", cause),
      worker: isUsual ? this.host?.warm() : undefined,
    });
  }

  /** The vault room; starting it unlocks nothing. */
  vault(): Channel {
    return this.rooms.vault();
  }

  /** The egress room. */
  egress(): Channel {
    return this.rooms.egress();
  }

  /**
   * Starts the rooms that a question to the usual provider needs, beside the app's instead of after
   * it. What is guessed here saves time or wastes a little; it decides nothing.
   */
  warm(): void {
    const { environment, line, profile } = this;
    if (!["ask", "chat", undefined].includes(line.words[0])) return;
    const config = exists(profile.config) ? Deno.readTextFileSync(profile.config) : "";
    const id = optionValue(line, "--provider") ?? environment.shown["PYRA_AI_PROVIDER_ID"] ??
      /^\s+provider_id:\s*["']?([\w-]+)/m.exec(config)?.[1];
    if (id === undefined || !Object.hasOwn(PROVIDER_ORIGINS, id)) return;
    this.egress();
    if (this.keySource(id) !== "none") this.vault();
  }

  /** Where a provider's key is. Nothing is opened for that. */
  keySource(provider: string): "environment" | "vault" | "none" {
    const secret = `provider:${provider}`;
    if (Object.hasOwn(this.environment.keys, secret)) return "environment";
    return this.hasSecret(secret) ? "vault" : "none";
  }

  /** Whether the vault keeps a secret of that name. Nothing is opened for that. */
  hasSecret(name: string): boolean {
    const [folder] = vaultFolders(this.profile.vault);
    return exists(`${folder}/${encodeName(name)}${AGE_ENDING}`);
  }
}
