/**
 * How a chat ends that the kernel ends. One in a room of a daemon that ends goes on in its person's own
 * process: as soon as nothing runs it leaves what that needs.
 * @module
 */
import { EXIT } from "../protocol/error.ts";
import type { ReplPorts, ReplState } from "./ports.ts";

/** The chat, as far as its end needs it. */
export interface LeavingChat {
  /** False: it ends with its room. */
  readonly canLeave: boolean;
  /** What the room after this one needs, without what runs. */
  readonly state: () => ReplState;
  /** What runs: a turn or a command. */
  readonly work: () => AbortController | undefined;
  /** Ends the chat. */
  readonly end: (code: number) => void;
}

/** The end of one chat. */
export class Leaving {
  readonly #chat: LeavingChat;
  readonly #ports: Pick<ReplPorts, "onKernel" | "remember">;
  #isAsked = false;

  constructor(ports: Pick<ReplPorts, "onKernel" | "remember">, chat: LeavingChat) {
    this.#ports = ports;
    this.#chat = chat;
  }

  /** Hears the kernel; returns the way to stop that. */
  listen(): () => void {
    const stop = [
      this.#ports.onKernel("leave", () => {
        this.#isAsked = this.#chat.canLeave;
        void this.settled();
      }),
      this.#ports.onKernel("terminate", () => this.#terminate()),
    ];
    return () => stop.forEach((unsubscribe) => unsubscribe());
  }

  #terminate(): void {
    const work = this.#chat.work();
    // What was said until then is kept, and the chat goes on without the rest.
    if (this.#isAsked && work) work.abort();
    else if (!this.#isAsked) this.#chat.end(EXIT.terminated);
  }

  /** Nothing runs any more. */
  async settled(): Promise<void> {
    if (!this.#isAsked || this.#chat.work() !== undefined) return;
    try {
      await this.#ports.remember(this.#chat.state());
    } finally {
      this.#chat.end(EXIT.terminated);
    }
  }
}
