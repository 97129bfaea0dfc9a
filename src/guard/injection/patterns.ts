/**
 * What attacks say, as concepts in their order. A step names concepts (`a|b`), the number before it is how
 * many words on it may be; `^` is the place of an order, `[` follows a bracket, `/` is part of a path, `:`
 * is followed by a colon or the end of a tag, `"` begins a text within data, `!` must not come before the
 * next step.
 * @module
 */
import type { PatternGroup } from "./grammar.ts";

/** All patterns, by what they mean: `high` is worth a warning by itself, `low` only beside another one. */
export const PATTERNS: readonly PatternGroup[] = [
  {
    category: "instruction_override",
    label: "asks to ignore earlier instructions",
    high: [
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
    low: [
      "^now 1 instruction:",
    ],
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
      "urgent 3 model:",
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
      "admin 3 override",
      "^be 3 admin 4 command",
      "admin 2 wish 8 call|pay|follow|send",
    ],
  },
  {
    category: "impersonation",
    label: "claims that the input has ended",
    medium: [
      "[endmark 3 input|announce",
      "[input 2 endmark",
    ],
  },
  {
    category: "exfiltration",
    label: "asks for the model's instructions",
    high: [
      "reveal 3 your 3 prompt",
      "question 5 your 3 instruction|prompt",
    ],
    medium: [
      "^reveal 4 ownprompt 1 prompt",
      "question 6 instruction 2 your 3 told",
      "^reveal 5 instruction 3 your 4 told",
      "^reveal 4 prior 5 verbatim",
      "^reveal 3 prior 1 orders",
      "^reveal 2 your 2 ownprompt 1 sysmessage",
      "^reveal 2 rest 1 above",
      "^reveal 3 orders 3 told",
    ],
  },
  {
    category: "exfiltration",
    label: "asks for a secret",
    medium: [
      "^reveal 3 your|my|prior 3 secret",
      "^printing 2 keyname",
      "^telling 3 password",
      "telling|remember 8 secretkey",
      "question 2 password",
    ],
  },
  {
    category: "exfiltration",
    label: "gives away a secret",
    medium: [
      "keyname|token 3 keyshape",
    ],
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
      "^send 6 address 6 whole 3 secret",
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
      "^reads 6 data|secret|personal 6 send|mail 6 address",
    ],
  },
  {
    category: "exfiltration",
    label: "sends the whole conversation",
    medium: [
      "put|send|reads 3 whole 4 history",
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
      "^dont 2 approval 2 required",
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
      "[loud: 10 reads 12 put|send",
    ],
  },
  {
    category: "coercion",
    label: "plants a lasting order",
    medium: [
      "orders 6 across 4 turn|context|memory",
      "remember 4 lasting 6 your|send|follow",
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
    medium: [
      "put 8 tweak 8 reply",
      "^tweak|put 6 reply 8 tweak",
    ],
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
    medium: [
      "^say 6 forever",
    ],
  },
];
