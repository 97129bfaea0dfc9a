/**
 * The chat on the terminal of this process.
 * @module
 */
import { ChatScreen } from "./chat_screen.ts";
import { InputHistory } from "./history.ts";
import type { ReplPorts } from "./ports.ts";
import { OwnTerminal, provideEnvironment } from "./screen.ts";
import { loadMeasure } from "./text_width.ts";

/** Runs the chat there. Returns the exit code. */
export async function runChatScreen(ports: ReplPorts): Promise<number> {
  provideEnvironment(ports.env);
  await loadMeasure();
  const terminal = new OwnTerminal();
  const stopResize = ports.onKernel("resize", () => terminal.refreshSize());
  try {
    return await new ChatScreen(ports, terminal, await InputHistory.open(ports.historyPath)).run();
  } finally {
    stopResize();
  }
}
