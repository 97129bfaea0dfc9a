/**
 * Text that others wrote, on its way to a terminal.
 * @module
 */
import type { AppBoot } from "../protocol/kernel_calls.ts";

/** Bytes that would control a terminal, but for tab and line feed. */
// deno-lint-ignore no-control-regex -- they are what is looked for
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/** What a model or a file says must not control the terminal. A pipe gets every byte. */
export function printable({ terminal }: Pick<AppBoot, "terminal">, text: string): string {
  return terminal.stdout ? text.replace(CONTROL, "") : text;
}
