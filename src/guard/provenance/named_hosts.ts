/**
 * The hosts that a person named in their own words: whole addresses, and bare names that can hardly be
 * anything else. One too few costs a question; one too many opens a way out.
 * @module
 */

/** UTF-16 units of a text that are read. */
const READ_UNITS = 20_000;
const HOSTS = 200;

/**
 * The hosts that these texts name, as URLs have them: with a port that is not the usual one.
 * @param texts the person's own, without files and quoted text
 */
export function namedHosts(texts: readonly string[]): ReadonlySet<string> {
  const hosts = new Set<string>();
  for (const text of texts) {
    for (const word of ownWords(text)) {
      const host = hostOfWord(word);
      if (host !== undefined) hosts.add(host);
      if (hosts.size >= HOSTS) return hosts;
    }
  }
  return hosts;
}

/** Words outside of fences, quoted lines and quotes of several words: what is in these, others wrote. */
function* ownWords(text: string): Generator<string> {
  const lines = text.slice(0, READ_UNITS).split(/\r\n?|\n/);
  const isFence = (line: string) => /^\s*(?:`{3,}|~{3,})/.test(line);
  // What was put into a fence may have fences itself: all from the first to the last is taken for quoted.
  const first = lines.findIndex(isFence);
  const isOdd = lines.filter(isFence).length % 2 === 1;
  const last = isOdd ? lines.length : lines.findLastIndex(isFence);
  for (const [at, line] of lines.entries()) {
    if (first >= 0 && at >= first && at <= last) continue;
    if (/^\s*>/.test(line)) continue;
    yield* line.replace(QUOTED_WORDS, " ").split(/[\s<>()"'`“”„«»‹›,;|]+/);
  }
}

/** More than one word in quotes. */
const QUOTED_WORDS =
  /"[^"\s]*\s[^"]*"|`[^`\s]*\s[^`]*`|[“„][^“”„\s]*\s[^“”„]*[”“]|«[^«»\s]*\s[^«»]*»/g;

function hostOfWord(word: string): string | undefined {
  const bare = word.replace(/^[[{*_]+/, "").replace(/[\]}*_.:!?…]+$/, "");
  // A name in capitals is the same; letters that look like others are not taken for them.
  if (bare.length > 2_000 || !/^[\x21-\x7e]+$/.test(bare)) return undefined;
  const isAddress = /^https?:\/\//i.test(bare);
  if (!isAddress && !isBareHost(bare)) return undefined;
  const url = URL.parse(isAddress ? bare : `https://${bare}`);
  if (url === null || url.username !== "" || url.password !== "") return undefined;
  const host = url.host.replace(/\.(?=:|$)/, "");
  // Percent signs and numbers in other forms become hosts that nobody could read in the text.
  const isWritten = bare.toLowerCase().includes(host.replace(/:\d+$/, ""));
  return isWritten && !/^$|^\.|\.(?=[.:]|$)/.test(host) ? host : undefined;
}

/** `example.com`, `www.example.com/page`, `example.com:8080`: no path, file name, mail address or number. */
function isBareHost(word: string): boolean {
  const [, name = "", top = "", rest = ""] =
    /^((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,24}))(?::\d{1,5})?(\/\S*)?$/i
      .exec(word) ?? [];
  if (name === "") return false;
  // `done.Is`: a blank is missing between two sentences.
  if (/[a-z]\.[A-Z][a-z]+$/.test(name)) return false;
  // `notes.md` is a file before it is a host in Moldova, unless it goes on like an address.
  return !FILE_ENDS.has(top.toLowerCase()) || (/^www\./i.test(name) && rest !== "");
}

/** Ends of file names that are also, or could become, ends of host names. */
const FILE_ENDS: ReadonlySet<string> = new Set(
  (
    "as bak bat bin bz c cab cfg class cmd conf config cpp cs css csv dat db deb dll dmg doc docx " +
    "ear env epub exe gif git gz h hs htm html ini ipynb iso jar java jpeg jpg js json jsx key kt " +
    "lock log lua m md mdx mk mkv ml mm mov mp mpeg mpg msi nb odt old out pdf php pk pl png pm pom " +
    "ppt pptx proto ps py pyc rar raw rb rpm rs rst rtf sass sc scss sh so sql svg swift sys tar tex " +
    "text tgz tmp toml ts tsv tsx txt vim vue war wasm wav webm webp wiki xls xlsx xml xz yaml yml " +
    "zip zsh"
  ).split(" "),
);
