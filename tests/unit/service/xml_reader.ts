/**
 * A strict reader of the XML that services are written in: elements, attributes, text, the five entities,
 * comments, a declaration and a document type. Everything else is thrown.
 * @module
 */

/** An element. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** Its own text; that of an element with children must be white space. */
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  "#9": "\t",
};

function decoded(raw: string): string {
  if (/[<>]/.test(raw)) throw new TypeError(`a bare bracket: ${raw}`);
  return raw.replaceAll(/&([^;]*;)?/g, (whole, name: string | undefined) => {
    const value = ENTITIES[name?.slice(0, -1) ?? ""];
    if (value === undefined) throw new TypeError(`the entity ${whole}`);
    return value;
  });
}

/** The root element. @throws {TypeError} for what is not well-formed */
export function readXml(text: string): Element {
  // deno-lint-ignore no-control-regex
  if (/[\0-\x08\x0b-\x1f\ufffe\uffff]/.test(text)) {
    throw new TypeError("a character that XML has not");
  }
  let rest = text.replace(/^<\?xml version="1\.0" encoding="UTF-(8|16)"\?>\n/, "");
  if (rest === text) throw new TypeError("no declaration");
  rest = rest.replace(/^<!DOCTYPE [^<>[\]]*>\n/, "");
  const top: {
    name: string;
    attributes: Record<string, string>;
    children: Element[];
    text: string;
  } = { name: "", attributes: {}, children: [], text: "" };
  const open = [top];
  while (rest !== "") {
    const inside = open.at(-1) ?? top;
    const comment = /^<!--((?:(?!--)[^])*)-->/.exec(rest);
    const end = /^<\/([\w:]+)>/.exec(rest);
    const start = /^<([\w:]+)((?: [\w:]+="[^"<]*")*)(\/?)>/.exec(rest);
    const plain = /^[^<]+/.exec(rest);
    const found = comment ?? end ?? start ?? plain;
    if (!found) throw new TypeError(`not well-formed: ${rest.slice(0, 60)}`);
    rest = rest.slice(found[0].length);
    if (found === end) {
      if (inside.name !== end[1]) throw new TypeError(`${end[1]} ends in ${inside.name}`);
      open.pop();
      if (inside.children.length > 0 && inside.text.trim() !== "") throw new TypeError(inside.text);
    } else if (found === start) {
      const [, name = "", list = "", isEmpty] = start;
      const attributes = [...list.matchAll(/ ([\w:]+)="([^"]*)"/g)].map((
        [, key = "", value = ""],
      ) => [key, decoded(value)] as const);
      const element = { name, attributes: Object.fromEntries(attributes), children: [], text: "" };
      inside.children.push(element);
      if (isEmpty === "") open.push(element);
    } else if (found === plain) inside.text += decoded(plain[0]);
  }
  const [root, ...others] = top.children;
  if (open.length !== 1 || !root || others.length > 0) throw new TypeError("not one root");
  return root;
}

/** The element at a path of names. @throws {TypeError} if there is none, or another of that name */
export function at(root: Element, ...names: readonly string[]): Element {
  return names.reduce((element, name) => {
    const found = element.children.filter((child) => child.name === name);
    if (!found[0] || found.length > 1) throw new TypeError(`${found.length} elements ${name}`);
    return found[0];
  }, root);
}
