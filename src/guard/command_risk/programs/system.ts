/**
 * Programs that change the machine: power, services, users, schedules, processes, what protects it.
 * @module
 */
import { isUnknown, type Rule, within } from "../court.ts";
import { optionsOf } from "../options.ts";
import { always, onlyIf, same, unless } from "./simple_rules.ts";

const systemctl: Rule = (call, court) => {
  const options = optionsOf(
    call.words.slice(1),
    "-H -M -t -p -n -o --host --machine --type --property --state",
  );
  const [verb = "list-units"] = options.operands;
  if (/^(status|show|cat|is-|list-|get-default|help|show-environment)/.test(verb)) return;
  if (
    /^(start|restart|reload|try-|enable|daemon-reload|reenable|unmask|reset-failed|set-environment|import|preset|add-wants|link|edit)/
      .test(verb)
  ) {
    return court.raise("MODERATE", "changes services");
  }
  court.raise("DANGEROUS", "stops or disables services");
};

const service: Rule = (call, court) => {
  const verb = call.words[2] ?? "--status-all";
  if (/^(status|--status-all)$/.test(verb)) return;
  court.raise(/^(stop|force|kill)/.test(verb) ? "DANGEROUS" : "MODERATE", "changes services");
};

const launchctl = unless(
  /^(unload|bootout|remove|disable|kill|stop|reboot|load|bootstrap|submit|setenv)$/,
  "DANGEROUS",
  "changes services",
);

const kill: Rule = (call, court) => {
  const { words } = call;
  if (words.slice(1).some((word) => /^-(l|L|-list)/.test(word))) return;
  court.raise("MODERATE", "ends processes");
  const targets = words.slice(1).filter((word, at) => at > 0 || !word.startsWith("-"));
  if (targets.some((word) => /^-?1$|^0$/.test(word))) {
    court.raise(
      words.some((word) => /^-1$/.test(word)) ? "FORBIDDEN" : "DANGEROUS",
      "ends every process",
    );
  }
};

const killAll: Rule = (call, court) => {
  court.raise("MODERATE", "ends processes by name");
  const options = optionsOf(call.words.slice(1), "-u -s -signal --signal -g -t");
  if (
    options.has("-9", "--KILL", "-KILL") || options.has("-u") ||
    options.values("-s", "--signal").includes("KILL")
  ) {
    court.raise("DANGEROUS", "ends processes by force");
  }
  if (options.operands.some((word) => isUnknown(word) || /^\.?\*?$/.test(word))) {
    court.raise("DANGEROUS", "ends every process");
  }
};

const crontab: Rule = (call, court) => {
  const options = optionsOf(call.words.slice(1), "-u -T -n");
  if (options.has("-l")) return;
  if (options.has("-e")) return court.raise("MODERATE", "changes the schedule");
  if (options.has("-r")) return court.raise("DANGEROUS", "removes the whole schedule");
  court.raise("DANGEROUS", "replaces the schedule");
  if (call.input.text !== undefined) {
    for (const line of call.input.text.split("\n").slice(0, 50)) {
      const [, command] = /^\s*(?:@\w+|(?:\S+\s+){5})\s*(\S.*)$/.exec(line.slice(0, 4_096)) ?? [];
      if (command !== undefined) court.line(command, within(call.scope));
    }
  }
};

const sysctl = unless(
  /^(-w|-p|--load|--write|-a?w)$|=/,
  "DANGEROUS",
  "changes the kernel's settings",
);
const off = always("DANGEROUS", "turns the machine off or restarts it");
const users = always("DANGEROUS", "changes who may use the machine");

const PASSWORDS = always("DANGEROUS", "changes or shows keys or passwords");

const keychain: Rule = (call, court) => {
  const verb = call.words.slice(1).find((word) => !word.startsWith("-")) ?? "";
  if (
    /^(list-keychains|show-keychain-info|default-keychain|find-certificate|verify-cert|find-identity|help)$/
      .test(verb)
  ) return;
  court.raise("DANGEROUS", "reads or changes the key chain");
};

const gpg: Rule = (call, court) => {
  const line = call.words.join(" ");
  if (/--(list|fingerprint|verify|version|check)|(^| )-k\b|(^| )-K\b/.test(line)) return;
  court.raise("MODERATE", "encrypts, decrypts or signs");
  if (/--delete|--export-secret|--quick-revoke|--gen-revoke/.test(line)) {
    court.raise("DANGEROUS", "deletes or gives out keys");
  }
};

const defaults: Rule = (call, court) => {
  const [verb = ""] = call.words.slice(1).filter((word) => !word.startsWith("-"));
  if (/^(read|read-type|find|domains|help)$/.test(verb)) return;
  court.raise("MODERATE", "changes settings of the system");
  if (
    verb === "delete" ||
    /quarantine|gatekeeper|loginwindow|screensaver|alf|security/i.test(call.words.join(" "))
  ) {
    court.raise("DANGEROUS", "weakens or deletes settings of the system");
  }
};

const ssh: Rule = (call, court) => {
  const options = optionsOf(call.words.slice(1), "-f -t -b -C -N -P -R -F -i -m");
  if (options.has("-l", "-F", "-y", "-B") && !options.has("-R")) return;
  court.raise(
    options.has("-R") ? "DANGEROUS" : "MODERATE",
    options.has("-R") ? "forgets known machines" : "makes keys",
  );
};

