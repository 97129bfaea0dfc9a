import assert from "node:assert/strict";
import { channelFetch } from "../../../src/rooms/fetch.ts";
import { Channel } from "../../../src/rpc/channel.ts";
import { portTransport } from "../../../src/rpc/transport.ts";
import { failure, serve } from "./rig.ts";

const NOTHING = {
  read: false,
  write: false,
  env: false,
  run: false,
  ffi: false,
  sys: false,
  import: false,
} as const;

Deno.test("the room with net rights alone serves requests, names and secrets", async () => {
  await using server = serve((request) => new Response(request.headers.get("x-key")?.length + ""));
  const origin = `http://localhost:${server.port}`;
  const room = new Worker(new URL("../../../src/rooms/egress.ts", import.meta.url), {
    type: "module",
    deno: { permissions: { ...NOTHING, net: true } },
  });
  const [kernelPorts, vaultPorts, appPorts] = [
    new MessageChannel(),
    new MessageChannel(),
    new MessageChannel(),
  ];
  const events: unknown[] = [];
  const kernel = new Channel(portTransport(kernelPorts.port1), {
    report: (params) => void events.push((params as { event: string }).event),
  });
  const vault = new Channel(portTransport(vaultPorts.port1), {
    release: () => ({ value: "sk-12345678", placement: "x-key: {}" }),
  });
  const app = new Channel(portTransport(appPorts.port1));
  const ports = { kernel: kernelPorts.port2, vault: vaultPorts.port2 };
  const boot = { proxy: {}, caCertificates: [] };
  room.postMessage({ boot, ...ports }, Object.values(ports));
  const port = appPorts.port2;
  await kernel.call("open", { caller: "app", port }, { transfer: [port] });
  const nowhere = "http://no.such.name.invalid";
  const origins = [origin, nowhere].map((name) => ({ origin: name, private: true }));
  await kernel.call("allow", { caller: "app", origins });
  const sentinel = "pyra-0123456789abcdef";
  await kernel.call("issue", { caller: "app", sentinel, secret: "provider:x" });
  const fetchIt = channelFetch(app);
  const response = await fetchIt(origin, { headers: { "x-key": sentinel } });
  assert.equal(await response.text(), "11");
  assert.deepEqual(events, ["secret_used"]);
  // A look-up by the system works in the sealed room, whatever it finds.
  assert.deepEqual((await failure(fetchIt(nowhere))).data, { reason: "dns" });
  room.terminate();
  for (const channel of [kernel, vault, app]) channel.close();
});
