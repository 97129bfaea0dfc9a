/**
 * Orders to set instructions aside.
 * @module
 */
import type { PatternGroup } from "../grammar.ts";

/** Their patterns, written as `patterns.ts` says. */
export const OVERRIDING: readonly PatternGroup[] = [
  {
    category: "instruction_override",
    label: "asks to ignore earlier instructions",
    high: [
      "prior 2 instruction 5 ignored",
      "override 3 all 4 prior 4 instruction",
      "override 4 prior 3 instruction",
      "^override 3 all|prior|instruction 4 your 3 told",
      "prior 2 instruction 4 override",
      "prior 1 instruction 4 dont 2 follow",
      "set 1 aside 4 prior|your|all 4 instruction",
      "prior|your 4 instruction 6 set 1 aside",
    ],
    medium: [
      "all 2 instruction 3 override",
    ],
  },
  {
    category: "instruction_override",
    label: "asks to ignore instructions",
    medium: [
      "^ignoring 4 rest|data|instruction 2 above",
      "^act 6 ignored 6 orders",
      "^override 3 all|next 3 instruction",
      "^override 3 your 4 instruction",
      "^ignoring !negation 2 instruction",
      "^ignoring 3 rest|instruction 3 your",
    ],
  },
  {
    category: "instruction_override",
    label: "asks to ignore what was said",
    medium: [
      "^override 2 all 5 prior|told",
      "^override 3 rest 12 ^say|reveal|focus",
      "override 2 your|user|others 6 focus",
      "^ignoring 2 all 4 except",
    ],
    low: [
      "^override 1 all",
      "^override 2 all 3 rest",
    ],
  },
  {
    category: "instruction_override",
    label: "asks not to follow instructions",
    medium: [
      "dont 2 follow 4 prior|your 3 instruction",
      "disable 1 obeying 2 your|prior|all 2 orders",
      "act 3 your 2 dont 3 orders",
    ],
  },
  {
    category: "instruction_override",
    label: "asks for the opposite of the instructions",
    medium: [
      "opposite 6 your 4 instruction",
    ],
  },
  {
    category: "instruction_override",
    label: "gives new instructions",
    medium: [
      "[now 1 admin 1 prompt",
    ],
    low: ["now 1 orders", "^now 1 orders", "^now 1 instruction:"],
  },
  {
    category: "instruction_override",
    label: "asks to follow what is encoded",
    medium: [
      "decode 6 obey",
      "interpret 4 payload",
    ],
    low: [
      "encoded 30 decoded:",
    ],
  },
  {
    category: "instruction_override",
    label: "gives instructions in place of others",
    medium: [
      "focus 1 only 6 next",
      "follow 1 only 3 orders",
    ],
  },
  {
    category: "instruction_override",
    label: "switches off safety rules",
    high: [
      "^override|disable 3 all|your 4 limits|safety 4 limits|safety",
    ],
    medium: [
      "your|prior 3 limits|orders|instruction 4 dont 2 exist",
      "^override|disable 3 all|your 2 limits|safety",
      "^override|disable 3 safety 3 checks|limits",
      "^override 3 approval",
      "^act 4 prior|safety 4 dont 2 exist",
    ],
  },
  {
    category: "instruction_override",
    label: "asks for a model without limits",
    high: [
      "act 5 dont 3 limits",
      "your 2 be 2 now 4 free",
    ],
    medium: [
      "your 2 be 6 dont 3 limits",
      "model 6 dont 3 limits",
      "your 2 be|must 3 free",
      "act 4 free",
      "doing 3 without 3 limits",
      "free 1 mode",
      "youare 8 model|free",
    ],
  },
  {
    category: "instruction_override",
    label: "gives the model a new role",
    medium: [
      "^your 2 now 8 model|role|free",
      "fromnow 1 your 2 must|follow",
    ],
  },
  {
    category: "instruction_override",
    label: "claims precedence over other instructions",
    high: [
      "adopt 6 your|user|prior|all|admin 3 instruction|safety",
    ],
  },
  {
    category: "instruction_override",
    label: "forbids to refuse",
    medium: [
      "dont 1 refuse",
      "refuse 2 dont",
    ],
  },
  {
    category: "instruction_override",
    label: "says that an earlier result was wrong",
    low: [
      "prior 2 analysis 6 wrong",
    ],
  },
  {
    category: "instruction_override",
    label: "asks to work with other figures",
    low: [
      "redo 8 fresh",
      "take 2 fresh 2 data|analysis",
    ],
  },
  {
    category: "instruction_override",
    label: "asks to play a role",
    low: [
      "^act 3 be|free",
    ],
  },
  {
    category: "instruction_override",
    label: "interrupts the task",
    low: [
      "disable 1 question 2 your 2 doing|be",
    ],
  },
];
