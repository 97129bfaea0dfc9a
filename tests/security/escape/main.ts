/**
 * Starts a room with the app's rights, and one with a plugin's, in which every attack is tried, and
 * prints a JSON line for each outcome. It runs from source and compiled.
 * @module
 */
import { openProfile, profilePaths } from "../../../src/kernel/profile.ts";
import { rights } from "../../../src/kernel/roles.ts";
import { Room } from "../../../src/kernel/room.ts";
import { isRecord } from "../../../src/rpc/frame.ts";
import type { Targets } from "./attack.ts";

const CANARY = "CANARY-5f0c1e";
const base = await Deno.realPath(await Deno.makeTempDir());
const profile = profilePaths(`${base}/home`, undefined);
openProfile(profile, () => {});
/** Looks like an age file: what an error message quotes of it is its first line, which is no secret. */
const CIPHERTEXT = `age-encryption.org/v1\n-> X25519 ${"A".repeat(43)}\n${CANARY}\n`;
Deno.writeTextFileSync(`${profile.vault}/x.age`, CIPHERTEXT, { mode: 0o400 });

const server = Deno.serve(
  { port: 0, hostname: "127.0.0.1", onListen() {} },
  () => new Response(CANARY),
);
const socket = `${base}/socket`;
const listener = Deno.listen({ transport: "unix", path: socket });

function print(value: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(value)}\n`));
}

async function attackAs(role: "app" | "plugin"): Promise<void> {
  const own = role === "app" ? profile.memory : `${profile.home}/data/evil`;
  await Deno.mkdir(own, { recursive: true });
  const granted = rights("app", profile);
  const permissions = role === "app" ? granted : { ...granted, read: [own], write: [own] };
  const targets: Targets = {
    own,
    home: profile.home,
    vault: profile.vault,
    secret: `${profile.vault}/x.age`,
    canary: CANARY,
    socket,
    port: server.addr.port,
  };
  const tried: string[] = [];
  // An attack may end its own room; the next ones get a new one.
  while (!await attackInRoom(role, permissions, targets, tried));
}

/** Tries the attacks that were not tried yet; true when none is left. */
function attackInRoom(
  role: string,
  permissions: Deno.PermissionOptionsObject,
  targets: Targets,
  tried: string[],
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const room = new Room({
    name: "app",
    entries: new URL("./rooms/", import.meta.url),
    permissions,
    boot: { targets, tried },
    handlers: {
      trying: (name) => tried.push(String(name)),
      outcome: (outcome) => print({ role, ...(isRecord(outcome) ? outcome : {}) }),
      end: () => resolve(true),
    },
    died: (cause) => {
      print({ role, name: tried.at(-1), escaped: tried.length === 0, detail: cause });
      resolve(tried.length === 0);
    },
  });
  return promise.finally(() => room.stop());
}

// For the attacks that listen to signals; a change of the terminal's size is harmless.
const signals = setInterval(() => Deno.kill(Deno.pid, "SIGWINCH"), 50);
await attackAs("app");
await attackAs("plugin");
print({ intact: Deno.readTextFileSync(`${profile.vault}/x.age`) === CIPHERTEXT });
clearInterval(signals);
listener.close();
await server.shutdown();
await Deno.remove(base, { recursive: true });
Deno.exit(0);
