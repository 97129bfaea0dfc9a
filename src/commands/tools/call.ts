/**
 * `pyra tools call`: a tool as the person's own act.
 * @module
 */
import { EXIT, type ExitCode, PyraError } from "../../protocol/error.ts";
import type { CallResult } from "../../tools/performed_call.ts";
import type { CommandContext } from "../context.ts";
import { jsonText } from "../output.ts";
import type { Parsed } from "../program.ts";
import { ProgramOutput } from "../program_output.ts";
import { remark } from "../remark.ts";
import type { ToolSurface } from "../run_tools.ts";
import { printable } from "../terminal_text.ts";
import { withTools } from "./opened_tools.ts";
import { noSuchTool } from "./unknown_tool.ts";

const CODES: Readonly<Record<CallResult["status"], ExitCode>> = {
  ok: EXIT.done,
  error: EXIT.failed,
  denied: EXIT.refused,
  cancelled: EXIT.interrupted,
};

/** `pyra tools call NAME [JSON]` */
export function callTool(context: CommandContext, parsed: Parsed): Promise<number> {
  const { boot, print, signal } = context;
  const [name = "", typed] = parsed.arguments;
  return withTools(context, async (tools) => {
    const registry = await tools.registry();
    if (registry.get(name) === undefined && registry.find(name) === undefined) {
      throw await noSuchTool(context, name, registry);
    }
    const given = typed ?? (boot.terminal.stdin ? "" : await context.readStdin(signal));
    tools.attach(progressOf(context));
    const output = ProgramOutput.for(context, "quiet");
    if (output !== undefined) tools.watch((callId, text) => output.add(callId, text));
    const executor = await tools.executor();
    const result = await executor.call(name, given.trim(), { signal });
    // A call that Ctrl-C ended is told as such.
    signal.throwIfAborted();
    for (const warning of result.warnings) await remark(context, warning);
    const { status, text, whole, untrusted } = result;
    if (boot.options.json) {
      await print(jsonText({ status, text: whole, untrusted: untrusted ?? null }));
    } else if (status === "ok") {
      await print(printable(boot, whole.endsWith("\n") ? whole : `${whole}\n`));
    } else throw new PyraError("system", "tool_failed", text, { exitCode: CODES[status] });
    return CODES[status];
  });
}

/** Nobody is asked about what they typed themselves; they see how far it has come. */
function progressOf(context: CommandContext): ToolSurface {
  return {
    name: "terminal",
    ask: () => Promise.resolve(new Map()),
    progress: (_, text) => void remark(context, text),
  };
}
