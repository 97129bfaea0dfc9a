import type {
  AllowedOrigin,
  EgressReport,
  ProxySettings,
} from "../../../src/protocol/egress_calls.ts";
import { Egress } from "../../../src/egress/serve.ts";
import { channelFetch } from "../../../src/rooms/fetch.ts";
import { Channel, type Handler } from "../../../src/rpc/channel.ts";
import { RpcError } from "../../../src/rpc/error.ts";
import { portTransport } from "../../../src/rpc/transport.ts";

/** A secret as the rig's vault keeps it. */
export interface RigSecret {
  readonly value: string;
  readonly origins: readonly string[];
  readonly placement: string;
}

/** How a rig is made. */
export interface RigOptions {
  readonly origins?: readonly AllowedOrigin[];
  readonly secrets?: Readonly<Record<string, RigSecret>>;
  readonly proxy?: ProxySettings;
  readonly caCertificates?: readonly string[];
  readonly stallLimitMs?: number;
}

/** Egress with a vault and a log beside it, and a caller named `app` at a port of its own. */
export class Rig implements Disposable {
  readonly reports: EgressReport[] = [];
  readonly egress: Egress;
  /** The caller's end. */
  readonly channel: Channel;
  readonly fetch: typeof fetch;
  readonly kernel: Channel;
  readonly #channels: Channel[] = [];

  private constructor(options: RigOptions) {
    this.egress = new Egress({
      boot: { proxy: options.proxy ?? {}, caCertificates: options.caCertificates ?? [] },
      report: (report) => Promise.resolve(this.reports.push(report)),
      release: ({ name, origin }) => {
        const secret = options.secrets?.[name];
        const code = !secret
          ? "no_secret"
          : secret.origins.includes(origin)
          ? ""
          : "origin_unbound";
        return secret && !code
          ? Promise.resolve({ value: secret.value, placement: secret.placement })
          : Promise.reject(new RpcError("remote", "no", { remoteCode: code }));
      },
      ...(options.stallLimitMs === undefined ? {} : { stallLimitMs: options.stallLimitMs }),
    });
    this.kernel = this.#link({}, this.egress.handlers);
    const { port1, port2 } = new MessageChannel();
    this.#appPort = port2;
    this.channel = new Channel(portTransport(port1));
    this.#channels.push(this.channel);
    this.fetch = channelFetch(this.channel);
  }

  readonly #appPort: MessagePort;

  /** Makes one; the caller may reach `origins`. */
  static async start(options: RigOptions = {}): Promise<Rig> {
    const rig = new Rig(options);
    const params = { caller: "app", port: rig.#appPort };
    await rig.kernel.call("open", params, { transfer: [rig.#appPort] });
    await rig.allow(options.origins ?? []);
    return rig;
  }

  /** Replaces what the caller may reach. */
  allow(origins: readonly AllowedOrigin[]): Promise<unknown> {
    return this.kernel.call("allow", { caller: "app", origins });
  }

  /** A sentinel of the caller for a secret. */
  async issue(secret: string, caller = "app"): Promise<string> {
    const sentinel = `pyra-${crypto.randomUUID()}`;
    await this.kernel.call("issue", { caller, sentinel, secret });
    return sentinel;
  }

  /** One more caller. */
  async open(caller: string, origins: readonly AllowedOrigin[]): Promise<Channel> {
    const { port1, port2 } = new MessageChannel();
    await this.kernel.call("open", { caller, port: port2 }, { transfer: [port2] });
    await this.kernel.call("allow", { caller, origins });
    const channel = new Channel(portTransport(port1));
    this.#channels.push(channel);
    return channel;
  }

  [Symbol.dispose](): void {
    this.egress.close();
    for (const channel of this.#channels) channel.close();
  }

  #link(here: Record<string, Handler>, there: Readonly<Record<string, Handler>>): Channel {
    const { port1, port2 } = new MessageChannel();
    const channel = new Channel(portTransport(port1), here);
    this.#channels.push(channel, new Channel(portTransport(port2), there));
    return channel;
  }
}

/** A loopback HTTP server and what a caller needs to reach it. */
export interface Served extends AsyncDisposable {
  readonly origin: string;
  readonly port: number;
  /** The server's origin, private. */
  readonly allowed: AllowedOrigin;
}

/** Serves on a free port of 127.0.0.1. */
export function serve(
  handler: Deno.ServeHandler<Deno.NetAddr>,
  tls?: { cert: string; key: string },
): Served {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {}, ...tls }, handler);
  const origin = `http${tls ? "s" : ""}://127.0.0.1:${server.addr.port}`;
  return {
    origin,
    port: server.addr.port,
    allowed: { origin, private: true },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A raw TCP server: `handler` gets each connection, and how many came before it. */
export function serveRaw(
  handler: (connection: Deno.TcpConn, nth: number) => Promise<void>,
): Served {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const running = new Set<Promise<void>>();
  const accepting = (async () => {
    let nth = 0;
    for await (const connection of listener) {
      const run = handler(connection, nth++).catch(() => undefined).then(() => connection.close());
      running.add(run);
    }
  })();
  const origin = `http://127.0.0.1:${listener.addr.port}`;
  return {
    origin,
    port: listener.addr.port,
    allowed: { origin, private: true },
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      await Promise.all(running);
    },
  };
}

/** The error that a promise rejects with, as far as callers look at it. */
export async function failure(
  promise: Promise<unknown>,
): Promise<{ name: string; code: unknown; message: string; data: unknown }> {
  try {
    await promise;
  } catch (thrown) {
    const { name, code, message, data } = thrown as Error & { code?: unknown; data?: unknown };
    return { name, code, message, data };
  }
  throw new Error("it did not fail");
}
