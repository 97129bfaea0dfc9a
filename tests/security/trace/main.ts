/**
 * Pyra as it is, but for an app room that writes down every message it receives.
 * @module
 */
import { boot } from "../../../src/kernel/boot.ts";

await boot(Deno.args, new URL("./rooms/", import.meta.url));
