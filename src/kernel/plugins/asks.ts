/**
 * What plugins ask of the kernel: their own secrets, requests through egress, lines in their log. The rest
 * goes to the app. Who asks is the kernel's word (the room's name as it was started), what they ask is
 * foreign.
 * @module
 */
import type { PluginGrants } from "../../protocol/plugin_calls.ts";
import { Channel, type HandlerContext } from "../../rpc/channel.ts";
import { portTransport } from "../../rpc/transport.ts";
import { KernelError } from "../error.ts";
import { appendLog } from "../logs.ts";
import { fields, textField } from "../params.ts";
import type { Run } from "../run.ts";
import { GIVE_PASSPHRASE, type VaultAccess } from "../vault_access.ts";
import type { PluginPrograms } from "./programs.ts";
import type { ReleasedSecrets } from "./released.ts";
import { isTyped } from "./typed.ts";
import { isLocalOrigin } from "./wishes.ts";

/** A log's lines in one message; the process holds rooms to a rate. */
const LINES_LIMIT = 200;
const LINE_CHARACTERS = 2_000;
/** Of what the app is asked, as JSON. */
const VALUE_CHARACTERS = 1024 * 1024;
const ASKS_A_SECOND = 100;
/** How long egress may wait for a server's first byte, and longer than it does, ms. */
const FETCH_LIMIT_MS = 620_000;

/** A secret's name in the vault. */
export function secretName(plugin: string, key: string): string {
  return `plugin:${plugin}:${key}`;
}

/** What a room's requests are served with. */
export interface AskServices {
  readonly run: Pick<Run, "line" | "profile" | "security" | "hasSecret" | "egress" | "callerOf">;
  readonly vault: Pick<VaultAccess, "call" | "openQuietly">;
  /** Told when a plugin was given a secret, which its room may keep. */
  readonly released?: () => void;
  /** Asks the person for a secret, as `storePluginSecret`. */
  readonly storeSecret: (name: string, key: string) => Promise<unknown>;
  /** Asks the app room. */
  readonly app: (
    ask: { name: string; method: string; params: unknown },
    signal: AbortSignal,
  ) => Promise<unknown>;
}

/** One plugin's way to the kernel, from its room's start to its end. */
export class PluginAsks {
  /** Key → what stands for the secret in a request. */
  readonly credentials: Readonly<Record<string, { sentinel: string; placement: string }>>;
  readonly #name: string;
  readonly #wishes: PluginGrants;
  readonly #services: AskServices;
  readonly #released: ReleasedSecrets;
  readonly #programs: PluginPrograms | undefined;
  readonly #logLine: (line: string) => string;
  #egress: Promise<Channel> | undefined;
  #isClosed = false;
  #second = 0;
  #asked = 0;

  /**
   * @param released what the plugin was given before
   * @param programs what it runs
   */
  constructor(
    name: string,
    wishes: PluginGrants,
    services: AskServices,
    released: ReleasedSecrets,
    programs?: PluginPrograms,
  ) {
    this.#name = name;
    this.#wishes = wishes;
    this.#services = services;
    this.#released = released;
    this.#programs = programs;
    this.#logLine = released.lines();
    const bound = Object.entries(wishes.secrets).filter(([, { origins }]) => origins.length > 0);
    this.credentials = Object.fromEntries(bound.map(([key, { placement }]) => {
      const sentinel = `pyra-${crypto.getRandomValues(new Uint8Array(24)).toHex()}`;
      return [key, { sentinel, placement }];
    }));
  }

  /** Serves one request. @throws {KernelError} */
  async serve(method: string, params: unknown, context: HandlerContext): Promise<unknown> {
    const { signal } = context;
    // The process holds rooms to a rate of lines.
    if (method !== "log") this.#refuseFlood();
    switch (method) {
      case "log":
        return this.#log(params);
      case "secret":
        return await this.#secret(textField(params, "key"));
      case "fetch":
        return await this.#fetch(params, context);
      case "run":
        return this.#programs?.run(params, this.#wishes, signal);
      case "job.start":
      case "job.list":
      case "job.tail":
      case "job.stop":
        return await this.#programs?.job(method, params, this.#wishes);
      case "secret.has":
        return this.#services.run.hasSecret(this.#ownSecret(textField(params, "key")).name);
      case "secret.ask":
        this.#refuseOutsideSetUp();
        this.#ownSecret(textField(params, "key"));
        return await this.#services.storeSecret(this.#name, textField(params, "key"));
      case "memory.search":
        if (!this.#wishes.memory) throw denied("it did not ask for your notes");
        break;
      case "settings":
      case "channel.receive":
        break;
      case "ui.note":
      case "ui.text":
      case "ui.confirm":
      case "ui.select":
        this.#refuseOutsideSetUp();
        break;
      default:
        throw new KernelError("bad_call", "there is no such request of a plugin");
    }
    refuseLarge(params);
    const said = this.#released.blot(params);
    return await this.#services.app({ name: this.#name, method, params: said }, signal);
  }

  #refuseOutsideSetUp(): void {
    const isSetUp = isTyped(this.#services.run.line, "setup", this.#name);
    if (!isSetUp) throw denied("a plugin asks the person in its set-up only");
  }

  /** The app answers beside the chat, in the same thread, and the kernel notes each secret that is read. */
  #refuseFlood(): void {
    const second = Math.floor(performance.now() / 1_000);
    if (second !== this.#second) this.#asked = 0;
    this.#second = second;
    if (++this.#asked <= ASKS_A_SECOND) return;
    throw denied(`it asks for more than ${ASKS_A_SECOND} things a second`);
  }

  #log(params: unknown): null {
    const lines = fields(params)["lines"];
    if (!Array.isArray(lines)) throw new KernelError("bad_call", "lines is a list of texts");
    const folder = `${this.#services.run.profile.logs}/plugins`;
    Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const line of lines.slice(0, LINES_LIMIT)) {
      const text = this.#logLine(String(line)).slice(0, LINE_CHARACTERS);
      appendLog(`${folder}/${this.#name}.log`, { line: text });
    }
    return null;
  }

