/**
 * Egress: who may send what where, and with which secret.
 * @module
 */
import type {
  EgressBoot,
  EgressCalls,
  EgressReport,
  FetchHead,
  VaultRelease,
} from "../protocol/egress_calls.ts";
import { Channel, type Handler, type HandlerContext } from "../rpc/channel.ts";
import { RpcError } from "../rpc/error.ts";
import { portTransport } from "../rpc/transport.ts";
import { isLoopback } from "./address.ts";
import { formsOf } from "../rpc/secret_forms.ts";
import type { Reach } from "./dialer.ts";
import { EgressError } from "./error.ts";
import { Exchanges } from "./exchange.ts";
import { occursIn, place } from "./placement.ts";
import { type Draft, readRequest } from "./request.ts";

/** Refusals that `security.log` tells of. */
const REPORTED: ReadonlySet<string> = new Set([
  "origin_refused",
  "address_refused",
  "origin_unbound",
  "sentinel_misplaced",
  "insecure_credential",
]);

/** Where servers look for credentials. */
const CREDENTIAL_HEADERS = ["authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie"];

/** What egress is made with. */
export interface EgressOptions {
  readonly boot: EgressBoot;
  /** Adds a line to `security.log`. A secret is sent only after its line was added. */
  readonly report: (report: EgressReport) => Promise<unknown>;
  /** Asks the vault for a secret. @throws {RpcError} with the vault's code */
  readonly release: (
    params: Parameters<VaultRelease>[0],
    signal: AbortSignal,
  ) => Promise<ReturnType<VaultRelease>>;
  /** How long a server may send nothing, ms; ten minutes if not given. */
  readonly stallLimitMs?: number;
}

interface Caller {
  readonly name: string;
  readonly channel: Channel;
  /** Origin → what addresses it may have. */
  origins: ReadonlyMap<string, Reach>;
  /** Sentinel → the secret's name. */
  readonly sentinels: Map<string, string>;
}

/** The only code that reaches the network by HTTP and adds a credential. */
export class Egress {
  /** The kernel's calls. */
  readonly handlers: Readonly<Record<keyof EgressCalls, Handler>>;
  readonly #options: EgressOptions;
  readonly #exchanges: Exchanges;
  readonly #callers = new Map<string, Caller>();
  /** Origin → the values that were sent there, which its answers must not hold. */
  readonly #sent = new Map<string, Set<string>>();

  /** Makes one; it listens to nobody until `open`. */
  constructor(options: EgressOptions) {
    this.#options = options;
    this.#exchanges = new Exchanges(options.boot, options.stallLimitMs);
    const calls: {
      [name in keyof EgressCalls]: (params: Parameters<EgressCalls[name]>[0]) => void;
    } = {
      open: ({ caller, port }) => this.#open(caller, port),
      allow: ({ caller, origins }) => {
        this.#caller(caller).origins = new Map(
          origins.map(({ origin, private: inside }) => [origin, inside ? "private" : "public"]),
        );
      },
      issue: ({ caller, sentinel, secret }) => {
        this.#caller(caller).sentinels.set(sentinel, secret);
      },
      close: ({ caller }) => this.#close(caller),
    };
    this.handlers = calls as Record<keyof EgressCalls, Handler>;
  }

  /** Ends every caller's port and every connection. */
  close(): void {
    for (const name of [...this.#callers.keys()]) this.#close(name);
    this.#exchanges.close();
  }

  #open(name: string, port: MessagePort): void {
    this.#close(name);
    const channel = new Channel(portTransport(port), {
      fetch: (params, context) => this.#fetch(caller, params, context),
    });
    const caller: Caller = { name, channel, origins: new Map(), sentinels: new Map() };
    this.#callers.set(name, caller);
  }

  #close(name: string): void {
    this.#callers.get(name)?.channel.close();
    this.#callers.delete(name);
  }

  #caller(name: string): Caller {
    const caller = this.#callers.get(name);
    if (!caller) throw new EgressError("bad_request", `no port is open for ${name}`);
    return caller;
  }

  async *#fetch(
    caller: Caller,
    params: unknown,
    { signal, input }: HandlerContext,
  ): AsyncGenerator<FetchHead | Uint8Array, void, undefined> {
    let draft = await readRequest(params, input);
    const { origin } = draft.url;
    const found = [...this.#callers.values()].flatMap((owner) =>
      [...owner.sentinels].map(([sentinel, secret]) => ({ owner, sentinel, secret }))
    ).filter(({ sentinel }) => occursIn(draft, sentinel));
    const told = { caller: caller.name, origin };
    const named = found.length > 0 ? { secret: found.map(({ secret }) => secret).join(", ") } : {};
    try {
      const reach = caller.origins.get(origin) ?? caller.origins.get("*");
      if (!reach) {
        throw new EgressError("origin_refused", `${caller.name} may not reach ${origin}`);
      }
      // With a credential of its own a caller could carry data to its own account at this origin.
      if (caller.sentinels.size > 0) refuseOtherCredentials(draft, found);
      for (const { owner, sentinel, secret } of found) {
        if (owner !== caller) {
          throw new EgressError("sentinel_misplaced", "that sentinel was given to somebody else");
        }
        draft = await this.#placed(draft, sentinel, secret, signal);
        const used = { ...told, secret, detail: "put into a request" };
        await this.#options.report({ ...used, event: "secret_used" });
      }
      const forms = [...this.#sent.get(origin) ?? []].flatMap(formsOf);
      yield* this.#exchanges.run(draft, reach, forms, signal);
    } catch (thrown) {
      if (thrown instanceof EgressError && REPORTED.has(thrown.code)) {
        const { code: event, message: detail } = thrown;
        await this.#options.report({ ...told, ...named, event, detail });
      }
      throw thrown;
    }
  }

  /** The request with a secret in place of its sentinel. @throws {EgressError} */
  async #placed(
    draft: Draft,
    sentinel: string,
    secret: string,
    signal: AbortSignal,
  ): Promise<Draft> {
    const { origin, protocol, hostname } = draft.url;
    if (protocol !== "https:" && !isLoopback(hostname)) {
      throw new EgressError("insecure_credential", `a secret goes to ${origin} only with https`);
    }
    const released = this.#options.release({ name: secret, origin }, signal);
    const { value, placement } = await released.catch((thrown): never => {
      const code = thrown instanceof RpcError ? thrown.remoteCode ?? thrown.code : "internal";
      throw code === "origin_unbound"
        ? new EgressError(code, `${secret} is not bound to ${origin}: pyra vault set binds it`)
        : new EgressError("secret_unavailable", `the vault did not release ${secret}`, code);
    });
    // deno-lint-ignore no-control-regex
    if (/[\0-\x1f\x7f]/.test(value)) {
      const message = `${secret} holds a line break: set it again`;
      throw new EgressError("secret_unavailable", message, "shape");
    }
    const placed = place(draft, sentinel, placement, value);
    if (!placed) {
      throw new EgressError("sentinel_misplaced", `${secret} belongs elsewhere: ${placement}`);
    }
    this.#sent.set(origin, (this.#sent.get(origin) ?? new Set()).add(value));
    return placed;
  }
}

/** Refuses a header for credentials in which no sentinel stands. */
function refuseOtherCredentials(
  { headers }: Draft,
  found: readonly { readonly sentinel: string }[],
): void {
  for (const name of CREDENTIAL_HEADERS) {
    const value = headers.get(name);
    if (value !== null && !found.some(({ sentinel }) => value.includes(sentinel))) {
      throw new EgressError(
        "sentinel_misplaced",
        `${name} holds a credential that is not from the vault`,
      );
    }
  }
}
