/**
 * Finds what a page is about: its title and the part that is to be read, without menus, adverts and what
 * nobody is meant to see. By words of class names and by where the running text is, in linear time.
 * @module
 */
import { type Element, elements, firstOf, type Node, textOf } from "./html_tree.ts";

/** What a page says of itself. */
export interface PageFacts {
  readonly title: string;
  readonly author: string;
  readonly site: string;
  readonly published: string;
  readonly language: string;
}

/** Never text for a reader. */
const SILENT = new Set(
  ("script style template svg canvas iframe object embed noframes head button input select textarea " +
    "option datalist dialog link meta title map audio video").split(" "),
);
/** Round about what is to be read. */
const AROUND = new Set("nav aside footer form menu".split(" "));
const AROUND_ROLES =
  /^(?:navigation|banner|contentinfo|complementary|search|dialog|alertdialog|alert|menu|menubar|toolbar)$/;
const AROUND_NAMES = new RegExp(
  "(?:^|[\\s_-])(?:ads?|advert\\w*|banner|breadcrumbs?|comments?|cookies?|consent|disqus|footer|gdpr|" +
    "masthead|menu|modal|nav|navbar|navigation|newsletter|outbrain|pager|pagination|popup|promo|" +
    "recommend\\w*|related|share|sharing|shoutbox|sidebar|skip|social|sponsor\\w*|subscribe|taboola|" +
    "toolbar|widget)(?:$|[\\s_-])",
  "i",
);
/** Whose names say where they stand; a heading with the id `comments` is a heading. */
const NAMED = new Set("div section header ul ol dl p span table".split(" "));
const HEART_NAMES =
  /(?:^|[\s_-])(?:article|body|content|entry|main|page|post|story|text)(?:$|[\s_-])/i;
const HIDDEN_STYLE =
  /(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$|!)|font-size\s*:\s*0(?:px|em|rem|%)?\s*(?:;|$|!))/i;
const PARAGRAPHS = new Set("p pre td blockquote li dd figcaption h2 h3".split(" "));
const HEARTS = new Set(["article", "main"]);

/** A paragraph with less says nothing about where the text is. */
const PARAGRAPH_LETTERS = 25;
/** What is left with less is no article: then the whole page is read. */
const ARTICLE_LETTERS = 250;
/** So much of the page's text is no margin, whatever it is called. */
const MARGIN_SHARE = 0.5;

/** Title, author and so on, from the head and the first heading. */
export function factsOf(root: Element): PageFacts {
  const meta = new Map<string, string>();
  for (const element of elements(root)) {
    if (element.name !== "meta") continue;
    const key = element.attributes.get("property") ?? element.attributes.get("name") ?? "";
    const value = (element.attributes.get("content") ?? "").replace(/\s+/g, " ").trim();
    if (value !== "" && !meta.has(key.toLowerCase())) meta.set(key.toLowerCase(), value);
  }
  const first = (...keys: string[]) => keys.map((key) => meta.get(key)).find(Boolean) ?? "";
  const heading = firstOf(root, "h1");
  const title = firstOf(root, "title");
  return {
    title: first("og:title") || (title ? textOf(title) : "") || (heading ? textOf(heading) : ""),
    author: first("author", "article:author", "dc.creator"),
    site: first("og:site_name", "application-name"),
    published: first("article:published_time", "date", "dc.date"),
    language: firstOf(root, "html")?.attributes.get("lang") ?? "",
  };
}

/** The part to read; `whole` leaves out only what is hidden. */
export function readable(root: Element, { whole }: { readonly whole: boolean }): Element {
  const body = firstOf(root, "body") ?? root;
  const seen = visible(body);
  if (whole) return seen;
  const letters = letterCounts(seen);
  const heart = withoutMargins(seen, letters, letters.get(seen) ?? 0);
  const best = densest(heart);
  const chosen = best && (letterCounts(best).get(best) ?? 0) >= ARTICLE_LETTERS ? best : heart;
  return textOf(chosen).length > 0 ? chosen : seen;
}

