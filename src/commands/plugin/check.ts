/**
 * `pyra plugin test`: a plugin checked in a room without rights, and its own tests.
 * @module
 */
import { EXIT } from "../../protocol/error.ts";
import type { CommandContext } from "../context.ts";
import { oneLine } from "../errors.ts";
import { jsonText } from "../output.ts";
import type { Parsed } from "../program.ts";
import { remark } from "../remark.ts";
import { printable } from "../terminal_text.ts";
import { folderFiles } from "./folder_files.ts";
import { readManifest } from "./manifest_text.ts";
import { type Checked, checkPlugin, runTests, TESTS_FILE } from "./trial.ts";

/** `pyra plugin test DIR` */
export async function testPlugin(context: CommandContext, parsed: Parsed): Promise<number> {
  const { boot, print } = context;
  const [typed = ""] = parsed.arguments;
  const files = await folderFiles(boot.granted[0] ?? typed);
  const manifest = readManifest(files);
  const { name, version } = manifest;
  const isShown = !boot.options.json && !boot.options.quiet;
  const results: Checked[] = [];
  const tell = async (result: Checked) => {
    results.push(result);
    if (isShown) await print(printable(boot, resultText(result)));
  };
  if (isShown) await print(oneLine(`${name} ${version}`) + "\n");
  const checks = await checkPlugin(context, { files, manifest });
  for (const check of checks) await tell(check);
  const isSound = checks.every(({ problem }) => problem === null);
  if (isSound) {
    for await (const result of runTests(context, { files, manifest })) await tell(result);
  }
  const tests = results.filter(({ kind }) => kind === "test").length;
  const failed = results.filter(({ problem }) => problem !== null).length;
  if (boot.options.json) await print(jsonText({ name, version, failed, results }));
  else if (isShown) {
    const ran = tests === 1 ? "1 test" : `${tests} tests`;
    await print(failed === 0 ? `all is well: ${ran}\n` : `${failed} of ${results.length} failed\n`);
  } else for (const result of results) await tellFailure(context, result);
  if (isSound && tests === 0) {
    await remark(
      context,
      `there are no tests; export some from ${TESTS_FILE}: const tests: PluginTests`,
    );
  }
  return failed === 0 ? EXIT.done : EXIT.failed;
}

function resultText({ name, problem }: Checked): string {
  const line = `  ${problem === null ? "ok   " : "fails"}  ${oneLine(name)}\n`;
  if (problem === null) return line;
  return line + problem.split("\n").map((part) => `         ${part}\n`).join("");
}

async function tellFailure(context: CommandContext, { name, problem }: Checked): Promise<void> {
  if (problem !== null) await context.printError(oneLine(`pyra: ${name}: ${problem}`) + "\n");
}
