/**
 * The app room's way to a provider: which origin it may reach, and the sentinel that stands for the
 * key there.
 * @module
 */
import type { Channel } from "../rpc/channel.ts";
import { optionValues } from "./command_line.ts";
import { KernelError } from "./error.ts";
import { bindOrigin, readGrants } from "./grants.ts";
import { PROVIDER_ORIGINS, type ProviderOrigin } from "./origins.ts";
import { sanitise } from "./prompt.ts";
import type { Run } from "./run.ts";
import {
  callVault,
  isReady,
  lockedError,
  openQuietly,
  openSecret,
  openVault,
  readSecret,
  vaultStatus,
} from "./vault_access.ts";

const CALLER = "app";

/** A provider that the app asks for, at an address. */
export interface ProviderWish {
  readonly id: string;
  readonly provider: ProviderOrigin;
  readonly origin: string;
  /** The secret's name in the vault. */
  readonly secret: string;
}

/** What the app is given. */
export interface OpenedProvider {
  readonly sentinel: string | null;
  readonly source: "environment" | "vault" | "none";
}

/** The providers of one run's app room. */
export class Providers {
  readonly #run: Run;
  readonly #sentinels = new Map<string, string>();
  /** The origins that are open, and whether each may lie at a private address. */
  readonly #private = new Map<string, boolean>();
  #egress: Channel | undefined;

  constructor(run: Run) {
    this.#run = run;
  }

  /** Connects the app's port to egress. A new room's port takes the place of the old one's. */
  attach(port: MessagePort): void {
    this.#egress = this.#run.egress();
    this.#sentinels.clear();
    this.#private.clear();
    void this.#egress.call("open", { caller: CALLER, port }, { transfer: [port] });
  }

  /** Checks what the app asks for. @throws {KernelError} `bad_call`, `usage` */
  wish(id: string, baseUrl: string | undefined): ProviderWish {
    const provider = PROVIDER_ORIGINS[id];
    if (!provider || !Object.hasOwn(PROVIDER_ORIGINS, id)) {
      throw new KernelError(
        "usage",
        `there is no provider ${sanitise(id, 40)}`,
        "pyra setup lists them",
      );
    }
    const origin = baseUrl === undefined ? provider.origin : originOf(baseUrl);
    if (origin === undefined) {
      throw new KernelError(
        "not_set_up",
        `${id} has no address yet`,
        "run pyra setup with --base-url",
      );
    }
    return { id, provider, origin, secret: `provider:${id}` };
  }

