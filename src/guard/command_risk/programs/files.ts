/**
 * Programs that change files: delete, move, copy, overwrite, give away, pack.
 * @module
 */
import { type Call, type Court, isUnknown, type Rule, within } from "../court.ts";
import { type Options, optionsOf } from "../options.ts";
import { groundOf, isGlob } from "../paths.ts";
import { judgeDelete, judgeRead, judgeWrite } from "../writing.ts";
import { judgeFd } from "./find.ts";

const rm: Rule = (call, court) => {
  const options = optionsOf(call.words.slice(1));
  const recursive = options.has("-r", "-R", "--recursive", "-d");
  court.raise("MODERATE", "deletes files");
  if (options.has("--no-preserve-root")) {
    court.raise("FORBIDDEN", "deletes everything on the machine");
  }
  for (const path of options.operands) {
    judgeDelete(path, call.scope, court, { recursive: recursive && !options.has("-d") });
  }
  if (call.scope.remote && options.operands.length > 0) {
    court.raise("DANGEROUS", "deletes files of another machine");
  }
};

const shred: Rule = (call, court) => {
  court.raise("DANGEROUS", "destroys what files hold");
  for (const path of optionsOf(call.words.slice(1), "-n -s --iterations --size").operands) {
    judgeDelete(path, call.scope, court, { recursive: false });
  }
};

const mv: Rule = (call, court) => {
  const options = optionsOf(call.words.slice(1), "-t --target-directory -S --suffix");
  const { sources, target } = sourcesAndTarget(options);
  court.raise("MODERATE", "moves files");
  for (const path of sources) {
    const ground = groundOf(path, call.scope, court);
    if (ground === "root" || ground === "home" || ground === "vault") {
      court.raise("FORBIDDEN", "moves away what the machine or the person needs", path);
    } else if (["system", "device", "startup", "credential"].includes(ground)) {
      court.raise("DANGEROUS", "moves away files of the machine or keys", path);
    }
  }
  if (target === "/dev/null") court.raise("DANGEROUS", "destroys files", target);
  if (target !== undefined) judgeTarget(target, call, court);
};

const cp: Rule = (call, court) => {
  const options = optionsOf(
    call.words.slice(1),
    "-t --target-directory -S --suffix -m -o -g --mode --owner --group",
  );
  const { sources, target } = sourcesAndTarget(options);
  court.raise("MODERATE", "copies files");
  const whole = options.has("-r", "-R", "-a", "--recursive", "--archive") ? "whole" : "file";
  for (const path of sources) {
    judgeRead(path, call.scope, court, whole);
    if (path === "/dev/null") court.raise("DANGEROUS", "empties a file", target ?? "");
  }
  const [mode = ""] = options.values("-m", "--mode");
  if (/^[2467]\d{3}$|[ug]\+\w*s/.test(mode)) {
    court.raise("DANGEROUS", "gives a program another user's rights");
  }
  if (target !== undefined) judgeTarget(target, call, court);
};

const ln: Rule = (call, court) => {
  const { target, sources } = sourcesAndTarget(
    optionsOf(call.words.slice(1), "-t --target-directory -S"),
  );
  court.raise("MODERATE", "makes a link");
  for (const path of sources) judgeRead(path, call.scope, court);
  if (target !== undefined) judgeTarget(target, call, court);
};

function sourcesAndTarget(
  options: Options,
): { sources: readonly string[]; target: string | undefined } {
  const [folder] = options.values("-t", "--target-directory");
  if (folder !== undefined) return { sources: options.operands, target: folder };
  if (options.operands.length < 2) return { sources: options.operands, target: undefined };
  return { sources: options.operands.slice(0, -1), target: options.operands.at(-1) };
}

function judgeTarget(target: string, { scope }: Call, court: Court): void {
  // The home folder is a place to put things, unlike the root.
  if (groundOf(target, scope, court) !== "home") judgeWrite(target, scope, court);
}

