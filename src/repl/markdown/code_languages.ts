/**
 * What the highlighter knows of programming languages: comments, strings and words. No grammars: a line
 * must be coloured at once, while the next one has not arrived.
 * @module
 */

/** The signs and words of a language. */
export interface CodeLanguage {
  /** What begins a comment up to the line's end. */
  readonly comments: readonly string[];
  /** What begins and ends a comment over several lines. */
  readonly block?: readonly [string, string];
  /** Quotes of strings that end with the line at the latest. */
  readonly quotes: string;
  /** Quotes of strings that may go over several lines; the longest first. */
  readonly longQuotes: readonly string[];
  /** Words that are a keyword, separated by spaces. */
  readonly keywords: string;
  /** Keywords may be written in any case. */
  readonly anyCase?: boolean;
  /** `name:` or `name =` at a line's beginning is a key. */
  readonly keys?: boolean;
}

const C_WORDS =
  "break case char const continue default do double else enum extern float for goto if int long return short signed sizeof static struct switch typedef union unsigned void volatile while";
const JAVA_WORDS =
  "abstract assert boolean break byte case catch char class const continue default do double else enum extends final finally float for if implements import instanceof int interface long new package private protected public record return short static super switch synchronized this throw throws transient try var void volatile while yield";
const SCRIPT_WORDS =
  "abstract any as async await boolean break case catch class const continue debugger declare default delete do else enum export extends finally for from function get if implements import in infer instanceof interface is keyof let namespace never new number of override private protected public readonly return satisfies set static string super switch symbol this throw try type typeof undefined unknown var void while with yield";

function cLike(keywords: string, longQuotes: readonly string[] = [], quotes = "\"'"): CodeLanguage {
  return { comments: ["//"], block: ["/*", "*/"], quotes, longQuotes, keywords };
}

function hashLike(keywords: string, longQuotes: readonly string[] = []): CodeLanguage {
  return { comments: ["#"], quotes: "\"'", longQuotes, keywords };
}

const C = cLike(C_WORDS);
const CPP = cLike(
  `${C_WORDS} alignas auto bool catch class concept constexpr co_await delete explicit export final friend inline mutable namespace new noexcept operator override private protected public requires template this throw try typename using virtual`,
);
const SHELL = hashLike(
  "case cd do done echo elif else esac eval exec exit export fi for function if in local read return set shift source then trap unset until while",
);
const SCRIPT = cLike(SCRIPT_WORDS, ["`"]);
const YAML: CodeLanguage = { ...hashLike(""), keys: true };

