/**
 * `pyra sessions …`
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import type { SessionState } from "../sessions/state.ts";
import type { CommandContext } from "./context.ts";
import { conversationRequest } from "./conversation.ts";
import { countOf, textOf, wordOf } from "./option_values.ts";
import { jsonText, localTime, table } from "./output.ts";
import type { Parsed } from "./program.ts";
import type { CommandRunner } from "./runner.ts";
import { printable } from "./terminal_text.ts";

/** The second words of `pyra sessions`. */
export const SESSION_COMMANDS: Readonly<Record<string, CommandRunner>> = {
  list,
  show,
  resume,
  fork,
  export: exportSession,
  rm,
  search,
};

/** How many rows are shown without `--limit`. */
const DEFAULT_LIMIT = 20;
const FORMATS = ["md", "json"] as const;

async function list(context: CommandContext, { options }: Parsed): Promise<number> {
  const limit = countOf(options, "--limit") ?? DEFAULT_LIMIT;
  const sessions = await (await context.sessions()).list({ limit });
  if (context.boot.options.json) await context.print(jsonText(sessions));
  else if (sessions.length > 0) {
    const head = [
      { title: "id" },
      { title: "last used" },
      { title: "questions", align: "right", optional: true },
      { title: "model", shrinks: true, optional: true },
      { title: "title", shrinks: true },
    ] as const;
    const rows = sessions.map(({ short_id, updated, questions, model, title }) => [
      short_id,
      localTime(updated),
      String(questions),
      model,
      title,
    ]);
    await context.print(table(head, rows, context.columns()));
  } else if (!context.boot.options.quiet) {
    await context.printError("there are no conversations yet; pyra chat begins one\n");
  }
  return 0;
}

async function show(context: CommandContext, parsed: Parsed): Promise<number> {
  const state = await read(context, parsed);
  const { exportJson, exportMarkdown } = await import("../sessions/export.ts");
  const text = context.boot.options.json ? exportJson(state) : exportMarkdown(state);
  await context.print(printable(context.boot, text));
  return 0;
}

async function resume(context: CommandContext, parsed: Parsed): Promise<number> {
  const [reference = ""] = parsed.arguments;
  const { chat } = await import("./chat.ts");
  return await chat(
    context,
    { ...conversationRequest(parsed.options), session: { reference } },
    parsed.options,
  );
}

async function fork(context: CommandContext, parsed: Parsed): Promise<number> {
  const store = await context.sessions();
  const id = await store.fork(await store.resolve(parsed.arguments[0] ?? ""));
  await context.print(context.boot.options.json ? jsonText({ id }) : `${id}\n`);
  return 0;
}

async function exportSession(context: CommandContext, parsed: Parsed): Promise<number> {
  const { boot, print } = context;
  const output = textOf(parsed.options, "--output");
  const usual = boot.options.json || output?.endsWith(".json") ? "json" : "md";
  const format = wordOf(parsed.options, "--format", FORMATS) ?? usual;
  const state = await read(context, parsed);
  const { exportJson, exportMarkdown } = await import("../sessions/export.ts");
  const text = format === "json" ? exportJson(state) : exportMarkdown(state);
  if (output === undefined) await print(printable(boot, text));
  else {
    await writeNamed(boot.granted[0] ?? output, output, text);
    if (boot.options.json) await print(jsonText({ id: state.id, format, output }));
    else if (!boot.options.quiet) await print(`the conversation is in ${output}\n`);
  }
  return 0;
}

async function rm(context: CommandContext, parsed: Parsed): Promise<number> {
  const store = await context.sessions();
  // All are found before the first is deleted: a typing mistake deletes nothing.
  const ids = new Set<string>();
  for (const reference of parsed.arguments) ids.add(await store.resolve(reference));
  for (const id of ids) await store.remove(id);
  const { json, quiet } = context.boot.options;
  if (json) await context.print(jsonText({ deleted: [...ids] }));
  else if (!quiet) { for (const id of ids) await context.print(`deleted ${id}\n`); }
  return 0;
}

async function search(context: CommandContext, parsed: Parsed): Promise<number> {
  const limit = countOf(parsed.options, "--limit") ?? DEFAULT_LIMIT;
  const store = await context.sessions();
  const words = parsed.arguments.join(" ");
  const matches = await store.search(words, { limit, signal: context.signal });
  if (context.boot.options.json) await context.print(jsonText(matches));
  else if (matches.length > 0) {
    const head = [
      { title: "id" },
      { title: "last used", optional: true },
      { title: "who", optional: true },
      { title: "where", shrinks: true },
    ] as const;
    const rows = matches.map(({ session, where, excerpt }) => [
      session.short_id,
      localTime(session.updated),
      where,
      excerpt,
    ]);
    await context.print(table(head, rows, context.columns()));
  } else if (!context.boot.options.quiet) {
    await context.printError("nothing was found; other words may find it\n");
  }
  return 0;
}

async function read(context: CommandContext, parsed: Parsed): Promise<SessionState> {
  const store = await context.sessions();
  const state = await store.read(await store.resolve(parsed.arguments[0] ?? ""));
  // It may have been written when nothing was redacted yet.
  const [{ redact }, { withoutSecrets }] = await Promise.all([
    import("../guard/redaction.ts"),
    import("../sessions/redaction.ts"),
  ]);
  return withoutSecrets(state, redact);
}

/** The right is for this file only, so there is no temporary one beside it. */
async function writeNamed(path: string, name: string, text: string): Promise<void> {
  try {
    await Deno.writeTextFile(path, text, { mode: 0o600 });
  } catch (cause) {
    throw new PyraError("file", "not_written", `${name} cannot be written`, {
      hint: "check that its folder exists and is yours",
      cause,
    });
  }
}
