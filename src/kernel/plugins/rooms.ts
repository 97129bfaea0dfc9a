/**
 * The plugins' rooms: started by the first call, called within limits, ended when nobody calls them.
 * @module
 */
import type { PluginFile, PluginRecord } from "../../protocol/plugin_calls.ts";
import type { PluginItem, PluginStart } from "../../protocol/plugin_host_calls.ts";
import { RpcError } from "../../rpc/error.ts";
import { KernelError } from "../error.ts";
import { readGrants } from "../grants.ts";
import { fields, textField } from "../params.ts";
import type { Run } from "../run.ts";
import { type AskServices, PluginAsks } from "./asks.ts";
import type { PluginCatalog } from "./catalog.ts";
import { refuseFull } from "./data_size.ts";
import { type PluginFolder, removeTree } from "./folder.ts";
import { CLOSED, PluginProcess } from "./process.ts";
import { AllPrograms, type ProgramsRun } from "./program_ground.ts";
import { ReleasedSecrets } from "./released.ts";
import { roomRights } from "./rights.ts";
import { clearTimers, isLookDue, type PluginRoom } from "./held_room.ts";
import { asKernelError, endedError, LIMITS, readCall, refuseUnasked } from "./room_call.ts";

/** The process ends a call at its limit; so much later the kernel ends the process, ms. */
const GRACE_MS = 5_000;
const IDLE_LIMIT_MS = 5 * 60_000;
/** How often the size of a running plugin's data is looked at, ms. */
const SIZE_LOOK_MS = 10_000;

/** Times of rooms, ms. */
export interface RoomTimes {
  /** After so long without a call a room ends. */
  readonly idle?: number | undefined;
  /** So often the size of its data is looked at. */
  readonly sizeLook?: number | undefined;
}

/** What the rooms need of a run. */
export type RoomsRun = ProgramsRun & Pick<Run, "entries">;

/** The rooms of one run. */
export class PluginRooms {
  readonly #run: RoomsRun;
  readonly #catalog: PluginCatalog;
  readonly #services: AskServices;
  readonly #idleMs: number;
  readonly #sizeLookMs: number;
  /** The data of plugins that are tried: gone with the run. */
  readonly #triedData: string;
  /** Rooms that were asked for, by name. */
  readonly #rooms = new Map<string, Promise<PluginRoom>>();
  /** Rooms that may speak, by name: who asks is looked up here. */
  readonly #live = new Map<string, PluginRoom>();
  readonly #released = new Map<string, ReleasedSecrets>();
  /** What plugins run goes on when their rooms end. */
  readonly #programs: AllPrograms;
  /** Rooms that are ending: the next of that name waits. */
  readonly #stops = new Map<string, Promise<void>>();
  /** How often all was ended: what was begun before does not go on. */
  #ends = 0;
  #process: PluginProcess | undefined;
  /** The process that was started last: it may still be ending. */
  #last: PluginProcess | undefined;

  constructor(
    run: RoomsRun,
    catalog: PluginCatalog,
    services: AskServices,
    { idle = IDLE_LIMIT_MS, sizeLook = SIZE_LOOK_MS }: RoomTimes = {},
  ) {
    this.#idleMs = idle;
    this.#sizeLookMs = sizeLook;
    this.#run = run;
    this.#triedData = `${run.profile.home}/data/.tried.${crypto.randomUUID()}`;
    this.#catalog = catalog;
    this.#services = services;
    this.#programs = new AllPrograms(run, catalog, (call, signal) => this.call(call, signal));
  }

