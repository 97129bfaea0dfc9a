/**
 * A skill: a folder with a `SKILL.md`, by the Agent Skills format (agentskills.io/specification). Its
 * name and description are told to the model; the rest is read when the model chooses it.
 * @module
 */
import { oneLine } from "../protocol/foreign_text.ts";
import { readFrontMatter } from "./front_matter.ts";

/** A skill that keeps the format. */
export interface Skill {
  readonly name: string;
  /** What it does and when to use it; one line. */
  readonly description: string;
  /** The instructions, Markdown. */
  readonly body: string;
}

/** A skill, or what is wrong with it: one sentence each, to follow the skill's name. */
export type ReadSkill =
  | { readonly kind: "skill"; readonly skill: Skill }
  | { readonly kind: "invalid"; readonly problems: readonly string[] };

/** The file that makes a folder a skill. */
export const SKILL_FILE = "SKILL.md";

/** Characters, as the format has them. */
const NAME_LENGTH = 64;
const DESCRIPTION_LENGTH = 1_024;
const COMPATIBILITY_LENGTH = 500;
const FIELDS = new Set([
  "name",
  "description",
  "license",
  "compatibility",
  "metadata",
  "allowed-tools",
]);

/** Reads a `SKILL.md`. @param folder the name of the folder that it lies in */
export function readSkill(text: string, folder: string): ReadSkill {
  const matter = readFrontMatter(text);
  if (matter.kind === "invalid") return { kind: "invalid", problems: [matter.problem] };
  const { fields, body } = matter;
  const { name, description, compatibility } = fields;
  const unknown = Object.keys(fields).filter((field) => !FIELDS.has(field));
  const problems = [
    ...unknown.length === 0
      ? []
      : [`it has fields that the format does not know: ${oneLine(unknown.join(", "), 200)}`],
    ...nameProblems(name, folder),
    ...textProblems("description", description, DESCRIPTION_LENGTH),
    ...compatibility === undefined
      ? []
      : textProblems("compatibility", compatibility, COMPATIBILITY_LENGTH),
  ];
  if (problems.length > 0 || typeof name !== "string" || typeof description !== "string") {
    return { kind: "invalid", problems };
  }
  const shown = oneLine(description, DESCRIPTION_LENGTH);
  return { kind: "skill", skill: { name: plain(name), description: shown, body } };
}

function nameProblems(name: unknown, folder: string): string[] {
  if (typeof name !== "string" || name.trim() === "") return ["it has no name"];
  const text = plain(name);
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
  if (plain(folder) !== text) problems.push("its name is not that of its folder");
  return problems;
}

function textProblems(field: string, value: unknown, most: number): string[] {
  if (typeof value !== "string" || value.trim() === "") return [`its ${field} is no text`];
  return [...value].length > most ? [`its ${field} is longer than ${most} characters`] : [];
}

function plain(name: string): string {
  return name.trim().normalize("NFKC");
}
