/**
 * What a room in the daemon loads before it knows its command line: the modules of a question and of a chat.
 * @module
 */

/** Loads them. One that cannot be loaded is told of by the run that needs it. */
export async function warmApp(): Promise<void> {
  await Promise.allSettled([
    import("./commands/program.ts"),
    import("./commands/ask.ts"),
    import("./commands/conversation.ts"),
    import("./config/load.ts"),
    import("./sessions/folder_store.ts"),
    import("./guard/redaction.ts"),
    import("./guard/injection.ts"),
    import("./app_memory.ts"),
    import("./app_tools.ts"),
    import("./app_usage.ts"),
    import("./app_guard.ts"),
    import("./app_surroundings.ts"),
    import("./tools/executor.ts"),
    import("./tools/approver.ts"),
    import("./chat/conversation.ts"),
    import("./providers/table.ts"),
    import("./providers/open.ts"),
    import("./providers/retry.ts"),
    import("./providers/openai_dialect.ts"),
    import("./commands/chat.ts"),
    import("./app_repl.ts"),
  ]);
}
