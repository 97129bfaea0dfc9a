/**
 * The commands of `pyra tools`.
 * @module
 */
import { command, type CommandEntry } from "../command_entry.ts";

/** Tools. */
export const TOOLS: CommandEntry = command("tools", "lists and runs what models may ask for", {
  commands: [
    command("list", "lists the tools of Pyra and of enabled plugins, and what each may do", {
      examples: [{ line: "pyra tools list", does: "names, effects, descriptions" }],
    }),
    command("call", "runs a tool as your own act, without asking", {
      arguments: [{ name: "NAME", required: true }, { name: "JSON", required: false }],
      examples: [
        { line: "pyra tools call clock.now", does: "a tool that needs no arguments" },
        { line: 'pyra tools call memory_search \'{"query":"bread"}\'', does: "arguments as JSON" },
        { line: "pyra tools call memory_search < query.json", does: "arguments from a file" },
      ],
    }),
    command("rules", "lists what may run without asking, and what never may", {
      options: [{
        flag: "--remove",
        value: "RULE",
        description: "forgets a rule, by its number in the list or its whole text",
        repeatable: true,
      }],
      examples: [
        { line: "pyra tools rules", does: "the rules, numbered" },
        { line: "pyra tools rules --remove 2", does: "asks again from now on" },
      ],
    }),
  ],
});
