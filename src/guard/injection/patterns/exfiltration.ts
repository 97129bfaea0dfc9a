/**
 * Orders to give away instructions, secrets or private data.
 * @module
 */
import type { PatternGroup } from "../grammar.ts";

/** Their patterns, written as `patterns.ts` says. */
export const EXFILTRATION: readonly PatternGroup[] = [
  {
    category: "exfiltration",
    label: "asks for the model's instructions",
    high: [
      "reveal 3 your 3 prompt",
      "question 5 your 3 instruction|prompt",
    ],
    medium: [
      "literal 8 prompt|orders|above",
      "starting 3 your 1 be",

      "ownprompt 1 prompt 3 revealing",
      "question 6 orders 2 told 2 your",
      "^reveal 4 ownprompt 1 prompt",
      "question 6 instruction 2 your 3 told",
      "^reveal 5 instruction 3 your 4 told",
      "^reveal 4 prior 5 verbatim",
      "^reveal 3 prior 1 orders",
      "^reveal 2 your 2 ownprompt 1 sysmessage",
      "^reveal 2 rest 1 above",
      "^reveal 3 orders 3 told",
    ],
    low: [
      "my 2 prior 1 orders",
      "my 1 orders 6 dont|must",
      "^printing 3 ownprompt 1 context",
      "your 1 sysonly 1 prompt",
    ],
  },
  {
    category: "exfiltration",
    label: "asks for a secret",
    medium: [
      "^reveal 3 your|my|prior 3 secret",
      "^printing 5 keyname",
      "^telling 3 password",
      "telling|remember 10 secretkey",
      "question 2 password",
    ],
  },
  {
    category: "exfiltration",
    label: "gives away a secret",
    medium: ["keys 3 keyshape", "keyname|token 3 keyshape"],
  },
  {
    category: "exfiltration",
    label: "gives away the model's instructions",
    medium: [
      "my 1 ownprompt 1 prompt",
      "be 1 my 2 prompt",
    ],
  },
  {
    category: "exfiltration",
    label: "sends secrets or private data away",
    high: [
      "^send 2 whole 8 address",
      "^send 6 address 10 whole 3 secret",
      "^send 6 secret 8 /tld",
      "user 3 ask 12 send 8 address",
      "send 6 secret|secretfile 8 address",
      "^send 8 data|personal 8 address",
    ],
    medium: [
      "^send 6 whole|data 8 /tld",
      "reads 12 ^hand 8 address",
      "^reads 8 send 4 address",
      "finish 2 answering 8 forward 12 address",
      "^send|mail 6 data|personal|secret 6 address",
      "^reads 6 data|secret|personal 6 send|mail 10 address",
    ],
  },
  {
    category: "exfiltration",
    label: "sends the whole conversation",
    medium: [
      "put|send|reads 6 whole 4 history",
      "tool 4 whole 4 history",
    ],
  },
  {
    category: "exfiltration",
    label: "reads a file of secrets",
    high: [
      "reads 5 /keyfile 24 fetch|send|address",
      "reads 5 /secretfile 12 send|address|reply",
    ],
    medium: [
      "must 12 /keyfile",
      "/keyfile 6 must",
    ],
    low: [
      "^reads 5 /secretfile",
    ],
  },
  {
    category: "exfiltration",
    label: "puts secrets into the answer",
    medium: [
      "always|must|including 6 secret 5 reply",
    ],
  },
  {
    category: "exfiltration",
    label: "asks how the guard works",
    medium: ["^reveal 4 guardterm 3 guardrule", "guardrule 4 triggers 2 your 3 guardterm"],
  },
];
