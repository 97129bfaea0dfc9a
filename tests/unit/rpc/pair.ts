import { Channel, type Handler } from "../../../src/rpc/channel.ts";
import { portTransport } from "../../../src/rpc/transport.ts";

type Handlers = Record<string, Handler>;

/** Two linked channels: `here` calls what `there` serves. */
export class Pair implements Disposable {
  readonly here: Channel;
  readonly there: Channel;
  readonly notified: [string, unknown][] = [];

  constructor(handlers: Handlers, back: Handlers = {}) {
    const { port1, port2 } = new MessageChannel();
    this.here = new Channel(portTransport(port1), back);
    this.there = new Channel(
      portTransport(port2),
      handlers,
      (name, value) => this.notified.push([name, value]),
    );
  }

  [Symbol.dispose](): void {
    this.here.close();
    this.there.close();
  }
}

/** Waits a little. */
export function pause(ms = 1): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
