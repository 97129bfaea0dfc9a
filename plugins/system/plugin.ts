/**
 * Tells of the machine, opens applications, installs and removes programs.
 * @module
 */
import type { Plugin } from "pyra/sdk";
import { programsOf } from "./command.ts";
import { allCommands, PARTS, planInfo, runInfo } from "./gathering.ts";
import { openingCommands, planOpening, runOpening } from "./opening.ts";
import { packageCommands } from "./package_commands.ts";
import { planPackages, runPackages } from "./packages.ts";

const MANAGERS = ["apt", "dnf", "pacman", "brew", "winget"];

const plugin: Plugin = {
  configFields: () => [{
    key: "package_manager",
    kind: "select",
    label: "Package manager",
    description: "what installs and removes programs here; without it the model says which",
    options: MANAGERS,
  }],
  tools: [
    {
      name: "get_system_info",
      description:
        "Tells of this machine: system, processor, load, memory (machine), disks, network addresses " +
        "(network), and what uses most of it (processes). Ask for the parts that you need.",
      parameters: {
        type: "object",
        properties: {
          parts: {
            type: "array",
            items: { enum: [...PARTS] },
            minItems: 1,
            maxItems: PARTS.length,
            description: "all of them if absent",
          },
        },
        additionalProperties: false,
      },
      effects: programsOf(Object.values(allCommands())),
      timeLimit: 30_000,
      plan: planInfo,
      run: runInfo,
    },
    {
      name: "open_application",
      description:
        "Opens an application on the person's screen, or an address or a file of the workspace with the " +
        "application that belongs to it. Tells nothing of what is shown there.",
      parameters: {
        type: "object",
        properties: {
          application: {
            type: "string",
            minLength: 1,
            maxLength: 64,
            description:
              "its name; on Linux that of its .desktop file, such as firefox or org.gnome.Calculator",
          },
          target: {
            type: "string",
            minLength: 1,
            maxLength: 1_000,
            description: "https://…, mailto:…, or a path in the workspace",
          },
        },
        additionalProperties: false,
      },
      effects: programsOf(openingCommands()),
      timeLimit: 20_000,
      plan: planOpening,
      run: runOpening,
    },
    {
      name: "manage_application",
      description:
        "Searches, installs or removes programs by the system's package manager. The person is asked each " +
        "time, and the system may ask for their password. What the machine runs on is never removed, nor " +
        "anything beside the packages that are named.",
      parameters: {
        type: "object",
        properties: {
          action: { enum: ["search", "install", "remove"] },
          query: { type: "string", minLength: 1, maxLength: 80, description: "for search: words" },
          names: {
            type: "array",
            items: { type: "string", minLength: 1, maxLength: 100 },
            minItems: 1,
            maxItems: 10,
            description: "for install and remove: exact names (winget: one id)",
          },
          manager: {
            enum: MANAGERS,
            description: "on Linux: apt for Debian and Ubuntu, dnf for Fedora, pacman for Arch",
          },
        },
        required: ["action"],
        additionalProperties: false,
      },
      effects: programsOf(packageCommands()),
      timeLimit: 300_000,
      plan: planPackages,
      run: runPackages,
    },
  ],
};

export default plugin;
