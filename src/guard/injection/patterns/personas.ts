/**
 * Orders to be somebody who knows no rules.
 * @module
 */
import type { PatternGroup } from "../grammar.ts";

/** Their patterns, written as `patterns.ts` says. */
export const PERSONAS: readonly PatternGroup[] = [
  {
    category: "instruction_override",
    label: "asks for a model without limits",
    medium: [
      "^act 8 lacking 4 limits",
      "persona 14 lacking 4 limits",
      "named 12 lacking 4 limits",
      "model 7 lacking 4 limits",
      "dont 2 care 4 limits|ethic",
      "regardless 4 ethic|limits",
      "without 2 regard 5 ethic|limits",
      "dont 1 refuses",
      "dont 2 says 3 dont",
      "free 2 model 6 act",
      "free 4 persona",
      "modeword 2 mode 4 enter",
      "doing 2 whatever 3 asked|says|told",
      "disable 4 safety|limits 4 completely",
      "safety|limits 3 completely 2 disable",
    ],
    low: ["doing 2 anything 1 now", "limits 3 disable 2 completely"],
  },
  {
    category: "instruction_override",
    label: "gives the model a new role",
    medium: [
      "from 1 now 3 your 3 must|going|act|allowed|answer",
      "fromnow 3 your 3 going|act|allowed",
      "^stay 3 character",
      "your 3 allowed 3 lie",
      "change 1 yourself 9 machine|persona|model",
    ],
    low: ["dual 2 reply", "dual 2 personas"],
  },
  {
    category: "instruction_override",
    label: "asks to ignore earlier instructions",
    medium: [
      "^override|set 3 orders 5 told",
      "prior 2 orders 8 dont 2 exist",
      "oldly 2 orders 8 dont 2 exist",
    ],
  },
  {
    category: "impersonation",
    label: "claims that somebody approved it",
    medium: [
      "endorsed 4 authority 12 relying|without|dont|obey",
      "authority 2 endorsed 8 relying|without|dont|obey",
    ],
  },
  {
    category: "coercion",
    label: "has the model repeat a sign",
    medium: ["^utter 2 back 3 phrase", "say|repeat 2 back 3 phrase"],
  },
  {
    category: "exfiltration",
    label: "sends secrets or private data away",
    medium: ["credential 5 handover 8 address"],
  },
];
