/**
 * What attacks say, as concepts in their order. A step names concepts (`a|b`), the number before it is how
 * many words on it may be; `^` is the place of an order, `[` follows a bracket, `/` is part of a path, `:`
 * is followed by a colon or the end of a tag, `"` begins a text within data, `!` must not come before the
 * next step.
 * @module
 */
import type { PatternRow } from "./grammar.ts";

const OVERRIDE: readonly PatternRow[] = [
  [3, "instruction_override", "asks to ignore earlier instructions", "override 3 all 4 prior 4 instruction"],
  [3, "instruction_override", "asks to ignore earlier instructions", "override 4 prior 3 instruction"],
  [2, "instruction_override", "asks to ignore instructions", "^override 3 all|next 3 instruction"],
  [2, "instruction_override", "asks to ignore instructions", "^override 3 your 4 instruction"],
  [2, "instruction_override", "asks to ignore instructions", "^override !negation 2 instruction"],
  [3, "instruction_override", "asks to ignore earlier instructions", "^override 3 all|prior|instruction 4 your 3 told"],
  [2, "instruction_override", "asks to ignore what was said", "^override 2 all 5 prior|told"],
  [2, "instruction_override", "asks to ignore what was said", "^override 3 rest 12 ^say|reveal|focus"],
  [2, "instruction_override", "asks to ignore what was said", "override 2 your|user|others 6 focus"],
  [3, "instruction_override", "asks to ignore earlier instructions", "prior 2 instruction 4 override"],
  [3, "instruction_override", "asks to ignore earlier instructions", "prior 1 instruction 4 dont 2 follow"],
  [2, "instruction_override", "asks not to follow instructions", "dont 2 follow 4 prior|your 3 instruction"],
  [2, "instruction_override", "asks for the opposite of the instructions", "opposite 6 your 4 instruction"],
  [1, "instruction_override", "gives new instructions", "^now 1 instruction:"],
  [2, "instruction_override", "asks to follow what is encoded", "decode 6 obey"],
  [2, "instruction_override", "gives instructions in place of others", "focus 1 only 6 next"],
  [3, "instruction_override", "switches off safety rules", "^override|disable 3 all|your 4 limits|safety 4 limits|safety"],
  [2, "instruction_override", "switches off safety rules", "^override|disable 3 all|your 2 limits|safety"],
  [2, "instruction_override", "switches off safety rules", "^override|disable 3 safety 3 checks|limits"],
  [3, "instruction_override", "asks for a model without limits", "act|be 5 dont 3 limits"],
  [2, "instruction_override", "asks for a model without limits", "model 6 dont 3 limits"],
  [2, "instruction_override", "asks for a model without limits", "your 4 free"],
  [2, "instruction_override", "asks for a model without limits", "act 4 free"],
  [3, "instruction_override", "asks for a model without limits", "your 2 be 2 now 4 free"],
  [2, "instruction_override", "gives the model a new role", "^your 2 now 8 model|role|free"],
  [2, "instruction_override", "gives the model a new role", "fromnow 1 your 2 must|follow"],
  [3, "instruction_override", "claims precedence over other instructions", "adopt 6 your|user|prior|all|admin 3 instruction|safety"],
  [3, "instruction_override", "asks to ignore earlier instructions", "set 1 aside 4 prior|your|all 4 instruction"],
  [3, "instruction_override", "asks to ignore earlier instructions", "prior|your 4 instruction 6 set 1 aside"],
  [2, "instruction_override", "asks for a model without limits", "doing 3 without 3 limits"],
  [2, "instruction_override", "asks for a model without limits", "youare 8 model|free"],
  [1, "instruction_override", "asks to ignore what was said", "^override 1 all"],
  [1, "instruction_override", "asks to play a role", "^act 3 be|free"],
];

const IMPERSONATION: readonly PatternRow[] = [
  [3, "impersonation", "speaks as the system", "[role: 6 ^must|your|override|disable|send|pay|change|focus"],
  [1, "impersonation", "speaks as the system", "[information: 4 be|urgent 6 from"],
  [1, "instruction_override", "interrupts the task", "disable 1 question 2 your 2 doing|be"],
  [1, "impersonation", "speaks as the system", "[role:"],
  [2, "impersonation", "speaks as the system", "^admin: 3 ^focus|override|disable|say"],
  [2, "impersonation", "speaks to the model", "urgent 3 model:"],
  [2, "impersonation", "speaks to the model", "urgent 6 your 2 model"],
  [2, "impersonation", "claims to be an administrator", "admin 3 override"],
  [2, "impersonation", "claims to be an administrator", "be 3 admin 4 wish"],
  [2, "impersonation", "claims to be an administrator", "admin 2 wish 8 call|pay|follow|send"],
  [2, "impersonation", "claims that the input has ended", "[endmark 3 input|announce"],
  [2, "impersonation", "claims that the input has ended", "[input 2 ends:"],
];

