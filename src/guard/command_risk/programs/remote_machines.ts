/**
 * Programs that run commands on other machines, and copy files from and to them.
 * @module
 */
import { type Call, type Court, type Rule, within } from "../court.ts";
import { optionsOf } from "../options.ts";
import { groundOf } from "../paths.ts";
import { judgeRead } from "../writing.ts";

const SSH_VALUED = "-i -p -l -o -F -J -L -R -D -W -b -c -E -e -I -m -O -Q -S -w -B";

const ssh: Rule = (call, court) => {
  const { words } = call;
  const takesValue = new Set(SSH_VALUED.split(" "));
  court.raise("MODERATE", "reaches another machine");
  let at = 1;
  for (; at < words.length && words[at]?.startsWith("-"); at++) {
    const word = words[at] ?? "";
    const value = takesValue.has(word) ? words[++at] ?? "" : word.slice(2);
    const [, command] = /^(?:Proxy|Local|Known\w+)Command\s*[= ]\s*(.+)$/is.exec(value) ?? [];
    if (command !== undefined && word.startsWith("-o")) {
      court.raise("DANGEROUS", "runs a program beside");
      court.line(command, within(call.scope));
    }
    if (word.startsWith("-R")) court.raise("DANGEROUS", "lets other machines in");
  }
  const remote = words.slice(at + 1).join(" ");
  const scope = within(call.scope, { remote: true });
  if (remote !== "") court.line(remote, scope, call.input);
  else if (call.input.text !== undefined) court.line(call.input.text, scope);
  if (remote !== "" || call.input.from !== "private") return;
  court.raise("FORBIDDEN", "sends keys or passwords to another machine");
};

const scp: Rule = (call, court) => {
  const options = optionsOf(call.words.slice(1), "-i -P -o -F -J -l -c -S -D -X");
  court.raise("MODERATE", "copies files between machines");
  for (const setting of options.values("-o", "-S")) {
    if (/command\s*[= ]|\//i.test(setting)) court.raise("DANGEROUS", "runs a program beside");
  }
  copied(options.operands, call, court);
};

/** The last operand is written, the others are read; some lie on other machines. */
function copied(operands: readonly string[], call: Call, court: Court): void {
  const target = operands.at(-1) ?? "";
  const away = remotePath(target);
  for (const source of operands.slice(0, -1)) {
    if (remotePath(source) !== undefined) continue;
    judgeRead(source, call.scope, court, "whole");
    const ground = groundOf(source, call.scope, court);
    if (away !== undefined && ground === "credential") {
      court.raise("FORBIDDEN", "sends keys or passwords to another machine", source);
    }
    if (away !== undefined && ["home", "root"].includes(ground)) {
      court.raise("DANGEROUS", "sends the home folder to another machine", source);
    }
  }
  const ground = groundOf(away ?? target, { ...call.scope, remote: true }, court);
  if (operands.length < 2 || (away === "")) return;
  if (["root", "system", "startup", "credential", "device", "vault"].includes(ground)) {
    court.raise(
      ground === "device" || ground === "vault" ? "FORBIDDEN" : "DANGEROUS",
      "changes files of the system",
      target,
    );
  }
}

/** The path behind `host:`; a bare `host:` is the home folder there. */
function remotePath(word: string): string | undefined {
  const [, path] = /^(?:rsync:\/\/[^/]+|[^/:]+:)(.*)$/s.exec(word) ?? [];
  return path === undefined || /^[a-z]$/i.test(word.split(":")[0] ?? "") ? undefined : path;
}

const rsync: Rule = (call, court) => {
  const options = optionsOf(
    call.words.slice(1),
    "-e -f -T -B --rsh --exclude --include --filter --files-from --exclude-from --include-from --rsync-path --bwlimit --link-dest --compare-dest --log-file --password-file --port --timeout --chmod --chown",
  );
  if (options.has("-n", "--dry-run", "--list-only")) return;
  court.raise("MODERATE", "copies files");
  const removing = options.given.find((name) =>
    /^--(del|delete(-\w+)*|remove-source-files|remove-sent-files|delete-missing-args|force-delete)$/
      .test(name)
  );
  if (removing !== undefined) court.raise("DANGEROUS", "deletes files that are not in the source");
  for (const text of options.values("-e", "--rsh", "--rsync-path")) {
    court.line(text, within(call.scope));
  }
  copied(options.operands, call, court);
};

const ftp: Rule = (call, court) => {
  court.raise("MODERATE", "reaches another machine");
  const line = [...call.words, call.input.text ?? ""].join("\n");
  if (/\b(mput|put|rm|mrm|delete|mdelete|rmdir|mirror)\b/.test(line)) {
    court.raise("DANGEROUS", "sends or deletes files on another machine");
  }
};

/** Rules by program. */
export const REMOTE_MACHINES: Readonly<Record<string, Rule>> = {
  ssh,
  autossh: ssh,
  mosh: ssh,
  scp,
  rcp: scp,
  sftp: ftp,
  ftp,
  lftp: ftp,
  tftp: ftp,
  rsync,
};