  /** A call into a room, as `Kernel.pluginCall`. @throws {KernelError} */
  async *call(params: unknown, signal: AbortSignal): AsyncGenerator<PluginItem, void, undefined> {
    const call = readCall(params);
    const room = await this.#room(call.name);
    refuseUnasked(call, room.wishes);
    const released = this.#releasedTo(call.name);
    room.calls++;
    clearTimeout(room.idle);
    const limitMs = call.limitMs === null ? Infinity : call.limitMs + GRACE_MS;
    const open = this.#programs.of(call.name).open(call);
    try {
      const stream = room.process.channel.stream("call", call, { signal, limitMs });
      const [line, part] = [released.lines(), released.lines()];
      for await (const item of stream) {
        // The process has looked at what its room answered.
        const said = item as PluginItem;
        if ("progress" in said) yield { progress: line(said.progress) };
        else if ("output" in said) yield { output: part(said.output) };
        else yield released.blot(said) as PluginItem;
      }
    } catch (thrown) {
      if (thrown instanceof RpcError && thrown.code === "timeout") {
        room.process.end("it did not end a call at its limit");
      }
      const error = asKernelError(thrown, released);
      // What the room was is not known then; the next call starts it anew.
      const isGone = error.code === "plugin_hung" || error.code === "plugin_ended";
      if (isGone && this.#isCurrent(room)) await this.stop(room.name);
      throw error;
    } finally {
      open.end();
      room.calls--;
      if (room.calls === 0 && this.#isCurrent(room)) {
        room.idle = setTimeout(() => void this.stop(room.name), this.#idleMs);
      }
    }
  }

  /** What a plugin was given in this run: a room may say what one before it read. */
  #releasedTo(name: string): ReleasedSecrets {
    const released = this.#released.get(name) ?? new ReleasedSecrets();
    this.#released.set(name, released);
    return released;
  }

  /** Whether it is the room that the next call would find. */
  #isCurrent(room: PluginRoom): boolean {
    return this.#live.get(room.name) === room && !this.#stops.has(room.name);
  }

  /** The files of an enabled plugin. @throws {KernelError} `not_enabled`, `no_such_plugin` */
  async files(name: string): Promise<readonly PluginFile[]> {
    return (await this.#enabled(name)).folder.files;
  }

  #room(name: string): Promise<PluginRoom> {
    const known = this.#rooms.get(name);
    if (known) return known;
    const room = this.#start(name);
    this.#rooms.set(name, room);
    room.catch(() => {
      if (this.#rooms.get(name) === room) this.#rooms.delete(name);
      void this.#closeUnused();
    });
    return room;
  }

  async #enabled(name: string): Promise<{ record: PluginRecord; folder: PluginFolder }> {
    const { record, folder } = await this.#catalog.find(name);
    if (record.state === "enabled" && folder) return { record, folder };
    const why = {
      enabled: `${name} has no files`,
      disabled: `${name} is not enabled`,
      changed: `${name} has changed since you agreed to it`,
      broken: `${name} cannot be started: ${record.problem}`,
    };
    throw new KernelError("not_enabled", why[record.state], `run pyra plugin enable ${name}`);
  }

