/**
 * Completes slash commands and file names in the editor.
 * @module
 */
import type { AutocompleteItem, AutocompleteProvider } from "@earendil-works/pi-tui";
import type { ReplPorts } from "./ports.ts";
import { sanitizeLine } from "./sanitize.ts";
import { SLASH_COMMANDS } from "./slash_commands.ts";

const MAX_NOTES = 5_000;
const MAX_OFFERED = 50;

/** What completion needs of the ports. */
export type CompletionPorts = Pick<
  ReplPorts,
  "completePath" | "providers" | "memory" | "pluginCommands"
>;

/** The editor's completion: commands after `/`, their arguments, and file names on Tab. */
export function completion(ports: CompletionPorts): AutocompleteProvider {
  return {
    async getSuggestions(lines, cursorLine, cursorCol, options) {
      const before = (lines[cursorLine] ?? "").slice(0, cursorCol);
      const found = await suggestions(ports, before, {
        first: cursorLine === 0,
        forced: options.force === true,
      });
      return options.signal.aborted || found === undefined || found.items.length === 0
        ? null
        : found;
    },
    applyCompletion(lines, cursorLine, cursorCol, item, prefix) {
      const line = lines[cursorLine] ?? "";
      const head = line.slice(0, cursorCol - prefix.length);
      const tail = line.slice(cursorCol);
      const open = item.value.endsWith("/") || tail.startsWith(" ");
      const inserted = open ? item.value : `${item.value} `;
      return {
        lines: lines.with(cursorLine, head + inserted + tail),
        cursorLine,
        cursorCol: head.length + inserted.length,
      };
    },
  };
}

async function suggestions(
  ports: CompletionPorts,
  before: string,
  options: { readonly first: boolean; readonly forced: boolean },
): Promise<{ items: AutocompleteItem[]; prefix: string } | undefined> {
  const name = /^\/[\w-]*$/.exec(before)?.[0];
  if (options.first && name !== undefined) {
    const all = [...SLASH_COMMANDS, ...await ports.pluginCommands?.() ?? []];
    const items = all.filter((command) => `/${command.name}`.startsWith(name));
    return {
      prefix: name,
      items: items.map((command) => ({
        value: `/${command.name}`,
        label: `/${command.name}`,
        description: sanitizeLine(command.description),
      })),
    };
  }
  const typed = /^\/([\w-]+)\s+(.*)$/.exec(before);
  const command = options.first && typed !== null
    ? SLASH_COMMANDS.find((entry) => entry.name === typed[1])
    : undefined;
  if (command?.completes === "provider") {
    const prefix = typed?.[2] ?? "";
    const items = ports.providers.filter((provider) => provider.id.startsWith(prefix));
    return {
      prefix,
      items: items.map(({ id, name }) => ({ value: id, label: id, description: name })),
    };
  }
  if (command?.completes === "note") {
    const prefix = typed?.[2] ?? "";
    return { prefix, items: await noteItems(ports, prefix) };
  }
  const isPath = command?.completes === "path";
  if (!isPath && !options.forced) return undefined;
  const prefix = isPath ? typed?.[2] ?? "" : /\S*$/.exec(before)?.[0] ?? "";
  const names = await ports.completePath(prefix);
  // A name that stands there whole needs no completion: Enter sends it instead of taking one.
  if (names.includes(prefix)) return undefined;
  // A name with control characters would act on the terminal as soon as it stands in the editor.
  const harmless = names.filter((name) => sanitizeLine(name) === name);
  return { prefix, items: harmless.map((value) => ({ value, label: value })) };
}

/** Notes whose name, with or without its folders, begins so. */
async function noteItems({ memory }: CompletionPorts, prefix: string): Promise<AutocompleteItem[]> {
  if (memory === undefined) return [];
  const opened = await memory.open();
  // More than that cannot be listed at every key.
  if ((await opened.figures()).notes > MAX_NOTES) return [];
  const begins = ({ name }: { readonly name: string }) =>
    name.startsWith(prefix) || name.slice(name.lastIndexOf("/") + 1).startsWith(prefix);
  const notes = await opened.list();
  // A name that stands there whole needs no completion: Enter sends it.
  if (notes.some(({ name }) => name === prefix || name === `${prefix}.md`)) return [];
  return notes.filter((note) => begins(note) && sanitizeLine(note.name) === note.name)
    .slice(0, MAX_OFFERED)
    .map(({ name, summary }) => ({ value: name, label: name, description: sanitizeLine(summary) }));
}