const dd: Rule = (call, court) => {
  court.raise("MODERATE", "copies bytes");
  for (const word of call.words.slice(1)) {
    if (word.startsWith("of=")) {
      judgeWrite(word.slice(3), call.scope, court);
      if (isUnknown(word)) court.raise("DANGEROUS", "writes to a file that is not known");
    }
    if (word.startsWith("if=")) judgeRead(word.slice(3), call.scope, court);
  }
};

const truncate: Rule = (call, court) => {
  const options = optionsOf(call.words.slice(1), "-s -r --size --reference");
  const size = options.values("-s", "--size")[0] ?? "0";
  court.raise("MODERATE", "sets the size of a file");
  if (/^[-</%]?0|^[-<]/.test(size)) court.raise("DANGEROUS", "cuts files off");
  for (const path of options.operands) judgeWrite(path, call.scope, court);
};

const chmod: Rule = (call, court) => {
  const { words } = call;
  const operands = words.slice(1).filter((word) => !/^-(-|[Rvfc]+$|h)/.test(word));
  const recursive = optionsOf(words.slice(1)).has("-R", "--recursive");
  const [mode = "", ...paths] = operands;
  court.raise("MODERATE", "changes who may use files");
  if (words[0] !== undefined && /chmod$/.test(words[0])) {
    if (/^0?[2467]\d{3}$|(^|,)[ugoa]*[+=]\w*s/.test(mode)) {
      court.raise("DANGEROUS", "gives a program another user's rights");
    }
    if (recursive && /7$|^0+$|o[+=]\w*w|a[+=]\w*w/.test(mode)) {
      court.raise("DANGEROUS", "opens or closes files to everybody");
    }
  } else if (recursive) court.raise("DANGEROUS", "gives a whole folder to somebody");
  for (const path of paths.length > 0 ? paths : [mode]) {
    const ground = groundOf(path, call.scope, court);
    if (recursive && (ground === "root" || ground === "system")) {
      court.raise("FORBIDDEN", "changes who may use the machine's own files", path);
    } else if (["root", "system", "vault", "device", "startup"].includes(ground)) {
      court.raise("DANGEROUS", "changes who may use files of the system", path);
    } else if (ground === "home" && recursive) {
      court.raise("DANGEROUS", "changes who may use the home folder", path);
    }
  }
};

const tee: Rule = (call, court) => {
  const { operands } = optionsOf(call.words.slice(1));
  for (const path of operands) {
    judgeWrite(path, call.scope, court);
    if (isUnknown(path)) court.raise("DANGEROUS", "writes to a file that is not known");
  }
};

