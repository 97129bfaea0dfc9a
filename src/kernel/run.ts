/**
 * One run of the program: what is known before any room starts, and the trusted rooms, each started
 * when it is first needed.
 * @module
 */
import type { Channel } from "../rpc/channel.ts";
import { encodeName } from "../vault/name.ts";
import { AGE_ENDING, vaultFolders } from "../vault/paths.ts";
import { appendChained } from "./chained_log.ts";
import { type CommandLine, optionValue, parseCommandLine } from "./command_line.ts";
import { type Environment, takeEnvironment } from "./environment.ts";
import { KernelError } from "./error.ts";
import { identityPrograms } from "./identity_programs.ts";
import { PROVIDER_ORIGINS } from "./origins.ts";
import { fields } from "./params.ts";
import { exists, openProfile, type Profile, profilePaths } from "./profile.ts";
import { type Grants, type OwnRoom, rights } from "./roles.ts";
import { Room, type RoomStart } from "./room.ts";
import type { Terminal } from "./terminal.ts";
import { absolutePath } from "./workspace.ts";

/** One run. */
export class Run {
  readonly environment: Environment;
  readonly line: CommandLine;
  /** The folder that Pyra works in. */
  readonly workspace: string;
  /** The person's home folder. */
  readonly userHome: string | undefined = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE");
  readonly profile: Profile;
  /** What of the profile's modes was put right, one sentence each. */
  readonly repaired: string[] = [];
  readonly terminal: Terminal;
  /** Ends the program because a room died, or could not be started. */
  readonly died: (room: string, cause: unknown) => void;
  /** The folder of the rooms' entries. */
  readonly entries: URL;
  readonly #between = new MessageChannel();
  #vault: Room | undefined;
  #egress: Room | undefined;

  /**
   * Takes the environment, reads the command line and opens the profile.
   * @param entries the folder of the rooms' entries
   * @throws {KernelError}
   */
  constructor(args: readonly string[], entries: URL, terminal: Terminal, died: Run["died"]) {
    // First of all: no room and no program shall inherit what is secret in it.
    this.environment = takeEnvironment();
    this.line = parseCommandLine(args);
    this.entries = entries;
    this.terminal = terminal;
    this.died = died;
    if (this.line.workspace !== undefined) enter(this.line.workspace);
    this.workspace = Deno.cwd();
    const home = this.line.home ?? this.environment.home;
    if (home === undefined) {
      throw new KernelError("usage", "there is no home folder", "set HOME, or use --home");
    }
    const base = absolutePath(this.workspace, home.replace(/(?<=.)[\\/]+$/, ""));
    this.profile = profilePaths(base, this.line.profile);
    openProfile(this.profile, (text) => {
      this.repaired.push(text);
      if (!this.line.options.quiet) terminal.say(`pyra: ${text}`);
    });
  }

  /** Appends a line to `security.log`. */
  security(event: string, fields: Readonly<Record<string, unknown>> = {}): void {
    appendChained(this.profile.home, "security.log", { event, ...fields });
  }

  /** Starts a room with the rights of its role. */
  startRoom(
    name: OwnRoom,
    start: Pick<RoomStart, "boot" | "ports" | "handlers">,
    grants?: Grants,
  ): Room {
    const permissions = rights(name, this.profile, grants);
    const died = (cause: string) => this.died(name, cause);
    return new Room({ ...start, name, entries: this.entries, permissions, died });
  }

  /** The vault room; starting it unlocks nothing. */
  vault(): Channel {
    this.#vault ??= this.startRoom("vault", {
      boot: { folder: this.profile.vault, environmentKeys: this.environment.keys },
      ports: { egress: this.#between.port1 },
      handlers: identityPrograms(this.profile),
    });
    return this.#vault.channel;
  }

  /** The egress room. */
  egress(): Channel {
    this.#egress ??= this.startRoom("egress", {
      boot: { proxy: this.environment.proxy, caCertificates: this.#caCertificates() },
      ports: { vault: this.#between.port2 },
      handlers: {
        report: (params) => {
          const { event, ...rest } = fields(params);
          this.security(String(event), rest);
        },
      },
    });
    return this.#egress.channel;
  }

  #caCertificates(): string[] {
    const path = this.environment.caFile;
    if (path === undefined) return [];
    try {
      return [Deno.readTextFileSync(path)];
    } catch (cause) {
      const hint = "correct PYRA_CA_FILE (or NODE_EXTRA_CA_CERTS, SSL_CERT_FILE), or unset it";
      throw new KernelError("usage", `the certificates in ${path} cannot be read`, hint, cause);
    }
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

function enter(workspace: string): void {
  try {
    Deno.chdir(workspace);
  } catch (cause) {
    const message = `${workspace} is no folder to work in`;
    throw new KernelError("usage", message, "check --workspace", cause);
  }
}
