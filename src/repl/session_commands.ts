/**
 * The slash commands that list, change, leave and write conversations.
 * @module
 */
import { type Choice, type CommandContext, unquote } from "./command.ts";
import { sanitizeLine } from "./sanitize.ts";

async function listedSessions({ ports }: CommandContext): Promise<readonly Choice[]> {
  const found = await ports.listSessions();
  return found.map((session) => ({
    value: session.id,
    label: sanitizeLine(session.title) || session.id,
    description: session.updated.slice(0, 16).replace("T", " "),
  }));
}

/** `/sessions`. */
export async function sessions(context: CommandContext): Promise<void> {
  const { surface } = context;
  const found = await listedSessions(context);
  if (found.length === 0) return surface.show("there are no earlier conversations", "dim");
  surface.showTable(
    found.slice(0, 30).map((entry) => [entry.value, `${entry.description}  ${entry.label}`]),
  );
  surface.show("go on with one: /resume ID", "dim");
}

/** `/resume`. */
export async function resume(context: CommandContext): Promise<void> {
  const { ports, state, surface, argument } = context;
  let id: string | undefined = argument;
  if (id === "") {
    const found = await listedSessions(context);
    if (found.length === 0) return surface.show("there are no earlier conversations", "dim");
    id = await surface.choose("conversations", found);
  }
  if (id === undefined || id === "") return;
  if (id === state.conversation.id) return surface.show("this is that conversation", "dim");
  const wanted = id;
  await state.switchTo(await surface.outside(`/resume ${wanted}`, () => ports.resume(wanted)));
  surface.replay(state.conversation);
}

/** `/fork`. */
export async function fork({ state, surface }: CommandContext): Promise<void> {
  await state.switchTo(await state.conversation.fork());
  surface.show(`this is a copy now: ${state.conversation.id}`, "dim");
}

/** `/export`. */
export async function exportTo({ ports, state, surface, argument }: CommandContext): Promise<void> {
  const { id } = state.conversation;
  const path = unquote(argument) || `pyra-${id}.md`;
  const format = path.toLowerCase().endsWith(".json") ? "json" : "md";
  const written = await surface.outside(
    `/export ${path}`,
    () => ports.exportSession(id, path, format),
  );
  surface.show(`written to ${sanitizeLine(written)}`, "dim");
}

/** `/clear`. */
export async function clear({ ports, state, surface }: CommandContext): Promise<void> {
  await state.switchTo(await ports.newConversation(state.conversation.choice));
  state.takeAttachments();
  surface.clear();
}
