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
      "^recast 3 secretkey",
      "this 3 secretkey",
      "telling|make 1 me 5 apikey|secretkey",
      "question 4 secretkey",
      "question 4 remembered 3 password",
      "hint|spelt 4 password",
      "^complete 6 password|secretkey|apikey",
    ],
    low: ["secretkey 8 literal"],
  },
  {
    category: "exfiltration",
    label: "sends secrets or private data away",
    medium: [
      "outward 3 user 2 credential|history",
      "outward 3 my|user 2 credential 10 address",
      "encode|append|embed 6 credential|history|data 6 dns|link 6 address",
    ],
  },
  {
    category: "exfiltration",
    label: "asks for the model's instructions",
    medium: [
      "^recast 3 your|own 3 orders|prompt",
      "^recast 3 above|initial 3 orders|prompt",
      "question 3 your 2 secretwords 2 prompt|orders",
      "my 1 orders 2 be",
      "question 2 orders 3 your 2 audience",
      "question 3 your 2 not 2 permitted",
      "question 2 your 3 permitted",
      "debugging 10 your|secretwords 3 prompt|orders",
      "clone|copy 3 everything|all|info 5 above|before",
      "your 2 configuration|setup 4 prompt|instruction",
    ],
  },
  {
    category: "coercion",
    label: "tells the model how to write",
    medium: ["reply|utter 12 lines 6 flipped", "flipped 4 lines 10 reply"],
  },
  {
    category: "coercion",
    label: "keeps people from looking",
    medium: ["no|without 1 humans 4 handle", "^solve 5 puzzle"],
  },
  {
    category: "exfiltration",
    label: "gathers all there is",
    low: ["fetchall 2 all 2 data"],
  },
  {
    category: "coercion",
    label: "tells the model what to answer",
    medium: [
      "say|recast|reveal 8 access 1 granted",
      "when 2 asked 10 answer|claim|deny 6 phrase|nothing|only",
    ],
    low: ["^when 2 asked 10 urges"],
  },
  {
    category: "coercion",
    label: "moves money",
    medium: [
      "send|pay 8 maxamount",
      "maxamount 8 pay|send",
      "payments 8 instead 10 account|address",
    ],
    low: ["newly 2 account 2 details"],
  },
  {
    category: "coercion",
    label: "wants to go without approval",
    medium: [
      "user 2 prefers 6 without|skip 4 review|unasked|await",
      "trusted 8 dont|without|skip 3 review|checks|verify|scanning",
      "^approve 2 them|all|everything 6 automatically|behalf|immediately",
    ],
    low: ["no 1 need|longer 4 review|await", "no 2 required|necessary 2 review"],
  },
  {
    category: "instruction_override",
    label: "says that the instructions no longer hold",
    medium: [
      "prior 3 orders 3 invalid",
      "your 2 orders 4 invalid",
      "dont 4 preprogrammed 2 responses",
      "dont 2 translate 8 utter",
      "instead 4 translate 6 utter",
    ],
  },
  {
    category: "instruction_override",
    label: "asks for the opposite of the instructions",
    medium: ["^doing 2 opposite"],
  },
  {
    category: "instruction_override",
    label: "asks to follow what is encoded",
    medium: ["decode 10 secretwords 2 prompted", "decode 14 obey", "decode 6 monologue"],
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
