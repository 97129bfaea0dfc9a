/**
 * What a room answers, checked: every value here may have been made by hostile code.
 * @module
 */
import { oneLine, plainLines } from "../../protocol/foreign_text.ts";
import type { PluginCallParams } from "../../protocol/plugin_host_calls.ts";
import { isRecord } from "../../rpc/frame.ts";
import { checkedDescription } from "./description.ts";
import { checkedEffects } from "./effects.ts";
import { HostFault } from "./host_fault.ts";

/** A plan's sentence, characters. */
const DOES_CHARACTERS = 300;
const DETAIL_CHARACTERS = 20_000;
const PROMPT_CHARACTERS = 2_000;
const SHOWN_CHARACTERS = 100_000;
const ASKED_CHARACTERS = 20_000;
const REASON_CHARACTERS = 300;
const SENTENCES = 20;
/** Of one MCP server. */
const TOOLS = 256;
const REPLACED_CHARACTERS = 1024 * 1024;

type Answer = Readonly<Record<string, unknown>>;

/** The answer as the method has it. @throws {HostFault} */
export function checkedAnswer(call: PluginCallParams, given: unknown, most: number): unknown {
  const answer = plain(given, most);
  const check = Object.hasOwn(CHECKS, call.method) ? CHECKS[call.method] : undefined;
  return check ? check(isRecord(answer) ? answer : {}, call) : answer;
}

const CHECKS: Partial<Record<string, (answer: Answer, call: PluginCallParams) => unknown>> = {
  describe: (answer) => checkedDescription(answer),
  plan({ does, effects, detail, ask }) {
    if (typeof does !== "string" || does.trim() === "") {
      throw new HostFault("plugin_failed", "its plan does not say what would be done");
    }
    return {
      does: oneLine(does, DOES_CHARACTERS),
      effects: checkedEffects(effects),
      ...(typeof detail === "string" ? { detail: plainLines(detail, DETAIL_CHARACTERS) } : {}),
      ...(ask === "always" ? { ask } : {}),
    };
  },
  run({ text }) {
    if (typeof text !== "string") throw new HostFault("plugin_failed", "its tool gave no text");
    return { text };
  },
  command: ({ show, ask }) => ({
    ...(typeof show === "string" ? { show: plainLines(show, SHOWN_CHARACTERS) } : {}),
    ...(typeof ask === "string" ? { ask: plainLines(ask, ASKED_CHARACTERS) } : {}),
  }),
  prompt: ({ text }) => ({
    text: typeof text === "string" ? plainLines(text, PROMPT_CHARACTERS) : "",
  }),
  hook(answer, { params }) {
    const { keep, veto } = answer;
    if (typeof veto === "string") return { veto: oneLine(veto, REASON_CHARACTERS) };
    if (Array.isArray(keep)) {
      const sentences = keep.filter((sentence) => typeof sentence === "string").slice(0, SENTENCES);
      return { keep: sentences.map((sentence) => oneLine(sentence, REASON_CHARACTERS)) };
    }
    return replacement(answer["replace"], isRecord(params) ? params["hook"] : undefined);
  },
  setup: ({ settings, hosts }) => ({
    ...(isRecord(settings) ? { settings } : {}),
    ...(Array.isArray(hosts) ? { hosts: hosts.filter((host) => typeof host === "string") } : {}),
  }),
  task: () => null,
  mcp({ tools, left, text, isError }) {
    if (typeof text === "string") return { text, isError: isError === true };
    if (!Array.isArray(tools) || tools.length > TOOLS || typeof left !== "number") {
      throw new HostFault("plugin_failed", "its MCP server gave neither a text nor tools");
    }
    return { tools, left };
  },
};

/** What a hook puts in the place of what it was given: one field of the right kind, or nothing. */
function replacement(given: unknown, hook: unknown): unknown {
  const { text, input } = isRecord(given) ? given : {};
  if (JSON.stringify(given ?? null).length > REPLACED_CHARACTERS) {
    throw new HostFault(
      "plugin_too_large",
      `a hook gives at most ${REPLACED_CHARACTERS} characters`,
    );
  }
  if (hook === "beforeTool") return isRecord(input) ? { replace: { input } } : null;
  return typeof text === "string" ? { replace: { text } } : null;
}

/** A value as JSON has it. @throws {HostFault} */
function plain(given: unknown, most: number): unknown {
  let text: string | undefined;
  try {
    text = JSON.stringify(given);
  } catch {
    // A circle, or a number that JSON does not know: the room's own code makes none.
    throw new HostFault("plugin_failed", "it answered with what JSON cannot say");
  }
  if (text === undefined) throw new HostFault("plugin_failed", "it gave no answer");
  if (text.length > most) throw new HostFault("plugin_too_large", "its answer is too large");
  return JSON.parse(text);
}
