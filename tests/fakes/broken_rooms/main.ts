/**
 * Pyra with an app room that breaks as its command line says.
 * @module
 */
import { boot } from "../../../src/kernel/boot.ts";

await boot(Deno.args, new URL("./rooms/", import.meta.url));
