/**
 * Writes the types for authors of plugins as text, for `pyra plugin new`: the program has no sources of its
 * own to copy them from.
 *
 *     deno run --allow-read --allow-write --allow-run .build/plugin_sdk.ts
 * @module
 */
import { fileURLToPath } from "node:url";

/** What is written from what, in this order in the file for authors. */
const TEXTS = [
  { source: "plugin_acts.ts", target: "sdk_acts_text.ts", name: "SDK_ACTS_TEXT" },
  { source: "plugin.ts", target: "sdk_text.ts", name: "SDK_TEXT" },
  { source: "plugin_testing.ts", target: "sdk_testing_text.ts", name: "SDK_TESTING_TEXT" },
];

/** The declarations of the sources, without their headers and imports, each text in turn. */
export async function sdkTexts(): Promise<string[]> {
  return await Promise.all(TEXTS.map(async ({ source }) => {
    const text = await Deno.readTextFile(new URL(`../src/protocol/${source}`, import.meta.url));
    const body = text.replace(/^\/\*\*[^]*?@module\n \*\/\n/, "");
    return body.replaceAll(/^(?:import|export) type [^;=]* from [^;]*;\n/gm, "").trim();
  }));
}

if (import.meta.main) {
  const bodies = await sdkTexts();
  for (const [index, { source, target, name }] of TEXTS.entries()) {
    const lines = bodies[index]?.split("\n").map((line) => `  ${JSON.stringify(line)},\n`) ?? [];
    const file = new URL(`../src/commands/plugin/templates/${target}`, import.meta.url);
    await Deno.writeTextFile(
      file,
      `/**
 * Types for authors of plugins, as text. Made by \`.build/plugin_sdk.ts\` from \`src/protocol/${source}\`.
 * @module
 */

/** The declarations. */
export const ${name}: string = [
${lines.join("")}].join("\\n");
`,
    );
    const args = ["fmt", "--quiet", fileURLToPath(file)];
    const { success } = await new Deno.Command(Deno.execPath(), { args }).output();
    if (!success) Deno.exit(1);
  }
}
