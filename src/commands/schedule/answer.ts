/**
 * What came of a job's question.
 * @module
 */
import { oneLine } from "../../protocol/foreign_text.ts";
import type { TurnEvent } from "../../protocol/turn_event.ts";
import { nameOfModel } from "../../tools/tool_name.ts";

/** A tool that was not allowed. */
export interface DeniedTool {
  readonly tool: string;
  readonly reason: string;
}

/** What a model said, and what kept it from saying more. */
export interface JobAnswer {
  /** All that it said. */
  readonly text: string;
  /** What it said last. */
  readonly last: string;
  /** Each tool once. */
  readonly denied: readonly DeniedTool[];
  /** Why there is no answer; one sentence. */
  readonly failure: string | undefined;
  /** What is wrong with the answer; one sentence. */
  readonly remark: string | undefined;
}

const REASON_UNITS = 200;
const REMARKS: Readonly<Record<string, string>> = {
  length: "the answer was cut because it reached its limit",
  filtered: "the provider's filter ended the answer",
  tool_rounds: "the model called tools too many times in a row",
};

/** Takes in a turn. */
export async function collected(events: AsyncIterable<TurnEvent>): Promise<JobAnswer> {
  const said: string[] = [""];
  const names = new Map<string, string>();
  const denied = new Map<string, string>();
  let failure: string | undefined;
  let remark: string | undefined;
  for await (const event of events) {
    switch (event.type) {
      case "text":
        said.push(`${said.pop() ?? ""}${event.text}`);
        break;
      case "tool_call":
        names.set(event.call.id, nameOfModel(event.call.name));
        if (said.at(-1)?.trim() !== "") said.push("");
        break;
      case "approval":
        if (event.decision === "deny") {
          denied.set(names.get(event.call_id) ?? "a tool", oneLine(event.reason, REASON_UNITS));
        }
        break;
      case "error":
        failure = event.error.message;
        break;
      case "done":
        remark = REMARKS[event.reason];
        if (event.reason === "error") failure ??= "the question failed";
    }
  }
  const texts = said.map((text) => text.trim()).filter((text) => text !== "");
  return {
    text: texts.join("\n\n"),
    last: texts.at(-1) ?? "",
    denied: [...denied].map(([tool, reason]) => ({ tool, reason })),
    failure,
    remark,
  };
}
