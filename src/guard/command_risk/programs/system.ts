/**
 * Programs that change the machine: disks, power, services, users, firewalls, schedules, processes.
 * @module
 */
import { isUnknown, type Rule, within } from "../court.ts";
import { optionsOf } from "../options.ts";
import { judgeWrite } from "../writing.ts";
import type { Risk } from "../../risk.ts";

const always = (risk: Risk, reason: string): Rule => (_call, court) => court.raise(risk, reason);

/** Looks unless some word says otherwise. */
function unless(pattern: RegExp, risk: Risk, reason: string, floor: Risk = "SAFE"): Rule {
  return (call, court) => {
    court.raise(floor, "changes something");
    if (call.words.slice(1).some((word) => pattern.test(word))) court.raise(risk, reason);
  };
}

/** Changes unless some word says that it only looks. */
function onlyIf(pattern: RegExp, risk: Risk, reason: string): Rule {
  return (call, court) => {
    if (!call.words.slice(1).some((word) => pattern.test(word))) court.raise(risk, reason);
  };
}

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

const mkfs: Rule = (call, court) => {
  const options = optionsOf(call.words.slice(1), "-t -L -U -b -i -I -E -O -T -m -n -F -s");
  const device = options.operands.some((word) => word.startsWith("/dev/") || isUnknown(word));
  court.raise(device ? "FORBIDDEN" : "DANGEROUS", "makes a new file system over what is there");
};

const firewall = (looking: RegExp): Rule => (call, court) => {
  if (call.words.length > 1 && call.words.slice(1).some((word) => looking.test(word))) return;
  court.raise("DANGEROUS", "changes the firewall");
};

const mount: Rule = (call, court) => {
  if (call.words.length < 2 || call.words.includes("-l")) return;
  court.raise("MODERATE", "mounts a file system");
  for (const word of call.words.slice(1)) {
    if (word.startsWith("/dev/") && call.words.includes("--bind")) {
      judgeWrite(word, call.scope, court);
    }
  }
};

const network: Rule = (call, court) => {
  const rest = call.words.slice(1).filter((word) => !word.startsWith("-"));
  const [, verb = "show"] = rest;
  if (/^(show|list|ls|get|help|monitor|save)?$/.test(verb) || rest.length < 2) return;
  court.raise(
    /^(del|flush|down|set|change|replace)/.test(verb) ? "DANGEROUS" : "MODERATE",
    "changes the network",
  );
};

const disk: Rule = (call, court) => {
  const verb = call.words.slice(1).find((word) => !word.startsWith("-")) ?? "list";
  if (
    /^(list|info|apfs|activity|cs|appleraid)$/i.test(verb) &&
    !call.words.some((word) => /^(delete|erase)/i.test(word))
  ) return;
  court.raise(
    /erase|zero|random|partition|reformat|secure|delete/i.test(call.words.join(" "))
      ? "FORBIDDEN"
      : "DANGEROUS",
    "changes a disk",
  );
};

const sysctl = unless(
  /^(-w|-p|--load|--write|-a?w)$|=/,
  "DANGEROUS",
  "changes the kernel's settings",
);
const off = always("DANGEROUS", "turns the machine off or restarts it");
const users = always("DANGEROUS", "changes who may use the machine");
const volume = always("DANGEROUS", "changes disks or volumes");
const wipes = always("FORBIDDEN", "destroys what a disk holds");
const lookingVolume = always("SAFE", "");

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

/** The same rule for several programs. */
function same(names: string, rule: Rule): Record<string, Rule> {
  return Object.fromEntries(names.split(" ").map((name) => [name, rule]));
}

