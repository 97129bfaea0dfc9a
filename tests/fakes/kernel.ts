/**
 * A kernel that answers from a script and records every call.
 * @module
 */
import type {
  Kernel,
  KernelCalls,
  KernelMethod,
  ServePlugin,
} from "../../src/protocol/kernel_calls.ts";
import type { PluginCallParams, PluginItem } from "../../src/protocol/plugin_host_calls.ts";
import { until } from "../../src/protocol/waiting.ts";
import { RpcError } from "../../src/rpc/error.ts";

/** A call that was made. */
export interface RecordedCall {
  readonly method: KernelMethod;
  readonly params: unknown;
}

/** What the kernel says to a call; a method without an answer fails the test that calls it. */
export type KernelAnswers = {
  [M in KernelMethod]?: (
    params: Parameters<KernelCalls[M]>[0],
  ) => ReturnType<KernelCalls[M]> | Promise<ReturnType<KernelCalls[M]>>;
};

/** A kernel from a script. */
export class FakeKernel implements Kernel {
  readonly calls: RecordedCall[] = [];
  /** What was last remembered. */
  remembered: unknown = null;
  readonly answers: KernelAnswers;

  constructor(answers: KernelAnswers = {}) {
    this.answers = answers;
  }

  async call<M extends KernelMethod>(
    method: M,
    params: Parameters<KernelCalls[M]>[0],
    signal?: AbortSignal,
  ): Promise<ReturnType<KernelCalls[M]>> {
    signal?.throwIfAborted();
    this.calls.push({ method, params });
    // Parameters cross a port: what cannot be cloned fails here as it does there.
    const crossed = structuredClone(params);
    if (method === "remember") {
      this.remembered = (crossed as { state: unknown }).state;
      return null as ReturnType<KernelCalls[M]>;
    }
    const answer = this.answers[method];
    if (!answer) throw new Error(`the test has no answer for ${method}`);
    return await (signal ? until(Promise.resolve(answer(crossed)), signal) : answer(crossed));
  }

  /** Calls into plugins; none until a test gives an answer. */
  // deno-lint-ignore require-yield -- it answers nothing
  plugin: Kernel["pluginCall"] = async function* () {
    await Promise.resolve();
    throw new Error("the test has no answer for pluginCall");
  };
  /** What serves the plugins' requests. */
  servePlugin: ServePlugin | undefined;

  pluginCall(params: PluginCallParams, signal?: AbortSignal): AsyncIterable<PluginItem> {
    return this.plugin(structuredClone(params), signal);
  }

  onPluginRequest(serve: ServePlugin): void {
    this.servePlugin = serve;
  }

  /** What serves the kernel's questions to the daemon. */
  serveDaemon: Parameters<Kernel["onDaemonAsk"]>[0] | undefined;

  onDaemonAsk(serve: Parameters<Kernel["onDaemonAsk"]>[0]): void {
    this.serveDaemon = serve;
  }

  on(): () => void {
    return () => undefined;
  }

  /** The parameters of every call of a method. */
  of(method: KernelMethod): unknown[] {
    return this.calls.filter((call) => call.method === method).map(({ params }) => params);
  }
}

/** The error that a refusal of the kernel arrives as. */
export function kernelError(code: string, message: string, hint = ""): RpcError {
  return new RpcError("remote", message, { remoteCode: code, data: { hint } });
}
