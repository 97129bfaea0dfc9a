import fc from "fast-check";
import assert from "node:assert/strict";
import { analyserOf } from "../../../../src/memory/text/analysers.ts";
import { fold } from "../../../../src/memory/text/fold.ts";
import { languageOf } from "../../../../src/memory/text/language.ts";
import { tokensOf } from "../../../../src/memory/text/tokens.ts";

async function terms(text: string, language = "en"): Promise<string[]> {
  return [...(await analyserOf(language)).terms(text)].map((term) => term.text);
}

Deno.test("case, width and accents do not count", () => {
  assert.equal(fold("ＣＡＦÉ"), "cafe");
  assert.equal(fold("Straße Ørsted Łódź"), "strasse orsted lodz");
  assert.equal(fold("Ὀδυσσεύς"), "οδυσσευσ");
  assert.equal(fold("Ёлка мой"), "елка мой");
});

Deno.test("signs that other scripts write onto letters stay", () => {
  assert.notEqual(fold("が"), fold("か"));
  assert.notEqual(fold("हिन्दी"), fold("हनद"));
});

Deno.test("folding what is folded changes nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.equal(fold(fold(text)), fold(text));
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("forms of a word share a term, in the language of the text", async () => {
  assert.deepEqual(await terms("dances dancing danced"), ["danc", "danc", "danc"]);
  assert.deepEqual(await terms("Häuser Haus", "de"), ["haus", "haus"]);
  assert.equal(new Set(await terms("поезда поездом", "ru")).size, 1);
});

Deno.test("a language without a stemmer, or that is unknown, is only folded", async () => {
  assert.deepEqual(await terms("Dancing Ärger", ""), ["dancing", "arger"]);
  assert.deepEqual(await terms("dancing", "xx"), ["dancing"]);
});

Deno.test("possessives and shortened words leave their word", async () => {
  assert.deepEqual(await terms("Gina's dog, we'll, O'Brien"), ["gina", "dog", "we", "o", "brien"]);
  assert.deepEqual(await terms("Gina’s"), ["gina"]);
});

Deno.test("scripts without spaces give each sign and each pair of signs", async () => {
  assert.deepEqual(await terms("東京都"), ["東", "東京", "京", "京都", "都"]);
  assert.deepEqual(await terms("Deno入門"), ["deno", "入", "入門", "門"]);
  assert.deepEqual((await terms("ที่นี่")).length, 3);
  assert.deepEqual(await terms("회의 장소"), ["회", "회의", "의", "장", "장소", "소"]);
});

Deno.test("terms have no ASCII sign but letters and digits, and their places are the text's", async () => {
  const analyser = await analyserOf("en");
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      let last = 0;
      for (const { text: term, start, end } of analyser.terms(text)) {
        assert.match(term, /^[^\0-/:-@[-`{-\x7f]+$/u);
        assert.ok(start >= last && end > start && end <= text.length);
        last = start;
      }
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("every letter and digit is in a token", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 100 }), (text) => {
      const covered = new Set<number>();
      for (const { start, end } of tokensOf(text)) {
        for (let at = start; at < end; at++) covered.add(at);
      }
      for (const { index } of text.matchAll(/[\p{L}\p{N}]/gu)) {
        assert.ok(covered.has(index) || /['’]/u.test(text), `${JSON.stringify(text)} at ${index}`);
      }
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("small words tell a language, and a script its first one", () => {
  assert.equal(languageOf("the night train to Vienna leaves at nine"), "en");
  assert.equal(languageOf("der Nachtzug nach Wien fährt um neun und ist nicht voll"), "de");
  assert.equal(languageOf("le train de nuit pour Vienne est dans la gare"), "fr");
  assert.equal(languageOf("el tren de noche sale a las nueve para los que no tienen coche"), "es");
  assert.equal(languageOf("Поезд"), "ru");
  assert.equal(languageOf("Ναι"), "el");
  assert.equal(languageOf("TypeScript"), "en");
  assert.equal(languageOf("東京都 42"), "");
});
