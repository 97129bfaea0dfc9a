import assert from "node:assert/strict";
import fc from "fast-check";
import { setValue, unsetValue } from "../../../src/config/edit.ts";
import { loadConfig, readLayer } from "../../../src/config/load.ts";
import { readYaml } from "../../../src/config/yaml_reader.ts";
import { changedProtectedBlocks, PROTECTED_BLOCKS } from "../../../src/kernel/config_file.ts";
import { PyraError } from "../../../src/protocol/error.ts";

/** How long one file may take, ms, generously: a hang is what this looks for. */
const LIMIT_MS = 5_000;

const VALID = `# mine
ai:
  provider_id: openai # who
  model: "gpt-4.1"
  fallbacks:
    - groq/llama
security:
  injection_detection: true
plugins:
  enabled: [weather, mail]
  require_approval: true
daemon:
  log_file: 'daemon.log'
plugin_settings:
  weather:
    text: |
      two

      lines
    nested: { a: [1, 2.5, null] }
`;
const PIECES = [
  "\n",
  "\r\n",
  "\r",
  "\t",
  " ",
  "  ",
  "#",
  " #",
  ":",
  ": ",
  "- ",
  "? ",
  "|",
  ">",
  "'",
  '"',
  "\\",
  "[",
  "]",
  "{",
  "}",
  ",",
  "&a ",
  "*a",
  "!t ",
  "!!str ",
  "---\n",
  "...\n",
  "%YAML 1.2\n",
  "<<: ",
  "security:\n",
  "\nsecurity:\n  log_injections: false\n",
  "\nplugins:\n",
  "false",
  "true",
  "null",
  "\0",
  "\ufeff",
  "\u2028",
  "\u0085",
  "\ud800",
  "👋",
  "0x1f",
  "1e999",
  ".inf",
  "__proto__",
  "\n ",
  "\n  ",
  "\n    ",
  "\n\n",
];
const edit = fc.record({
  at: fc.nat(VALID.length),
  remove: fc.nat(6),
  insert: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 4 })),
});
const mutated = fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) =>
  edits.reduce(
    (text, { at, remove, insert }) => text.slice(0, at) + insert + text.slice(at + remove),
    VALID,
  )
);

/** What `act` gives, `undefined` if it refuses; any other error and a hang fail the test. */
async function refusing<T>(text: string, act: () => T | Promise<T>): Promise<T | undefined> {
  const start = performance.now();
  try {
    return await act();
  } catch (error) {
    assert.ok(error instanceof PyraError, `${JSON.stringify(text)}: ${error}`);
    assert.ok(["config_broken", "config_invalid", "config_edit"].includes(error.code), error.code);
    assert.doesNotMatch(error.message, /\p{C}/u);
    assert.ok(error.message.length < 700);
    return undefined;
  } finally {
    assert.ok(
      performance.now() - start < LIMIT_MS,
      `too slow: ${JSON.stringify(text.slice(0, 100))}`,
    );
  }
}

Deno.test("random bytes are read or refused, never more", async () => {
  const folder = await Deno.makeTempDir();
  const profilePath = `${folder}/config.yaml`;
  try {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
        await Deno.writeFile(profilePath, bytes);
        await refusing(`${bytes}`, () => loadConfig({ profilePath, env: {} }));
        assert.deepEqual(await Deno.readFile(profilePath), bytes);
      }),
      { numRuns: 1_000 },
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("mutated files are read or refused, and so is every edit of them", async () => {
  let read = 0;
  await fc.assert(
    fc.asyncProperty(mutated, async (text) => {
      const layer = await refusing(text, () => readLayer(text, "x"));
      if (layer) read++;
      const after = await refusing(text, () => setValue(text, "ai.model", "new"));
      if (after !== undefined) {
        assert.deepEqual(readYaml(after, "x").data["ai"], {
          ...Object(readYaml(text, "x").data["ai"]),
          model: "new",
        });
      }
      await refusing(text, () => unsetValue(text, "plugin_settings.weather.text"));
    }),
    { numRuns: 3_000 },
  );
  assert.ok(read > 300, `only ${read} were read`);
});

Deno.test("long and deeply nested files are refused in bounded time", async () => {
  const many = 60_000;
  for (
    const text of [
      "ai: " + "[".repeat(many),
      "ai: " + "{".repeat(many),
      "ai: " + "[".repeat(many) + "]".repeat(many),
      "? ".repeat(many),
      "ai:\n  " + "- ".repeat(many),
      "ai: " + "{a: ".repeat(many),
      "ai: &a ".repeat(20_000),
      "ai: " + "! ".repeat(many),
      "ai:" + " :".repeat(many),
      'ai: "' + " #\n".repeat(many),
      Array.from({ length: 500 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"),
      "plugin_settings:\n  a:\n" +
      Array.from({ length: 15_000 }, (_, index) => `    k${index}: 1`).join("\n"),
      "ai:\n  model: " + "x ".repeat(100_000),
      "ai:\n  model: " + "a:".repeat(100_000),
      "ai:\n  model: 'a" + " ".repeat(200_000),
      "a".repeat(250_000),
      "\n".repeat(250_000),
      "ai:\n  model: [" + "a,".repeat(100_000) + "]",
      "ai:\n  model:" + " ".repeat(200_000) + "#",
    ]
  ) await refusing(text, () => readLayer(text, "x"));
});

Deno.test("the kernel, which compares lines, sees every change of a protected block that is read", () => {
  let compared = 0;
  fc.assert(
    fc.property(mutated, mutated, (first, second) => {
      for (const [before, after] of [[VALID, first], [first, second]] as const) {
        let old, fresh;
        try {
          [old, fresh] = [readYaml(before, "x").data, readYaml(after, "x").data];
        } catch (error) {
          assert.ok(error instanceof PyraError);
          continue;
        }
        compared++;
        const changed = changedProtectedBlocks(before, after);
        for (const block of PROTECTED_BLOCKS) {
          if (changed.includes(block)) continue;
          assert.deepEqual(fresh[block], old[block], block);
        }
      }
    }),
    { numRuns: 5_000 },
  );
  assert.ok(compared > 500, `${compared}`);
});
