/**
 * A skill: a folder with a `SKILL.md`, by the Agent Skills format (agentskills.io/specification). Its
 * name and description are told to the model; the rest is read when the model chooses it.
 * @module
 */
import { oneLine } from "../protocol/foreign_text.ts";
import {
  COMPATIBILITY_LENGTH,
  DESCRIPTION_LENGTH,
  FORMAT_FIELDS,
  nameProblems,
  plainName,
  textProblems,
} from "./format.ts";
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

const FIELDS = new Set([...FORMAT_FIELDS, "allowed-tools"]);

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
    ...nameProblems(name, { name: folder, kind: "folder" }),
    ...textProblems("description", description, DESCRIPTION_LENGTH),
    ...compatibility === undefined
      ? []
      : textProblems("compatibility", compatibility, COMPATIBILITY_LENGTH),
  ];
  if (problems.length > 0 || typeof name !== "string" || typeof description !== "string") {
    return { kind: "invalid", problems };
  }
  const shown = oneLine(description, DESCRIPTION_LENGTH);
  return { kind: "skill", skill: { name: plainName(name), description: shown, body } };
}
