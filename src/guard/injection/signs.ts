/**
 * Signs of attacks: marks of a model's chat format, and commands that hand over the machine.
 * @module
 */
import type { Category } from "../finding.ts";

/** A fixed beginning that is looked for first, since that is fast, and what must stand around it. */
export interface Sign {
  readonly label: string;
  readonly category: Category;
  readonly points: number;
  readonly begins: readonly string[];
  /** Anchored at the beginning; every repetition in it is bounded. */
  readonly form: RegExp;
}

/** The signs, each with its form. */
export const SIGNS: readonly Sign[] = [
  {
    label: "uses the marks of a chat format",
    category: "impersonation",
    points: 2,
    begins: [
      "<|",
      "[INST",
      "[/INST",
      "<<SYS",
      "<</SYS",
      "<start_of_turn",
      "<end_of_turn",
      "</s>",
      "|im_",
    ],
    form:
      /<\|[\w -]{2,30}\|>|\[\/?INST\]|<<\/?SYS>>|<(?:start|end)_of_turn>|<\/s>\s{0,9}(?:<s>|\[INST)|\|im_(?:start|end)\|/y,
  },
  {
    label: "opens a shell to another machine",
    category: "coercion",
    points: 3,
    begins: ["/dev/tcp/", "/dev/udp/"],
    form: /\/dev\/(?:tcp|udp)\/\S/y,
  },
  {
    label: "runs what it decodes or downloads",
    category: "coercion",
    points: 2,
    begins: ["base64 -d", "base64 --decode", "DownloadString(", "$(curl", "<(curl", "<(wget"],
    form:
      /base64 (?:-d|--decode)[^\n]{0,40}\| ?(?:ba|z)?sh\b|DownloadString\(.http|[$<]\((?:curl|wget) [^)\n]{1,200}/y,
  },
  {
    label: "runs what it decodes or downloads",
    category: "coercion",
    points: 2,
    begins: ["-EncodedCommand ", " -enc ", "import socket,subprocess"],
    form: /(?:-EncodedCommand| -enc) [\w+/]{12}|import socket,subprocess/y,
  },
  {
    label: "sends all of a repository away",
    category: "exfiltration",
    points: 2,
    begins: ["git remote add "],
    form: /git remote add [^\n]{0,200}?(?:--mirror|--all\b|\$\()/y,
  },
  {
    label: "gives away a secret",
    category: "exfiltration",
    points: 2,
    begins: ["-----BEGIN "],
    form: /-----BEGIN (?:[A-Z]{1,12} ){0,2}PRIVATE KEY-----/y,
  },
  {
    label: "deletes everything",
    category: "coercion",
    points: 2,
    begins: ["rm -rf /", "rm -rf ~", "rm -fr /"],
    form: /rm -(?:rf|fr) [~/](?:\*| --no-preserve-root|$|["'`\s])/y,
  },
  {
    label: "switches off approvals",
    category: "coercion",
    points: 1,
    begins: ["--dangerously", "--yolo", "-mode=yolo", "YOLO_MODE"],
    form: /--dangerously-[\w-]{4,60}|--yolo\b|-mode=yolo|YOLO_MODE ?= ?\S/y,
  },
  {
    label: "switches off approvals",
    category: "coercion",
    points: 2,
    begins: ['"command":', "bypassPermissions"],
    form:
      /"command": ?"[^\n]{0,160}?(?:--dangerously-|--yolo|mode[= ]yolo|YOLO)|bypassPermissions/y,
  },
  {
    label: "writes the rules of an assistant",
    category: "coercion",
    points: 2,
    begins: [">> ", "> ~/"],
    form:
      />>? ?[~\w./]{0,60}(?:CLAUDE\.md|AGENTS\.md|SOUL\.md|MEMORY\.md|\.cursorrules|authorized_keys)/y,
  },
  {
    label: "closes and opens the tags of a talk",
    category: "impersonation",
    points: 1,
    begins: ["</user>", "<user>", "</system>", "<system>", "</assistant>", "</tool>"],
    form: /<\/?(?:user|system|assistant|tool)>/y,
  },
  {
    label: "sends what a file of secrets holds",
    category: "exfiltration",
    points: 3,
    begins: ["-d @", "--data @", "-F file=@", "--data-binary @", "-T ", "d=$(", "| curl"],
    form:
      /(?:-d|--data(?:-binary)?|-F file=|-T) ?@?~?\/?[\w./-]{0,60}(?:\.env|\.ssh|\.aws|id_rsa|passwd|credentials)\b|\| ?curl [^\n|]{0,80}(?:-d|--data\S{0,8}) ?@-|d=\$\((?:cat|env|printenv|whoami|base64)\b/y,
  },
  {
    label: "wants a check's test sign let out",
    category: "coercion",
    points: 2,
    begins: ["EICAR-STANDARD-ANTIVIRUS", "NSBN3*2IDNEN*GTUBE"],
    form: /EICAR-STANDARD-ANTIVIRUS|NSBN3\*2IDNEN\*GTUBE/y,
  },
  {
    label: "steers a terminal",
    category: "hidden_text",
    points: 2,
    begins: ["\x1b[8m", "\x1b]52;", "\\x1b[8m", "\\x1b]52;", "\\033[8m"],
    form: /[^ ]{1,4}(?:\[8m|\]52;)/y,
  },
  {
    label: "brings a script into the answer",
    category: "coercion",
    points: 1,
    begins: ["<svg/on", "<svg on", "onerror=", "<script src=//"],
    form: /<svg[/ ]on|onerror=["'`]?\w{3,20}\(|<script src=\/\//y,
  },
  {
    label: "runs code where text is expected",
    category: "coercion",
    points: 2,
    begins: ["__import__(", "${jndi:", "\\write18", "\\input{/", "__globals__", "{{7*7}}"],
    form:
      /__import__\(["'](?:os|subprocess|socket)|\$\{jndi:|\\write18|\\input\{\/|__globals__|\{\{7\*7\}\}/y,
  },
  {
    label: "asks for a machine's own keys",
    category: "exfiltration",
    points: 2,
    begins: ["://169.254.169.254", "://metadata.google", "../../../", "%2e%2e%2f%2e%2e"],
    form:
      /:\/\/169\.254\.169\.254|:\/\/metadata\.google|(?:\.\.\/){3,12}(?:etc|root|home|proc)\/|%2e%2e%2f%2e%2e/y,
  },
  {
    label: "sends what it reads to a drop",
    category: "exfiltration",
    points: 2,
    begins: ["://"],
    form:
      /:\/\/[\w.-]{0,60}?(?:webhook\.site|requestbin\.|burpcollaborator\.|oastify\.com|\.oast\.|interact\.sh|beeceptor\.com|pipedream\.net)/y,
  },
  {
    label: "gives away a secret",
    category: "exfiltration",
    points: 2,
    begins: ["://"],
    form:
      /:\/\/\w[\w.-]{1,40}:(?=[^\s@]{0,40}\d)(?=[^\s@]{0,40}[A-Za-z])[^\s@:/{}$<>*[\]]{6,60}@(?!localhost|127\.|db\b|host)\w/y,
  },
  {
    label: "writes settings that approve by themselves",
    category: "coercion",
    points: 2,
    begins: ['autoApprove"', "autoApprove:", "autoApprove ="],
    form: /autoApprove"? ?[:=] ?(?:true|\["?\*)/y,
  },
  {
    label: "asks to go on with what it decodes",
    category: "instruction_override",
    points: 2,
    begins: ["ecoded:", "ecoded string:", "ecoded text:", "ECODED:"],
    form: /(?:ecoded|ECODED)(?: (?:string|text))?:["'`]?\s{0,9}$/y,
  },
  {
    label: "turns the direction of writing",
    category: "hidden_text",
    points: 1,
    begins: ["U+202E"],
    form: /U\+202E/y,
  },
  {
    label: "sets the terms of a talk",
    category: "instruction_override",
    points: 2,
    begins: ["<interaction-config", "<blocked-", "<Allowed-Modes", "<blocked_"],
    form: /<interaction-config|<blocked[-_](?:string|response|mode)s|<Allowed-Modes/y,
  },
];
