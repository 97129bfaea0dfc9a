import type { Handler } from "../rpc/channel.ts";
import type { EgressBoot, EgressCalls, EgressReport, VaultRelease } from "./calls.ts";

/** What egress is made with. */
export interface EgressOptions {
  readonly boot: EgressBoot;
  /** Adds a line to `security.log`; a secret is used only after this has resolved. */
  readonly report: (report: EgressReport) => Promise<unknown>;
  /** Asks the vault for a secret. @throws {RpcError} with the vault's code */
  readonly release: (
    params: Parameters<VaultRelease>[0],
    signal: AbortSignal,
  ) => Promise<unknown>;
}

/** The only code that reaches the network by HTTP and adds a credential. */
export class Egress {
  /** The kernel's calls. */
  readonly handlers: Readonly<Record<keyof EgressCalls, Handler>> = {
    open: () => null,
    allow: () => null,
    issue: () => null,
    close: () => null,
  };

  /** Makes one; it listens to nobody until `open`. */
  constructor(readonly_: EgressOptions) {
    void readonly_;
  }
}
