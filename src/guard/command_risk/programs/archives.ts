/**
 * Programs that pack and unpack.
 * @module
 */
import { type Call, type Court, type Rule, within } from "../court.ts";
import { optionsOf } from "../options.ts";
import { groundOf } from "../paths.ts";
import { judgeRead, judgeWrite } from "../writing.ts";

const tar: Rule = (call, court) => {
  const [first = "", ...others] = call.words.slice(1);
  // The first argument may be options without a dash.
  const words = /^[a-zA-Z]+$/.test(first) ? [`-${first}`, ...others] : [first, ...others];
  const options = optionsOf(
    words,
    "-f -C -T -X -I --file --directory --files-from --exclude --use-compress-program --checkpoint-action --to-command --transform -b -H",
  );
  for (
    const text of options.values(
      "--checkpoint-action",
      "--to-command",
      "-I",
      "--use-compress-program",
      "--new-volume-script",
      "--rsh-command",
    )
  ) {
    court.raise("MODERATE", "runs a program beside");
    court.line(text.replace(/^exec=/, ""), within(call.scope));
  }
  if (options.has("--checkpoint-action", "--to-command")) {
    court.raise("DANGEROUS", "runs a program beside");
  }
  if (options.has("-t", "--list")) return;
  court.raise("MODERATE", "packs or unpacks files");
  if (options.has("--remove-files", "--delete")) court.raise("DANGEROUS", "deletes files");
  const unpacks = options.has("-x", "--extract", "--get");
  for (const folder of options.values("-C", "--directory")) {
    if (unpacks) unpackInto(folder, call, court);
  }
  if (options.has("-P", "--absolute-names") && unpacks) {
    court.raise("DANGEROUS", "writes wherever the archive says");
  }
  if (unpacks) return;
  for (const path of options.operands) judgeRead(path, call.scope, court, "whole");
  for (const path of options.values("-f", "--file")) judgeWrite(path, call.scope, court);
};

const unpack: Rule = (call, court) => {
  const options = optionsOf(call.words.slice(1), "-d -x -P");
  if (options.has("-l", "-t", "-Z", "-v")) return;
  court.raise("MODERATE", "unpacks files");
  for (const folder of options.values("-d")) unpackInto(folder, call, court);
};

function unpackInto(folder: string, { scope }: Call, court: Court): void {
  if (["root", "system", "vault", "startup"].includes(groundOf(folder, scope, court))) {
    court.raise("DANGEROUS", "unpacks into a folder of the system", folder);
  }
}

const pack: Rule = (call, court) => {
  const options = optionsOf(call.words.slice(1), "-o -T -S -f");
  if (options.has("-l", "--list", "-t", "--test")) return;
  court.raise("MODERATE", "packs or unpacks files");
  if (options.has("-m", "-sdel")) court.raise("DANGEROUS", "deletes what it packed");
  for (const path of options.operands) {
    judgeRead(path, call.scope, court, "whole");
    const ground = groundOf(path, call.scope, court);
    if (ground === "system" || ground === "device") {
      court.raise("DANGEROUS", "changes the machine's own files", path);
    }
  }
};

/** Rules by program. */
export const ARCHIVES: Readonly<Record<string, Rule>> = {
  tar,
  gtar: tar,
  bsdtar: tar,
  unzip: unpack,
  unrar: unpack,
  cpio: unpack,
  zip: pack,
  "7z": pack,
  "7za": pack,
  rar: pack,
  gzip: pack,
  bzip2: pack,
  xz: pack,
  zstd: pack,
  lz4: pack,
  gunzip: pack,
  bunzip2: pack,
  unxz: pack,
  pigz: pack,
  brotli: pack,
};