/** Rules by program. */
export const SYSTEM: Readonly<Record<string, Rule>> = {
  ...same("halt poweroff reboot shutdown init telinit pm-suspend", off),
  ...same(
    "useradd adduser userdel deluser groupadd groupdel addgroup delgroup usermod groupmod gpasswd vipw vigr visudo chpasswd newusers dscl sysadminctl pwck",
    users,
  ),
  ...same("passwd chage faillock pam-auth-update authselect secret-tool kdbx", PASSWORDS),
  ...same("mkfs mkswap newfs mke2fs mkntfs mkdosfs mkexfatfs", mkfs),
  ...same("wipefs blkdiscard hdparm nwipe badblocks", (call, court) => {
    const looks = call.words.every((word) =>
      !word.startsWith("-") || /^-[nIigtTv]+$|^--no-act$/.test(word)
    ) && call.words.some((word) => /^-[nIigtTv]/.test(word));
    if (!looks) wipes(call, court);
  }),
  ...same(
    "fdisk gdisk sfdisk sgdisk cfdisk parted partprobe resize2fs tune2fs e2fsck fsck xfs_repair btrfstune debugfs dumpe2fs growpart kpartx",
    unless(/^(?!-l$|--list$|print$|-n$)/, "DANGEROUS", "changes disks or volumes"),
  ),
  ...same(
    "pvremove vgremove lvremove lvreduce vgreduce pvmove lvresize pvresize vgcreate lvcreate pvcreate vgextend lvextend lvconvert vgcfgrestore cryptsetup dmsetup losetup swapoff swapon efibootmgr grub-install update-grub flashrom fwupdmgr nvme",
    volume,
  ),
  ...same("pvs vgs lvs pvdisplay vgdisplay lvdisplay pvscan vgscan lvscan", lookingVolume),
  mdadm: onlyIf(/^(--detail|-D|--examine|-E|--query|-Q)$/, "DANGEROUS", "changes disks or volumes"),
  ...same(
    "zfs zpool btrfs bcachefs",
    onlyIf(
      /^(list|get|status|iostat|history|show|version|df|usage)$/,
      "DANGEROUS",
      "changes disks or volumes",
    ),
  ),
  diskutil: disk,
  hdiutil: unless(
    /^(erase|convert|resize|create|burn|compact)/,
    "DANGEROUS",
    "changes a disk",
    "MODERATE",
  ),
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
  ...same("iptables ip6tables ebtables arptables", firewall(/^(-\w*[LS]\w*|--list.*)$/)),
  ...same(
    "iptables-restore ip6tables-restore iptables-apply pfctl-load",
    always("DANGEROUS", "changes the firewall"),
  ),
  nft: firewall(/^(list|-c|--check|monitor)$/),
  ufw: firewall(/^(status|show|version)$/),
  "firewall-cmd": firewall(/^--(list|get|state|query|info)/),
  pfctl: firewall(/^-(s|v|n)/),
  ipset: firewall(/^(list|test|save)$/),
  tc: network,
  ip: network,
  brctl: network,
  bridge: network,
  ifconfig: unless(/^(down|up|del|delete|netmask)$|^\d/, "DANGEROUS", "changes the network"),
  route: unless(/^(add|del|delete|flush|change)$/, "DANGEROUS", "changes the network"),
  iw: network,
  rfkill: unless(/^(block|unblock)$/, "MODERATE", "changes the network"),
  nmcli: unless(
    /^(delete|down|off|disconnect|remove)$/,
    "DANGEROUS",
    "changes the network",
    "MODERATE",
  ),
  networksetup: unless(/^-(set|remove|delete|create|add)/, "DANGEROUS", "changes the network"),
  resolvectl: unless(/^(flush|reset|revert|dns)/, "MODERATE", "changes the network"),
  ethtool: unless(/^-[sKGACE]$/, "DANGEROUS", "changes the network"),
  mount,
  umount: always("MODERATE", "unmounts a file system"),
  fstrim: always("MODERATE", "tidies a disk"),
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
  tmutil: unless(
    /^(delete|disable|removedestination|deletelocalsnapshots|thinlocalsnapshots|inheritbackup)/,
    "DANGEROUS",
    "deletes backups",
    "MODERATE",
  ),
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
  quotaoff: always("DANGEROUS", "changes quotas"),
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
