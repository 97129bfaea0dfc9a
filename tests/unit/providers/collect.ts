import type { ModelEvent, ModelProvider, ModelRequest } from "../../../src/protocol/model.ts";
import { asPyraError, type PyraError } from "../../../src/protocol/error.ts";
import { type OpenOptions, openProvider } from "../../../src/providers/open.ts";
import { findProvider, type ProviderEntry } from "../../../src/providers/table.ts";

/** A request with one question. */
export function question(text: string, more: Partial<ModelRequest> = {}): ModelRequest {
  return { model: "m", messages: [{ role: "user", parts: [{ type: "text", text }] }], ...more };
}

/** What came of a stream: its events up to its end or failure. */
export interface Outcome {
  readonly events: ModelEvent[];
  readonly text: string;
  readonly error: PyraError | undefined;
}

/** Reads a stream to its end. */
export async function collect(stream: AsyncIterable<ModelEvent>): Promise<Outcome> {
  const events: ModelEvent[] = [];
  let error: PyraError | undefined;
  try {
    for await (const event of stream) events.push(event);
  } catch (thrown) {
    error = asPyraError(thrown);
  }
  const text = events.map((event) => event.type === "text" ? event.text : "").join("");
  return { events, text, error };
}

/** Asks once, with a signal that nobody aborts. */
export function ask(provider: ModelProvider, request = question("hi")): Promise<Outcome> {
  return collect(provider.stream(request, new AbortController().signal));
}

/** The events of one kind. */
export function ofType<T extends ModelEvent["type"]>(
  { events }: Outcome,
  type: T,
): Extract<ModelEvent, { type: T }>[] {
  return events.filter((event): event is Extract<ModelEvent, { type: T }> => event.type === type);
}

/** An entry of the table that must be there. */
export function entry(id: string): ProviderEntry {
  const found = findProvider(id);
  if (found === undefined) throw new Error(`no provider ${id}`);
  return found;
}

/** A provider at the address of a fake server. */
export function at(baseUrl: string, id = "openai", more: Partial<OpenOptions> = {}): ModelProvider {
  return openProvider(entry(id), { baseUrl, apiKey: "sk-test", fetch, ...more });
}