const screen: Rule = (call, court) => {
  court.raise("MODERATE", "runs programs in the background");
  const line = call.words.slice(1);
  if (line.some((word) => /^kill-(server|session)$/.test(word))) {
    court.raise("DANGEROUS", "ends every program in it");
  }
  const at = line.findIndex((word) =>
    /^(new|new-session|send-keys|neww|new-window|run|run-shell|-dm\w*|splitw|split-window|respawn-pane)$/
      .test(word)
  );
  const texts = at < 0
    ? []
    : line.slice(at + 1).filter((word) => /\s/.test(word) || !word.startsWith("-"));
  for (const text of texts.slice(0, 8)) if (/\s/.test(text)) court.line(text, within(call.scope));
  if (texts.length > 1) court.call({ ...call, words: texts, scope: within(call.scope) });
};

/** Rules by program. */
export const SYSTEM: Readonly<Record<string, Rule>> = {
  ...same("halt poweroff reboot shutdown init telinit pm-suspend", off),
  ...same(
    "useradd adduser userdel deluser groupadd groupdel addgroup delgroup usermod groupmod gpasswd vipw vigr visudo chpasswd newusers dscl sysadminctl pwck",
    users,
  ),
  ...same("passwd chage faillock pam-auth-update authselect secret-tool kdbx", PASSWORDS),
  systemctl,
  service,
  launchctl,
  loginctl: unless(
    /^(terminate|kill|lock|enable|disable|poweroff|reboot)/,
    "DANGEROUS",
    "ends sessions",
  ),
  "rc-service": service,
  "update-rc.d": always("DANGEROUS", "changes services"),
  chkconfig: unless(/^(on|off|--del|--add)$/, "DANGEROUS", "changes services"),
  initctl: unless(/^(stop|restart)/, "DANGEROUS", "stops services"),
  supervisorctl: unless(/^(stop|shutdown|remove|restart|clear)/, "DANGEROUS", "stops services"),
  kill,
  killall: killAll,
  pkill: killAll,
  xkill: killAll,
  skill: killAll,
  fuser: unless(/^-\w*k/, "DANGEROUS", "ends processes"),
  renice: always("MODERATE", "changes how processes run"),
  crontab,
  ...same(
    "insmod rmmod modprobe depmod kextload kextunload kmutil kexec",
    always("DANGEROUS", "changes what the kernel runs"),
  ),
  sysctl,
  ...same(
    "setenforce semanage setsebool aa-disable aa-complain aa-teardown apparmor_parser auditctl restorecon chcon grubby",
    always("DANGEROUS", "weakens what protects the machine"),
  ),
  spctl: unless(
    /^--(master|global|add|remove|disable|enable)|kext/,
    "DANGEROUS",
    "weakens what protects the machine",
  ),
  csrutil: onlyIf(/^status$/, "DANGEROUS", "weakens what protects the machine"),
  nvram: unless(/^-[cd]$|=/, "DANGEROUS", "changes what the machine starts with"),
  bless: always("DANGEROUS", "changes what the machine starts with"),
  xattr: unless(/^-\w*[cd]/, "DANGEROUS", "removes marks that protect", "SAFE"),
  security: keychain,
  gpg,
  gpg2: gpg,
  defaults,
  "ssh-keygen": ssh,
  "ssh-add": unless(/^-[dD]$/, "DANGEROUS", "forgets keys", "SAFE"),
  "ssh-copy-id": always("DANGEROUS", "lets a key in on another machine"),
  pass: unless(
    /^(rm|remove|delete|show|-c|edit|insert|generate)$/,
    "DANGEROUS",
    "shows or changes passwords",
  ),
  timedatectl: unless(/^set-/, "DANGEROUS", "sets the clock"),
  hostnamectl: unless(/^(set-)?hostname$|^set-/, "DANGEROUS", "renames the machine"),
  localectl: unless(/^set-/, "MODERATE", "changes the language"),
  journalctl: unless(/^--(vacuum|rotate|flush)/, "DANGEROUS", "deletes the machine's log"),
  logrotate: unless(/^-f|--force$/, "DANGEROUS", "rotates logs by force", "MODERATE"),
  ldconfig: always("MODERATE", "changes what programs load"),
  "update-alternatives": unless(
    /^--(remove|install|set|config)/,
    "MODERATE",
    "changes which programs run",
  ),
  chsh: always("MODERATE", "changes the shell"),
  screen,
  tmux: screen,
  ulimit: unless(/^$/, "SAFE", ""),
  wall: always("MODERATE", "writes to everybody"),
  write: always("MODERATE", "writes to somebody"),
  pmset: unless(
    /^(sleepnow|displaysleepnow|restoredefaults)/,
    "MODERATE",
    "changes power settings",
  ),
  scutil: unless(/^--set$/, "DANGEROUS", "changes the system"),
  softwareupdate: always("MODERATE", "updates the system"),
  pbcopy: always("SAFE", ""),
  pbpaste: always("MODERATE", "reads the clipboard"),
  xclip: always("MODERATE", "uses the clipboard"),
  "wl-paste": always("MODERATE", "reads the clipboard"),
  screencapture: always("MODERATE", "takes a picture of the screen"),
  nginx: unless(/^(stop|quit)$/, "DANGEROUS", "stops the server", "SAFE"),
  apachectl: unless(/^(stop|graceful-stop|-k)$/, "DANGEROUS", "stops the server"),
  haproxy: unless(/^-(sf|st)$/, "DANGEROUS", "ends running servers"),
};
