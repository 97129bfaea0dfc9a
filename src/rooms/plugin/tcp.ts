/**
 * `net` and `tls` for plugins that were granted raw TCP. The room has no network: its host connects, to the
 * granted places only, and bytes go through the channel. The runtime's own modules would let a plugin make
 * a socket of any open descriptor, such as the one by which the host speaks to the kernel.
 * @module
 */
import { Duplex } from "node:stream";
import type { Channel } from "../../rpc/channel.ts";
import type { Exports } from "./modules.ts";
import { type Secure, TcpLink } from "./tcp_link.ts";

type Options = Readonly<Record<string, unknown>>;
type Done = ((error?: Error | null) => void) | undefined;

/** What `node:net` and `node:tls` export to a plugin. */
export function tcpModules(channel: Channel): Readonly<Record<"net" | "tls", Exports>> {
  /** A connection, in the shape of Node's `net.Socket`. */
  class Socket extends Duplex {
    connecting = false;
    pending = true;
    encrypted = false;
    authorized = false;
    alpnProtocol: string | false = false;
    remoteAddress: string | undefined;
    remotePort: number | undefined;
    timeout = 0;
    link: TcpLink | undefined;
    #timer: ReturnType<typeof setTimeout> | undefined;

    constructor(options: Options = {}) {
      super({ allowHalfOpen: options["allowHalfOpen"] === true });
    }

    connect(...given: unknown[]): this {
      const [options, done] = readOptions(given);
      if (done) this.once("connect", done);
      return this.open(options, undefined);
    }

    open(options: Options, secure: Secure | undefined): this {
      const { host = "localhost", port } = options;
      this.connecting = true;
      this.link = new TcpLink(channel, this, { host: String(host), port: Number(port) }, secure);
      return this;
    }

    /** The host has connected, or secured, it. */
    opened(head: Options): void {
      this.connecting = this.pending = false;
      this.remoteAddress = String(head["address"]);
      this.remotePort = Number(head["port"]);
      this.encrypted = this.authorized = head["secure"] === true;
      this.alpnProtocol = typeof head["alpn"] === "string" ? head["alpn"] : false;
      this.emit("connect");
      this.emit("ready");
      if (this.encrypted) this.emit("secureConnect");
    }

    /** Something came or went. */
    touched(): void {
      clearTimeout(this.#timer);
      if (this.timeout > 0) this.#timer = setTimeout(() => this.emit("timeout"), this.timeout);
    }

    override _read(): void {
      this.link?.wanted();
    }

    override _write(chunk: Uint8Array, _: string, done: (error?: Error | null) => void): void {
      this.touched();
      if (this.link) this.link.send(chunk, done);
      else done(new TypeError("the socket is not connected"));
    }

    override _final(done: (error?: Error | null) => void): void {
      this.link?.endSending();
      done();
    }

    override _destroy(error: Error | null, done: (error: Error | null) => void): void {
      clearTimeout(this.#timer);
      this.link?.close();
      done(error);
    }

    setTimeout(limitMs: number, done?: () => void): this {
      this.timeout = limitMs;
      if (done) this.once("timeout", done);
      this.touched();
      return this;
    }

    address(): object {
      return {};
    }

    getPeerCertificate(): object {
      return {};
    }

    getProtocol(): string | null {
      return this.encrypted ? "TLSv1.3" : null;
    }

    setNoDelay(): this {
      return this;
    }

    setKeepAlive(): this {
      return this;
    }

    ref(): this {
      return this;
    }

    unref(): this {
      return this;
    }
  }

  const connect = (...given: unknown[]) => new Socket().connect(...given);
  const connectTls = (...given: unknown[]) => {
    const [options, done] = readOptions(given);
    const socket = new Socket();
    if (done) socket.once("secureConnect", done);
    const { socket: plain } = options;
    if (plain === undefined) return socket.open(options, secureOf(options));
    if (!(plain instanceof Socket) || !plain.link) {
      throw new TypeError("the socket is not connected");
    }
    socket.link = plain.link;
    plain.link = undefined;
    socket.connecting = true;
    socket.link.secure(socket, secureOf(options));
    return socket;
  };
  return {
    net: withDefault({
      Socket,
      Stream: Socket,
      connect,
      createConnection: connect,
      isIP: kindOfAddress,
      isIPv4: (text: unknown) => kindOfAddress(text) === 4,
      isIPv6: (text: unknown) => kindOfAddress(text) === 6,
    }),
    tls: withDefault({ TLSSocket: Socket, connect: connectTls }),
  };
}

function withDefault(exports: Options): Exports {
  return Object.freeze({ ...exports, default: Object.freeze(exports) });
}

/** Node's ways to say where to connect to: `(options)`, `(port)`, `(port, host)`, each with a callback. */
function readOptions(given: readonly unknown[]): [Options, Done] {
  const done = given.find((value) => typeof value === "function") as Done;
  const [port, host] = given;
  const more = given.find((value) => typeof value === "object" && value !== null);
  const named = typeof port === "object"
    ? {}
    : { port, ...(typeof host === "string" ? { host } : {}) };
  const options: Options = { ...named, ...(more as Options | undefined) };
  if (options["path"] === undefined && /^\d+$/.test(String(options["port"] ?? "0"))) {
    return [options, done];
  }
  throw new TypeError("a plugin connects to a host and a port, not to a local socket");
}

/** @throws {TypeError} for TLS that would trust anybody */
function secureOf({ servername, host = "localhost", ca, ALPNProtocols, ...more }: Options): Secure {
  if (more["rejectUnauthorized"] === false) {
    throw new TypeError("a plugin cannot trust every certificate; give the authority's as `ca`");
  }
  const texts = (value: unknown) =>
    (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);
  return {
    name: String(servername ?? host),
    authorities: texts(ca),
    protocols: texts(ALPNProtocols),
  };
}

function kindOfAddress(text: unknown): 0 | 4 | 6 {
  if (typeof text !== "string") return 0;
  if (/^((^|\.)(25[0-5]|2[0-4]\d|1?\d?\d)){4}$/.test(text)) return 4;
  return text.includes(":") && URL.canParse(`http://[${text}]`) ? 6 : 0;
}
