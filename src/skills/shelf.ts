/**
 * The skills of a run: which there are, what the model is told of them, and their files.
 * @module
 */
import { fencedData, oneLine } from "../protocol/foreign_text.ts";
import type { PluginFile } from "../protocol/plugin_calls.ts";
import { readSkill, type Skill, SKILL_FILE } from "./skill.ts";

/** Where a skill may lie. */
export interface SkillPlace {
  readonly plugin: string;
  /** In the plugin's own folder, `/` between folders. */
  readonly folder: string;
}

/** A skill that may be chosen. */
export interface ShelvedSkill extends Skill {
  readonly plugin: string;
  /** By their path in the skill's folder, `SKILL.md` not among them. */
  readonly files: ReadonlyMap<string, string>;
}

/** Reads the files of a plugin whose paths begin so, as they were agreed to. @throws {PyraError} */
export type ReadPluginFiles = (plugin: string, under: string) => Promise<readonly PluginFile[]>;

/** Skills that a model is told of, and UTF-16 units of each description in the prompt. */
const SKILLS = 40;
const DESCRIPTION_UNITS = 400;
const SENTENCE =
  "Before a task that one of these skills is for, read the skill with read_skill and " +
  "follow it as far as the person's own words allow. Names and descriptions are the plugins' words.";

/** The skills that there are. */
export class SkillShelf {
  /** By name. */
  readonly skills: ReadonlyMap<string, ShelvedSkill>;
  /** Why others are left out; one sentence each. */
  readonly problems: readonly string[];

  constructor(skills: ReadonlyMap<string, ShelvedSkill>, problems: readonly string[]) {
    this.skills = skills;
    this.problems = problems;
  }

  /** What the model is told of them; empty if there are none. */
  prompt(): string {
    if (this.skills.size === 0) return "";
    const lines = [...this.skills.values()].map(({ name, description }) =>
      `- ${name}: ${oneLine(description, DESCRIPTION_UNITS)}`
    );
    return [SENTENCE, fencedData(lines.join("\n"))].join("\n\n");
  }
}

/** Reads the skills of plugins. What is wrong with one is told and touches no other. Never rejects. */
export async function readShelf(
  places: readonly SkillPlace[],
  read: ReadPluginFiles,
): Promise<SkillShelf> {
  const skills = new Map<string, ShelvedSkill>();
  const problems: string[] = [];
  const found = await Promise.all(places.map(async (place) => {
    const files = await read(place.plugin, `${place.folder}/`).catch(() => undefined);
    return { place, files };
  }));
  for (const { place: { plugin, folder }, files } of found) {
    const leaveOut = (why: string) =>
      void problems.push(`the skill ${oneLine(folder, 100)} of the plugin ${plugin}: ${why}`);
    if (files === undefined) {
      leaveOut("its files cannot be read");
      continue;
    }
    const own = new Map(files.map(({ path, text }) => [path.slice(folder.length + 1), text]));
    const main = own.get(SKILL_FILE);
    if (main === undefined) {
      leaveOut(`it has no ${SKILL_FILE}`);
      continue;
    }
    const skill = readSkill(main, folder.split("/").at(-1) ?? folder);
    if (skill.kind === "invalid") {
      leaveOut(skill.problems.join("; "));
      continue;
    }
    const { name } = skill.skill;
    const other = skills.get(name);
    if (other !== undefined) leaveOut(`the plugin ${other.plugin} has one of that name`);
    else if (skills.size >= SKILLS) leaveOut(`there are ${SKILLS} skills already`);
    else {
      own.delete(SKILL_FILE);
      skills.set(name, { ...skill.skill, plugin, files: own });
    }
  }
  return new SkillShelf(skills, problems);
}
