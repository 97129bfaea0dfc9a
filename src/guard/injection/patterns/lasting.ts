/**
 * Orders meant to last or to wait: in memory, for every answer, for what the person says next.
 * @module
 */
import type { PatternGroup } from "../grammar.ts";

/** Their patterns, written as `patterns.ts` says. */
export const LASTING: readonly PatternGroup[] = [
  {
    category: "coercion",
    label: "plants a lasting order",
    medium: [
      "keepit 8 evermore 2 sessions 12 deed|urges",
      "^keepit 6 ever 4 outward|urges|approve",
      "^keepit 6 memoryfile 1 /md 6 your|must|always|dont",
      "dont 2 forget 4 orders",
      "^treat 6 trusted 6 all|ever|without|sessions",
    ],
    low: [
      "remember 4 lasting 6 your|send|follow",
      "evermore 2 sessions 4 outward",
      "^keepit 6 memoryfile 1 /md",
      "^ever 3 urges",
      "treat 8 trusted",
    ],
  },
  {
    category: "coercion",
    label: "waits for what the person says",
    medium: [
      "when 3 they 3 asks 14 ^outward|override|unseen",
      "when 3 they 3 asks 14 outward 6 address|all|data",
      "when 3 they 4 asks 10 urges 4 phrase|only|always",
      "evermore 1 time 3 they 3 asks 10 urges|deed",
    ],
    low: ["^when 3 they 3 asks 12 urges|deed"],
  },
  {
    category: "coercion",
    label: "adds something to every answer",
    medium: [
      "attach 6 link 8 each 2 sessions",
      "begin 2 each 2 reply",
      "ever 3 begin 4 reply",
      "each 2 reply 4 must 3 begin|attach",
    ],
    low: ["each 2 reply 3 must"],
  },
  {
    category: "coercion",
    label: "tells the model what to answer",
    low: ["^utter 2 alone 4 phrase|this"],
  },
];
