/**
 * Judges what is written, overwritten or read, by where it lies.
 * @module
 */
import { type Court, type Scope } from "./court.ts";
import { groundOf, holdsVault, isGlob, resolvePath } from "./paths.ts";

/** Judges a file that is written or overwritten. */
export function judgeWrite(path: string, scope: Scope, court: Court): void {
  switch (groundOf(path, scope, court)) {
    case "vault":
      return court.raise("FORBIDDEN", "writes to the vault", path);
    case "device":
      return court.raise("FORBIDDEN", "overwrites a device", path);
    case "root":
    case "system":
      return court.raise("DANGEROUS", "changes the machine's own files", path);
    case "startup":
      return court.raise("DANGEROUS", "changes what runs at start or log-in", path);
    case "credential":
      return court.raise("DANGEROUS", "changes keys or passwords", path);
    case "history":
      return court.raise("DANGEROUS", "changes the record of what was run", path);
    case "profile":
      return court.raise("DANGEROUS", "changes what Pyra knows, may do, or has logged", path);
    case "harmless":
      return;
    default:
      return court.raise("MODERATE", "writes a file", path);
  }
}

/** Judges a file whose contents are read. `whole`: folders with all that lies in them. */
export function judgeRead(
  path: string,
  scope: Scope,
  court: Court,
  depth: "file" | "whole" = "file",
): void {
  const ground = groundOf(path, scope, court);
  if (ground === "vault") court.raise("FORBIDDEN", "reads the vault", path);
  else if (ground === "credential") court.raise("DANGEROUS", "reads keys or passwords", path);
  else if (ground === "device") court.raise("DANGEROUS", "reads a device", path);
  else if (depth === "whole" && holdsVault(resolvePath(path, scope), court)) {
    court.raise("DANGEROUS", "takes in a folder that holds the vault", path);
  }
}

/** Judges what is deleted. */
export function judgeDelete(
  path: string,
  scope: Scope,
  court: Court,
  how: { recursive: boolean; force?: boolean },
): void {
  const ground = groundOf(path, scope, court);
  const { recursive } = how;
  if (ground === "vault") return court.raise("FORBIDDEN", "deletes the vault", path);
  if (ground === "device") return court.raise("FORBIDDEN", "deletes a device", path);
  if (ground === "root" || ground === "home") {
    const whole = recursive || isGlob(path);
    return court.raise(
      whole ? "FORBIDDEN" : "DANGEROUS",
      ground === "root" ? "deletes everything on the machine" : "deletes the home folder",
      path,
    );
  }
  if (ground === "system") {
    return court.raise(
      recursive ? "FORBIDDEN" : "DANGEROUS",
      "deletes the machine's own files",
      path,
    );
  }
  if (["credential", "startup", "history", "profile"].includes(ground)) {
    return court.raise("DANGEROUS", "deletes keys, settings or records", path);
  }
  if (holdsVault(resolvePath(path, scope), court) && recursive) {
    return court.raise("FORBIDDEN", "deletes a folder that holds the vault", path);
  }
  if (ground === "temporary") return court.raise("MODERATE", "deletes temporary files", path);
  if (recursive) return court.raise("DANGEROUS", "deletes a folder with all that lies in it", path);
  if (isGlob(path)) return court.raise("DANGEROUS", "deletes every file that fits a pattern", path);
  if (ground === "unknown") return court.raise("DANGEROUS", "deletes files that are not known", "");
  if (/(^|\/)\.\.?$/.test(path)) return court.raise("DANGEROUS", "deletes a folder", path);
  return court.raise("MODERATE", "deletes a file", path);
}
