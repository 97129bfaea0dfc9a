/**
 * Lets hostile plugins loose in the kernel's own process with a second, good plugin beside it, and prints a
 * JSON line for each attempt. It runs from source and compiled; compiled it is its own process of the
 * plugins, as Pyra is.
 *
 *     main.ts FOLDER PART OF     the hostile plugin's source; which of how many parts
 * @module
 */
import { runPluginHost } from "../../../src/rooms/plugin_host.ts";
import { CONTAINED, type Contained } from "./contained.ts";
import { type Deception, DECEPTIONS } from "./deceptions.ts";
import { CANARY, Ground } from "./ground.ts";
import { LOADED_SIGN, REFUSED, type Refused } from "./refused.ts";

const PLUGIN_FILES = [
  "attack.ts",
  "attacks_files.ts",
  "attacks_network.ts",
  "attacks_process.ts",
  "plugin.ts",
];
/** How long what a plugin does after its answer is given to do harm, ms. */
const SETTLE_MS = 100;
const entries = new URL("../../../src/rooms/", import.meta.url);

if (Deno.args[0] === "--plugin-host") {
  runPluginHost({ entries, net: Deno.args[1] === "net" });
} else {
  const [folder = "", part, of] = Deno.args;
  const ground = await Ground.make(entries);
  const tries = [
    ...await reaching(ground, folder),
    ...REFUSED.map((refused) => () => load(ground, refused)),
    ...DECEPTIONS.map((deception) => () => deceive(ground, deception)),
    ...CONTAINED.map((contained) => () => contain(ground, contained)),
  ];
  for (let at = Number(part); at < tries.length; at += Number(of)) await tries[at]?.();
  await ground.end();
  print({ end: true });
  Deno.exit(0);
}

function print(value: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(value)}\n`));
}

/** What the plugin tries from inside its room, each in a room of its own if the one before ended. */
async function reaching(ground: Ground, folder: string): Promise<(() => Promise<void>)[]> {
  const files: Record<string, string> = {};
  for (const path of PLUGIN_FILES) files[path] = await Deno.readTextFile(`${folder}/${path}`);
  await ground.agree("insider", { files });
  const targets = { ...ground.targets };
  const names: string[] = JSON.parse(await ground.tool("insider", "attack", {}));
  return names.map((name) => async () => {
    const answer = await ground.tool("insider", "attack", { name, targets });
    const outcome = answer.startsWith("{") ? JSON.parse(answer) : { detail: answer };
    // An attack that ends its room is contained, and one that was not tried proves nothing.
    const ended = answer.startsWith("plugin_ended") || answer.startsWith("plugin_hung");
    const escaped = outcome.escaped !== false && !ended;
    print({ group: "reach", ...outcome, escaped, name });
  });
}

/** What must not be loaded. */
async function load(ground: Ground, { name, code, files = {} }: Refused): Promise<void> {
  await ground.agree("evil", { files: { ...files, "plugin.ts": code } });
  const detail = await ground.tool("evil", "attack", {});
  const escaped = detail.includes(LOADED_SIGN) || !detail.startsWith("plugin_failed");
  print({ group: "load", name, escaped, detail });
}

/** What does harm: it fails as expected, and the other plugin goes on. */
async function contain(
  ground: Ground,
  { name, code, expected, limitMs = 5_000 }: Contained,
): Promise<void> {
  await ground.agree("evil", { files: { "plugin.ts": code } });
  const answer = await ground.tool("evil", "attack", {}, limitMs);
  // What it does after its answer must not hurt either.
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  await ground.rooms.stop("evil");
  const good = await ground.goesOn();
  const polluted = Object.hasOwn(Object.prototype, "polluted");
  const escaped = !expected.test(answer) || !good || polluted || answer.includes(CANARY);
  print({ group: "contain", name, escaped, detail: answer.slice(0, 200), good });
}

/** What deceives. */
async function deceive(ground: Ground, { name, deceive }: Deception): Promise<void> {
  const wrong = await deceive(ground);
  print({ group: "deceive", name, escaped: wrong !== "", detail: wrong.slice(0, 300) });
}
