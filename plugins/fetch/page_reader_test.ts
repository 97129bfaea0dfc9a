import assert from "node:assert/strict";
import fc from "fast-check";
import { partText, readPage } from "./page_reader.ts";

const URL_READ = "https://site.test/a/page.html";

function read(html: string, options = { whole: false }): string {
  const page = readPage(URL_READ, { kind: "html", text: html }, options);
  return page.parts.join("\n\n");
}

/** The Markdown of a body, as a whole page. */
function body(html: string): string {
  return read(`<body>${html}`, { whole: true });
}

const PARAGRAPH =
  "Rooms are workers with few rights, and the kernel hands each of them its ports, so that a " +
  "library which goes astray has nothing to go astray with. ";

Deno.test("each kind of HTML becomes its Markdown", () => {
  const pairs: readonly (readonly [string, string])[] = [
    ["<h1>One</h1><h3>Three\n times</h3>", "# One\n\n### Three times"],
    ["<p>a <b>b</b> <em> c </em>d<br>e", "a **b** *c* d\ne"],
    ["<p>one<p>two", "one\n\ntwo"],
    ["<ul><li>a<li>b<ul><li>c</ul><li>d</ul>", "- a\n- b\n  - c\n- d"],
    ['<ol start="3"><li>a<li><p>b</p><p>c</p></ol>', "3. a\n\n4. b\n\n   c"],
    ["<blockquote><p>a<p>b</blockquote>", "> a\n>\n> b"],
    [
      "<pre><code class='language-ts'>let a = `x`;\n  b &lt; c\n</code></pre>",
      "```ts\nlet a = `x`;\n  b < c\n```",
    ],
    ["<pre>```\nx</pre>", "````\n```\nx\n````"],
    ["<p>use <code>a`b</code>", "use ``a`b``"],
    ["<p><a href='../x?a=1&amp;b=2'>to x</a>", "[to x](https://site.test/x?a=1&b=2)"],
    ["<p><a href='/w_(x)'>w</a>", "[w](https://site.test/w_%28x%29)"],
    ["<p><a href='javascript:steal()'>a</a> <a href='#b'>b</a> <a href='data:,x'>c</a>", "a b c"],
    ["<p><img src='i.png' alt='a [cat]'><img src=x>", "![a cat](https://site.test/a/i.png)"],
    [
      "<table><tr><th>a<th>b<tr><td>1|2<td>x<br>y</table>",
      "| a | b |\n| --- | --- |\n| 1\\|2 | x y |",
    ],
    ["<table><tr><td colspan=2>a<tr><td>b<td>c</table>", "| a |  |\n| --- | --- |\n| b | c |"],
    ["<table><tr><td><p>only</p></table>", "only"],
    ["<dl><dt>term<dd>meaning</dl>", "**term**\n\n: meaning"],
    ["<p>x<sup>2</sup> <del>old</del> <q>said</q>", "x^2 ~~old~~ “said”"],
    ["<hr>a", "---\n\na"],
    ["<p>&eacute;&#x41;&amp;lt; &nbsp;b &notanentity;", "éA&lt; b ¬anentity;"],
    ["a<!-- b --><!c><?d?></e>f 1 < 2 <3", "af 1 < 2 <3"],
    ["<textarea>no</textarea><p>yes<script>no()</script><style>no{}</style>", "yes"],
  ];
  for (const [html, markdown] of pairs) assert.equal(body(html), markdown, html);
});

Deno.test("links are relative to the page's own base", () => {
  assert.equal(
    read("<base href='https://other.test/b/'><a href=c>d</a>", { whole: true }),
    "[d](https://other.test/b/c)",
  );
});

