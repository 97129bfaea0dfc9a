/**
 * What the person typed as a command line is their own act, and is not asked about again.
 * @module
 */
import type { PluginRecord } from "../../protocol/plugin_calls.ts";
import type { CommandLine } from "../command_line.ts";

/** Something that is done to plugins. */
export type PluginAct =
  | { readonly act: "install" }
  | { readonly act: "enable"; readonly record: PluginRecord }
  | { readonly act: "host"; readonly name: string; readonly origin: string }
  | { readonly act: "remove"; readonly name: string };

/** Whether the command line says exactly that this be done, and to do it without a question. */
export function isTyped({ words: [group, command], rest }: CommandLine, act: PluginAct): boolean {
  const end = rest.indexOf("--");
  const typed = end < 0 ? rest : rest.slice(0, end);
  const word = typed.slice(2).find((option) => !option.startsWith("-"));
  if (group !== "plugin") return false;
  switch (act.act) {
    case "install":
      return command === "install" && typed.includes("--yes");
    case "enable":
      return typed.includes("--yes") &&
        (act.record.from === "dev"
          ? command === "dev"
          : command === "enable" && word === act.record.name);
    case "host":
      return command === "grants" && word === act.name && typed.includes("--yes") &&
        typed.some((option) => option === act.origin || option === `--add=${act.origin}`);
    case "remove":
      // It is the whole of what that command says; there is nothing more to agree to.
      return command === "remove" && word === act.name;
  }
}
