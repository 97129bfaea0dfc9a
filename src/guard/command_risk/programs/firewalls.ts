/**
 * Programs that change how the machine speaks with others.
 * @module
 */
import type { Rule } from "../court.ts";
import { always, same, unless } from "./simple_rules.ts";

const firewall = (looking: RegExp): Rule => (call, court) => {
  const changes = call.words.slice(1).some((word) =>
    /^-[ADFIPRXNZE]$|^(add|delete|flush|insert|reset|destroy|swap)/.test(word)
  );
  if (!changes && call.words.length > 1 && call.words.slice(1).some((word) => looking.test(word))) {
    return;
  }
  court.raise("DANGEROUS", "changes the firewall");
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

/** Rules by program. */
export const FIREWALLS: Readonly<Record<string, Rule>> = {
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
};