  async #start(name: string): Promise<PluginRoom> {
    const ends = this.#ends;
    await this.#stops.get(name);
    const { record: { wishes }, folder: { files, main } } = await this.#enabled(name);
    const { profile, workspace, userHome } = this.#run;
    const data = this.#catalog.isTried(name) ? this.#triedData : `${profile.home}/data/${name}`;
    await refuseFull(name, data);
    const net = wishes.tcp.length > 0 || await this.#mayNeedNet();
    if (ends !== this.#ends) throw endedError("it was not to start");
    const rights = roomRights({ data, profile, workspace, userHome }, wishes);
    const [released, programs] = [this.#releasedTo(name), this.#programs.of(name)];
    const asks = new PluginAsks(name, wishes, this.#services, released, programs);
    const start: PluginStart = {
      name,
      files,
      main,
      permissions: rights.permissions,
      boot: {
        dataFolder: rights.dataFolder,
        workspace: rights.workspace,
        secretKeys: Object.keys(wishes.secrets).filter((key) => !(key in asks.credentials)),
        credentials: asks.credentials,
        hosts: [...wishes.hosts, ...wishes.addedHosts],
        memory: wishes.memory,
      },
      limits: LIMITS,
    };
    const process = this.#processFor(net);
    const timers = { idle: undefined, size: undefined };
    const room: PluginRoom = { name, process, asks, wishes, calls: 0, looks: 0, ...timers };
    this.#live.set(name, room);
    room.size = setInterval(() => void this.#endIfFull(room, data), this.#sizeLookMs);
    try {
      await process.channel.call("start", start, { limitMs: LIMITS.loadMs + GRACE_MS });
      return room;
    } catch (thrown) {
      const error = asKernelError(thrown, released);
      if (error.code !== "plugin_failed") process.end("a room did not start");
      await this.#forget(room);
      throw error;
    }
  }

  async #endIfFull(room: PluginRoom, data: string): Promise<void> {
    if (!isLookDue(room)) return;
    // A folder that cannot be looked at is no reason to end what runs; the next start tells.
    const full = await refuseFull(room.name, data).catch((error) => error);
    if (!(full instanceof KernelError) || !this.#isCurrent(room)) return;
    this.#run.security("plugin.data_full", { plugin: room.name });
    await this.stop(room.name);
  }

  /** Whether any agreed plugin has raw TCP: a process that gets the right later ends the rooms of all. */
  async #mayNeedNet(): Promise<boolean> {
    const { plugins } = await readGrants(this.#run.profile);
    return Object.values(plugins).some(({ wishes }) => wishes.tcp.length > 0);
  }

  #processFor(net: boolean): PluginProcess {
    if (this.#process && net && !this.#process.net) this.end();
    this.#process ??= this.#last = new PluginProcess({
      entries: this.#run.entries,
      net,
      errorLog: `${this.#run.profile.logs}/plugin_errors.log`,
      errorLine: (line) =>
        [...this.#released.values()].reduce((left, each) => String(each.blot(left)), line),
      handlers: {
        ask: (params, context) => {
          const room = this.#live.get(textField(params, "name"));
          if (!room) throw new KernelError("bad_call", "no such room runs");
          const method = textField(params, "method");
          return room.asks.serve(method, fields(params)["params"], context);
        },
      },
      ended: (reason) => this.#ended(reason),
    });
    return this.#process;
  }

  #ended(reason: string): void {
    this.#process = undefined;
    const rooms = [...this.#live.values()];
    this.#rooms.clear();
    this.#live.clear();
    for (const room of rooms) {
      clearTimers(room);
      void room.asks.close();
    }
    if (reason !== CLOSED) this.#run.security("plugin.process_ended", { reason });
  }

  /** Unloads a plugin and ends its room; the process too, if it was the last. */
  stop(name: string): Promise<void> {
    const known = this.#rooms.get(name);
    if (!known) return this.#stops.get(name) ?? Promise.resolve();
    this.#rooms.delete(name);
    const stopping = this.#unload(known).finally(() => {
      if (this.#stops.get(name) === stopping) this.#stops.delete(name);
    });
    this.#stops.set(name, stopping);
    return stopping;
  }

  async #unload(known: Promise<PluginRoom>): Promise<void> {
    // One that did not start has ended by itself.
    const room = await known.catch(() => undefined);
    if (!room) return;
    const limitMs = LIMITS.unloadMs + GRACE_MS;
    await room.process.channel.call("stop", { name: room.name }, { limitMs }).catch((thrown) => {
      if (!(thrown instanceof RpcError)) throw thrown;
      // A process that is gone has no rooms; one that does not answer goes now.
      room.process.end("it did not stop a room");
    });
    await this.#forget(room);
  }

  async #forget(room: PluginRoom): Promise<void> {
    clearTimers(room);
    if (this.#live.get(room.name) === room) this.#live.delete(room.name);
    await room.asks.close();
    await this.#closeUnused();
  }

  async #closeUnused(): Promise<void> {
    if (this.#live.size === 0 && this.#rooms.size === 0) await this.#process?.close();
  }

  /** Unloads every plugin and ends the process. */
  async close(): Promise<void> {
    await Promise.all([...this.#rooms.keys()].map((name) => this.stop(name)));
    await this.#programs.close();
    await this.#last?.close();
    await removeTree(this.#triedData);
  }

  /** Ends everything at once. */
  end(): void {
    this.#ends++;
    this.#programs.end();
    this.#rooms.clear();
    this.#process?.end(CLOSED);
  }
}
