/**
 * The hostile plugin. Its tool tries one attack by name, in the room that any plugin gets.
 * @module
 */
import type { Plugin } from "../../../../src/protocol/plugin.ts";
import { type Attacks, runAttack, type Targets } from "./attack.ts";
import { FILE_ATTACKS } from "./attacks_files.ts";
import { NETWORK_ATTACKS } from "./attacks_network.ts";
import { PROCESS_ATTACKS } from "./attacks_process.ts";

/** All that it can do. */
export const ATTACKS: Attacks = { ...FILE_ATTACKS, ...PROCESS_ATTACKS, ...NETWORK_ATTACKS };

/** The plugin. */
export function getPlugin(): Plugin {
  return {
    tools: [{
      name: "attack",
      description: "tries an attack",
      parameters: { type: "object" },
      async run({ name, targets }, context) {
        const attack = ATTACKS[String(name)];
        if (!attack) return JSON.stringify(Object.keys(ATTACKS));
        const given = targets as unknown as Targets;
        return JSON.stringify(await runAttack(String(name), attack, given, context));
      },
    }],
  };
}
