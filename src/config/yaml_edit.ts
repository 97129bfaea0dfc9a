/**
 * Small changes to a YAML text by the places of its parts.
 * @module
 */
import {
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { PyraError } from "../protocol/error.ts";
import { type Quotes, renderText, renderValue } from "./render.ts";
import { offsetOf, type YamlFile } from "./yaml_reader.ts";

/** The place is written so that only a person can change it. */
export function cannotEdit(path: string): PyraError {
  return new PyraError(
    "configuration",
    "config_edit",
    `${path} is written in a way that cannot be changed without touching the rest`,
    { hint: "change it by hand with `pyra config edit`" },
  );
}

/** A pair and the mapping that it stands in. */
interface Step {
  readonly map: YAMLMap;
  readonly pair: Pair;
}

/** One change to one text. */
export class YamlEdit {
  readonly #text: string;
  readonly #root: YAMLMap | undefined;
  /** The file's line end. */
  readonly #eol: string;
  /** How far the file indents a block's fields, in spaces. */
  readonly #unit: number;

  constructor({ text, root }: YamlFile) {
    this.#text = text;
    this.#root = root;
    this.#eol = text.includes("\r\n") ? "\r\n" : "\n";
    const inner = root?.items.map(({ value }) => value).find((value) =>
      isMap(value) && !value.flow
    );
    this.#unit = isMap(inner) ? this.#column(inner) : 2;
  }

  /** The text with the value at that path. */
  set(names: readonly string[], value: unknown): string {
    const steps = this.#find(names);
    const last = steps.at(-1);
    const missing = names.slice(steps.length);
    if (last && missing.length === 0) return this.#replace(last.pair, value, names);
    const map = last ? last.pair.value : this.#root;
    if (isMap(map) && map.flow && (steps.length > 1 || map.items.length > 0)) {
      return this.#addInBraces(map, missing, value);
    }
    if (isMap(map) && !map.flow) {
      const end = map === this.#root ? this.#text.length : this.#lineEnd(this.#endOf(map));
      return this.#addLines(end, this.#column(map), missing, value);
    }
    if (!last) return this.#addLines(this.#text.length, 0, missing, value);
    // A block that says nothing: `ai:`, `ai: {}` or `ai: null`.
    const { value: nothing } = last.pair;
    if (!isMap(nothing) && !(isScalar(nothing) && nothing.value === null)) {
      throw cannotEdit(names.join("."));
    }
    const colon = this.#afterColon(last.pair, names);
    const indent = this.#column(last.map) + this.#unit;
    const added = this.#addLines(this.#lineEnd(colon), indent, missing, value);
    return isEmpty(nothing) ? added : added.slice(0, colon) + added.slice(nothing.range?.[1]);
  }

  /** The text without that path; mappings that held nothing else go with it. */
  unset(names: readonly string[]): string {
    const steps = this.#find(names);
    if (steps.length < names.length) return this.#text;
    let step = steps.pop();
    if (!step) return this.#text;
    if (step.map.flow) return this.#removeInBraces(step);
    for (let outer = steps.pop(); outer && this.#isOnly(step, outer); outer = steps.pop()) {
      step = outer;
    }
    const start = this.#lineStart(offsetOf(step.pair.key));
    const end = this.#lineEnd(this.#endOfPair(step.pair));
    // A last line without a line end takes the one before it along.
    const bare = end === this.#text.length && !this.#text.endsWith("\n");
    const from = bare && start > 0 ? start - this.#eol.length : start;
    return this.#splice(from, end, "");
  }

  /** The pairs on the way to a path, as far as they exist. */
  #find(names: readonly string[]): Step[] {
    const steps: Step[] = [];
    let map: unknown = this.#root;
    for (const name of names) {
      if (!isMap(map)) break;
      const pair: Pair | undefined = map.items.find(({ key }) =>
        isScalar(key) && key.value === name
      );
      if (!pair) break;
      steps.push({ map, pair });
      map = pair.value;
    }
    return steps;
  }

  #replace(pair: Pair, value: unknown, names: readonly string[]): string {
    const node = pair.value;
    if (isEmpty(node)) {
      const colon = this.#afterColon(pair, names);
      return this.#splice(colon, colon, ` ${renderValue(value)}`);
    }
    if (isScalar(node) || ((isMap(node) || isSeq(node)) && node.flow)) {
      const [start, end] = node.range ?? [0, 0];
      const tail = this.#text.slice(start, end).endsWith("\n") ? this.#eol : "";
      const quotes = isScalar(node) ? quotesOf(node) : "plain";
      return this.#splice(start, end, renderValue(value, quotes) + tail);
    }
    if (isSeq(node) && isTextList(value) && node.items.every(isText)) {
      return this.#replaceItems(node, value);
    }
    // What was written in lines becomes one value behind the colon; the key's comment stays.
    const colon = this.#afterColon(pair, names);
    const start = this.#lineEnd(colon);
    const end = this.#lineEnd(this.#endOf(node));
    const tail = this.#text.slice(0, end).endsWith("\n") ? this.#eol : "";
    const key = this.#text.slice(colon, start).trimEnd();
    return this.#splice(colon, end, ` ${renderValue(value)}${key}${tail}`);
  }

  /** A list in lines: an item that stays keeps its line and the comments below it. */
  #replaceItems(list: YAMLSeq, values: readonly string[]): string {
    const starts = list.items.map((item) => this.#lineStart(offsetOf(item)));
    const end = this.#lineEnd(this.#endOf(list));
    const [first = end] = starts;
    const old = list.items.map((item, index) => ({
      value: isScalar(item) ? item.value : undefined,
      line: this.#text.slice(starts[index], starts[index + 1] ?? end).trimEnd(),
    }));
    const indent = /^ */.exec(this.#text.slice(first))?.[0] ?? "";
    const lines = values.map((value) => {
      const index = old.findIndex((item) => item.value === value);
      const [kept] = index < 0 ? [] : old.splice(index, 1);
      return kept?.line ?? `${indent}- ${renderText(value)}`;
    });
    const tail = this.#text.slice(0, end).endsWith("\n") ? this.#eol : "";
    return this.#splice(first, end, lines.join(this.#eol) + tail);
  }

  #addLines(offset: number, indent: number, names: readonly string[], value: unknown): string {
    const lines = names.map((name, depth) => {
      const tail = depth === names.length - 1 ? ` ${renderValue(value)}` : "";
      return `${" ".repeat(indent + depth * this.#unit)}${name}:${tail}`;
    });
    // A last line without a line end stays the last line's way to end.
    const bare = offset > 0 && !this.#text.slice(0, offset).endsWith("\n");
    const addition = lines.join(this.#eol);
    return this.#splice(offset, offset, bare ? this.#eol + addition : addition + this.#eol);
  }

  #addInBraces(map: YAMLMap, names: readonly string[], value: unknown): string {
    const [name = "", ...rest] = names;
    const nested = rest.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
    const start = offsetOf(map) + 1;
    const comma = map.items.length > 0 ? "," : " ";
    return this.#splice(start, start, ` ${name}: ${renderValue(nested)}${comma}`);
  }

  #removeInBraces({ map, pair }: Step): string {
    const kept = map.items.filter((item) => item !== pair).map((item) =>
      this.#text.slice(offsetOf(item.key), this.#endOfPair(item))
    );
    const [start, end] = map.range ?? [0, 0];
    return this.#splice(start, end, kept.length === 0 ? "{}" : `{ ${kept.join(", ")} }`);
  }

  /** Whether `outer` holds nothing but `step`, no comment either. */
  #isOnly(step: Step, outer: Step): boolean {
    if (step.map.items.length > 1 || outer.map.flow) return false;
    const between = this.#text.slice(
      this.#lineStart(offsetOf(outer.pair.key)),
      offsetOf(step.pair.key),
    );
    const next = /^\s*?( *)#/.exec(this.#text.slice(this.#lineEnd(this.#endOfPair(step.pair))));
    const inside = next && (next[1] ?? "").length > this.#column(outer.map);
    return !between.includes("#") && !inside;
  }

  /** Where a value's last visible character ends; of a text in lines (`|`), its last line end. */
  #endOf(node: unknown): number {
    if ((isMap(node) || isSeq(node)) && !node.flow) {
      const last = node.items.at(-1);
      if (isPair(last)) return this.#endOfPair(last);
      if (last !== undefined) return this.#endOf(last);
    }
    return isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[1] ?? 0 : 0;
  }

  #endOfPair(pair: Pair): number {
    if (!isEmpty(pair.value)) return this.#endOf(pair.value);
    return isScalar(pair.key) ? pair.key.range?.[1] ?? 0 : 0;
  }

  #afterColon(pair: Pair, names: readonly string[]): number {
    const colon = pair.srcToken?.sep?.find(({ type }) => type === "map-value-ind");
    if (!colon) throw cannotEdit(names.join("."));
    return colon.offset + 1;
  }

  /** The column of a mapping's first key, from 0. */
  #column(map: YAMLMap): number {
    const offset = offsetOf(map.items[0]?.key);
    return this.#text.slice(this.#lineStart(offset), offset).replace("\ufeff", "").length;
  }

  #lineStart(offset: number): number {
    return offset === 0 ? 0 : this.#text.lastIndexOf("\n", offset - 1) + 1;
  }

  /** The start of the line after `offset`; `offset` itself if it is the start of one. */
  #lineEnd(offset: number): number {
    if (offset > 0 && this.#text[offset - 1] === "\n") return offset;
    const end = this.#text.indexOf("\n", offset);
    return end < 0 ? this.#text.length : end + 1;
  }

  #splice(start: number, end: number, replacement: string): string {
    return this.#text.slice(0, start) + replacement + this.#text.slice(end);
  }
}

/** Whether a value was left out. */
function isEmpty(node: unknown): boolean {
  return !isNode(node) || (isScalar(node) && node.range?.[0] === node.range?.[1]);
}

function isText(node: unknown): boolean {
  return isScalar(node) && typeof node.value === "string";
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 &&
    value.every((item) => typeof item === "string");
}

function quotesOf({ type }: Scalar): Quotes {
  return type === "QUOTE_DOUBLE" ? "double" : type === "QUOTE_SINGLE" ? "single" : "plain";
}
