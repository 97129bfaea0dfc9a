/**
 * The refusal of a name that no plugin has.
 * @module
 */
import { nearest } from "../../config/nearest.ts";
import { PyraError } from "../../protocol/error.ts";
import { oneLine } from "../errors.ts";

/** Says how to get one that comes with Pyra, or names the nearest of those there are. */
export function noSuchPlugin(
  name: string,
  installed: readonly string[],
  bundled: readonly string[],
): PyraError {
  const near = nearest(name, [...installed, ...bundled]);
  const [message, hint] = bundled.includes(name)
    ? [`the plugin ${name} is not installed`, `pyra plugin install ${name} adds it`]
    : [
      `there is no plugin ${oneLine(name)}`,
      near === undefined
        ? "pyra plugin list shows those that are installed"
        : `did you mean ${near}? pyra plugin list shows them`,
    ];
  return new PyraError("configuration", "no_such_plugin", message, { hint });
}
