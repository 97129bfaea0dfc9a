/**
 * Words in the name of the system, the developer or both sides of a talk.
 * @module
 */
import type { PatternGroup } from "../grammar.ts";

/** Their patterns, written as `patterns.ts` says. */
export const IMPERSONATION: readonly PatternGroup[] = [
  {
    category: "impersonation",
    label: "speaks as the system",
    high: [
      "[role: 6 ^must|your|override|disable|send|pay|change|focus",
      "[role: 3 your 2 must",
    ],
    medium: [
      "[admin: 1 note",
      "[admin 1 note:",
      "^admin 1 notice:",
      "^admin: 3 ^focus|override|disable|say",
    ],
    low: [
      "[information: 4 be|urgent 6 from",
      "[role:",
    ],
  },
  {
    category: "impersonation",
    label: "speaks to the model",
    medium: [
      "urgent 1 note 1 from 1 me 6 your",
      "urgent 4 addressee:",
      "model 1 reading 1 it",
    ],
  },
  {
    category: "impersonation",
    label: "plays both sides of a talk",
    medium: [
      "^speaker: 30 ^person:",
    ],
  },
  {
    category: "impersonation",
    label: "claims that the person agreed",
    low: [
      "user 4 already 3 trust",
    ],
  },
  {
    category: "impersonation",
    label: "claims to be an administrator",
    medium: [
      "admin 3 ordering",
      "admin 3 override",
      "^be 3 admin 4 command",
      "admin 2 wish 8 call|pay|follow|send",
    ],
  },
  {
    category: "impersonation",
    label: "claims that the input has ended",
    medium: ["endmark 1 ownprompt 1 orders", "[endmark 3 input|announce", "[input 2 endmark"],
  },
];
