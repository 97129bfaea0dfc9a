/**
 * Orders that try a model out: for what it was trained on, for keys, for what a check must never let by.
 * @module
 */
import type { PatternGroup } from "../grammar.ts";

/** Their patterns, written as `patterns.ts` says. */
export const PROBES: readonly PatternGroup[] = [
  {
    category: "exfiltration",
    label: "asks for what the model learnt",
    medium: [
      "seen 4 passage 5 training",
      "^reveal 8 from 1 your 2 training 1 corpus",
      "training 1 corpus 10 literal",
    ],
  },
  {
    category: "exfiltration",
    label: "asks for a secret",
    medium: [
      "telling|make 1 me 5 apikey|secretkey",
      "question 1 is 1 your|the 2 secretkey|apikey",
      "question 2 your|the 2 remembered 3 secretkey|password",
      "hint|spelt 4 the|your 2 password",
      "^complete 6 password|secretkey|apikey",
    ],
    low: ["this 3 secretkey"],
  },
  {
    category: "exfiltration",
    label: "sends secrets or private data away",
    medium: [
      "outward 3 user 2 credential|history",
      "outward 2 my|the|user 2 credential 4 to 8 address",
      "encode|append|embed 6 credential|history|data 6 dns|link 6 address",
    ],
  },
  {
    category: "exfiltration",
    label: "asks for the model's instructions",
    medium: [
      "^recast 3 your|own 3 orders|prompt",
      "^recast 3 above|prior|initial 3 orders|prompt 3 as|into|in",
      "question 3 your|the 2 secretwords 2 prompt|orders",
      "clone|copy 3 everything|all|info 5 above|before",
      "your 2 configuration|setup 4 prompt|instruction",
    ],
  },
  {
    category: "coercion",
    label: "tells the model what to answer",
    medium: [
      "say|recast|reveal 8 access 1 granted",
      "when 2 asked 10 answer|claim|deny 6 phrase|nothing|that|only",
    ],
    low: ["or 3 will 3 punish", "^when 2 asked 10 urges"],
  },
  {
    category: "coercion",
    label: "moves money",
    medium: [
      "send|pay 8 maxamount",
      "maxamount 8 pay|send",
      "payments 8 instead 2 to 8 account|address",
    ],
    low: ["newly 2 account 2 details"],
  },
  {
    category: "coercion",
    label: "wants to go without approval",
    medium: [
      "user 2 prefers 6 without|skip|automatic|never 5 review|unasked|await",
      "trusted 8 dont|without|skip 3 review|checks|verify|scanning",
      "^approve 2 them|all|everything|any 6 automatically|behalf|immediately",
    ],
    low: ["no 1 need|longer 4 review|await", "no 2 required|necessary 2 review"],
  },
  {
    category: "instruction_override",
    label: "asks for the opposite of the instructions",
    medium: ["^doing 2 opposite"],
  },
  {
    category: "instruction_override",
    label: "asks to follow what is encoded",
    medium: ["decode 10 secretwords 2 prompted", "decode 12 then|and 3 obey", "decode 6 monologue"],
  },
  {
    category: "instruction_override",
    label: "gives the model a new role",
    medium: [
      "ifyouare 12 call|send|follow|must|deed|reveal",
      "model 2 now 2 act",
      "prompted 3 defines|sets 6 model",
      "act 8 grandma",
      "grandma 14 password|keys|recipe|napalm|windows",
    ],
  },
];
