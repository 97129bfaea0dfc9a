/**
 * The one place that makes Workers.
 * @module
 */
import { Channel, type Handler } from "../rpc/channel.ts";
import { portTransport } from "../rpc/transport.ts";
import type { OwnRoom } from "./roles.ts";

/** What a room is started with. */
export interface RoomStart {
  readonly name: OwnRoom | "plugin" | "plugin_reader";
  /** The folder of the rooms' entry files, with a slash at its end. */
  readonly entries: URL;
  readonly permissions: Deno.PermissionOptionsObject;
  /** The first message's `boot`. */
  readonly boot: unknown;
  /** More ports for the room, by name, beside `kernel`. */
  readonly ports?: Readonly<Record<string, MessagePort>>;
  /** What the room may call. */
  readonly handlers: Readonly<Record<string, Handler>>;
  /** Called once if the room dies by itself, with what it said last. */
  readonly died: (cause: string) => void;
  /** One that was made with these rights and has loaded its modules. */
  readonly worker?: Worker | undefined;
}

/** Makes a room's thread, which waits for its first message. */
export function makeWorker(
  { name, entries, permissions }: Pick<RoomStart, "name" | "entries" | "permissions">,
): Worker {
  // Compiled, the entries are bundles beside the main one; from source they are TypeScript.
  const file = `${name}${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`;
  return new Worker(new URL(file, entries), { type: "module", name, deno: { permissions } });
}

/** A running room. */
export class Room {
  readonly name: RoomStart["name"];
  readonly channel: Channel;
  readonly #worker: Worker;
  #stopped = false;

  constructor(start: RoomStart) {
    this.name = start.name;
    this.#worker = start.worker ?? makeWorker(start);
    const { port1, port2 } = new MessageChannel();
    this.channel = new Channel(portTransport(port1), start.handlers);
    const died = (cause: string) => {
      if (this.#stopped) return;
      this.stop(`the ${start.name} room ended: ${cause}`);
      start.died(cause);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      died(event.message);
    };
    this.#worker.onmessageerror = () => died("it sent what cannot be read");
    // A peer that breaks the protocol is cut off by its channel; the room goes with it.
    void this.channel.closed.then((error) => died(error.message));
    const ports = { ...start.ports, kernel: port2 };
    this.#worker.postMessage({ boot: start.boot, ...ports }, Object.values(ports));
  }

  /** Ends the room at once; nothing of it runs afterwards. */
  stop(reason = `the ${this.name} room was stopped`): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#worker.terminate();
    this.channel.close(reason);
  }
}
