/**
 * Markdown code fences around text that may contain fences itself.
 * @module
 */

const FENCE_LINE = /^ {0,3}(`{3,}|~{3,})(.*)$/;

/** Text as a fenced block whose fence is longer than any in the text. @param info language or name */
export function fenced(text: string, info = ""): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  // An info string ends with its line and may hold no backtick.
  const label = info.replace(/[`\s]+/g, " ").trim();
  return `${fence}${label}\n${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${fence}`;
}

/** Markdown whose last fence is closed, so that what follows is not swallowed. */
export function closeFence(markdown: string): string {
  let open = "";
  for (const line of markdown.split("\n")) {
    const [, fence = "", rest = ""] = FENCE_LINE.exec(line) ?? [];
    if (fence === "") continue;
    const closes = fence[0] === open[0] && fence.length >= open.length && rest.trim() === "";
    if (open === "") open = fence[0] === "`" && rest.includes("`") ? "" : fence;
    else if (closes) open = "";
  }
  if (open === "") return markdown;
  return `${markdown}${markdown.endsWith("\n") ? "" : "\n"}${open}`;
}
