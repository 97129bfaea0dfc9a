/**
 * First import of the app's room: takes away the ambient powers, and the environment with them.
 * Libraries read `process.env` when they are imported; here they find what the kernel chose.
 * @module
 */
import process from "node:process";
import { removeAmbientPowers } from "./ambient_powers.ts";

removeAmbientPowers();
Object.defineProperty(process, "env", { value: {}, writable: false, configurable: false });
