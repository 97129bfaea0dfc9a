/**
 * A provider's list of models, whatever its shape.
 * @module
 */
import type { Connection } from "./connection.ts";
import { badAnswer, type Subject } from "./errors.ts";
import { field, list, parseJson, scalar } from "./json_fields.ts";

const MAX_MODELS = 2_000;
const MAX_ID_LENGTH = 200;

/**
 * The ids in a list of models, in its order, each once; undefined if it is no such list. Understood:
 * OpenAI's `{data: [{id}]}`, `{models: [{name}]}` (Ollama, Cohere), and a bare list of objects or ids.
 */
export function parseModels(body: unknown): string[] | undefined {
  const entries = [body, field(body, "data"), field(body, "models")].find(Array.isArray);
  if (entries === undefined) return undefined;
  const ids = new Set<string>();
  for (const entry of list(entries)) {
    const id = scalar(field(entry, "id") ?? field(entry, "name") ?? entry)
      // Gemini names them like resources.
      .replace(/^models\//, "");
    // deno-lint-ignore no-control-regex -- an id with control characters is none
    if (id === "" || id.length > MAX_ID_LENGTH || /[\u0000-\u001f\u007f-\u009f]/.test(id)) continue;
    ids.add(id);
    if (ids.size === MAX_MODELS) break;
  }
  return [...ids];
}

/**
 * Asks a provider for its models; empty if it has no list.
 * @throws {ProviderError} the signal's reason
 */
export async function listModels(connection: Connection, signal: AbortSignal): Promise<string[]> {
  const { entry, baseUrl, now } = connection;
  const path = entry.models_path;
  if (path === null) return [];
  const subject: Subject = { entry, baseUrl };
  const { clientError, OpenAiClient } = await import("./openai_client.ts");
  const url = path.startsWith("/") ? new URL(baseUrl).origin + path : `/${path}`;
  let body: unknown;
  try {
    body = await new OpenAiClient(connection).get<unknown>(url, { signal });
  } catch (thrown) {
    signal.throwIfAborted();
    throw clientError(subject, thrown, now());
  }
  const models = parseModels(typeof body === "string" ? parseJson(body) : body);
  if (models === undefined) throw badAnswer(subject, "it is no list of models");
  return models;
}
