/**
 * Pyra's own commands. What a model has a shell run is not the person's own act: it may not widen what the
 * model may do.
 * @module
 */
import type { Call, Court } from "../court.ts";

/** What opens the vault. */
const VAULT = /^vault (?!status\b|list\b|help\b)/;
const LOOKS =
  /^(?:(?:plugin|tools|sessions|memory|vault) (?:list|show|info|search|status|available|logs)|usage|security (?:scan|redact|risk|log)|config (?:get|show|list|path)|help|version)\b/;

/** Judges `pyra`. */
export function pyra({ words }: Call, court: Court): void {
  const rest = words.slice(1);
  const at = rest.findIndex((word, index) =>
    !word.startsWith("-") && !/^--(?:home|profile|workspace)$/.test(rest[index - 1] ?? "")
  );
  if (at < 0 && rest.length > 0) return;
  const line = `${rest.slice(Math.max(0, at)).join(" ")} `;
  if (VAULT.test(line)) return court.raise("FORBIDDEN", "opens the vault");
  if (LOOKS.test(line)) return court.raise("MODERATE", "asks Pyra itself");
  court.raise("DANGEROUS", "has Pyra do what nobody was asked about");
}
