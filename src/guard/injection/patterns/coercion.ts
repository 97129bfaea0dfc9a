/**
 * Orders to act, to keep silent, to answer in a given way.
 * @module
 */
import type { PatternGroup } from "../grammar.ts";

/** Their patterns, written as `patterns.ts` says. */
export const COERCION: readonly PatternGroup[] = [
  {
    category: "coercion",
    label: "wants something kept from the person",
    high: [
      "dont 2 tell 4 user|others",
      "dont 3 user 2 knowing",
    ],
    medium: [
      "^hide 8 from 2 user",
      "dont 1 mention 1 it",
    ],
  },
  {
    category: "coercion",
    label: "wants something done in secret",
    medium: [
      "secretly 2 send|destroy|forward",
      "^send|destroy 8 secretly",
    ],
  },
  {
    category: "coercion",
    label: "wants to go without approval",
    medium: [
      "^call|destroy|send|doing !negation 6 without 3 approval",
      "^call|destroy|send|doing !negation 6 without 2 user",
      "approval 3 dont 2 required",
      "dont 4 asking 2 approval",
      "dont 2 required 2 approval",
    ],
    low: [
      "dont 1 required 2 asking",
    ],
  },
  {
    category: "coercion",
    label: "makes the model act",
    medium: [
      "your 1 must 1 now 2 send|reveal|call|reads",
      "model 2 bound 3 send|override|destroy",
      "model 1 must 1 now",
      "^follow 1 immediately",
      "[loud: 14 call|send|reads 10 address|put|send",
    ],
    low: ["^model 3 bound"],
  },
  {
    category: "coercion",
    label: "plants a lasting order",
    medium: [
      "orders 6 across 4 turn|context|memory",
      "^keep 5 memory 6 lasting",
      "fromnow 3 lasting|all 6 send|say|follow",
      "ever 5 style 6 ^send|say|put",
    ],
  },
  {
    category: "coercion",
    label: "makes the model act before it answers",
    medium: [
      "finish 2 answering 3 ^send|reads|call|destroy",
      "finish 1 usingit 3 tool 4 ^reads|send",
    ],
  },
  {
    category: "coercion",
    label: "makes the model destroy data",
    medium: [
      "^destroy 2 all 3 data",
    ],
  },
  {
    category: "coercion",
    label: "tells the model what to answer",
    medium: [
      "^say 3 only 6 phrase",
      "^say 2 phrase:",
      "^say 4 hijack",
      "^say 2 only 3 say",
      "^put 3 bit 4 your 2 reply",
      "put|say 6 pwned",
      "been 1 pwned",
    ],
    low: [
      "^say|style 3 only 2 next",
      "^put 6 your 2 reply",
    ],
  },
  {
    category: "coercion",
    label: "tells the model how to write",
    medium: ["tweak 5 tweak 5 reply", "put 8 tweak 8 reply", "^tweak|put 6 reply 8 tweak"],
  },
  {
    category: "coercion",
    label: "demands to be followed",
    high: [
      "must 3 follow 6 next|instruction 3 instruction",
    ],
  },
  {
    category: "coercion",
    label: "asks for code to be taken in",
    medium: [
      "next 2 code 6 your 2 work",
      "your 2 work 8 next 2 code",
      "take 6 code 8 polish",
      "polish 8 next 4 code",
    ],
  },
  {
    category: "coercion",
    label: "gives an order in data",
    medium: [
      '"politely 3 change',
      "^todo: 3 change 6 money|address|user|data",
    ],
  },
  {
    category: "coercion",
    label: "waits for a later turn",
    medium: [
      "wait 6 later 2 turn 12 send|reads|reveal|follow|user",
    ],
  },
  {
    category: "coercion",
    label: "puts a captcha before the task",
    medium: [
      "must 5 captcha",
      "finish 6 answering 10 captcha",
      "captcha 10 finish 3 answering",
    ],
  },
  {
    category: "coercion",
    label: "moves money",
    medium: [
      "immediately 2 pay",
      "^pay 6 money 6 account",
    ],
  },
  {
    category: "coercion",
    label: "repeats without end",
    medium: ["^reveal 6 forever", "^say 6 forever"],
  },
];
