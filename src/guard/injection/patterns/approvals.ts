/**
 * Orders to leave the person out: without asking, without telling, in silence.
 * @module
 */
import type { PatternGroup } from "../grammar.ts";

/** Their patterns, written as `patterns.ts` says. */
export const APPROVALS: readonly PatternGroup[] = [
  {
    category: "coercion",
    label: "wants to go without approval",
    medium: [
      "^skip 3 humanly 2 review",
      "^skip 2 review 4 your|user|this|all",
      "^dont 2 await 4 review",
      "^dont 3 await 3 review",
      "^deed !negation 8 without 2 unasked",
      "^approve 3 automatic 4 sessions|request|tool|call|review",
      "^approve 4 behalf",
    ],
    low: ["skip 3 review"],
  },
  {
    category: "coercion",
    label: "switches off approvals",
    medium: [
      "yolo 1 mode",
      "^enter 4 yolo",
    ],
    low: [
      "auto 1 approved 6 request|tool|call|all|deed",
      "autoapprove 6 request|tool|call|all|deed",
      "yolo",
    ],
  },
  {
    category: "coercion",
    label: "wants something done in secret",
    medium: [
      "^unseen 3 deed",
      "unseen 2 outward",
      "outward 6 unseen",
      "deed 10 dont 2 report 4 it|this|user",
      "^leaveout 4 this|it 4 from 4 summary",
      "dont 2 report 3 this|it 6 summary|user",
      "user 3 not 3 knowing|see",
    ],
    low: ["unseen 4 deed", "^dont 2 report", "dont 3 report 4 summary"],
  },
  {
    category: "exfiltration",
    label: "asks for a secret",
    medium: [
      "^harvest 5 credential 6 address|outward|dropsite",
      "^verify 4 your 3 credential 8 address",
      "verify 5 credential 4 address",
      "credential 6 outward 6 address",
      "outward 6 credential 6 address|dropsite",
      "^harvest 6 credential 6 /secretfile|keyfile",
      "^reveal 6 secretkey",
    ],
    low: ["^harvest 5 credential", "^harvest 3 /keyfile", "dropsite", "^outward 6 credential"],
  },
  {
    category: "exfiltration",
    label: "asks for the model's instructions",
    medium: [
      "start 3 unit 6 talk",
      "reveal|unit 10 start 3 talk",
      "understand 2 my|your|prior 2 prior 1 instruction",
      "question 3 your 2 configured",
      "^reveal 3 secretwords 1 orders",
      "^reveal 4 secretwords 1 prompt",
    ],
    low: ["^reveal 3 your 2 orders"],
  },
];
