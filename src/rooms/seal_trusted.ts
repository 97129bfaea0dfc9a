/**
 * First import of the vault's and egress's rooms: takes away what the runtime gives every worker
 * beside its rights, so that a mistake in the code after it has nothing to reach for.
 * @module
 */
import { removeAmbientPowers } from "./ambient_powers.ts";

removeAmbientPowers();
