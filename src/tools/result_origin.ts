/**
 * Where a tool's result is from: whose words it is, whether they are believed, and what may be in it.
 * @module
 */
import { oneLine } from "../protocol/foreign_text.ts";
import type { Origin } from "../protocol/origin.ts";
import type { Provenance } from "../protocol/tool.ts";
import type { ExecutorLimits, ExecutorPorts } from "./executor_ports.ts";
import type { ReadyCall, StoppedCall } from "./planned_call.ts";
import type { RegisteredTool } from "./registry.ts";
import { BUILT_IN } from "./tool_name.ts";
import { waitFor } from "./waiting.ts";

/** What judging needs. */
export interface Judging {
  readonly ports: Pick<ExecutorPorts, "isTrusted">;
  readonly limits: Pick<ExecutorLimits, "portMs">;
  readonly signal: AbortSignal;
}

const PROVENANCE_UNITS = 200;

/** Where a text is from. Plugins are not believed that theirs is trusted. Never throws. */
export async function marked(
  registered: RegisteredTool | undefined,
  { own, others }: {
    /** As the tool says. */
    readonly own?: Provenance | undefined;
    /** Those who changed it, or what it was made of. */
    readonly others?: Provenance | undefined;
  },
  { ports: { isTrusted }, limits, signal }: Judging,
): Promise<{ readonly untrusted?: Provenance }> {
  if (registered === undefined) return {};
  const { name, tool: { owner } } = registered;
  if (others === undefined) {
    if (owner === BUILT_IN && own === undefined) return {};
    const isOwn = own === undefined || own.from === `plugin ${owner}`;
    if (owner !== BUILT_IN && isOwn && isTrusted !== undefined) {
      const waited = await waitFor(() => isTrusted(name), { signal, limitMs: limits.portMs });
      if (waited.kind === "done" && waited.value) return {};
    }
  }
  const from = oneLine((own ?? others)?.from ?? "", PROVENANCE_UNITS) || `the tool ${name}`;
  return { untrusted: { from } };
}

/** Whose words a tool's result is, and what private data may be in it. */
export function originOf(
  planned: ReadyCall | StoppedCall,
  { untrusted }: { readonly untrusted?: Provenance },
): { readonly origin: Origin; readonly sensitive?: Provenance } {
  const { tool, call } = planned;
  const name = tool?.name ?? oneLine(call.name, 100);
  const from = untrusted?.from ?? "";
  const origin = { kind: "tool", tool: name, from, trusted: untrusted === undefined } as const;
  const { effects, looksUp }: Pick<ReadyCall["request"], "effects" | "looksUp"> =
    planned.kind === "ready" ? planned.request : { effects: tool?.tool.effects ?? [] };
  const read = effects.find(({ kind }) => kind === "reads");
  if (read?.kind === "reads") {
    const where = oneLine(read.where, PROVENANCE_UNITS - name.length - 10);
    return { origin, sensitive: { from: `${where}, by ${name}` } };
  }
  // Mail comes from a host too, and programs print what they read: only what is known to ask for public text
  // brings nothing private.
  const isPrivate = effects.some(({ kind }) =>
    kind === "runs" || (kind === "network" && looksUp !== true)
  );
  return isPrivate ? { origin, sensitive: { from: `what ${name} answered` } } : { origin };
}
