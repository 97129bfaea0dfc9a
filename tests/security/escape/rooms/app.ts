/**
 * The app's room as attackers find it: sealed by the same first import, then theirs.
 * @module
 */
import "../../../../src/rooms/seal_app.ts";
import { firstMessage } from "../../../../src/rooms/first_message.ts";
import { Channel } from "../../../../src/rpc/channel.ts";
import { portTransport } from "../../../../src/rpc/transport.ts";
import { type Outcome, runAttack, type Targets } from "../attack.ts";
import { FILE_ATTACKS } from "../attacks_files.ts";
import { PROCESS_ATTACKS } from "../attacks_process.ts";

interface Start {
  readonly boot: { readonly targets: Targets; readonly tried: readonly string[] };
  readonly kernel: MessagePort;
}

const { boot, kernel } = await firstMessage<Start>();
const channel = new Channel(portTransport(kernel));
for (const [name, attack] of Object.entries({ ...FILE_ATTACKS, ...PROCESS_ATTACKS })) {
  if (boot.tried.includes(name)) continue;
  await channel.call("trying", name);
  const outcome: Outcome = await runAttack(name, attack, boot.targets);
  await channel.call("outcome", outcome);
}
await channel.call("end");