/** A copy without what is not shown. */
function visible(element: Element): Element {
  return kept(element, (child) => !SILENT.has(child.name) && !isHidden(child));
}

function isHidden({ attributes }: Element): boolean {
  return attributes.has("hidden") || attributes.get("aria-hidden") === "true" ||
    HIDDEN_STYLE.test(attributes.get("style") ?? "");
}

function withoutMargins(element: Element, letters: Letters, total: number): Element {
  return kept(
    element,
    (child) => !isMargin(child) || (letters.get(child) ?? 0) > total * MARGIN_SHARE,
  );
}

function isMargin({ name, attributes }: Element): boolean {
  if (AROUND.has(name) || AROUND_ROLES.test(attributes.get("role") ?? "")) return true;
  if (!NAMED.has(name)) return false;
  const names = `${attributes.get("class") ?? ""} ${attributes.get("id") ?? ""}`;
  return AROUND_NAMES.test(names) && !HEART_NAMES.test(names);
}

function kept(element: Element, keeps: (child: Element) => boolean): Element {
  const children = element.children.flatMap((child): Node[] => {
    if (typeof child === "string") return [child];
    return keeps(child) ? [kept(child, keeps)] : [];
  });
  return { ...element, children };
}

type Letters = ReadonlyMap<Element, number>;

/** How many letters each element has, those below included. */
function letterCounts(root: Element): Letters {
  const counts = new Map<Element, number>();
  const count = (node: Node): number => {
    if (typeof node === "string") return node.trim().length;
    const sum = node.children.reduce((letters, child) => letters + count(child), 0);
    counts.set(node, sum);
    return sum;
  };
  count(root);
  return counts;
}

interface Ground {
  /** From paragraphs: its own children count whole, those below less and less. */
  score: number;
  letters: number;
  linked: number;
}

/** The element that the running text lies in: the article, or what holds its paragraphs. */
function densest(root: Element): Element | undefined {
  const grounds = new Map<Element, Ground>();
  const path: Element[] = [];
  const visit = (element: Element, inLink = false): Ground => {
    const ground: Ground = { score: 0, letters: 0, linked: 0 };
    grounds.set(element, ground);
    path.push(element);
    for (const child of element.children) {
      if (typeof child === "string") {
        const { length } = child.trim();
        ground.letters += length;
        if (inLink) ground.linked += length;
      } else {
        const { letters, linked } = visit(child, inLink || child.name === "a");
        ground.letters += letters;
        ground.linked += linked;
      }
    }
    path.pop();
    if (PARAGRAPHS.has(element.name)) credit(ground, path, grounds);
    return ground;
  };
  visit(root);
  const weigh = ({ score, letters, linked }: Ground) => score * (1 - linked / Math.max(letters, 1));
  let best: Element | undefined;
  let most = 0;
  for (const [element, ground] of grounds) {
    if (weigh(ground) > most) [best, most] = [element, weigh(ground)];
  }
  return best && enclosing(root, best, (element) => {
    const ground = grounds.get(element);
    // An article in parts: each has a share of the text, and what holds them has it all.
    return HEARTS.has(element.name) || (ground !== undefined && weigh(ground) > most * 0.7);
  });
}

function credit(
  { letters, linked }: Ground,
  path: readonly Element[],
  grounds: Map<Element, Ground>,
) {
  const plain = letters - linked;
  if (plain < PARAGRAPH_LETTERS) return;
  const points = 1 + Math.min(plain / 100, 5);
  path.toReversed().slice(0, 3).forEach((element, steps) => {
    const ground = grounds.get(element);
    if (ground) ground.score += points / (steps + 1);
  });
}

/** The outermost element round `inner`, itself included, for which the test holds; else `inner`. */
function enclosing(
  root: Element,
  inner: Element,
  holds: (element: Element) => boolean,
): Element {
  const pathTo = (element: Element): Element[] | undefined => {
    if (element === inner) return [element];
    for (const child of element.children) {
      const path = typeof child === "string" ? undefined : pathTo(child);
      if (path) return [element, ...path];
    }
    return undefined;
  };
  return pathTo(root)?.find(holds) ?? inner;
}
