/**
 * Reads what a command-line tool would do from the verbs among its arguments: nearly all of them are built
 * as `tool thing verb`, `tool verb thing` or `tool verb-thing`.
 * @module
 */
import { type Call, type Court } from "./court.ts";

const READ_VERBS = new Set(
  ("list ls show get describe desc status stat logs log info view inspect search find help version diff " +
    "plan validate check lint history top ps events explain cat print display whoami who-am-i ping health " +
    "test verify preview query read tail watch stats usage count outdated doctor env config-get export-list " +
    "explain tree size du md5sum sha1sum about lsf lsl lsd lsjson scan analyze browse head fetch-list " +
    "environments url metadata snapshots ident identity current which auth-status wait compare evaluate snapshots dump list-all lookup")
    .split(" "),
);
const WRITE_VERBS = new Set(
  ("create new add set update edit apply install run start restart reload build push pull publish deploy up init " +
    "login logout configure put post send copy cp move mv sync import export download upload clone fork merge " +
    "rename tag attach connect enable open use switch select generate migrate patch scale rollout resume " +
    "sub subscribe pub listen serve server dev exec invoke trigger retry rerun approve register associate tail " +
    "backup restore annotate label grant assign join unlock lock mount save load compile link")
    .split(" "),
);
const DESTROY_VERBS = new Set(
  ("delete del destroy drop purge wipe erase remove rm rmi rb rmdir terminate prune reset truncate flush " +
    "flushall flushdb uninstall unpublish deregister unregister obliterate nuke clean cleanup clear empty " +
    "revoke evict drain kill shutdown poweroff halt rollback undeploy teardown decommission downgrade " +
    "archive deactivate suspend cancel forget expire rdelete unlink format zap abort reinstall overwrite " +
    "failover detach disassociate unsubscribe break force yank deprecate dissolve expunge discard down-all " +
    "takeover reboot void refund unassign seal rekey disable-all stop-all trash undo shred fresh")
    .split(
      " ",
    ),
);
const DESTROY_OPTION =
  /^--?(delete|destroy|purge|prune|wipe|erase|drop|remove|truncate|reset|unregister|uninstall|force-delete|force-destroy|overwrite-all|flush|hard-delete|yes-i-really[\w-]*|no-preserve-root|unsafe[\w-]*|skip-final-snapshot|delete-[\w-]+|remove-[\w-]+|purge-[\w-]+|reset-[\w-]+)$/i;
const DRY_RUN =
  /^(--?dry-?run(=(client|server|true|all))?|--simulate|--just-print|--what-?if|--noop|--plan|--check)$/i;
/** More words than this are operands. */
const VERB_WORDS = 5;

/** Whether the arguments only ask a program to describe itself. */
export function asksForHelp(rest: readonly string[]): boolean {
  const stop = rest.indexOf("--");
  const before = stop < 0 ? rest : rest.slice(0, stop);
  if (before.includes("--help")) return true;
  const [only, more] = before;
  return more === undefined && only !== undefined &&
    /^(--version|-V|-version|--usage|help|version|-\?|\/\?|-help)$/.test(only);
}

/** What a verb does. */
export type Deed = "read" | "write" | "destroy" | undefined;

/** What a word says it does, if it is a verb, alone or in a compound. */
export function deedOf(word: string): Deed {
  if (!/^[a-z][\w:.-]{0,63}$/i.test(word)) return undefined;
  const parts = word.replace(/([a-z])([A-Z])/g, "$1-$2").toLowerCase().split(/[-_:.]/);
  const [first = ""] = parts;
  if (READ_VERBS.has(first)) return "read";
  if (parts.some((part) => DESTROY_VERBS.has(part))) return "destroy";
  if (WRITE_VERBS.has(first)) return "write";
  return undefined;
}

/**
 * Judges by verbs. Of a known tool, reading is safe; of an unknown one, nothing is. A tool that says what
 * it would do and does nothing is moderate.
 */
export function judgeVerbs(call: Call, court: Court, tool: "known" | "unknown"): void {
  const { words } = call;
  const rest = words.slice(1);
  const dry = rest.some((word) => DRY_RUN.test(word));
  const deed = deedAmong(rest);
  if (dry) return court.raise("MODERATE", "only says what it would do");
  const option = rest.find((word) => DESTROY_OPTION.test(word.replace(/=.*$/s, "")));
  if (deed.deed === "destroy") {
    court.raise("DANGEROUS", `deletes, stops or resets something (${deed.word})`);
  } else if (option !== undefined && deed.deed !== "read" && !/=false$/.test(option)) {
    court.raise("DANGEROUS", `deletes, stops or resets something (${option.slice(0, 40)})`);
  } else if (deed.deed !== "read" || tool === "unknown") {
    court.raise(
      "MODERATE",
      tool === "known" ? "changes something" : "runs a program that is not known",
    );
  }
}

/** The first verb among the words that can be one. */
function deedAmong(rest: readonly string[]): { deed: Deed; word: string } {
  let [seen, later]: [number, { deed: Deed; word: string }] = [0, { deed: undefined, word: "" }];
  for (const [index, word] of rest.slice(0, 24).entries()) {
    if (word === "--" || seen >= VERB_WORDS) break;
    if (word.startsWith("-")) {
      if (/^--?(list|describe|show|get|status|info|version|help|search|query)$/.test(word)) {
        later = { deed: "read", word };
      }
      continue;
    }
    const before = rest[index - 1] ?? "";
    // Behind an option it may be that option's value: a read verb there proves nothing.
    const mayBeValue = before.startsWith("-") && !before.includes("=") &&
        !/^-[a-z]$|^--(yes|force|no-[\w-]+|quiet|verbose|debug)$/.test(before) ||
      /^-[a-z]$/.test(before);
    if (!mayBeValue) seen++;
    const deed = deedOf(word);
    if (deed === "destroy") return { deed, word };
    if (deed !== undefined && !mayBeValue) return { deed, word };
  }
  return later;
}
