/**
 * The refusal of a name that no plugin has.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import { oneLine } from "../errors.ts";
import { nearest } from "../nearest.ts";

/** Names the nearest of those there are. */
export function noSuchPlugin(name: string, names: readonly string[]): PyraError {
  const near = nearest(name, names);
  return new PyraError("configuration", "no_such_plugin", `there is no plugin ${oneLine(name)}`, {
    hint: near === undefined
      ? "pyra plugin list shows those that are installed"
      : `did you mean ${near}? pyra plugin list shows them`,
  });
}
