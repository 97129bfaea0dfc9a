/**
 * Settings from the environment: `PYRA_<BLOCK>_<FIELD>`, such as `PYRA_AI_MODEL`.
 * @module
 */
import { configInvalid } from "./config_error.ts";
import { accepts, BLOCKS, FIELDS, type FieldValue } from "./fields.ts";
import type { Layer } from "./layer.ts";
import { nearest } from "./nearest.ts";
import { convert } from "./path.ts";

/** The variable that sets a field: `ai.model` → `PYRA_AI_MODEL`. */
export function variableOf(path: string): string {
  return `PYRA_${path.replaceAll(".", "_").toUpperCase()}`;
}

const FIELD_OF = new Map(FIELDS.map((field) => [variableOf(field.path), field]));

/**
 * What the environment says. An empty variable says nothing; other `PYRA_` variables are not looked at.
 * @throws {PyraError} code `config_invalid`, naming the variable
 */
export function readEnvironment(env: Readonly<Record<string, string>>): Layer {
  const fields = new Map<string, FieldValue>();
  const warnings: string[] = [];
  for (const [variable, text] of Object.entries(env)) {
    const field = FIELD_OF.get(variable);
    if (field && text.trim() !== "") {
      const value = convert(field, text);
      if (!accepts(field, value)) {
        throw configInvalid(`the variable ${variable}`, field.path, `expected ${field.expects}`);
      }
      fields.set(field.path, value);
    } else if (!field && BLOCKS.some((block) => variable.startsWith(`${variableOf(block)}_`))) {
      const near = nearest(variable, FIELD_OF.keys());
      const meant = near === undefined ? "" : `; did you mean ${near}?`;
      warnings.push(`the variable ${variable} sets no setting${meant}`);
    }
  }
  return { fields, pluginSettings: {}, warnings };
}
