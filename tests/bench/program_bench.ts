/**
 * What running a program for a plugin costs beside the call it is run in.
 * @module
 */
import type { Command } from "../../plugins/system/command.ts";
import { LINUX_COMMANDS } from "../../plugins/system/linux_info.ts";
import { SomePrograms } from "../unit/kernel/plugins/some_programs.ts";
import { type Figure, median } from "./figure.ts";

const RUNS = 41;
const ROUNDS = 15;
const AIMS = { none: 25, bubblewrap: 60 } as const;
const SECONDS = 5;
const RATE_BYTES = 10e6;

/** The figures of programs. */
export async function programFigures(): Promise<Figure[]> {
  // bubblewrap is Linux's.
  if (Deno.build.os !== "linux") return [];
  return [
    await runFigure("none"),
    await runFigure("bubblewrap"),
    await infoFigure(),
    await floodFigure(),
  ];
}

/** What `system.get_system_info` runs, at once. */
async function infoFigure(): Promise<Figure> {
  const commands: readonly Command[] = Object.values(LINUX_COMMANDS);
  const run = commands.map(({ argv }) => argv[0] ?? "");
  await using programs = await SomePrograms.make({ run, outside: ["ps"] });
  await programs.call("list", {});
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now();
    await Promise.all(
      commands.map(({ argv, network }) =>
        programs.call("run", { argv, options: network === true ? { network } : {} })
      ),
    );
    times.push(performance.now() - begun);
  }
  const [first = 0] = times;
  return {
    name: "what get_system_info runs, in bubblewrap but for ps",
    value: `${median(times).toFixed(0)} ms, the first time ${first.toFixed(0)} ms`,
    aim: "< 60 ms",
    met: first < 60,
  };
}

async function runFigure(sandbox: keyof typeof AIMS): Promise<Figure> {
  await using programs = await SomePrograms.make();
  programs.config(`sandbox: ${sandbox}`);
  const time = async (act: () => Promise<unknown>) => {
    const times: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const begun = performance.now();
      await act();
      times.push(performance.now() - begun);
    }
    return median(times.slice(1));
  };
  const call = await time(() => programs.call("list", {}));
  const run = await time(() => programs.call("run", { argv: ["true"] }));
  const added = run - call;
  const held = sandbox === "none" ? "without a sandbox" : "in bubblewrap";
  return {
    name: `a call that runs true ${held}, beside one that runs nothing`,
    value: `${added.toFixed(1)} ms`,
    aim: `< ${AIMS[sandbox]} ms`,
    met: added < AIMS[sandbox],
  };
}

/** Memory under a steady flood, of this process: the kernel's part of it. */
async function floodFigure(): Promise<Figure> {
  await using programs = await SomePrograms.make();
  await programs.bash("true");
  const before = Deno.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => most = Math.max(most, Deno.memoryUsage().rss), 100);
  const flood = `for n in $(seq ${SECONDS * 10}); do yes | head -c ${
    RATE_BYTES / 10
  }; sleep 0.1; done`;
  try {
    await programs.bash(flood, { limitMs: 60_000 });
  } finally {
    clearInterval(watch);
  }
  const grown = (most - before) / 1e6;
  return {
    name: `10 MB/s of output for ${SECONDS} s, memory of the kernel's process`,
    value: `+${Math.max(0, grown).toFixed(0)} MB`,
    aim: "< 100 MB",
    met: grown < 100,
  };
}
