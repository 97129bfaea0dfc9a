/**
 * A profile with a daemon's door, and whoever comes to it with bare bytes.
 * @module
 */
import { connectDaemon, type ConnectOptions } from "../../src/kernel/daemon/socket/client.ts";
import { type Door, type DoorOptions, openDoor } from "../../src/kernel/daemon/socket/door.ts";
import { connectTo, type Endpoint } from "../../src/kernel/daemon/socket/endpoint.ts";
import { macOf } from "../../src/kernel/daemon/socket/handshake.ts";
import { daemonFiles, Instance, recordedInstance } from "../../src/kernel/daemon/instance.ts";
import { openProfile, type Profile, profilePaths } from "../../src/kernel/profile.ts";
import type { Handler } from "../../src/rpc/channel.ts";

/** A new profile in a folder of its own. */
export function newProfile(folder: string = Deno.makeTempDirSync()): Profile {
  const profile = profilePaths(`${folder}/home`);
  openProfile(profile, () => {});
  return profile;
}

/** What clients of the door may call, unless a test says otherwise. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  echo: (params) => params,
  async *count(params, { signal }) {
    for (let at = 0; at < Number(params) && !signal.aborted; at++) yield at;
  },
  large: (params) => "x".repeat(Number(params)),
};

/** A daemon that is nothing but its door. */
export class DoorRig implements AsyncDisposable {
  readonly profile: Profile;
  readonly instance: Instance;
  readonly door: Door;
  readonly endpoint: Endpoint;
  readonly logged: Readonly<Record<string, string>>[] = [];
  readonly notified: [string, unknown][] = [];

  static async open(
    options: Partial<DoorOptions> & { readonly profile?: Profile } = {},
  ): Promise<DoorRig> {
    const profile = options.profile ?? newProfile();
    return new DoorRig(profile, await Instance.take(profile, daemonFiles(profile.config)), options);
  }

  private constructor(profile: Profile, instance: Instance, options: Partial<DoorOptions>) {
    this.profile = profile;
    this.instance = instance;
    const listener = instance.listen();
    const record = recordedInstance(profile);
    if (!record) throw new TypeError("it does not say where it listens");
    this.endpoint = record.endpoint;
    this.door = openDoor(listener, {
      token: instance.token,
      instance: instance.id,
      version: "1.2.3",
      serve: () => ({
        handlers: HANDLERS,
        notified: (name, value) => this.notified.push([name, value]),
      }),
      log: (fields) => this.logged.push(fields),
      ...options,
    });
  }

  /** A client that is let in. */
  async client(
    options: ConnectOptions = { limitMs: 20_000 },
  ): Promise<NonNullable<Awaited<ReturnType<typeof connectDaemon>>>> {
    const connection = await connectDaemon(this.profile, options);
    if (!connection) throw new TypeError("it was not let in");
    return connection;
  }

  /** Somebody with bare bytes. */
  async stranger(): Promise<Stranger> {
    return new Stranger(await connectTo(this.endpoint));
  }

  /** Somebody with bare bytes who proved themselves. */
  async proven(): Promise<Stranger> {
    const stranger = await this.stranger();
    await stranger.prove(this.instance.token);
    return stranger;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.door.close();
    this.instance.release();
  }
}

/** A line that came. */
export type Line = Readonly<Record<string, unknown>> & {
  readonly error?: {
    readonly code: number;
    readonly message: string;
    readonly data: { code: string };
  };
};

/** A connection, byte by byte. */
export class Stranger implements Disposable {
  readonly #conn: Deno.Conn;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";

  constructor(conn: Deno.Conn) {
    this.#conn = conn;
    this.#reader = conn.readable.pipeThrough(new TextDecoderStream()).getReader();
  }

  async bytes(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) done += await this.#conn.write(bytes.subarray(done));
  }

  /** Sends each as a line: a text as it is, all else as JSON. */
  async send(...lines: readonly unknown[]): Promise<void> {
    const text = lines.map((line) => typeof line === "string" ? line : JSON.stringify(line));
    await this.bytes(new TextEncoder().encode(text.map((line) => `${line}\n`).join("")));
  }

  /** The next line; `undefined` when there is none any more. */
  async next(): Promise<Line | undefined> {
    while (!this.#text.includes("\n")) {
      // Who was cut off while writing hears of it when reading.
      const { value } = await this.#reader.read().catch(() => ({ value: undefined }));
      if (value === undefined) return undefined;
      this.#text += value;
    }
    const end = this.#text.indexOf("\n");
    const line: Line = JSON.parse(this.#text.slice(0, end));
    this.#text = this.#text.slice(end + 1);
    return line;
  }

  /** All lines to the end of the connection. */
  async rest(): Promise<Line[]> {
    const lines: Line[] = [];
    for (let line; (line = await this.next());) lines.push(line);
    return lines;
  }

  async call(id: number, method: string, params: unknown): Promise<Line | undefined> {
    await this.send({ jsonrpc: "2.0", id, method, params });
    return await this.next();
  }

  /** The handshake by hand. @returns the last answer */
  async prove(token: Uint8Array<ArrayBuffer>): Promise<Line | undefined> {
    const nonce = "0f".repeat(16);
    const hello = await this.call(1, "hello", { protocol: 1, version: "0.0.1", nonce });
    const { instance, nonce: theirs } = Object(hello?.["result"]);
    const proof = await macOf(token, `pyra 1 client ${instance} ${nonce} ${theirs}`);
    return await this.call(2, "prove", { proof });
  }

  [Symbol.dispose](): void {
    this.#reader.cancel().catch(() => undefined);
    try {
      this.#conn.close();
    } catch (cause) {
      // The stream closes it when it has ended.
      if (!(cause instanceof Deno.errors.BadResource)) throw cause;
    }
  }
}