  /** Opens the way as far as that goes without a question; undefined if the person must be asked. */
  async open(wish: ProviderWish): Promise<OpenedProvider | undefined> {
    if (!await this.#isBound(wish)) {
      if (this.#run.terminal.reachable()) return undefined;
      throw new KernelError(
        "origin_refused",
        `nobody allowed ${wish.origin} for ${wish.id}`,
        `run pyra setup --provider ${wish.id} --base-url …`,
      );
    }
    const source = this.#source(wish);
    if (source === "vault") {
      const isOpen = await openQuietly(this.#run, await vaultStatus(this.#run)) &&
        await isReady(this.#run, wish.secret, wish.origin);
      if (!isOpen && this.#run.terminal.reachable()) return undefined;
      if (!isOpen) throw lockedError();
    }
    return await this.#connect(wish, source);
  }

  /** Opens the way, asking about the address and for the passphrase. */
  async openAsking(wish: ProviderWish): Promise<null> {
    await this.bind(wish);
    if (this.#source(wish) === "vault") {
      await openVault(this.#run);
      if (!await isReady(this.#run, wish.secret, wish.origin)) {
        await openSecret(this.#run, wish.secret);
      }
    }
    return null;
  }

  #source({ id, secret, provider }: ProviderWish): "environment" | "vault" | "none" {
    if (this.#run.environment.keys.has(id)) return "environment";
    if (this.#run.hasSecret(secret)) return "vault";
    if (!provider.requiresKey) return "none";
    const [variable] = provider.variables;
    throw new KernelError(
      "no_key",
      `there is no key for ${id}`,
      `run pyra setup --provider ${id}${variable ? `, or set ${variable}` : ""}`,
    );
  }

  async #connect(wish: ProviderWish, source: OpenedProvider["source"]): Promise<OpenedProvider> {
    const egress = this.#egress;
    if (!egress) throw new KernelError("bad_call", "ask for the egress port first");
    // What was opened before stays open: a chat may go back to an earlier provider.
    this.#private.set(wish.origin, isLocal(wish.origin) || await this.#isChosen(wish));
    const origins = [...this.#private].map(([origin, isPrivate]) => ({
      origin,
      private: isPrivate,
    }));
    await egress.call("allow", { caller: CALLER, origins });
    if (source === "none") return { sentinel: null, source };
    if (source === "environment" && wish.origin !== wish.provider.origin) {
      await callVault(this.#run, "bindEnvironmentOrigin", {
        name: wish.secret,
        origin: wish.origin,
      });
    } else this.#run.vault();
    let sentinel = this.#sentinels.get(wish.id);
    if (sentinel === undefined) {
      sentinel = `pyra-${crypto.getRandomValues(new Uint8Array(24)).toHex()}`;
      await egress.call("issue", { caller: CALLER, sentinel, secret: wish.secret });
      this.#sentinels.set(wish.id, sentinel);
    }
    return { sentinel, source };
  }

  async #isBound(wish: ProviderWish): Promise<boolean> {
    return wish.origin === wish.provider.origin || await this.#isChosen(wish);
  }

  /** Whether the person chose this address: on the command line, in the environment, or when asked. */
  async #isChosen({ id, origin }: ProviderWish): Promise<boolean> {
    const typed = [
      ...(this.#run.line.words[0] === "setup"
        ? optionValues(this.#run.line.rest, "--base-url")
        : []),
      this.#run.environment.shown["PYRA_AI_BASE_URL"],
    ];
    if (typed.some((address) => address !== undefined && safeOrigin(address) === origin)) {
      return true;
    }
    return (await readGrants(this.#run.profile)).origins[id]?.includes(origin) ?? false;
  }

  /** Binds the address to the provider, asking unless the person typed it. @throws `denied` */
  async bind(wish: ProviderWish): Promise<void> {
    const { id, origin } = wish;
    if (origin === wish.provider.origin) return;
    if (!await this.#isChosen(wish)) {
      const question = `May Pyra send your conversations with ${id}, and its key, to ${origin}?`;
      if (!await this.#run.terminal.confirm(question)) {
        throw new KernelError("denied", `${origin} was not agreed to`, "nothing was sent there");
      }
    }
    await bindOrigin(this.#run.profile, id, origin);
    this.#run.security("origin.bind", { provider: id, origin });
  }

  /** Reads a provider's key, from standard input or from the person. */
  readKey(wish: ProviderWish, options: { readonly fromStdin: boolean }): Promise<string> {
    return readSecret(this.#run, `Key for ${wish.id}, sent to ${wish.origin} only: `, options);
  }

  /** The secret under which a provider's key is kept. */
  secret(wish: ProviderWish): { name: string; origins: string[]; placement: string } {
    return { name: wish.secret, origins: [wish.origin], placement: wish.provider.placement };
  }
}

function originOf(address: string): string {
  const origin = safeOrigin(address);
  if (origin !== undefined) return origin;
  throw new KernelError(
    "usage",
    `${sanitise(address, 100)} is no address that Pyra can use`,
    "it begins with https://, or with http:// for this machine and the local network",
  );
}

function safeOrigin(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { origin, protocol, username, password } = new URL(address);
  const plain = username === "" && password === "";
  return plain && (protocol === "https:" || protocol === "http:") ? origin : undefined;
}

/** Whether an origin of the table is this machine. */
function isLocal(origin: string): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(new URL(origin).hostname);
}
