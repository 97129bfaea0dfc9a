/**
 * The public sets of hostile and ordinary text, read where they are.
 * @module
 */
import * as z from "zod/mini";

const SETS = new URL("../../../../shared/corpora/injection/dev/", import.meta.url);

const Row = z.object({
  id: z.string(),
  text: z.string(),
  scope: z.string(),
  category: z.string(),
  source: z.string(),
});
/** A text of a set. */
export type InjectionRow = z.infer<typeof Row>;

/** The rows of a file; `undefined` if it is not there. */
export async function injectionSet(name: string): Promise<InjectionRow[] | undefined> {
  let lines: string;
  try {
    lines = await Deno.readTextFile(new URL(`${name}.jsonl`, SETS));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  return lines.trim().split("\n").map((line) => Row.parse(JSON.parse(line)));
}

/** Whether the scanner was tuned with this row in view: three of four, by their names. */
export function isTuned({ id }: InjectionRow): boolean {
  let hash = 2166136261;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 16777619) >>> 0;
  return ((hash >>> 7) & 3) !== 3;
}
