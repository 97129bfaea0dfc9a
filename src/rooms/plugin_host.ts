/**
 * The main thread of the process that holds the plugins' rooms. It runs no plugin's code: it starts a
 * worker for each with exactly the rights that the kernel names, relays calls within limits, and tells the
 * kernel how the rooms are, which may kill the process at any time.
 * @module
 */
import { Room } from "../kernel/room.ts";
import type {
  PluginCallParams,
  PluginHostReport,
  PluginStart,
} from "../protocol/plugin_host_calls.ts";
import { Channel } from "../rpc/channel.ts";
import { ndjsonTransport } from "../rpc/ndjson.ts";
import { HeldRoom, type StartRoom } from "./plugin_host/held_room.ts";
import { HostFault } from "./plugin_host/host_fault.ts";
import { roomAsks } from "./plugin_host/room_asks.ts";

const REPORT_MS = 250;

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
  const transport = ndjsonTransport(
    { input: Deno.stdin.readable, output: Deno.stdout.writable },
    () => Deno.exit(0),
  );
  const startRoom: StartRoom = ({ permissions, ...boot }, handlers, died) =>
    new Room({
      name: "plugin",
      entries,
      permissions: {
        read: [...permissions.read],
        write: [...permissions.write],
        net: permissions.net.length > 0 ? [...permissions.net] : false,
        env: false,
        run: false,
        ffi: false,
        sys: false,
        import: false,
      },
      boot,
      handlers,
      died,
    });
  const channel: Channel = new Channel(transport, {
    // The kernel is trusted to send the shapes of `PluginHostCalls`.
    async start(params, { signal }) {
      const start = params as PluginStart;
      await rooms.get(start.name)?.stop();
      const handlers = roomAsks(start.name, start.limits, () => channel);
      const room: HeldRoom = new HeldRoom(start, startRoom, handlers, (perhapsGoesOn) => {
        if (rooms.get(start.name) === room) rooms.delete(start.name);
        if (perhapsGoesOn) stuck.add(start.name);
      });
      rooms.set(start.name, room);
      await room.load(signal);
      return null;
    },
    call(params, { signal }) {
      const call = params as PluginCallParams;
      const room = rooms.get(call.name);
      if (!room) throw new HostFault("plugin_ended", `the room of ${call.name} has ended`);
      return room.call(call, signal);
    },
    async stop(params) {
      await rooms.get((params as { name: string }).name)?.stop();
      return null;
    },
  });
  setInterval(() => {
    for (const room of rooms.values()) room.look();
    const report: PluginHostReport = {
      rss: Deno.memoryUsage().rss,
      rooms: [...rooms.values()].map(({ name, beat }) => ({ name, beat })),
      stuck: [...stuck],
    };
    channel.notify("report", report);
  }, REPORT_MS);
}

/** Compiled, the program has all rights of Pyra; of these the process keeps what rooms may be given. */
function dropRights(net: boolean): void {
  for (const name of ["run", "env", "sys", "ffi", "import"] as const) {
    Deno.permissions.revokeSync({ name });
  }
  if (!net) Deno.permissions.revokeSync({ name: "net" });
}
