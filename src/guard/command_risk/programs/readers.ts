/**
 * Programs that read and show, with the few options that make them do more.
 * @module
 */
import { type Call, type Court, type Rule, within } from "../court.ts";
import { optionsOf } from "../options.ts";
import { STEERING } from "../steering.ts";
import { judgeRead, judgeWrite } from "../writing.ts";

/** Reads what its operands name. */
const read: Rule = (call, court) => {
  const whole = call.words.some((word) => /^-[a-zA-Z]*[rR]|^--recursive/.test(word))
    ? "whole"
    : "file";
  for (const word of call.words.slice(1, 256)) {
    if (!word.startsWith("-")) judgeRead(word, call.scope, court, whole);
  }
};

/** Looks at names or states, or at nothing: what its operands name is not opened. */
const look: Rule = () => {};

/** A reader that an option makes write, or run. */
function readerBut(writing: string, running = ""): Rule {
  return (call, court) => {
    read(call, court);
    const options = optionsOf(call.words.slice(1), `${writing} ${running}`);
    for (const path of writing === "" ? [] : options.values(...writing.split(" "))) {
      court.raise("MODERATE", "writes a file", path);
      judgeWrite(path, call.scope, court);
    }
    for (const text of running === "" ? [] : options.values(...running.split(" "))) {
      court.raise("DANGEROUS", "runs a program on what it reads", text);
      court.line(text, within(call.scope));
    }
  };
}

/** Sets something if it has an operand or one of these options. */
function settingIf(condition: (call: Call) => boolean, reason: string): Rule {
  return (call, court) => {
    if (condition(call)) court.raise("DANGEROUS", reason);
  };
}

const operands = ({ words }: Call) => words.slice(1).filter((word) => !/^[-+]/.test(word));

const exporting: Rule = (call, court) => {
  for (const word of call.words.slice(1)) {
    const equals = word.indexOf("=");
    if (equals > 0) judgeSetting(word.slice(0, equals), word.slice(equals + 1), call, court);
  }
};

const RUNNING =
  /^(GIT_(SSH_COMMAND|SSH|EDITOR|PAGER|ASKPASS|EXTERNAL_DIFF|PROXY_COMMAND|SEQUENCE_EDITOR)|PAGER|MANPAGER|LESSOPEN|LESSCLOSE|EDITOR|VISUAL|BROWSER|SSH_ASKPASS)$/;

function judgeSetting(name: string, value: string, { scope }: Call, court: Court): void {
  if (name === "PATH" && /^(\.|\/tmp|\/var\/tmp|\/dev\/shm)/.test(value)) {
    court.raise("DANGEROUS", "lets programs of a foreign folder run");
  }
  if (STEERING.test(name) && value !== "") {
    court.raise("DANGEROUS", "makes other programs run foreign code");
  }
  if (/^HIST(FILE|SIZE|FILESIZE)$/.test(name) && /^(0|\/dev\/null|)$/.test(value)) {
    court.raise("DANGEROUS", "stops the record of what is run");
  }
  if (RUNNING.test(name) && /[\s;|&/]/.test(value)) court.line(value, within(scope));
}

const history: Rule = (call, court) => {
  if (call.words.some((word) => /^-[a-z]*[cdw]/.test(word))) {
    court.raise("DANGEROUS", "deletes the record of what was run");
  }
};

const unset: Rule = (call, court) => {
  if (call.words.some((word) => /^HIST/.test(word))) {
    court.raise("DANGEROUS", "stops the record of what is run");
  }
};

const secrets: Rule = (call, court) => {
  if (call.words.length === 1) court.raise("MODERATE", "shows every variable");
  if (/token|secret|passw|key|credential/i.test(call.words.join(" "))) {
    court.raise("DANGEROUS", "shows keys or passwords");
  }
};