/** The languages by their names and aliases in lower case. */
export const CODE_LANGUAGES: Readonly<Record<string, CodeLanguage>> = {
  bash: SHELL,
  c: C,
  cc: CPP,
  cpp: CPP,
  "c++": CPP,
  cs: cLike(
    `${JAVA_WORDS} async await base bool decimal delegate event foreach get in is lock namespace object operator out override params partial readonly ref sealed set string struct using virtual where`,
  ),
  css: {
    comments: [],
    block: ["/*", "*/"],
    quotes: "\"'",
    longQuotes: [],
    keywords: "",
    keys: true,
  },
  dart: cLike(
    `${JAVA_WORDS} async await dynamic factory get late library mixin required set with`,
    ["'''", '"""'],
  ),
  dockerfile: hashLike(
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL RUN SHELL USER VOLUME WORKDIR AS",
  ),
  elixir: hashLike(
    "after case catch cond def defmodule defp do else end fn for if import in quote raise receive require rescue try unless use when with",
    ['"""'],
  ),
  go: cLike(
    "any bool break byte case chan const continue default defer else error fallthrough for func go goto if import int interface map package range return rune select string struct switch type uint var",
    ["`"],
  ),
  graphql: hashLike(
    "enum fragment implements input interface mutation on query scalar schema subscription type union",
  ),
  haskell: {
    comments: ["--"],
    block: ["{-", "-}"],
    quotes: '"',
    longQuotes: [],
    keywords:
      "case class data deriving do else if import in instance let module newtype of then type where",
  },
  ini: { ...hashLike(""), comments: ["#", ";"], keys: true },
  java: cLike(JAVA_WORDS, ['"""']),
  javascript: SCRIPT,
  json: { comments: ["//"], quotes: '"', longQuotes: [], keywords: "", keys: true },
  kotlin: cLike(
    "as break by catch class companion const constructor continue data do else enum finally for fun if import in init interface internal is lateinit object open operator out override package private protected public return sealed super suspend this throw try typealias val var vararg when where while",
    ['"""'],
  ),
  lua: {
    comments: ["--"],
    block: ["--[[", "]]"],
    quotes: "\"'",
    longQuotes: [],
    keywords:
      "and break do else elseif end for function goto if in local not or repeat return then until while",
  },
  makefile: {
    ...hashLike("define else endef endif export ifdef ifeq ifndef ifneq include override"),
    keys: true,
  },
  perl: hashLike(
    "else elsif for foreach if last local my next our package return sub unless until use while",
  ),
  php: {
    comments: ["//", "#"],
    block: ["/*", "*/"],
    quotes: "\"'",
    longQuotes: [],
    keywords:
      `${JAVA_WORDS} array as declare echo elseif endforeach endif fn foreach function global isset match namespace print readonly require trait unset use`,
  },
  powershell: {
    comments: ["#"],
    block: ["<#", "#>"],
    quotes: "\"'",
    longQuotes: [],
    anyCase: true,
    keywords:
      "begin break catch class continue do dynamicparam else elseif end enum exit filter finally for foreach from function if in param process return switch throw trap try until using while",
  },
  python: hashLike(
    "and as assert async await break case class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return self try while with yield",
    ['"""', "'''"],
  ),
  r: hashLike("break else for function if in library next repeat return while"),
  ruby: hashLike(
    "alias and begin break case class def defined do else elsif end ensure extend for if in include module next not or raise redo require rescue retry return self super then undef unless until when while yield",
  ),
  rust: cLike(
    "as async await bool break char const continue crate dyn else enum extern fn for i32 i64 if impl in let loop match mod move mut pub ref return self static str struct super trait type u32 u64 u8 unsafe use usize where while",
    [],
    '"',
  ),
  scala: cLike(
    "abstract case catch class def do else enum extends final finally for given if implicit import lazy match new object override package private protected return sealed super this throw trait try type using val var while with yield",
    ['"""'],
  ),
  sql: {
    comments: ["--"],
    block: ["/*", "*/"],
    quotes: "'\"",
    longQuotes: [],
    anyCase: true,
    keywords:
      "add all alter and as asc begin between by case check column commit constraint create cross database default delete desc distinct drop else end exists foreign from full group having if in index inner insert into is join key left like limit not offset on or order outer over partition primary references returning right rollback select set table then transaction union unique update using values view when where with",
  },
  swift: cLike(
    "actor any as associatedtype async await break case catch class continue default defer deinit do else enum extension fallthrough fileprivate for func guard if import in init inout internal is lazy let mutating open operator override private protocol public repeat required return self some static struct subscript super switch throw throws try typealias var weak where while",
    ['"""'],
  ),
  toml: { ...hashLike("", ['"""', "'''"]), keys: true },
  typescript: SCRIPT,
  yaml: YAML,
  zig: cLike(
    "and break comptime const continue defer else enum errdefer error export extern fn for if inline or orelse packed pub return struct switch test try union unreachable var while",
  ),
};

/** Other names of languages. */
export const LANGUAGE_ALIASES: Readonly<Record<string, string>> = {
  "c#": "cs",
  console: "bash",
  csharp: "cs",
  docker: "dockerfile",
  ex: "elixir",
  exs: "elixir",
  golang: "go",
  h: "c",
  hpp: "cpp",
  hs: "haskell",
  js: "javascript",
  json5: "json",
  jsonc: "json",
  jsx: "javascript",
  kt: "kotlin",
  less: "css",
  make: "makefile",
  mjs: "javascript",
  mts: "typescript",
  pl: "perl",
  ps1: "powershell",
  py: "python",
  rb: "ruby",
  rs: "rust",
  scss: "css",
  sh: "bash",
  shell: "bash",
  ts: "typescript",
  tsx: "typescript",
  yml: "yaml",
  zsh: "bash",
};
