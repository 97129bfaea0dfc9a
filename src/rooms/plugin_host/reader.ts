/**
 * The reading room as the plugins' process holds it: started with the process, so that it is ready when
 * the kernel names the first plugin, ended when there was nothing to read for a while.
 * @module
 */
import type { ReadModule, ReadParams } from "../plugin_reader/read_modules.ts";
import type { RoomWorker } from "./held_room.ts";
import { HostFault, hostFault } from "./host_fault.ts";

const IDLE_LIMIT_MS = 30_000;

/** Reads plugins' texts. */
export class Reader {
  readonly #start: (died: () => void) => RoomWorker;
  readonly #stuck: () => void;
  #room: RoomWorker | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #open = 0;

  /** @param stuck called if a text could not be read in time, and perhaps still is being read */
  constructor(start: (died: () => void) => RoomWorker, stuck: () => void) {
    this.#start = start;
    this.#stuck = stuck;
    this.#ready();
  }

  /** Reads a plugin. @throws {HostFault} */
  async read(params: ReadParams, limitMs: number): Promise<readonly ReadModule[]> {
    const room = this.#ready();
    this.#open++;
    try {
      // The room runs our code alone: what it answers has the shape that it says.
      return await room.channel.call("read", params, { limitMs }) as readonly ReadModule[];
    } catch (thrown) {
      const fault = hostFault(thrown);
      if (fault.code !== "plugin_hung") throw fault;
      this.#end();
      this.#stuck();
      throw new HostFault("plugin_hung", "its files take too long to read");
    } finally {
      this.#open--;
      if (this.#open === 0) this.#idle = setTimeout(() => this.#end(), IDLE_LIMIT_MS);
    }
  }

  /** The room, started if it is not there. */
  #ready(): RoomWorker {
    clearTimeout(this.#idle);
    this.#room ??= this.#start(() => this.#room = undefined);
    return this.#room;
  }

  #end(): void {
    this.#room?.stop();
    this.#room = undefined;
  }
}
