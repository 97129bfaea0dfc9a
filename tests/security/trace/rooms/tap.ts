/**
 * Writes everything that reaches this room, and its environment, to a file of the room's own.
 * @module
 */
import process from "node:process";

let path = "";
const early: string[] = [];

/** Texts and bytes of a message, however deep, one a line. */
function texts(value: unknown, seen = new Set<unknown>()): string[] {
  if (typeof value === "string") return [value];
  if (value instanceof Uint8Array) return [new TextDecoder("latin1").decode(value)];
  if (typeof value !== "object" || value === null || seen.has(value)) return [];
  seen.add(value);
  return Object.entries(value).flatMap(([key, item]) => [key, ...texts(item, seen)]);
}

function record(data: unknown): void {
  const lines = texts(data).join("\n") + "\n";
  if (path === "") early.push(lines);
  else Deno.writeTextFileSync(path, lines, { append: true });
}

function tap(owner: object): void {
  const original = Object.getOwnPropertyDescriptor(owner, "onmessage");
  Object.defineProperty(owner, "onmessage", {
    configurable: true,
    get: () => null,
    set(handler: ((event: MessageEvent) => void) | null) {
      original?.set?.call(
        this,
        handler && ((event: MessageEvent) => {
          if (path === "" && typeof event.data?.boot === "object") {
            path = `${event.data.boot.profile.cache}/trace`;
            for (const lines of early.splice(0)) record(lines);
          }
          record(event.data);
          record(process.env);
          handler(event);
        }),
      );
    },
  });
}

tap(MessagePort.prototype);
tap(globalThis);
