/**
 * Prints a stream of 5,000 pieces of Markdown, as they are (`raw`) or laid out (`markdown`), and tells
 * its own processor time, start included, on standard error.
 * @module
 */
import process from "node:process";

const SECTION = `## Section of the answer

The *quick* brown fox jumps over the **lazy dog**, calls \`method()\`, and reads
[the manual](https://example.com/manual) about 漢字 and emoji 👍 in a longer line of text.

- a first point that says something
- a second point with \`code\` in it
  - and one below it

| name | value | note |
|------|------:|------|
| one  | 1     | short |
| two  | 22    | a longer note |

\`\`\`ts
export async function read(path: string): Promise<string> {
  const text = await Deno.readTextFile(path); // the whole file
  return text.replaceAll("\\r\\n", "\\n");
}
\`\`\`

1. numbered
2. list

> A quote that goes over one line.

`;
const TOKENS = 5_000;
/** Characters of a token, on the average of English text. */
const TOKEN = 4;

const encoder = new TextEncoder();
const write = (text: string): void => void Deno.stdout.writeSync(encoder.encode(text));
const characters = Array.from(SECTION.repeat(Math.ceil(TOKENS * TOKEN / SECTION.length)));
const tokens = Array.from(
  { length: TOKENS },
  (_, i) => characters.slice(i * TOKEN, (i + 1) * TOKEN).join(""),
);
/** As from a network: a few tokens at a time. */
const arrival = (index: number): Promise<void> | undefined =>
  index % 8 === 7 ? new Promise((resolve) => setTimeout(resolve, 0)) : undefined;
if (Deno.args[0] === "markdown") {
  const { createMarkdownStream } = await import("../../../src/repl/markdown/stream.ts");
  const stream = createMarkdownStream(write, { columns: 80, color: true });
  for (const [index, token] of tokens.entries()) {
    await arrival(index);
    await stream.push(token);
  }
  await stream.end();
} else {
  for (const [index, token] of tokens.entries()) {
    await arrival(index);
    write(token);
  }
}
const { user, system } = process.cpuUsage();
console.error(JSON.stringify((user + system) / 1000));
