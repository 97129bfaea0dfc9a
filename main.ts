/**
 * The program's entry: the version at once, everything else through the kernel.
 * @module
 */
import { VERSION } from "./src/kernel/version.ts";

const [first, second] = Deno.args;
const entries = new URL("./src/rooms/", import.meta.url);
if (Deno.args.length === 1 && (first === "--version" || first === "-V")) {
  await Deno.stdout.write(new TextEncoder().encode(`pyra ${VERSION}\n`));
} else if (first === "--plugin-host") {
  const { runPluginHost } = await import("./src/rooms/plugin_host.ts");
  runPluginHost({ entries, net: second === "net" });
} else {
  const { boot } = await import("./src/kernel/boot.ts");
  await boot(Deno.args, entries);
}
