/** A room that throws, spins, goes silent, floods or vanishes. @module */
import { firstMessage } from "../../../../src/rooms/first_message.ts";

const { boot, kernel } = await firstMessage<{ boot: { argv: string[] }; kernel: MessagePort }>();
await Deno.stdout.write(new TextEncoder().encode("ready\n"));
switch (boot.argv[0]) {
  case "throw":
    throw new TypeError("it broke \x1b[31mhere\x1b[0m");
  case "reject":
    Promise.reject(new TypeError("it broke later"));
    break;
  case "spin":
    while (performance.now() >= 0);
    break;
  case "close":
    self.close();
    break;
  case "overrun":
    // Values that no credit was given for.
    kernel.postMessage({ id: 1, method: "input", params: null, input: true });
    for (let value = 0; value < 100; value++) {
      kernel.postMessage({ method: "$/item", params: { id: 1, direction: "up", value } });
    }
    break;
  case "two":
    // Two questions at once: the second would be answered while a new room is alive.
    for (const [id, path] of [[1, "/etc/hosts"], [2, "/etc/passwd"]] as const) {
      kernel.postMessage({
        id,
        method: "grantPath",
        params: { path, access: "read" },
        input: false,
      });
    }
    break;
  case "hide": {
    // What the kernel says next would scroll away within the two rows at the top.
    await Deno.stdout.write(new TextEncoder().encode("\x1b[1;2r\x1b[1;1H"));
    const text = "security:\n  first: 1\n  second: 2\n  third: 3\n  fourth: 4\n";
    kernel.postMessage({ id: 1, method: "writeConfig", params: { text }, input: false });
    break;
  }
  case "setup": {
    // What is piped in for the kernel is asked for by the room.
    kernel.onmessage = ({ data }) => {
      const got = data.method === "$/item" ? new TextDecoder().decode(data.params.value) : "end";
      Deno.stdout.writeSync(new TextEncoder().encode(`room read ${got}\n`));
      kernel.postMessage({ id: 2, method: "exit", params: { code: 9 }, input: false });
    };
    kernel.postMessage({ id: 1, method: "input", params: null, input: false });
    break;
  }
  case "nonsense":
    for (
      const frame of [null, 7, "x", {}, { id: -1 }, { method: "$/end" }, [], { id: 1, method: 3 }]
    ) {
      kernel.postMessage(frame);
    }
    kernel.postMessage({ id: 1, method: "exit", params: { code: 7 }, input: false });
    break;
}
