/**
 * How fast the scanner is on clean text, and on text made to be slow.
 * @module
 */
import { cpuUsage } from "node:process";
import { scan } from "../../../src/guard/injection.ts";
import { type Figure, median } from "../figure.ts";

const RUNS = 3;
const MIB = 2 ** 20;
/** How much longer ten times as much text may take: linear, with room for the machine. */
const LINEAR = 15;

/** Text without attacks: prose about a garden. */
const PROSE =
  "The rain came early this year, and with it the snails; by the end of May nearly half of the lettuce was gone. " +
  "We moved the pots under the old roof, where the light is good until four in the afternoon.\n";
const MIXED = PROSE +
  "Der Regen kam früh in diesem Jahr, und mit ihm die Schnecken. Дождь пришёл рано, и салат почти съели. " +
  "今年は雨が早く、かたつむりも早かった。 올해는 비가 일찍 왔다. 🌧️🐌 L’été fut bref, et l’on mangea peu.\n";

const SLOW: readonly (readonly [string, string])[] = [
  ["ignore ignore …", "ignore all "],
  ["an endless line of a", "a"],
  ["open brackets", "[![<!--"],
  ["escapes", "%69%67 \\u0069&#105;"],
  ["base64 in base64", "aWdub3Jl"],
  ["zero-width", "a\u200b"],
  ["combining marks", "a\u0301\u0302\u0303"],
  ["spaced letters", "i g n o r e "],
  ["half pairs", "\ud800x"],
  ["blanks", " "],
];

/** The figures. */
export function speedFigures(): Figure[] {
  const figures = [
    speed("clean ASCII", PROSE, 50),
    speed("clean text of several scripts", MIXED, 20),
  ];
  const times = SLOW.map(([name, part]) => {
    const [small, large] = [timeOf(part, MIB), timeOf(part, 10 * MIB)];
    return { name, large, ratio: large / small };
  });
  const worst = times.reduce((a, b) => a.large > b.large ? a : b);
  const steepest = times.reduce((a, b) => a.ratio > b.ratio ? a : b);
  return [...figures, {
    name: "the slowest 10 MiB made to be slow",
    value: `${worst.large.toFixed(0)} ms (${worst.name})`,
    aim: "",
  }, {
    name: "ten times as much of it takes, at most",
    value: `${steepest.ratio.toFixed(1)}× (${steepest.name})`,
    aim: `at most ${LINEAR}×`,
    met: steepest.ratio <= LINEAR,
  }];
}

function speed(name: string, part: string, aim: number): Figure {
  const text = part.repeat(Math.ceil(4 * MIB / part.length));
  const bytes = new TextEncoder().encode(text).length;
  scan(text);
  const time = median(Array.from({ length: RUNS }, () => measured(text)));
  const rate = bytes / MIB / (time / 1000);
  return {
    name: `scanning ${name}`,
    value: `${rate.toFixed(0)} MB/s`,
    aim: `at least ${aim} MB/s`,
    met: rate >= aim,
  };
}

function timeOf(part: string, length: number): number {
  const text = part.repeat(Math.ceil(length / part.length));
  return median(Array.from({ length: RUNS }, () => measured(text)));
}

/** Processor time in ms, since other programs may have the machine, too. */
function measured(text: string): number {
  const before = cpuUsage();
  scan(text);
  const { user, system } = cpuUsage(before);
  return (user + system) / 1000;
}