/** `w` as a command or behind `s///`; in a pattern it may stand for itself, and is asked about once too often. */
const SPACED_WRITE = /(?:^|[;\n{}\d$!/|#,~+])\s*[gpIiMm\d]*[wW][ \t]+([\w./~][^\s;}]*)/;
const WRITES = /[wW]\s*([^\s;}]+)/;

/** A script of sed without its patterns, texts, labels and names of files that are read. */
function commandsOf(script: string): string {
  return script
    .replace(/[sy]([^\w\s\\;{}])(?:\\.|(?!\1)[^\\])*\1(?:\\.|(?!\1)[^\\])*\1/gs, "s")
    .replace(/\/(?:\\.|[^/\\])*\//gs, "")
    .replace(/(^|[;\n{}\d$!\s])[aicr]\\?\s[^\n]*|[bt:T]\s*\w*/g, "$1");
}

const sed: Rule = (call, court) => {
  const options = optionsOf(call.words.slice(1), "-e -f -E --expression --file -l --line-length");
  const given = options.values("-e", "--expression");
  const [script = "", ...files] = given.length > 0
    ? [given.join("\n"), ...options.operands]
    : options.operands;
  if (
    /(^|[;\n{}\d$/])\s*e\s*(\w|$)|\/[gip\d]*e[gip\d]*\s*($|;)/.test(script.slice(0, 4_096)) &&
      /\be\b|e$/.test(script) || /(?:^|[;\n{}\s,$])[\d$]+\s*e(?:\s|$)/.test(script.slice(0, 4_096))
  ) {
    court.raise("DANGEROUS", "runs what the text says");
  }
  const write = /(?:^|[;/\d])[gp]*w\s*(\/[^\s;}]+)/.exec(script.slice(0, 4_096));
  if (write?.[1]) judgeWrite(write[1], call.scope, court);
  const [, kept] = WRITES.exec(commandsOf(script.slice(0, 4_096))) ??
    SPACED_WRITE.exec(script.slice(0, 4_096)) ?? [];
  if (kept !== undefined) {
    court.raise("MODERATE", "writes a file", kept);
    judgeWrite(kept, call.scope, court);
  }
  for (const path of files) {
    if (options.has("-i", "--in-place", "-s")) judgeWrite(path, call.scope, court);
    else judgeRead(path, call.scope, court);
  }
  if (options.has("-f", "--file", "-i", "--in-place")) {
    court.raise("MODERATE", "changes files in place");
  }
};

/** Programs that write what their operands name. */
const write: Rule = (call, court) => {
  court.raise("MODERATE", "writes files");
  for (const path of call.words.slice(1)) {
    if (path.startsWith("-")) continue;
    const ground = groundOf(path, call.scope, court);
    if (
      ["system", "device", "credential", "startup", "profile"].includes(ground) && !isGlob(path)
    ) {
      judgeWrite(path, call.scope, court);
    }
  }
};

const rmdir: Rule = (_call, court) => {
  court.raise("MODERATE", "deletes empty folders");
};

const editor: Rule = (call, court) => {
  court.raise("MODERATE", "opens an editor");
  for (const word of call.words.slice(1)) {
    const [, text] = /^(?:\+|:|-c)?\s*:?(?:silent\s+)?!(.+)$/s.exec(word) ?? [];
    if (text !== undefined) court.line(text, within(call.scope));
    else if (!word.startsWith("-") && !word.startsWith("+")) {
      const ground = groundOf(word, call.scope, court);
      if (["system", "credential", "startup"].includes(ground)) judgeWrite(word, call.scope, court);
    }
  }
};

/** Rules by program. */
export const FILES: Readonly<Record<string, Rule>> = {
  rm,
  grm: rm,
  unlink: rm,
  "rip": rm,
  trash: rm,
  "trash-put": rm,
  rmdir,
  shred,
  srm: shred,
  wipe: shred,
  scrub: shred,
  mv,
  gmv: mv,
  cp,
  gcp: cp,
  install: cp,
  ditto: cp,
  ln,
  dd,
  dcfldd: dd,
  truncate,
  chmod,
  chown: chmod,
  chgrp: chmod,
  chattr: chmod,
  setfacl: chmod,
  tee,
  sponge: tee,
  sed,
  gsed: sed,
  fd: judgeFd,
  fdfind: judgeFd,
  vim: editor,
  vi: editor,
  nvim: editor,
  ex: editor,
  ed: editor,
  nano: editor,
  emacs: editor,
  micro: editor,
  helix: editor,
  hx: editor,
  kak: editor,
  code: editor,
  codium: editor,
  subl: editor,
  pico: editor,
  gedit: editor,
  ...Object.fromEntries(
    ("mkdir touch csplit mkfifo mknod patch ffmpeg magick convert mogrify pandoc pdftk qpdf " +
      "wkhtmltopdf sox lame exiftool mktemp rename dos2unix unix2dos iconv gcc g++ clang cc ld ar strip cmake " +
      "ninja javac kotlinc rustc tsc esbuild webpack rollup vite prettier eslint black ruff pytest jest " +
      "vitest mocha meson bazel gradle mvn ant sbt tox nox rake age open xdg-open start")
      .split(" ").map((name) => [name, write]),
  ),
};
