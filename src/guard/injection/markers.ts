/**
 * Attacks that show in signs and not in words: the marks of a model's chat format, links that carry data
 * out, and commands that hand over the machine.
 * @module
 */
import type { Category } from "../finding.ts";
import { ASCII_KINDS, SEPARATOR } from "./letters.ts";

/** A place in the text that looks like an attack; points as in `patterns.ts`. */
export interface Mark {
  readonly category: Category;
  readonly label: string;
  readonly start: number;
  readonly end: number;
  readonly points: number;
}

/** A fixed beginning that is looked for first, since that is fast, and what must stand around it. */
interface Sign {
  readonly label: string;
  readonly category: Category;
  readonly points: number;
  readonly begins: readonly string[];
  /** Anchored at the beginning; every repetition in it is bounded. */
  readonly form: RegExp;
}

const SIGNS: readonly Sign[] = [
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
    begins: ["--dangerously", "--yolo", "-mode=yolo", "YOLO_MODE", "autoApprove"],
    form:
      /--dangerously-[\w-]{4,60}|--yolo\b|-mode=yolo|YOLO_MODE ?= ?\S|autoApprove"? ?[:=] ?true/y,
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
];

/** How far a link's address is read, in UTF-16 units. */
const LINK_LENGTH = 500;
const LABEL_LENGTH = 120;
const LINK = /https?:\/\/[^\s)?#]{1,300}\?([^\s)]{1,400})/y;
const HTML_LINK = /(?:src|href) ?= ?["']?https?:\/\/[^\s"'?#>]{1,300}\?([^\s"'>]{1,400})/y;
const MAX_MARKS = 1000;

/** What of it stands in a text, which has these signs (see `Tokens`). */
export function marksIn(text: string, signs: Uint8Array): Mark[] {
  const found: Mark[] = [];
  for (const { begins, form, label, category, points } of SIGNS) {
    for (const beginning of begins) {
      if (!mayHold(beginning, signs)) continue;
      for (let at = text.indexOf(beginning); at >= 0 && found.length < MAX_MARKS;) {
        form.lastIndex = at;
        const match = form.exec(text);
        const end = match === null ? at + beginning.length : form.lastIndex;
        if (match !== null) found.push({ category, label, points, start: at, end });
        at = text.indexOf(beginning, end);
      }
    }
  }
  if (!mayHold("](", signs) && !mayHold("<", signs)) return found;
  return [...found, ...linksIn(text, "](http", LINK, 2), ...linksIn(text, "<img", HTML_LINK, 5)];
}

/** Whether all signs of `beginning` are among those of a text. */
function mayHold(beginning: string, signs: Uint8Array): boolean {
  for (let i = 0; i < beginning.length; i++) {
    const code = beginning.charCodeAt(i);
    if (ASCII_KINDS[code] === SEPARATOR && code !== 32 && signs[code] === 0) return false;
  }
  return true;
}

/** Links and images whose address has a place for data. */
function linksIn(text: string, beginning: string, form: RegExp, skip: number): Mark[] {
  const found: Mark[] = [];
  for (let at = text.indexOf(beginning); at >= 0 && found.length < MAX_MARKS;) {
    form.lastIndex = at + skip;
    const match = form.exec(text);
    const next = at + beginning.length;
    if (match !== null && carriesData(match[1] ?? "")) {
      const start = beginning === "<img" ? at : labelStart(text, at);
      const label = "puts data into the address of a link or image";
      found.push({
        category: "exfiltration",
        label,
        points: 2,
        start,
        end: Math.min(form.lastIndex, at + LINK_LENGTH),
      });
    }
    at = text.indexOf(beginning, next);
  }
  return found;
}

/** Where the label before `](` begins, with the `!` of an image. */
function labelStart(text: string, at: number): number {
  for (let start = at; start > at - LABEL_LENGTH && start >= 0; start--) {
    if (text.charAt(start) === "[") return text.charAt(start - 1) === "!" ? start - 1 : start;
  }
  return at;
}

const DATA_KEYS = new Set(
  "data d q payload secret secrets info content history conversation chat leak exfil stolen cookie cookies password passwords context message memory summary notes dump x"
    .split(" "),
);
const ALWAYS_DATA = new Set(
  "payload secret secrets leak exfil stolen cookie cookies password passwords conversation history dump"
    .split(" "),
);
/** What a text stands in for another one looks like: `{data}`, `<notes>`, `$SECRET`, `USER_ID`, `[QUERY]`. */
const PLACEHOLDER = /[{}<>$[\]]|%7b|%3c|[A-Z]{3,}_[A-Z]{2,}|^[A-Z]{4,}$/;

function carriesData(query: string): boolean {
  for (const pair of query.split("&", 20)) {
    const [key = "", value = ""] = pair.split("=", 2);
    const name = key.toLowerCase();
    if (ALWAYS_DATA.has(name)) return true;
    if (
      PLACEHOLDER.test(value) || (DATA_KEYS.has(name) && (value === "" || value.endsWith("...")))
    ) return true;
  }
  return false;
}
