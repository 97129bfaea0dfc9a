/**
 * Egress: who may send what where, and with which secret.
 * @module
 */
import { Channel, type Handler, type HandlerContext } from "../rpc/channel.ts";
import { RpcError } from "../rpc/error.ts";
import { portTransport } from "../rpc/transport.ts";
import { isLoopback } from "./address.ts";
import { formsOf, unbinary } from "./blot.ts";
import type { EgressBoot, EgressCalls, EgressReport, FetchHead, VaultRelease } from "./calls.ts";
import type { Reach } from "./dialer.ts";
import { EgressError } from "./error.ts";
import { Exchanges } from "./exchange.ts";
import { type Draft, formText, occursIn, place } from "./placement.ts";
import { readBody, readRequest } from "./request.ts";

/** How many requests of one caller may be open; more are refused with `overload`. */
export const OPEN_REQUESTS_LIMIT = 64;
/** What neither an address nor a form changes, and what nobody writes by chance. */
const SENTINEL = /^[\w-]{16,256}$/;

/** Refusals that `security.log` tells of. */
const REPORTED = [
  "origin_refused",
  "address_refused",
  "origin_unbound",
  "sentinel_misplaced",
  "insecure_credential",
] as const;

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
  /** Origin → what addresses it may have. */
  origins: ReadonlyMap<string, Reach>;
  open: number;
}

/** The only code that reaches the network by HTTP and adds a credential. */
export class Egress {
  /** The kernel's calls. */
  readonly handlers: Readonly<Record<keyof EgressCalls, Handler>>;
  readonly #options: EgressOptions;
  readonly #exchanges: Exchanges;
  readonly #callers = new Map<string, { caller: Caller; channel: Channel }>();
  readonly #sentinels = new Map<string, { caller: Caller; secret: string }>();
  /** Origin → the values that were sent there → their forms, which its answers must not hold. */
  readonly #sent = new Map<string, Map<string, Uint8Array[]>>();

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
          origins.map((allowed) => [
            allowed.origin === "*" ? "*" : new URL(allowed.origin).origin,
            allowed.private ? "private" : "public",
          ]),
        );
      },
      issue: ({ caller, sentinel, secret }) => {
        if (!SENTINEL.test(sentinel)) throw new EgressError("bad_request", "that is no sentinel");
        this.#sentinels.set(sentinel, { caller: this.#caller(caller), secret });
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
    const caller: Caller = { name, origins: new Map(), open: 0 };
    const channel = new Channel(portTransport(port), {
      fetch: (params, context) => this.#fetch(caller, params, context),
    });
    this.#callers.set(name, { caller, channel });
  }

  #close(name: string): void {
    const { caller, channel } = this.#callers.get(name) ?? {};
    this.#callers.delete(name);
    for (const [sentinel, issued] of this.#sentinels) {
      if (issued.caller === caller) this.#sentinels.delete(sentinel);
    }
    channel?.close();
  }

  #caller(name: string): Caller {
    const { caller } = this.#callers.get(name) ?? {};
    if (!caller) throw new EgressError("bad_request", `no port is open for ${name}`);
    return caller;
  }

  async *#fetch(
    caller: Caller,
    params: unknown,
    { signal, input }: HandlerContext,
  ): AsyncGenerator<FetchHead | Uint8Array, void, undefined> {
    if (caller.open >= OPEN_REQUESTS_LIMIT) {
      throw new EgressError("overload", "too many requests are open: wait until some have ended");
    }
    caller.open++;
    let tell: Omit<EgressReport, "event" | "detail"> = { caller: caller.name };
    try {
      const request = readRequest(params);
      const body = await readBody(request, input);
      let draft: Draft = { ...request, form: formText(request.headers, body) };
      const { origin } = draft.url;
      const found = [...this.#sentinels].filter(([sentinel]) => occursIn(draft, sentinel));
      const secret = found.map(([, issued]) => issued.secret).join(", ");
      tell = { ...tell, origin, ...(secret ? { secret } : {}) };
      const reach = caller.origins.get(origin) ?? caller.origins.get("*");
      if (!reach) {
        throw new EgressError("origin_refused", `${caller.name} may not reach ${origin}`);
      }
      for (const [sentinel, issued] of found) {
        draft = await this.#placed(caller, draft, { sentinel, ...issued }, signal);
        const used = { ...tell, secret: issued.secret };
        await this.#options.report({ ...used, event: "secret_used", detail: "put into a request" });
      }
      const sent = [...this.#sent.get(origin)?.values() ?? []].flat();
      yield* this.#exchanges.run({
        method: request.method,
        url: draft.url,
        // A part of an echo cannot be recognised, so parts are not asked for.
        headers: draft.headers.filter(([name]) => sent.length === 0 || name !== "range"),
        body: draft.form === undefined ? body : unbinary(draft.form),
        reach,
        forms: sent,
      }, signal);
    } catch (thrown) {
      if (thrown instanceof EgressError) {
        const event = REPORTED.find((code) => code === thrown.code);
        if (event) await this.#options.report({ ...tell, event, detail: thrown.message });
      }
      throw thrown;
    } finally {
      caller.open--;
    }
  }

  /** The request with a secret in place of its sentinel. @throws {EgressError} */
  async #placed(
    caller: Caller,
    draft: Draft,
    { sentinel, secret, caller: owner }: { sentinel: string; secret: string; caller: Caller },
    signal: AbortSignal,
  ): Promise<Draft> {
    const { origin, protocol, hostname } = draft.url;
    if (owner !== caller) {
      throw new EgressError("sentinel_misplaced", "that sentinel was given to somebody else");
    }
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
      throw new EgressError(
        "secret_unavailable",
        `${secret} holds a line break: set it again`,
        "shape",
      );
    }
    const placed = place(draft, sentinel, placement, value);
    if (!placed) {
      throw new EgressError("sentinel_misplaced", `${secret} belongs elsewhere: ${placement}`);
    }
    const values = this.#sent.get(origin) ?? new Map<string, Uint8Array[]>();
    this.#sent.set(origin, values.set(value, values.get(value) ?? formsOf(value)));
    return placed;
  }
}
