/**
 * Whether a project's `AGENTS.md` guides the model: asked once for a text, at the start of a chat.
 * @module
 */
import type { Decision, ReadFile, SortedInstructions } from "../context/instructions.ts";
import { hiddenCount, plainLines } from "../protocol/foreign_text.ts";
import type { CommandContext } from "./context.ts";

/** Lines of a file that are shown with the question. */
const SHOWN_LINES = 30;
/** More than a file may have. */
const SHOWN_UNITS = 64 * 1024;

/**
 * Asks about texts that nobody was asked about yet, where there is a person.
 * @returns what the chat says of it at its start, one sentence each
 */
export async function settleInstructions(context: CommandContext): Promise<string[]> {
  const surroundings = await context.surroundings?.();
  // A question goes without what cannot be told.
  const before = await surroundings?.instructions().catch(() => undefined);
  if (surroundings === undefined || before === undefined) return [];
  const { terminal } = context.boot;
  if (before.open.length === 0 || !terminal.stdin || !terminal.stdout) return told(before);
  const prompts = await context.openPrompts();
  for (const file of before.open) {
    prompts.note(`${before.shown(file.path)}\n\n${beginning(file)}`);
  }
  const decision = await prompts.select<Decision>({
    message: "This folder has instructions for assistants. Shall they guide the model here?",
    options: [
      { value: "leave", label: "no", hint: "they are left out" },
      { value: "use", label: "yes", hint: "until the file changes" },
    ],
    initial: "leave",
  });
  await surroundings.decide(before.open, decision);
  return told(await surroundings.instructions());
}

function told({ used, shown }: SortedInstructions & { shown(path: string): string }): string[] {
  if (used.length === 0) return [];
  const names = used.map(({ path }) => shown(path)).join(", ");
  return [
    `${names} guide${used.length === 1 ? "s" : ""} the model here; /context shows what is sent`,
  ];
}

function beginning({ text }: ReadFile): string {
  const lines = plainLines(text, SHOWN_UNITS).split("\n");
  const more = lines.length - SHOWN_LINES;
  const hidden = hiddenCount(text);
  return [
    ...lines.slice(0, SHOWN_LINES),
    ...(more > 0 ? [`… and ${more} more line${more === 1 ? "" : "s"}: read the file first`] : []),
    ...(hidden > 0 ? [`(${hidden} characters in it are invisible; they are taken out)`] : []),
  ].join("\n");
}
