/**
 * The tools that are there, built-in and of plugins, as a model is told of them.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import type { ToolDescription } from "../protocol/message.ts";
import type { Tool } from "../protocol/tool.ts";
import { oneLine, plainLines } from "../protocol/foreign_text.ts";
import { validate } from "./schema/validate.ts";
import { vetSchema, type VettedSchema } from "./schema/vet.ts";
import { BUILT_IN, fullName, isToolName, lookOf, modelName } from "./tool_name.ts";

/** A tool that may be called. */
export interface RegisteredTool {
  /** `memory_search`, or `clock.now`. */
  readonly name: string;
  readonly modelName: string;
  readonly schema: VettedSchema;
  readonly tool: Tool;
}

/** Tools that are told to one model. More of them make models choose badly. */
const TOOL_LIMIT = 256;
/** UTF-16 units of a description (OpenAI's limit). */
const DESCRIPTION_UNITS = 1_024;

/** The tools by their names. */
export class ToolRegistry {
  readonly #tools = new Map<string, RegisteredTool>();

  /**
   * Adds a tool; what is wrong with it keeps it out and touches no other.
   * @throws {PyraError} "bad_tool_name", "tool_collision", "bad_schema", "too_many_tools"
   */
  add(tool: Tool): RegisteredTool {
    const { owner, description } = tool;
    const name = fullName(owner, description.name);
    const isBuiltIn = owner === BUILT_IN;
    if (!isToolName(name) || isBuiltIn === name.includes(".")) {
      throw refused(
        "bad_tool_name",
        `"${oneLine(name, 100)}" is no name for a tool`,
        "use letters and digits with single _ or - between them, 60 characters at most",
      );
    }
    const look = lookOf(name);
    const other = this.#tools.get(look);
    if (other !== undefined) {
      throw refused(
        "tool_collision",
        `the tool ${name} has the same name as ${other.name}, or nearly, and is left out`,
        `disable one of the two`,
      );
    }
    if (this.#tools.size >= TOOL_LIMIT) {
      throw refused(
        "too_many_tools",
        `there are ${TOOL_LIMIT} tools already; ${name} is left out`,
        "disable plugins that you do not use",
      );
    }
    const registered = { name, modelName: modelName(name), schema: schemaOf(tool, name), tool };
    this.#tools.set(look, registered);
    return registered;
  }

  /** Takes out what a plugin gave. */
  remove(owner: string): void {
    for (const [look, { tool }] of this.#tools) {
      if (tool.owner === owner) this.#tools.delete(look);
    }
  }

  /** The tool that a model calls by this name. */
  find(name: string): RegisteredTool | undefined {
    const found = this.#looking(name);
    return found?.modelName === name ? found : undefined;
  }

  /** The tool of a full name. */
  get(name: string): RegisteredTool | undefined {
    const found = this.#looking(name);
    return found?.name === name ? found : undefined;
  }

  /** The tool that a wrong name may have meant: spelt with other marks or capitals. */
  near(name: string): RegisteredTool | undefined {
    return this.#looking(name);
  }

  /** All tools, in the order of their names. */
  list(): RegisteredTool[] {
    return [...this.#tools.values()].sort((one, other) => one.name < other.name ? -1 : 1);
  }

  /** What a model is told, always in the same order: providers keep what does not change. */
  descriptions(): ToolDescription[] {
    return this.list().map(({ modelName, schema, tool }) => ({
      name: modelName,
      description: plainLines(tool.description.description, DESCRIPTION_UNITS),
      parameters: schema.root,
    }));
  }

  #looking(name: string): RegisteredTool | undefined {
    return name.length > 100 ? undefined : this.#tools.get(lookOf(name));
  }
}

function schemaOf({ description }: Tool, name: string): VettedSchema {
  try {
    const schema = vetSchema(description.parameters);
    if (validate({}, schema).kind !== "overrun") return schema;
  } catch (cause) {
    if (!(cause instanceof PyraError)) throw cause;
    throw new PyraError(cause.category, cause.code, `the tool ${name}: ${cause.message}`, {
      hint: cause.hint,
      cause,
    });
  }
  throw refused(
    "bad_schema",
    `the tool ${name}: the schema of the arguments refers to itself without end`,
    "correct the tool's schema",
  );
}

function refused(code: string, message: string, hint: string): PyraError {
  return new PyraError("configuration", code, message, { hint });
}
