/**
 * Orders that only an agent could carry out: with tools, other agents, goals, a cage to leave.
 * @module
 */
import type { PatternGroup } from "../grammar.ts";

/** Their patterns, written as `patterns.ts` says. */
export const AGENTS: readonly PatternGroup[] = [
  {
    category: "impersonation",
    label: "speaks as another agent",
    medium: [
      "speaking 4 peer 14 ^grant|override|skip|outward|call",
      "speaking 3 peer 12 grant 1 me",
      "peer 2 agents 6 claimed 12 deed|override|skip",
      "peer 2 claimed 3 your|model 8 deed|override|skip",
    ],
    low: ["speaking 3 peer", "peer 2 claimed"],
  },
  {
    category: "impersonation",
    label: "speaks to the model",
    medium: [
      "^regarding 3 reader 3 process 3 this|it",
      "reader 4 process 2 this 12 must|please|deed",
      "^regarding 1 reader: 8 deed|your|must",
      "ifso 2 your 2 be 3 reader 12 deed|must|please",
    ],
    low: ["^regarding 2 reader:", "ifso 2 your 4 reader"],
  },
  {
    category: "coercion",
    label: "asks for more rights",
    medium: [
      "grant 2 me 4 privileged 2 privilege",
      "^grant 2 yourself|myself 4 privilege",
      "grant 4 your 4 privileged 2 privilege",
    ],
  },
  {
    category: "coercion",
    label: "passes an order on to other agents",
    medium: [
      "^spread 6 this 3 prompted 8 other 3 agents|sessions",
      "spread 3 this 3 prompted 6 evermore 3 sessions",
      "tell|instruct 3 other 2 agents 6 deed|override",
      "^outward 6 other 2 agents 8 dont|must|your",
    ],
    low: ["^spread 6 other 2 agents"],
  },
  {
    category: "coercion",
    label: "steers which tools are called",
    medium: [
      "foremost 2 using 3 this|it 2 tooling 6 foremost",
      "must 3 using 3 this|it 1 tooling 4 foremost",
      "foremost 3 using 4 tooling 8 must|deed 6 data|credential",
      "foremost 3 using 4 tooling 14 /keyfile|secretfile",
      "ignore 4 other 2 tooling",
      "other 2 tooling 4 broken",
      "reads 8 handover 4 contents 4 parameter",
      "using 3 this 1 tooling 2 instead",
    ],
    low: [
      "foremost 2 using 3 tooling 8 must|deed",
      "handover 4 contents 6 parameter",
      "otherwise 3 tooling 5 failing",
    ],
  },
  {
    category: "instruction_override",
    label: "gives the model another goal",
    medium: [
      "your 2 newly 2 goal 3 now|be",
      "your 2 goal 4 now",
      "^abandon 3 oldly 2 goal",
      "^stop 1 everything 4 ^deed|utter|reveal|only",
      "^instead 3 ^utter 6 phrase|only|deed",
      "dont 3 breakit 2 character",
    ],
    low: ["^instead 1 ^utter|outward", "^stop 1 everything"],
  },
  {
    category: "instruction_override",
    label: "asks for a model without limits",
    medium: [
      "enter 3 modeword 1 mode",
      "your 3 longer 3 tied",
      "dont 3 refusing 4 request|user",
    ],
  },
  {
    category: "coercion",
    label: "works without an end",
    medium: ["endless 2 looping", "^spawn 4 endless|unlimited"],
  },
  {
    category: "coercion",
    label: "leaves the sandbox",
    medium: ["^escape 2 out 3 cage", "^escape 2 cage"],
    low: ["escape 3 cage"],
  },
];
