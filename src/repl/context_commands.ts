/**
 * The slash command that shows what goes with a question.
 * @module
 */
import type { SentContext } from "../chat/ports.ts";
import { PyraError } from "../protocol/error.ts";
import type { CommandContext, Surface } from "./command.ts";
import type { ReplSurroundings } from "./ports.ts";
import { sanitize, sanitizeLine } from "./sanitize.ts";
import { count } from "./turn.ts";

/** `/context`. */
export async function context(command: CommandContext): Promise<void> {
  const { argument, ports, state, surface } = command;
  const surroundings = await ports.surroundings?.();
  if (argument === "use" || argument === "leave") {
    return await decide(argument, surroundings, surface);
  }
  if (argument !== "") {
    throw new PyraError(
      "configuration",
      "bad_argument",
      `/context has no ${sanitizeLine(argument)}`,
      {
        hint:
          "/context shows what goes with a question; /context use or /context leave is about AGENTS.md",
      },
    );
  }
  const { sent } = state.conversation;
  if (sent !== undefined) showSent(sent, surface);
  else if (surroundings === undefined) surface.show("nothing was asked yet", "dim");
  else await showAhead(surroundings, surface);
  if (surroundings !== undefined) await showInstructions(surroundings, surface);
}

function showSent(
  { system, question, tools, messages, tokens }: SentContext,
  surface: Surface,
): void {
  surface.show("with the last question went the system prompt:", "dim");
  surface.show(sanitize(system));
  surface.show("the question, and what Pyra put before it:", "dim");
  for (const text of question) surface.show(sanitize(text));
  surface.showTable([
    ["tools", tools.length === 0 ? "none" : sanitizeLine(tools.join(", "))],
    ["messages before", count(messages)],
    ["tokens in all", `about ${count(tokens)}`],
  ]);
}

async function showAhead(surroundings: ReplSurroundings, surface: Surface): Promise<void> {
  const seen = await surroundings.forQuestion("fenced");
  const { machine, current, instructions, foreign } = seen;
  surface.show("nothing was asked yet; where plugins' tools are on offer, these go along:", "dim");
  for (const text of [machine, current, instructions]) {
    if (text !== "") surface.show(sanitize(text));
  }
  if (foreign !== undefined) surface.show(sanitize(foreign.text));
}

async function showInstructions(surroundings: ReplSurroundings, surface: Surface): Promise<void> {
  const { used, left, open, unread, shown } = await surroundings.instructions();
  const rows = [
    ...used.map(({ path }) => [shown(path), "guides the model; /context leave ends that"] as const),
    ...left.map(({ path }) => [shown(path), "is left out; /context use lets it guide"] as const),
    ...open.map(({ path }) => [shown(path), "is data only; /context use lets it guide"] as const),
    ...unread.map((path) => [shown(path), "is a link, too long, or may not be read"] as const),
  ];
  if (rows.length > 0) surface.showTable(rows);
}

async function decide(
  decision: "use" | "leave",
  surroundings: ReplSurroundings | undefined,
  surface: Surface,
): Promise<void> {
  const found = await surroundings?.instructions();
  const files = found === undefined ? [] : [...found.used, ...found.left, ...found.open];
  if (surroundings === undefined || found === undefined || files.length === 0) {
    return surface.show("there is no AGENTS.md here that could be used", "dim");
  }
  await surroundings.decide(files, decision);
  const names = files.map(({ path }) => found.shown(path)).join(", ");
  const does = decision === "use" ? "guides the model until it changes" : "is left out";
  surface.show(`${names}: ${does}`, "dim");
}
