/**
 * The app room's way to a provider: which origin it may reach, and the sentinel that stands for the
 * key there.
 * @module
 */
import type { KernelCalls } from "../protocol/kernel_calls.ts";
import { optionValues } from "./command_line.ts";
import { KernelError } from "./error.ts";
import { bindOrigin, readGrants } from "./grants.ts";
import { PROVIDER_ORIGINS, type ProviderOrigin } from "./origins.ts";
import { optionalText, textField } from "./params.ts";
import { sanitise } from "./prompt.ts";
import type { Run } from "./run.ts";
import { lockedError, type VaultAccess } from "./vault_access.ts";

/** A provider that the app asks for, at an address. */
export interface ProviderWish {
  readonly id: string;
  readonly provider: ProviderOrigin;
  readonly origin: string;
  /** The secret's name in the vault. */
  readonly secret: string;
}

/** Reads what the app asks for. @throws {KernelError} `bad_call`, `usage`, `not_set_up` */
export function readWish(params: unknown): ProviderWish {
  const id = textField(params, "provider");
  const baseUrl = optionalText(params, "baseUrl");
  const provider = Object.hasOwn(PROVIDER_ORIGINS, id) ? PROVIDER_ORIGINS[id] : undefined;
  if (!provider) {
    const message = `there is no provider ${sanitise(id, 40)}`;
    throw new KernelError("usage", message, "pyra setup lists them");
  }
  const origin = baseUrl === undefined ? provider.origin : safeOrigin(baseUrl);
  if (origin !== undefined) return { id, provider, origin, secret: `provider:${id}` };
  if (baseUrl === undefined) {
    const hint = "run pyra setup with --base-url";
    throw new KernelError("not_set_up", `${id} has no address yet`, hint);
  }
  const message = `${sanitise(baseUrl, 100)} is no address that Pyra can use`;
  const hint = "it begins with https://, or with http:// for this machine and the local network";
  throw new KernelError("usage", message, hint);
}

/** The providers of one run's app room. */
export class Providers {
  readonly #run: Run;
  readonly #vault: VaultAccess;
  readonly #sentinels = new Map<string, string>();
  /** The origins that are open, and whether each may lie at a private address. */
  readonly #private = new Map<string, boolean>();
  readonly #caller: string;
  #isAttached = false;

  constructor(run: Run, vault: VaultAccess) {
    this.#run = run;
    this.#vault = vault;
    this.#caller = run.callerOf("app");
  }

  /** Connects the app's port to egress. A new room's port takes the place of the old one's. */
  attach(port: MessagePort): void {
    this.#sentinels.clear();
    this.#private.clear();
    this.#isAttached = true;
    const caller = this.#caller;
    void this.#run.egress().call("open", { caller, port }, { transfer: [port] });
  }

