/**
 * The parts of this folder's README that benchmarks write.
 * @module
 */

const README = new URL("./README.md", import.meta.url);

/**
 * Replaces what stands between `<!-- name -->` and `<!-- end of name -->`; a section that is not there
 * yet is added at the end.
 */
export async function writeSection(name: string, text: string): Promise<void> {
  await Deno.writeTextFile(README, withSection(await Deno.readTextFile(README), name, text));
}

/** The page with that section. */
export function withSection(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- end of ${name} -->`];
  const section = `${begin}${text.trimEnd()}\n${end}`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) return `${page.trimEnd()}\n\n${section}\n`;
  return page.slice(0, from) + section + page.slice(to + end.length);
}

/** When and on what figures were measured; never the machine's name. */
export function measuredOn(): string {
  const memory = Math.round(Deno.systemMemoryInfo().total / 2 ** 30);
  const cores = navigator.hardwareConcurrency;
  const date = new Date().toISOString().slice(0, 10);
  return `Measured ${date} on ${Deno.build.os} ${Deno.build.arch}, ${cores} cores, ${memory} GiB; ` +
    `Deno ${Deno.version.deno}.`;
}
