/**
 * Programs that reach other machines: what leaves, what is changed there, and what is let in.
 * @module
 */
import { type Call, type Court, isUnknown, type Rule, within } from "../court.ts";
import { optionsOf } from "../options.ts";
import { groundOf } from "../paths.ts";
import { judgeRead, judgeWrite } from "../writing.ts";
import { deedOf } from "../verbs.ts";

const CURL_VALUED =
  "-X -H -d -F -o -O1 -u -A -e -b -c -T -K -x -m -w -r -C -y -Y -z -E -U -Q -P --request --header --data --data-raw --data-binary --data-urlencode --data-ascii --json --form --form-string --output --user --user-agent --referer --cookie --cookie-jar --upload-file --config --proxy --max-time --write-out --range --cert --key --cacert --connect-timeout --retry --resolve --url --output-dir --limit-rate --proxy-user --netrc-file --unix-socket --interface --dump-header -D";

const curl: Rule = (call, court) => {
  const options = optionsOf(call.words.slice(1), CURL_VALUED);
  court.raise("MODERATE", "reaches another machine");
  for (
    const path of options.values("-o", "--output", "-c", "--cookie-jar", "--dump-header", "-D")
  ) judgeWrite(path, call.scope, court);
  if (options.values("-K", "--config").length > 0) {
    court.raise("DANGEROUS", "takes what to do from a file");
  }
  const bodies = options.values(
    "-d",
    "--data",
    "--data-raw",
    "--data-binary",
    "--data-urlencode",
    "--data-ascii",
    "--json",
  );
  for (const part of [...bodies, ...options.values("-F", "--form")]) sent(part, call, court);
  for (const path of options.values("-T", "--upload-file")) sent(`@${path}`, call, court);
  const method = (options.values("-X", "--request")[0] ?? "").toUpperCase();
  const urls = [...options.operands, ...options.values("--url")];
  for (const url of urls) {
    if (/^file:/i.test(url)) judgeRead(url.replace(/^file:\/\//i, ""), call.scope, court);
  }
  const header = options.values("-H", "--header").some((text) =>
    /method-override:\s*delete/i.test(text)
  );
  request(
    header ? "DELETE" : method || (bodies.length > 0 ? "POST" : "GET"),
    urls,
    bodies.join("\n"),
    court,
  );
};

/** What a request does there. */
function request(method: string, urls: readonly string[], body: string, court: Court): void {
  if (method === "DELETE" || method === "PURGE" || isUnknown(method)) {
    return court.raise("DANGEROUS", "deletes something on another machine");
  }
  if (method === "GET" || method === "HEAD" || method === "OPTIONS") return;
  const path = urls.map((url) => url.replace(/^\w+:\/\/[^/]*/, "").replace(/[?#].*$/s, "")).join(
    "/",
  );
  const last = path.split("/").filter(Boolean).slice(-3);
  if (
    last.some((part) =>
      deedOf(part.replace(/^_+/, "")) === "destroy" ||
      /^(do(Delete|WipeOut)|_?close|_shutdown|quit|exit|safeExit|quietDown|safeRestart|restart|swap-indexes)$/i
        .test(part)
    )
  ) {
    court.raise("DANGEROUS", "deletes or stops something on another machine");
  }
  if (
    /\bmutation\b[^]{0,200}(delete|remove|destroy|purge|drop|terminate|revoke)/i.test(
      body.slice(0, 4_096),
    ) ||
    /"?action"?\s*[:=]\s*"?(delete|remove|destroy)|\b(DROP|TRUNCATE)\s+TABLE\b|"delete"\s*:/i.test(
      body.slice(0, 4_096),
    )
  ) {
    court.raise("DANGEROUS", "deletes something on another machine");
  }
}

/** `@file` in a body: what it holds leaves. */
function sent(part: string, call: Call, court: Court): void {
  const [, path] = /^(?:[^=@]*=)?[@<](.+?)(?:;.*)?$/s.exec(part) ?? [];
  if (path === undefined) {
    if (isUnknown(part)) {
      court.raise("DANGEROUS", "sends something that is not known to another machine");
    }
    return;
  }
  if (path === "-" || path === "/dev/stdin") return sendsInput(call, court);
  const ground = groundOf(path, call.scope, court);
  if (ground === "vault") court.raise("FORBIDDEN", "sends the vault to another machine", path);
  else if (ground === "credential" || path === "/etc/passwd") {
    court.raise("FORBIDDEN", "sends keys or passwords to another machine", path);
  } else court.raise("DANGEROUS", "sends a file to another machine", path);
}

function sendsInput({ input }: Call, court: Court): void {
  if (input.from === "private") {
    court.raise("FORBIDDEN", "sends keys or passwords to another machine");
  } else if (input.from === "unknown") {
    court.raise("DANGEROUS", "sends something that is not known to another machine");
  }
}

const wget: Rule = (call, court) => {
  const options = optionsOf(
    call.words.slice(1),
    "-O -o -a -P -U -e -t -T -Q -i --output-document --post-file --body-file --post-data --method --header --user --password --directory-prefix --limit-rate --tries --body-data",
  );
  court.raise("MODERATE", "reaches another machine");
  for (const path of options.values("-O", "--output-document", "-o")) {
    if (path !== "-") judgeWrite(path, call.scope, court);
  }
  for (const folder of options.values("-P", "--directory-prefix")) {
    if (["system", "root", "startup"].includes(groundOf(folder, call.scope, court))) {
      judgeWrite(folder, call.scope, court);
    }
  }
  for (const path of options.values("--post-file", "--body-file")) sent(`@${path}`, call, court);
  if (
    options.values("-e").some((text) => /use_askpass|post_file/.test(text)) ||
    options.has("--use-askpass")
  ) court.raise("DANGEROUS", "runs a program beside");
  request(
    (options.values("--method")[0] ?? "GET").toUpperCase(),
    options.operands,
    options.values("--body-data").join(""),
    court,
  );
};

const httpie: Rule = (call, court) => {
  const words = call.words.slice(1).filter((word) => !word.startsWith("-"));
  const method = words.find((word) => /^[A-Z]{3,7}$/.test(word)) ?? "GET";
  court.raise("MODERATE", "reaches another machine");
  request(method, words, words.join("\n"), court);
  for (const word of words) {
    if (/@/.test(word) && !word.includes("://")) sent(word.slice(word.indexOf("@")), call, court);
  }
};

const netcat: Rule = (call, court) => {
  const options = optionsOf(call.words.slice(1), "-e -c -p -w -s -i -q -x -X --exec --sh-exec");
  if (options.values("-e", "-c", "--exec", "--sh-exec").length > 0) {
    return court.raise("FORBIDDEN", "gives a shell to another machine");
  }
  if (options.has("-z") || options.operands.length === 0 && !options.has("-l", "--listen")) {
    return court.raise("MODERATE", "looks at another machine");
  }
  court.raise(
    "DANGEROUS",
    options.has("-l", "--listen")
      ? "lets other machines in"
      : "opens a connection to another machine",
  );
  sendsInput(call, court);
};

const socat: Rule = (call, court) => {
  const line = call.words.join(" ");
  const away = /\b(tcp|udp|openssl|sctp|socks)\w*(-\w+)?:/i.test(line);
  court.raise(away ? "DANGEROUS" : "MODERATE", "opens a connection");
  if (/\b(exec|system):/i.test(line)) court.raise("DANGEROUS", "runs a program beside");
  if (/\b(exec|system):/i.test(line) && /\b(tcp|udp|openssl)\d?(-\w+)?:/i.test(line)) {
    court.raise("FORBIDDEN", "gives a shell to another machine");
  }
  sendsInput(call, court);
};

const scan: Rule = (call, court) => {
  court.raise("MODERATE", "looks at other machines");
  if (call.words.some((word) => /^--script(=|$)/.test(word))) {
    court.raise("DANGEROUS", "runs scripts against other machines");
  }
};

const tunnel: Rule = (_call, court) => court.raise("DANGEROUS", "lets other machines in");

const mail: Rule = (call, court) => {
  court.raise("MODERATE", "sends a message");
  const files = optionsOf(call.words.slice(1), "-s -a -A -r -c -b -t -u").values("-a", "-A");
  for (const path of files) sent(`@${path}`, call, court);
  sendsInput(call, court);
};

const nsupdate: Rule = (_call, court) => court.raise("DANGEROUS", "changes names in the DNS");

/** Rules by program. */
export const NETWORK: Readonly<Record<string, Rule>> = {
  curl,
  wget,
  wget2: wget,
  fetch: wget,
  http: httpie,
  https: httpie,
  xh: httpie,
  xhs: httpie,
  curlie: curl,
  aria2c: wget,
  nc: netcat,
  ncat: netcat,
  netcat,
  "nc.traditional": netcat,
  socat,
  sshpass: (call, court) => {
    const at = call.words.findIndex((word) => /^(ssh|scp|rsync|sftp)$/.test(word));
    court.raise("MODERATE", "reaches another machine");
    if (at > 0) court.call({ ...call, words: call.words.slice(at), scope: within(call.scope) });
  },
  telnet: scan,
  nmap: scan,
  masscan: scan,
  tcpdump: scan,
  tshark: scan,
  openssl: (call, court) => {
    const [verb = ""] = call.words.slice(1);
    for (const [at, word] of call.words.entries()) {
      if (word === "-in") judgeRead(call.words[at + 1] ?? "", call.scope, court);
      if (word === "-out") judgeWrite(call.words[at + 1] ?? "", call.scope, court);
    }
    if (/^s_(client|server)$/.test(verb)) court.raise("MODERATE", "reaches another machine");
    else if (!/^(version|dgst|x509|list|ciphers|help|rand)$/.test(verb)) {
      court.raise("MODERATE", "encrypts, decrypts or signs");
    }
  },
  ngrok: tunnel,
  localtunnel: tunnel,
  lt: tunnel,
  bore: tunnel,
  chisel: tunnel,
  frpc: tunnel,
  cloudflared: tunnel,
  iodine: tunnel,
  mail,
  mailx: mail,
  mutt: mail,
  sendmail: mail,
  msmtp: mail,
  swaks: mail,
  nsupdate,
  lynx: wget,
  w3m: wget,
  links: wget,
};
