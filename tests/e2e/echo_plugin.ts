/**
 * A small plugin, and the program's commands on it.
 * @module
 */
import assert from "node:assert/strict";
import { run, type RunResult, withHome } from "./command.ts";

/** One test of the commands. */
export interface Bench {
  readonly home: string;
  /** Runs `pyra …`, in the home folder. */
  readonly pyra: (line: string, input?: string) => Promise<RunResult>;
}

/** A test with an empty home folder. */
export function pluginTest(name: string, act: (bench: Bench) => Promise<void>): void {
  Deno.test(name, () =>
    withHome((home) =>
      act({
        home,
        pyra: (line, input) => {
          const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, a, b]) => a ?? b ?? "");
          return run(words, { home, ...(input === undefined ? {} : { input }) });
        },
      })
    ));
}

/** Asserts that it succeeded, and returns what it printed. */
export function out({ code, stdout, stderr }: RunResult): string {
  assert.equal(code, 0, stderr);
  return stdout;
}

/** Writes texts by their paths. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(`${folder}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${folder}/${path}`, text);
  }
}

const MANIFEST = { name: "echo", version: "1.0.0", description: "says it again" };
/** A plugin that says again what it is told. */
export const PLUGIN = `export default { tools: [{
  name: "say", description: "Says it again.", parameters: { type: "object" },
  run: (input) => JSON.stringify(input),
}] };`;

/** A plugin's folder in the home folder. */
export async function writeEcho(home: string, grants: object = {}, plugin = PLUGIN): Promise<void> {
  const manifest = JSON.stringify({ ...MANIFEST, grants });
  await writeFiles(`${home}/echo`, { "manifest.json": manifest, "plugin.js": plugin });
}
