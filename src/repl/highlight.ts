/**
 * Code in colours, line by line, without looking at later lines: what was shown stays.
 * @module
 */

/** A part of a line of code, in one of the highlighter's classes (`keyword`, `string`, …; or none). */
export interface CodePart {
  readonly text: string;
  readonly scope: string;
}

/** Colours the lines of one block of code in their order. */
export interface LineHighlighter {
  line(text: string): readonly CodePart[];
  /** A copy in the same state. */
  fork(): LineHighlighter;
}

/** Colours a whole text: HTML with `hljs-` classes, and whether it ended in the middle of something. */
export type HighlightText = (code: string) => { readonly html: string; readonly open: boolean };

/** Lines that are coloured anew with each line while a string, comment or block is open. */
const MAX_CONTEXT = 40;
/** UTF-16 units; a longer line is shown without colours. */
const MAX_LINE = 2_000;

/** A highlighter of lines made from one of whole texts. */
export function lineHighlighter(
  highlight: HighlightText,
  context: readonly string[] = [],
): LineHighlighter {
  let open = context;
  return {
    line(text): readonly CodePart[] {
      if (text.length > MAX_LINE) {
        open = [];
        return [{ text, scope: "" }];
      }
      const lines = [...open, text];
      const result = highlight(lines.join("\n"));
      open = result.open && lines.length < MAX_CONTEXT ? lines : [];
      return lastLine(result.html);
    },
    fork: () => lineHighlighter(highlight, open),
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#x27;": "'",
};

/** The parts of the last line of the highlighter's HTML. */
function lastLine(html: string): CodePart[] {
  const scopes: string[] = [];
  let parts: CodePart[] = [];
  for (const token of html.matchAll(/<span class="([^"]*)">|<\/span>|\n|[^<\n]+/g)) {
    const text = token[0];
    if (text === "\n") parts = [];
    else if (text === "</span>") scopes.pop();
    else if (token[1] !== undefined) scopes.push(scopeOf(token[1]) || (scopes.at(-1) ?? ""));
    else {
      const plain = text.replace(/&(?:amp|lt|gt|quot|#x27);/g, (sign) => ENTITIES[sign] ?? sign);
      parts.push({ text: plain, scope: scopes.at(-1) ?? "" });
    }
  }
  return parts;
}

/** `hljs-title function_` is a `title`. */
function scopeOf(classes: string): string {
  return /hljs-([a-z_]+)/.exec(classes)?.[1] ?? "";
}
