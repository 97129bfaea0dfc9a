/**
 * One run of the program: what is known before any room starts, and the trusted rooms, each started
 * when it is first needed.
 * @module
 */
import type { Channel } from "../rpc/channel.ts";
import { isRecord } from "../rpc/frame.ts";
import { type CommandLine, optionValues } from "./command_line.ts";
import type { Environment } from "./environment.ts";
import { KernelError } from "./error.ts";
import { keyStore } from "./key_store.ts";
import { gpg } from "./gpg.ts";
import { appendLog } from "./logs.ts";
import { PROVIDER_ORIGINS } from "./origins.ts";
import { exists, type Profile } from "./profile.ts";
import { rights } from "./roles.ts";
import { Room } from "./room.ts";
import { encodeName } from "../vault/name.ts";
import { AGE_ENDING, vaultFolders } from "../vault/paths.ts";
import type { Terminal } from "./terminal.ts";

/** One run. */
export class Run {
  readonly line: CommandLine;
  readonly profile: Profile;
  readonly environment: Environment;
  readonly terminal: Terminal;
  readonly entries: URL;
  readonly workspace: string;
  /** Ends the program because a room died. */
  readonly died: (room: string, cause: string) => void;
  readonly #between = new MessageChannel();
  #vault: Room | undefined;
  #egress: Room | undefined;

  constructor(
    facts: {
      readonly line: CommandLine;
      readonly profile: Profile;
      readonly environment: Environment;
      readonly terminal: Terminal;
      /** The folder of the rooms' entries. */
      readonly entries: URL;
      /** The folder that Pyra works in. */
      readonly workspace: string;
    },
    died: (room: string, cause: string) => void,
  ) {
    this.line = facts.line;
    this.profile = facts.profile;
    this.environment = facts.environment;
    this.terminal = facts.terminal;
    this.entries = facts.entries;
    this.workspace = facts.workspace;
    this.died = died;
  }

  /** Appends a line to `security.log`. */
  security(event: string, fields: Readonly<Record<string, unknown>> = {}): void {
    appendLog(this.profile.securityLog, { event, ...fields });
  }

  /** The vault room; starting it unlocks nothing. */
  vault(): Channel {
    const keys = [...this.environment.keys].flatMap(([id, value]) => {
      const provider = PROVIDER_ORIGINS[id];
      if (!provider) return [];
      const origins = provider.origin === undefined ? [] : [provider.origin];
      return [[`provider:${id}`, { value, origins, placement: provider.placement }]];
    });
    this.#vault ??= new Room({
      name: "vault",
      entries: this.entries,
      permissions: rights("vault", this.profile),
      boot: { folder: this.profile.vault, environmentKeys: Object.fromEntries(keys) },
      ports: { egress: this.#between.port1 },
      handlers: { ...keyStore(this.profile), ...gpg },
      died: (cause) => this.died("vault", cause),
    });
    return this.#vault.channel;
  }

  /** The egress room. */
  egress(): Channel {
    this.#egress ??= new Room({
      name: "egress",
      entries: this.entries,
      permissions: rights("egress", this.profile),
      boot: { proxy: this.environment.proxy, caCertificates: this.#caCertificates() },
      ports: { vault: this.#between.port2 },
      handlers: {
        report: (params) => {
          if (!isRecord(params)) throw new KernelError("bad_call", "a report has fields");
          const { event, ...fields } = params;
          this.security(String(event), fields);
        },
      },
      died: (cause) => this.died("egress", cause),
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
      throw new KernelError("usage", `the certificates in ${path} cannot be read`, hint, { cause });
    }
  }

  /**
   * Starts the rooms that a question to the usual provider needs, beside the app's instead of after
   * it. What is guessed here saves time or wastes a little; it decides nothing.
   */
  warm(): void {
    const [command = "ask"] = this.line.words;
    if (command !== "ask" && command !== "chat") return;
    const configured = /^\s+provider_id:\s*["']?([\w-]+)/m.exec(
      readIfPresent(this.profile.config),
    )?.[1];
    const id = optionValues(this.line.rest, "--provider")[0] ??
      this.environment.shown["PYRA_AI_PROVIDER_ID"] ?? configured;
    if (id === undefined || !Object.hasOwn(PROVIDER_ORIGINS, id)) return;
    this.egress();
    if (this.environment.keys.has(id) || this.hasSecret(`provider:${id}`)) this.vault();
  }

  /** Whether the vault keeps a secret of this name; nothing is opened for that. */
  hasSecret(name: string): boolean {
    const [folder] = vaultFolders(this.profile.vault);
    return exists(`${folder}/${encodeName(name)}${AGE_ENDING}`);
  }

  /** Ends the trusted rooms. */
  stop(): void {
    this.#egress?.stop();
    this.#vault?.stop();
  }
}

function readIfPresent(path: string): string {
  return exists(path) ? Deno.readTextFileSync(path) : "";
}
