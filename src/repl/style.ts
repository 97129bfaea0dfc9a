/**
 * What looks how. A style is a list of SGR numbers (`"1;36"`); the empty one changes nothing.
 * Only the sixteen colours of the terminal's own palette are used, which fit its background.
 * @module
 */

import type { CodeScope } from "./markdown/highlight.ts";

/** Numbers for `ESC [ … m`, separated by `;`. */
export type Style = string;

/** The styles of everything that is shown. */
export interface Palette {
  /** False: every style is empty, and signs stand where a colour would. */
  readonly color: boolean;
  readonly heading: Style;
  readonly title: Style;
  readonly strong: Style;
  readonly emphasis: Style;
  readonly struck: Style;
  readonly code: Style;
  readonly link: Style;
  readonly url: Style;
  readonly quote: Style;
  readonly bullet: Style;
  readonly rule: Style;
  readonly dim: Style;
  readonly user: Style;
  readonly warning: Style;
  readonly error: Style;
  readonly accent: Style;
  /** Parts of code; without colour none has a style. */
  readonly syntax: Readonly<Partial<Record<CodeScope, Style>>>;
}

const COLOR: Palette = {
  color: true,
  heading: "1;36",
  title: "1;4;36",
  strong: "1",
  emphasis: "3",
  struck: "9",
  code: "33",
  link: "4;34",
  url: "2",
  quote: "2",
  bullet: "36",
  rule: "2",
  dim: "2",
  user: "1;32",
  warning: "33",
  error: "31",
  accent: "36",
  syntax: {
    plain: "",
    keyword: "35",
    literal: "33",
    type: "36",
    title: "34",
    key: "36",
    variable: "36",
    string: "32",
    number: "33",
    comment: "2",
    tag: "34",
    addition: "32",
    deletion: "31",
    meta: "2",
  },
};

/** Yellow cannot be read on white. */
const LIGHT: Palette = {
  ...COLOR,
  code: "35",
  warning: "35",
  syntax: { ...COLOR.syntax, literal: "31", number: "31" },
};

const PLAIN: Palette = {
  color: false,
  heading: "",
  title: "",
  strong: "",
  emphasis: "",
  struck: "",
  code: "",
  link: "",
  url: "",
  quote: "",
  bullet: "",
  rule: "",
  dim: "",
  user: "",
  warning: "",
  error: "",
  accent: "",
  syntax: {},
};

/** The styles to use. @param options.theme `light` for a light background; others are for any */
export function palette(options: { readonly color: boolean; readonly theme?: string }): Palette {
  if (!options.color) return PLAIN;
  return options.theme === "light" ? LIGHT : COLOR;
}

/** Text in a style, ended by a reset. */
export function styled(style: Style, text: string): string {
  return style === "" || text === "" ? text : `\x1b[${style}m${text}\x1b[0m`;
}

/** Two styles together. */
export function joinStyles(outer: Style, inner: Style): Style {
  return outer === "" ? inner : inner === "" ? outer : `${outer};${inner}`;
}

/**
 * Whether to use colour.
 * @param env `NO_COLOR` (not empty: no colour, https://no-color.org) and `TERM`
 * @param theme `plain` turns colour off
 */
export function wantsColor(
  env: Readonly<Record<string, string | undefined>>,
  theme: string,
): boolean {
  if (theme === "plain") return false;
  return (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
}
