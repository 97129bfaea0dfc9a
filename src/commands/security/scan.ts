/**
 * `pyra security scan`: attacks on models in a text.
 * @module
 */
import { type Finding, tellingOnes } from "../../guard/finding.ts";
import { EXIT } from "../../protocol/error.ts";
import type { CommandContext } from "../context.ts";
import { escaped } from "../escaped_text.ts";
import { isOn } from "../option_values.ts";
import { jsonText } from "../output.ts";
import type { Parsed } from "../program.ts";
import { remark } from "../remark.ts";
import { answerLines } from "./bulk.ts";
import { givenBytes, givenText } from "./given_text.ts";

const HINT = "name a file, or pipe a text in";

/** `pyra security scan [--jsonl] [FILE]`. @returns as linters do: 1 if something was found */
export async function scanText(context: CommandContext, parsed: Parsed): Promise<number> {
  const { scan } = await import("../../guard/injection.ts");
  const [name] = parsed.arguments;
  if (isOn(parsed.options, "--jsonl")) {
    const source = givenBytes(context, name, HINT);
    return await answerLines(context, source, ["text"], (text) => ({ findings: scan(text) }));
  }
  const text = await givenText(context, name, HINT);
  const findings = scan(text).toSorted((a, b) => a.start - b.start);
  if (context.boot.options.json) await context.print(jsonText({ findings }));
  else if (findings.length === 0) await remark(context, "nothing was found");
  else await context.print(findingLines(name ?? "-", text, tellingOnes(findings)));
  return findings.length > 0 ? EXIT.failed : EXIT.done;
}

/** `page.html:3:14: high, exfiltration: wants data sent to an address: "…"` */
function findingLines(name: string, text: string, findings: readonly Finding[]): string {
  let line = 1;
  let lineStart = 0;
  return findings.map(({ start, severity, category, label, excerpt }) => {
    for (let end; (end = text.indexOf("\n", lineStart)) >= 0 && end < start; lineStart = end + 1) {
      line++;
    }
    const place = `${name}:${line}:${start - lineStart + 1}`;
    const kind = category.replaceAll("_", " ");
    return `${escaped(`${place}: ${severity}, ${kind}: ${label}: "${excerpt}"`)}\n`;
  }).join("");
}