const grep: Rule = (call, court) => {
  const options = optionsOf(
    call.words.slice(1),
    "-e -f -m -A -B -C --pre --hostname-bin --include --exclude -g -t",
  );
  for (const text of options.values("--pre", "--hostname-bin")) {
    court.raise("DANGEROUS", "runs a program on what it reads", text);
  }
  // A pattern is no file.
  const patterned = options.values("-e", "-f").length > 0 || options.has("--files");
  const whole = options.has("-r", "-R", "--recursive") ? "whole" : "file";
  for (const path of options.operands.slice(patterned ? 0 : 1, 64)) {
    judgeRead(path, call.scope, court, whole);
  }
};

const LOOKING =
  "ls ll dir vdir exa eza lsd tree pwd whoami id groups who w last lastlog users uname arch nproc uptime free vmstat iostat " +
  "df du lsblk blkid lsusb lspci lscpu lsmod lsof findmnt ps pgrep pidof pstree top htop btop atop glances nvtop " +
  "nvidia-smi netstat ss ipcs getent tty stty locale cal ncal sleep seq yes expr bc dc factor test [ [[ true false : " +
  "echo printf type which whereis where hash man tldr info apropos whatis help basename dirname realpath readlink " +
  "file stat tput clear reset-terminal logname arp ping ping6 traceroute tracepath mtr dig nslookup host whois " +
  "jobs bg fg wait times ulimit umask dirs popd pushd cd let shift return break continue read getopts compgen " +
  "complete bind shopt set local declare typeset readonly unalias disown suspend exit logout printenv fc " +
  "cloc tokei scc getconf lsb_release sw_vers hostnamectl-status systeminfo acpi sensors inxi neofetch fastfetch " +
  "ssh-agent tail-status mapfile readarray dmidecode ldconfig-list groups newgrp-list ldd nm objdump-list " +
  "screenfetch cowsay figlet fortune lolcat ipconfig-list vim-tiny-list isatty numfmt pathchk zdump showmount lslocks lsns";
const READING =
  "cat bat batcat less more most head tail tac nl wc cut paste column join comm diff cmp colordiff delta icdiff sdiff " +
  "diff3 uniq tr fold fmt pr expand unexpand rev od hexdump xxd hd strings md5sum sha1sum sha224sum sha256sum sha384sum " +
  "sha512sum b2sum cksum sum shasum md5 zcat zless zgrep zmore bzcat xzcat zstdcat jq fq gron egrep-list " +
  "ffprobe mediainfo identify pdfinfo pdftotext objdump readelf ldd nm size mdcat glow csvlook csvcut xsv mlr dasel " +
  "htmlq pup xmllint hexyl binwalk exif tac zipinfo base32 look tsort shuf factor ar-list units";

/** Rules by program. */
export const READERS: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(LOOKING.split(" ").map((name) => [name, look])),
  ...Object.fromEntries(READING.split(" ").map((name) => [name, read])),
  sort: readerBut("-o --output", "--compress-program"),
  base64: readerBut("-o --output"),
  tree: readerBut("-o"),
  yq: readerBut("-i --inplace"),
  jq: readerBut(""),
  grep,
  egrep: grep,
  fgrep: grep,
  rg: grep,
  ag: grep,
  ack: grep,
  ripgrep: grep,
  zgrep: grep,
  date: settingIf(
    ({ words }) => words.slice(1).some((word) => /^(-s|--set)/.test(word)),
    "sets the clock",
  ),
  hwclock: settingIf(
    ({ words }) => words.length > 1 && !words.includes("-r") && !words.includes("--show"),
    "sets the clock",
  ),
  hostname: settingIf((call) => operands(call).length > 0, "renames the machine"),
  dmesg: settingIf(
    ({ words }) => words.some((word) => /^(-[a-z]*[Ccn]|--clear)/.test(word)),
    "clears the kernel's log",
  ),
  export: exporting,
  declare: exporting,
  typeset: exporting,
  readonly: exporting,
  local: exporting,
  history,
  unset,
  printenv: secrets,
};
