/**
 * The part of the composition root that keeps secrets out of what is written: sessions and logs.
 * @module
 */
import type { Kernel } from "./protocol/kernel_calls.ts";
import type { Redaction } from "./sessions/redaction.ts";

/** What sessions are written through. */
export async function openRedaction(): Promise<Redaction> {
  const { redact, RedactionStream } = await import("./guard/redaction.ts");
  return { redact, stream: () => new RedactionStream() };
}

/** The same kernel, whose logs get no line with a secret, whoever writes it. */
export function withRedactedLogs(kernel: Kernel): Kernel {
  return {
    pluginCall: (params, signal) => kernel.pluginCall(params, signal),
    onPluginRequest: (serve) => kernel.onPluginRequest(serve),
    onDaemonAsk: (serve) => kernel.onDaemonAsk(serve),
    on: (event, listener) => kernel.on(event, listener),
    async call(method, params, signal) {
      if (method !== "log") return await kernel.call(method, params, signal);
      const [{ redact }, { withoutSecrets }] = await Promise.all([
        import("./guard/redaction.ts"),
        import("./sessions/redaction.ts"),
      ]);
      return await kernel.call(method, withoutSecrets(params, redact));
    },
  };
}
