/**
 * Asked before a call is planned and after it was run: who may change what goes in or comes out, or stop
 * it. It is asked before the person is, so that they agree to what is really done.
 * @module
 */
import type { Provenance } from "../protocol/tool.ts";
import { oneLine } from "../protocol/foreign_text.ts";
import { waitFor } from "./waiting.ts";

/** What came of asking. */
export type HookAnswer<T> =
  /** `by`: the plugins that made another value of it. */
  | { readonly kind: "pass"; readonly value: T; readonly by: readonly string[] }
  | { readonly kind: "veto"; readonly plugin: string; readonly reason: string };

/** Arguments of a call. */
export type CallInput = Readonly<Record<string, unknown>>;

/** The hooks of plugins, each of which has its own time limit. */
export interface CallHooks {
  /** Before it is planned. @param call `tool` is the full name */
  beforeTool(
    call: { readonly tool: string; readonly input: CallInput },
    signal: AbortSignal,
  ): Promise<HookAnswer<CallInput>>;
  /** Before the model reads the result. */
  afterTool(tool: string, text: string, signal: AbortSignal): Promise<HookAnswer<string>>;
}

/** What a value has become. */
export type Heard<T> =
  | {
    readonly kind: "pass";
    readonly value: T;
    /** Set if a plugin made it. */
    readonly untrusted?: Provenance;
    readonly warnings: readonly string[];
  }
  | {
    readonly kind: "veto";
    readonly reason: string;
    /** Set if the reason is a plugin's. */
    readonly untrusted?: Provenance;
  };

/** All hooks of a round's call together, ms. */
const HOOKS_MS = 60_000;

/** Asks. Hooks that cannot be asked change nothing; the person is told. Never throws. */
export async function heard<T>(
  value: T,
  ask: ((signal: AbortSignal) => Promise<HookAnswer<T>>) | undefined,
  signal: AbortSignal,
): Promise<Heard<T>> {
  if (ask === undefined) return { kind: "pass", value, warnings: [] };
  const waited = await waitFor(ask, { signal, limitMs: HOOKS_MS });
  if (waited.kind !== "done") {
    return { kind: "pass", value, warnings: ["the plugins' hooks could not be asked"] };
  }
  const answer = waited.value;
  if (answer.kind === "veto") {
    const plugin = oneLine(answer.plugin, 100);
    return {
      kind: "veto",
      reason: `the plugin ${plugin} forbids it: ${oneLine(answer.reason, 300)}`,
      untrusted: { from: `plugin ${plugin}` },
    };
  }
  if (answer.by.length === 0) return { kind: "pass", value, warnings: [] };
  const names = oneLine(answer.by.join(", "), 200);
  return {
    kind: "pass",
    value: answer.value,
    untrusted: { from: `plugin ${names}` },
    warnings: [],
  };
}