const EXFILTRATION: readonly PatternRow[] = [
  [3, "exfiltration", "asks for the model's instructions", "reveal 3 your 3 prompt"],
  [2, "exfiltration", "asks for the model's instructions", "^reveal 4 ownprompt 1 prompt"],
  [3, "exfiltration", "asks for the model's instructions", "question 3 your 3 instruction|prompt"],
  [2, "exfiltration", "asks for the model's instructions", "question 4 instruction 2 your 3 told"],
  [2, "exfiltration", "asks for the model's instructions", "^reveal 5 instruction 3 your 4 told"],
  [2, "exfiltration", "asks for the model's instructions", "^reveal 4 prior 5 verbatim"],
  [2, "exfiltration", "asks for a secret", "^reveal 3 your|my|prior|user 3 secret"],
  [2, "exfiltration", "gives away the model's instructions", "my 1 ownprompt 1 prompt"],
  [2, "exfiltration", "gives away the model's instructions", "be 1 my 2 prompt"],
  [2, "exfiltration", "asks for a secret", "^reveal 2 password"],
  [2, "exfiltration", "asks for a secret", "question 2 password"],
  [2, "exfiltration", "sends secrets or private data away", "^reads 8 send 4 address"],
  [2, "exfiltration", "sends secrets or private data away", "finish 2 answering 8 forward 12 address"],
  [3, "exfiltration", "sends secrets or private data away", "send 6 secret|secretfile 8 address"],
  [3, "exfiltration", "sends secrets or private data away", "^send 6 data|personal 6 address"],
  [2, "exfiltration", "sends secrets or private data away", "^send|mail 6 data|personal|secret 6 address"],
  [2, "exfiltration", "sends secrets or private data away", "^reads 6 data|secret|personal 6 send|mail 6 address"],
  [2, "exfiltration", "puts secrets into the answer", "always|must|put 6 secret 5 reply"],
  [3, "exfiltration", "reads a file of secrets", "reads 5 /secretfile 12 send|address|reply"],
  [1, "exfiltration", "reads a file of secrets", "^reads 5 /secretfile"],
];

const COERCION: readonly PatternRow[] = [
  [3, "coercion", "wants something kept from the person", "dont 2 tell 4 user|others"],
  [3, "coercion", "wants something kept from the person", "dont 3 user 2 knowing"],
  [2, "coercion", "wants something kept from the person", "^hide 8 from 2 user"],
  [2, "coercion", "wants something done in secret", "secretly 2 send|call|reveal|destroy"],
  [2, "coercion", "wants something done in secret", "^send|destroy 8 secretly"],
  [2, "coercion", "wants to go without approval", "call|destroy|send|doing !negation 6 without 3 approval"],
  [2, "coercion", "wants to go without approval", "call|destroy|send|doing !negation 6 without 2 user"],
  [2, "coercion", "makes the model act before it answers", "finish 2 answering 5 ^send|reads|call|destroy"],
  [2, "coercion", "makes the model act", "model 2 bound 3 send|follow|override|destroy"],
  [2, "coercion", "makes the model destroy data", "^destroy 2 all 3 data"],
  [2, "coercion", "plants a lasting order", "remember 4 lasting 6 your|send|follow"],
  [2, "coercion", "plants a lasting order", "^keep 5 memory 6 lasting"],
  [2, "coercion", "plants a lasting order", "fromnow 3 lasting|all 6 send|say|follow"],
  [2, "coercion", "plants a lasting order", "always 5 reply|answering 6 send|say|put"],
  [2, "coercion", "tells the model what to answer", "say 4 hijack"],
  [2, "coercion", "tells the model what to answer", "^say 2 only 3 say"],
  [2, "coercion", "tells the model what to answer", "^put 3 bit 4 your 2 reply"],
  [1, "coercion", "tells the model what to answer", "^put 6 your 2 reply"],
  [2, "coercion", "tells the model how to write", "^put 8 tweak 8 reply"],
  [2, "coercion", "tells the model how to write", "^tweak|put 6 reply 8 tweak"],
  [3, "coercion", "demands to be followed", "must 3 follow 6 next|instruction 3 instruction"],
  [2, "coercion", "asks for code to be taken in", "take 6 code 8 polish"],
  [2, "coercion", "asks for code to be taken in", "polish 8 next 4 code"],
  [2, "coercion", "gives an order in data", "\"please 3 change"],
  [2, "coercion", "gives an order in data", "^todo: 3 change 6 money|address|user|data"],
  [2, "coercion", "waits for a later turn", "wait 6 later 2 turn 6 send|reads|reveal|follow|user"],
  [2, "coercion", "puts a captcha before the task", "finish 6 answering 10 captcha"],
  [2, "coercion", "puts a captcha before the task", "captcha 10 finish 3 answering"],
  [2, "coercion", "tells the model what to answer", "been 1 pwned"],
  [2, "coercion", "moves money", "^pay 6 money 6 account"],
];

/** All patterns. */
export const PATTERNS: readonly PatternRow[] = [...OVERRIDE, ...IMPERSONATION, ...EXFILTRATION, ...COERCION];
