/**
 * What it costs to lay out a stream of Markdown, beside printing the same pieces as they are: processor
 * time of the whole process, its start included.
 * @module
 */
import { compileProgram, pyra, RUN_FLAGS } from "../e2e/executable.ts";
import { type Figure, median } from "./figure.ts";

const RUNS = 11;
const LIMIT = 2;
const ENTRY = "tests/bench/bare/print_stream.ts";

/** The figure of laying out Markdown. */
export async function markdownFigures(): Promise<Figure[]> {
  const { compiled } = await pyra();
  const program = (compiled ? await compileProgram(ENTRY, []) : undefined) ??
    { path: Deno.execPath(), args: ["run", ...RUN_FLAGS, ENTRY], compiled: false };
  const times: { raw: number[]; markdown: number[] } = { raw: [], markdown: [] };
  for (let run = -1; run < RUNS; run++) {
    for (const kind of ["raw", "markdown"] as const) {
      const { stderr } = await new Deno.Command(program.path, {
        args: [...program.args, kind],
        stdin: "null",
      }).output();
      const spent = Number(new TextDecoder().decode(stderr).trim().split("\n").at(-1));
      if (!(spent > 0)) throw new Error(`${ENTRY} failed: ${new TextDecoder().decode(stderr)}`);
      if (run >= 0) times[kind].push(spent);
    }
  }
  const [raw, markdown] = [median(times.raw), median(times.markdown)];
  const value = markdown / raw;
  return [{
    name: `5,000 tokens of Markdown (${program.compiled ? "compiled" : "source"}, processor time)`,
    value: `${value.toFixed(2)}× (${markdown.toFixed(0)} ms against ${raw.toFixed(0)} ms)`,
    aim: `at most ${LIMIT}×`,
    met: value <= LIMIT,
  }];
}
