/**
 * What skills and recipes have in common: names and descriptions by the Agent Skills format
 * (agentskills.io/specification).
 * @module
 */

const NAME_LENGTH = 64;
/** Characters of a description, as the format has them. */
export const DESCRIPTION_LENGTH = 1_024;
/** Characters of what it needs. */
export const COMPATIBILITY_LENGTH = 500;
/** The fields that both know. */
export const FORMAT_FIELDS = [
  "name",
  "description",
  "license",
  "compatibility",
  "metadata",
] as const;

/** What is wrong with a name. @param place where it lies: a folder or a file of the same name */
export function nameProblems(
  name: unknown,
  place: { readonly name: string; readonly kind: "folder" | "file" },
): string[] {
  if (typeof name !== "string" || name.trim() === "") return ["it has no name"];
  const text = plainName(name);
  const problems: string[] = [];
  if ([...text].length > NAME_LENGTH) {
    problems.push(`its name is longer than ${NAME_LENGTH} characters`);
  }
  if (text !== text.toLowerCase()) problems.push("its name has capitals; use lower case");
  if (/^-|-$/.test(text)) problems.push("its name begins or ends with a hyphen");
  if (text.includes("--")) problems.push("its name has two hyphens in a row");
  if (!/^[\p{L}\p{N}-]+$/u.test(text)) {
    problems.push("its name may have letters, digits and hyphens only");
  }
  if (plainName(place.name) !== text) problems.push(`its name is not that of its ${place.kind}`);
  return problems;
}

/** What is wrong with a text that must be there. @param most characters */
export function textProblems(field: string, value: unknown, most: number): string[] {
  if (typeof value !== "string" || value.trim() === "") return [`its ${field} is no text`];
  return [...value].length > most ? [`its ${field} is longer than ${most} characters`] : [];
}

/** A name as it is compared. */
export function plainName(name: string): string {
  return name.trim().normalize("NFKC");
}