  /** A secret of the plugin's manifest. @throws {KernelError} `denied` */
  #ownSecret(key: string): { readonly name: string; readonly isBound: boolean } {
    const wish = Object.hasOwn(this.#wishes.secrets, key) ? this.#wishes.secrets[key] : undefined;
    if (wish) return { name: secretName(this.#name, key), isBound: wish.origins.length > 0 };
    throw denied("its manifest does not name that secret");
  }

  async #secret(key: string): Promise<string | null> {
    const { name, isBound } = this.#ownSecret(key);
    if (isBound) throw denied("that secret goes into requests only");
    const { run, vault } = this.#services;
    if (!run.hasSecret(name)) return null;
    await this.#openVault();
    run.security("plugin.secret_read", { plugin: this.#name, secret: name });
    const value = await vault.call("reveal", { name });
    this.#released.add(value);
    this.#services.released?.();
    return value;
  }

  async #openVault(): Promise<void> {
    if (await this.#services.vault.openQuietly() === "open") return;
    const message = "the vault is locked, and a plugin's call cannot ask for its passphrase";
    throw new KernelError("vault_locked", message, GIVE_PASSPHRASE);
  }

  async #fetch(
    params: unknown,
    { signal, input }: HandlerContext,
  ): Promise<AsyncGenerator<unknown>> {
    const { url, method, headers, credential } = fields(params);
    if (typeof credential === "string") {
      const { name, isBound } = this.#ownSecret(credential);
      if (!isBound) throw denied("that secret goes into no request");
      if (!this.#services.run.hasSecret(name)) {
        const hint = `run pyra plugin setup ${this.#name}`;
        throw new KernelError("no_such_secret", `its secret ${credential} is not set`, hint);
      }
      await this.#openVault();
    }
    // A way opened now would take the place of the next room's.
    if (this.#isClosed) throw new KernelError("plugin_ended", "its room has ended");
    const opening = this.#egress ??= this.#openEgress();
    const options = { signal, input, limitMs: FETCH_LIMIT_MS };
    return (await opening).stream("fetch", { url, method, headers }, options);
  }

  async #openEgress(): Promise<Channel> {
    const egress = this.#services.run.egress();
    const caller = this.#caller;
    const { port1, port2 } = new MessageChannel();
    await egress.call("open", { caller, port: port1 }, { transfer: [port1] });
    const { hosts, addedHosts } = this.#wishes;
    const origins = [
      ...hosts.map((origin) => ({ origin, private: origin !== "*" && isLocalOrigin(origin) })),
      // The person named these themselves.
      ...addedHosts.map((origin) => ({ origin, private: true })),
    ];
    await egress.call("allow", { caller, origins });
    for (const [key, { sentinel }] of Object.entries(this.credentials)) {
      await egress.call("issue", { caller, sentinel, secret: secretName(this.#name, key) });
    }
    return new Channel(portTransport(port2));
  }

  get #caller(): string {
    return this.#services.run.callerOf(`plugin:${this.#name}`);
  }

  /** Ends its way to egress. */
  async close(): Promise<void> {
    this.#isClosed = true;
    // A way that could not be opened needs no end.
    const channel = await this.#egress?.catch(() => undefined);
    if (!channel) return;
    channel.close();
    await this.#services.run.egress().call("close", { caller: this.#caller });
  }
}

function denied(message: string): KernelError {
  return new KernelError("denied", message);
}

function refuseLarge(params: unknown): void {
  if ((JSON.stringify(params) ?? "").length > VALUE_CHARACTERS) {
    throw new KernelError("plugin_too_large", "what it asks is larger than 1 MB");
  }
}