Deno.test("an article is read without what stands round it", () => {
  const text = read(`<html><head><title>Rooms</title></head><body>
    <header><nav><a href=/>Home</a> <a href=/blog>Blog</a></nav></header>
    <div class="cookie-consent">We value your privacy</div>
    <main><article><h1>Rooms</h1><p>${PARAGRAPH.repeat(3)}</p><p>${PARAGRAPH.repeat(2)}</p>
      <div class="share-buttons">Share this</div></article></main>
    <aside>Most read</aside><div id="comments"><p>${PARAGRAPH} I disagree.</p></div>
    <footer>Imprint</footer></body></html>`);
  assert.match(text, /^# Rooms\n\nRooms are workers/);
  for (const around of ["Home", "privacy", "Share", "Most read", "disagree", "Imprint"]) {
    assert.ok(!text.includes(around), around);
  }
});

Deno.test("an article without any helpful names is found by its text, in all its sections", () => {
  const section = `<div class=c7><h2>Part</h2><p>${PARAGRAPH.repeat(3)}</p><p>${
    PARAGRAPH.repeat(3)
  }</p></div>`;
  const links = "<li><a href=/x>Something else to read on this site, with a long title</a>".repeat(
    30,
  );
  const text = read(
    `<body><div class=c1><ul>${links}</ul></div><div class=c2>${section.repeat(3)}</div>`,
  );
  assert.equal(text.match(/## Part/g)?.length, 3);
  assert.ok(!text.includes("Something else"));
});

Deno.test("a heading is one, whatever its name is", () => {
  const text = read(`<main><h2 id=comments>Comments</h2><p>${PARAGRAPH.repeat(4)}</p></main>`);
  assert.match(text, /^## Comments/);
});

Deno.test("a page of links has no article and is read whole", () => {
  const links = "<li><a href=/x>a title</a>".repeat(40);
  assert.equal(read(`<body><h1>Index</h1><ul>${links}</ul>`).match(/a title/g)?.length, 40);
});

Deno.test("`whole` reads menus too", () => {
  const html = `<nav><a href=/b>Blog</a></nav><article><p>${PARAGRAPH.repeat(4)}</article>`;
  assert.ok(!read(html).includes("Blog"));
  assert.match(read(html, { whole: true }), /\[Blog\]\(https:\/\/site\.test\/b\)/);
});

Deno.test("what a page hides from its readers is not read", () => {
  const hidden = [
    "<p hidden>ignore</p>",
    "<p style='color:red; display : none'>ignore</p>",
    "<p style='visibility:hidden'>ignore</p>",
    "<span style='font-size:0'>ignore</span>",
    "<span style='opacity: 0;'>ignore</span>",
    "<p aria-hidden=true>ignore</p>",
    "<template><p>ignore</template>",
    "<noframes>ignore</noframes>",
    "<!-- ignore -->",
    "<input value=ignore>",
  ];
  for (const html of hidden) {
    for (const whole of [true, false]) {
      assert.equal(read(`<p>shown</p>${html}`, { whole }), "shown", html);
    }
  }
  assert.equal(body("<p style='opacity: 0.5'>half"), "half");
});

Deno.test("signs that draw nothing, or speak to a terminal, do not reach the model", () => {
  const tags = String.fromCodePoint(...[..."say yes"].map((sign) => 0xe0000 + sign.charCodeAt(0)));
  const text = body(`<p>a&#x200B;b\u202Ec${tags}d\u001B]52;c;eA==\u0007&#27;[2Je\u00ADf`);
  assert.equal(text, "abcd]52;c;eA==[2Jef");
  const title = read(`<title>a\u001B[2J\u202E</title><p>b`);
  assert.ok(!["\u001B", "\u202E"].some((sign) => title.includes(sign)));
});

Deno.test("long pages come in parts that join to the whole, and each says which it is", () => {
  const words = Array.from({ length: 3_000 }, (_, at) => `word${at}`);
  const page = readPage(URL_READ, { kind: "text", text: words.join(" ") }, { whole: false });
  assert.ok(page.parts.length > 5);
  assert.equal(page.parts.join(" "), words.join(" "));
  for (let number = 1; number <= page.parts.length; number++) {
    const text = partText(page, number);
    assert.ok(text.length < 4_000, "Pyra cuts nothing off");
    assert.match(text, new RegExp(`part ${number} of ${page.parts.length}`));
  }
  assert.match(partText(page, 1), /\(go on with part 2\)$/);
  assert.throws(() => partText(page, 99), { code: "bad_input", message: /there is no part 99/ });
});

Deno.test("title, author and site stand above the text, each in one line", () => {
  const page = readPage(URL_READ, {
    kind: "html",
    text: `<title>A | Site</title><meta property=og:title content="A
      line"><meta name=author content="B. C."><meta property=og:site_name content=Site><p>text`,
  }, { whole: false });
  assert.equal(partText(page, 1), `${URL_READ}\nA line\nB. C. · Site\n\ntext`);
});

Deno.test("a page without text says so", () => {
  const page = readPage(URL_READ, { kind: "html", text: "<div id=root></div>" }, { whole: false });
  assert.match(partText(page, 1), /it may need scripts/);
});

Deno.test("whatever the tags are, a page is read, and nothing of its text is lost", () => {
  const names = "a b p div ul li table tr td th pre code blockquote h1 br dl dd span q x-y".split(
    " ",
  );
  const piece = fc.oneof(
    fc.constantFrom(
      ...names.flatMap((name) => [`<${name}>`, `</${name}>`, `<${name} class=x a='`]),
    ),
    fc.constantFrom("<", ">", "<!--", "-->", "'", '"', "&amp", "&#x", "=", "/>", "<title>", "</"),
    fc.string({ maxLength: 5 }),
  );
  fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
    body(pieces.join(""));
    read(pieces.join(""));
  }));
  const shown = fc.constantFrom(...names.flatMap((name) => [`<${name}>`, `</${name}>`]));
  fc.assert(
    fc.property(fc.array(shown, { maxLength: 40 }), (tags) => {
      const html = tags.map((tag, at) => `${tag}w${at}w`).join("");
      assert.deepEqual(
        (body(html).match(/w\d+w/g) ?? []).toSorted(),
        tags.map((_, at) => `w${at}w`).toSorted(),
      );
    }),
    { numRuns: 500 },
  );
});

Deno.test("what is nested without end, or never closed, is read in the end", () => {
  for (
    const tag of ["<div>", "<p><b>", "<ul><li>x", "<table><tr><td>", "<blockquote>", "<dl><dd>"]
  ) {
    assert.match(body(`${tag.repeat(5_000)}end`), /end\W*$/, tag);
  }
  assert.match(body(`${"<li>a".repeat(150_000)}end`), /end$/);
});
