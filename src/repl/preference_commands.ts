/**
 * `/set`: what the person wants of this conversation.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import { preferenceOf, PREFERENCES, preferenceText } from "../sessions/preferences.ts";
import type { CommandContext } from "./command.ts";
import { sanitizeLine } from "./sanitize.ts";

/** `/set [KEY [VALUE]]`: lists them; without a value the settings hold again. */
export async function set({ state, surface, argument }: CommandContext): Promise<void> {
  const { conversation } = state;
  const [key = "", ...words] = argument.split(/\s+/);
  if (key === "") {
    return surface.showTable(PREFERENCES.map((entry) => {
      const value = conversation.preferences[entry.key];
      const shown = value === undefined ? "as in the settings" : preferenceText(value);
      return [`${entry.key}: ${sanitizeLine(shown)}`, entry.description];
    }));
  }
  const entry = preferenceOf(key.toLowerCase());
  if (entry === undefined) {
    throw new PyraError(
      "configuration",
      "unknown_preference",
      `a conversation has no ${sanitizeLine(key)}`,
      { hint: `set one of ${PREFERENCES.map((one) => one.key).join(", ")}` },
    );
  }
  const typed = words.join(" ");
  if (typed === "") {
    await conversation.setPreference(entry.key, null);
    return surface.show(`${entry.key} is as in the settings`, "dim");
  }
  const value = entry.read(typed);
  if (value === undefined) {
    throw new PyraError(
      "configuration",
      "bad_preference",
      `${entry.key} cannot be ${sanitizeLine(typed)}`,
      { hint: `it takes ${entry.expects}; /set ${entry.key} leaves it to the settings` },
    );
  }
  await conversation.setPreference(entry.key, value);
  surface.show(
    `${entry.key} is ${sanitizeLine(preferenceText(value))} in this conversation`,
    "dim",
  );
}
