/**
 * The main thread of the process that holds the plugins' rooms. It runs no plugin's code: it starts a
 * worker for each with exactly the rights that the kernel names, relays calls within limits, and tells the
 * kernel how the rooms are, which may kill the process at any time.
 * @module
 */
import process from "node:process";
import { addressesOf, isPublic } from "../egress/address.ts";
import { isLocalOrigin } from "../kernel/plugins/wishes.ts";
import { Room } from "../kernel/room.ts";
import type {
  PluginCallParams,
  PluginHostReport,
  PluginStart,
} from "../protocol/plugin_host_calls.ts";
import { Channel, type Handler } from "../rpc/channel.ts";
import { ndjsonTransport } from "../rpc/ndjson.ts";
import { HeldRoom, type StartRoom } from "./plugin_host/held_room.ts";
import { HostFault } from "./plugin_host/host_fault.ts";
import { Pulse, type Used } from "./plugin_host/pulse.ts";
import type { ReadParams } from "./plugin_reader/read_modules.ts";
import { Reader } from "./plugin_host/reader.ts";
import { roomAsks } from "./plugin_host/room_asks.ts";

const NOTHING: Deno.PermissionOptionsObject = {
  read: false,
  write: false,
  net: false,
  env: false,
  run: false,
  ffi: false,
  sys: false,
  import: false,
};

/** What the process is started with. */
export interface HostOptions {
  /** The folder of the rooms' entries. */
  readonly entries: URL;
  /** Whether some plugin may connect by raw TCP. */
  readonly net: boolean;
}

/** Serves the kernel until its input ends, then ends the process. */
export function runPluginHost({ entries, net }: HostOptions): void {
  dropRights(net);
  const rooms = new Map<string, HeldRoom>();
  const stuck = new Set<string>();
  const isStuck = (name: string) => {
    stuck.add(name);
    // Behind the calls that failed with it, before any that comes next.
    setTimeout(() => report(pulse.nextMs));
  };
  const transport = ndjsonTransport(
    { input: Deno.stdin.readable, output: Deno.stdout.writable },
    () => Deno.exit(0),
  );
  const reader = new Reader(
    (died) =>
      new Room({
        name: "plugin_reader",
        entries,
        permissions: NOTHING,
        boot: null,
        handlers: {},
        died,
      }),
    () => isStuck("reader"),
  );
  const startRoom = (start: PluginStart): StartRoom => {
    const { permissions: { read, write, net }, files: _, ...boot } = start;
    // Who may use raw TCP does so through this process; the room itself has no network.
    const permissions = { ...NOTHING, read: [...read], write: [...write] };
    return (handlers, died) =>
      new Room({
        name: "plugin",
        entries,
        permissions,
        boot: { ...boot, tcp: net.length > 0, folders: { read, write } },
        handlers,
        died,
      });
  };
  const channel: Channel = new Channel(transport, {
    // The kernel is trusted to send the shapes of `PluginHostCalls`.
    async start(params, { signal }) {
      const start = params as PluginStart;
      pulse.wake();
      await rooms.get(start.name)?.stop();
      const { net: places } = start.permissions;
      const handlers = {
        ...roomAsks(start.name, start.limits, () => channel),
        ...(places.length > 0 ? await tcpHandlers(places) : {}),
      };
      // The worker starts while its texts are read.
      const room: HeldRoom = new HeldRoom(start, startRoom(start), handlers, (perhapsGoesOn) => {
        if (rooms.get(start.name) === room) rooms.delete(start.name);
        if (perhapsGoesOn) isStuck(start.name);
      });
      rooms.set(start.name, room);
      await room.load(reader.read(readParams(start), start.limits.loadMs), signal);
      return null;
    },
    call(params, { signal }) {
      const call = params as PluginCallParams;
      const room = rooms.get(call.name);
      if (!room) throw new HostFault("plugin_ended", `the room of ${call.name} has ended`);
      pulse.wake();
      return room.call(call, signal);
    },
    async stop(params) {
      pulse.wake();
      await rooms.get((params as { name: string }).name)?.stop();
      // Before the answer: what the kernel asks next shall not go to a process that is to end.
      if (stuck.size > 0) report(pulse.nextMs);
      return null;
    },
  });
  const report = (nextMs: number) => {
    const now: PluginHostReport = {
      rss: Deno.memoryUsage().rss,
      nextMs,
      rooms: [...rooms.values()].map(({ name, beat }) => ({ name, beat })),
      stuck: [...stuck],
    };
    channel.notify("report", now);
  };
  const pulse = new Pulse({
    beat(nextMs) {
      for (const room of rooms.values()) room.look();
      report(nextMs);
    },
    isCalled: () => [...rooms.values()].some(({ isCalled }) => isCalled),
    used,
    now: () => performance.now(),
    after(ms, act) {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
  });
}

function used(): Used {
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1_000, rss: Deno.memoryUsage().rss };
}

function readParams({ files, main, permissions }: PluginStart): ReadParams {
  return { files, main, tcp: permissions.net.length > 0 };
}

/** Loaded for those who connect: the runtime's sockets take a while. */
async function tcpHandlers(places: readonly string[]): Promise<Readonly<Record<string, Handler>>> {
  const { tcpRelay } = await import("./plugin_host/tcp_relay.ts");
  const isLocal = (host: string) =>
    isLocalOrigin(`http://${host.includes(":") ? `[${host}]` : host}`);
  return tcpRelay(places, { of: addressesOf, isPublic, isLocal });
}

/** Compiled, the program has all rights of Pyra; of these the process keeps what rooms may be given. */
function dropRights(net: boolean): void {
  for (const name of ["run", "env", "sys", "ffi", "import"] as const) {
    Deno.permissions.revokeSync({ name });
  }
  if (!net) Deno.permissions.revokeSync({ name: "net" });
}
