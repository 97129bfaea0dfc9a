/**
 * Providers by the id that a person typed.
 * @module
 */
import type { ProviderEntry } from "../providers/table.ts";
import { usageError } from "./errors.ts";
import { nearest } from "./nearest.ts";

/** The provider table's entry. @throws {PyraError} `usage` naming the nearest one */
export async function knownProvider(id: string): Promise<ProviderEntry> {
  const { findProvider, PROVIDERS } = await import("../providers/table.ts");
  const entry = findProvider(id);
  if (entry) return entry;
  const near = nearest(id, PROVIDERS.map((one) => one.id)) ?? "";
  throw usageError(
    `there is no provider "${id}"`,
    `did you mean ${near}? pyra setup lists them all`,
  );
}
