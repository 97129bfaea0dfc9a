/**
 * The tool by which a model reads a skill that it chose.
 * @module
 */
import { cutUnits, fencedData, oneLine } from "../protocol/foreign_text.ts";
import type { Tool, ToolPlan } from "../protocol/tool.ts";
import type { ShelvedSkill, SkillShelf } from "./shelf.ts";

/** UTF-16 units of one answer's text: results of tools are cut at 4,000. */
const PART_UNITS = 3_600;

/** `read_skill`. Nobody is asked: the person agreed to the plugin that brings the skill. */
export function readSkillTool(shelf: SkillShelf): Tool {
  return {
    description: {
      name: "read_skill",
      description: "Reads a skill's instructions, or one of the files that they name.",
      parameters: {
        type: "object",
        properties: {
          name: { type: "string", description: "the skill's name", maxLength: 100 },
          file: {
            type: "string",
            description: "a file of the skill; its instructions if absent",
            maxLength: 300,
          },
          part: {
            type: "integer",
            description: "which part of a long text; 1 if absent",
            minimum: 1,
            maximum: 10_000,
          },
        },
        required: ["name"],
        additionalProperties: false,
      },
    },
    owner: "pyra",
    effects: [],
    plan: ({ name, file, part }) => Promise.resolve(planned(shelf, { name, file, part })),
  };
}

function planned(shelf: SkillShelf, given: Readonly<Record<string, unknown>>): ToolPlan {
  const name = String(given["name"]).normalize("NFKC");
  const skill = shelf.skills.get(name);
  if (skill === undefined) {
    const names = [...shelf.skills.keys()].join(", ");
    return {
      kind: "refused",
      message: `there is no such skill; there are: ${oneLine(names, 800)}`,
    };
  }
  const { file } = given;
  const text = typeof file === "string" ? skill.files.get(file.replace(/^\.\//, "")) : skill.body;
  if (text === undefined) return { kind: "refused", message: noFile(skill) };
  const part = typeof given["part"] === "number" ? given["part"] : 1;
  const what = typeof file === "string" ? `the file ${oneLine(file, 200)} of ` : "";
  return {
    kind: "ready",
    does: `read ${what}the skill ${skill.name}`,
    effects: [],
    approval: "none",
    run: () =>
      Promise.resolve({
        status: "ok",
        text: partOf(text, part, skill),
        untrusted: { from: `plugin ${skill.plugin}` },
      }),
  };
}

function partOf(text: string, part: number, { name, files, plugin }: ShelvedSkill): string {
  const parts = Math.max(1, Math.ceil(text.length / PART_UNITS));
  if (part > parts) return `the text has ${parts} parts`;
  const start = (part - 1) * PART_UNITS;
  const words = cutUnits(text.slice(start).toWellFormed(), PART_UNITS);
  const others = oneLine([...files.keys()].join(", "), 200);
  return [
    `The skill ${name} of the plugin ${plugin}${parts > 1 ? `, part ${part} of ${parts}` : ""}:`,
    fencedData(words),
    ...others === "" ? [] : [`Its files: ${others}`],
  ].join("\n\n");
}

function noFile({ name, files }: ShelvedSkill): string {
  const names = [...files.keys()].join(", ");
  return names === ""
    ? `the skill ${name} has no other files`
    : `the skill ${name} has no such file; it has: ${oneLine(names, 800)}`;
}