  /** The app room is gone: in a daemon egress must not keep its port. */
  end(): void {
    if (!this.#isAttached || !this.#run.host) return;
    this.#isAttached = false;
    // An egress room that is gone has forgotten it.
    this.#run.egress().call("close", { caller: this.#caller }).catch(() => undefined);
  }

  /**
   * Opens the way as far as that goes without a question; otherwise returns the refusal that holds
   * where nobody can be asked.
   */
  async open(wish: ProviderWish): Promise<ReturnType<KernelCalls["connect"]> | KernelError> {
    const { id, origin, secret } = wish;
    if (origin !== wish.provider.origin && !await this.#isChosen(wish)) {
      const hint = `run pyra setup --provider ${id} --base-url …`;
      return new KernelError("origin_refused", `nobody allowed ${origin} for ${id}`, hint);
    }
    const source = this.#source(wish);
    const isOpen = source !== "vault" ||
      await this.#vault.openQuietly() === "open" && await this.#vault.isReady(secret, origin);
    return isOpen ? await this.#connect(wish, source) : lockedError();
  }

  /** Asks what `open` was refused for: about the address, and for the passphrase. */
  async ask(wish: ProviderWish): Promise<void> {
    await this.#bind(wish);
    if (this.#source(wish) !== "vault") return;
    await this.#vault.open();
    const isOpen = await this.#vault.isReady(wish.secret, wish.origin);
    if (!isOpen) await this.#vault.openSecret(wish.secret);
  }

  /** Keeps a provider's key, which comes from standard input or from the person. */
  async storeKey(wish: ProviderWish): Promise<void> {
    const { id, origin, secret: name, provider: { placement } } = wish;
    await this.#bind(wish);
    const question = `Key for ${id}, sent to ${origin} only: `;
    const value = await this.#vault.readSecret(question, "--key-stdin");
    await this.#vault.ensure();
    await this.#vault.call("set", { name, origins: [origin], placement, value });
    this.#run.security("vault.set", { name, origins: [origin] });
  }

  #source({ id, provider }: ProviderWish): "environment" | "vault" | "none" {
    const source = this.#run.keySource(id);
    if (source !== "none" || !provider.requiresKey) return source;
    const [variable] = provider.variables;
    const hint = `run pyra setup --provider ${id}${variable ? `, or set ${variable}` : ""}`;
    throw new KernelError("no_key", `there is no key for ${id}`, hint);
  }

  async #connect(wish: ProviderWish, source: "environment" | "vault" | "none") {
    const { id, origin, secret } = wish;
    const egress = this.#run.egress();
    // What was opened before stays open: a chat may go back to an earlier provider.
    this.#private.set(origin, isLocal(origin) || await this.#isChosen(wish));
    const origins = Array.from(
      this.#private,
      ([origin, isPrivate]) => ({ origin, private: isPrivate }),
    );
    await egress.call("allow", { caller: this.#caller, origins });
    // What the person types at set-up holds for later runs.
    if (this.#run.line.words[0] === "setup" && this.#isTyped(id, origin)) await this.#bind(wish);
    if (source === "none") return { sentinel: null, source };
    if (source === "environment" && origin !== wish.provider.origin) {
      await this.#vault.call("bindEnvironmentOrigin", { name: secret, origin });
    } else this.#run.vault();
    let sentinel = this.#sentinels.get(id);
    if (sentinel === undefined) {
      sentinel = `pyra-${crypto.getRandomValues(new Uint8Array(24)).toHex()}`;
      await egress.call("issue", { caller: this.#caller, sentinel, secret });
      this.#sentinels.set(id, sentinel);
    }
    return { sentinel, source };
  }

  /** Whether the person chose this address: on the command line, in the environment, or when asked. */
  async #isChosen({ id, origin }: ProviderWish): Promise<boolean> {
    if (this.#isTyped(id, origin)) return true;
    return (await readGrants(this.#run.profile)).origins[id]?.includes(origin) ?? false;
  }

  /** Whether the address was given for this provider, by the command line or the environment. */
  #isTyped(id: string, origin: string): boolean {
    const { line, environment: { shown } } = this.#run;
    const named = optionValues(line, "--provider")[0] ?? optionValues(line, "-p")[0];
    const given = [
      ...(line.words[0] === "setup" && named === id ? optionValues(line, "--base-url") : []),
      ...(shown["PYRA_AI_PROVIDER_ID"] === id ? [shown["PYRA_AI_BASE_URL"] ?? ""] : []),
    ];
    return given.some((address) => safeOrigin(address) === origin);
  }

  /** Binds the address to the provider, asking unless the person typed it. @throws `denied` */
  async #bind(wish: ProviderWish): Promise<void> {
    const { id, origin } = wish;
    if (origin === wish.provider.origin) return;
    if (!await this.#isChosen(wish)) {
      const question = `May Pyra send your conversations with ${id}, and its key, to ${origin}?`;
      await this.#run.terminal.agree(question, origin, "nothing was sent there");
    }
    await bindOrigin(this.#run.profile, id, origin);
    this.#run.security("origin.bind", { provider: id, origin });
  }
}

/** An address's origin, if it is one of the web and holds no name and password. */
function safeOrigin(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { origin, protocol, username, password } = new URL(address);
  return /^https?:$/.test(protocol) && username + password === "" ? origin : undefined;
}

/** Whether an origin of the table is this machine. */
function isLocal(origin: string): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(new URL(origin).hostname);
}
