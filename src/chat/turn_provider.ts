/**
 * A provider whose requests say which turn they belong to, so that they can be counted by it.
 * @module
 */
import type { TurnProvider } from "../agent/ports.ts";
import type { RequestTurn } from "../protocol/model.ts";

/** The same provider; each of its requests belongs to the turn: tool rounds and summaries too. */
export function inTurn(provider: TurnProvider, turn: RequestTurn): TurnProvider {
  return {
    id: provider.id,
    get answering() {
      return provider.answering;
    },
    listModels: (signal) => provider.listModels(signal),
    stream: (request, signal) => provider.stream({ ...request, turn }, signal),
  };
}
