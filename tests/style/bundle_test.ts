/**
 * What the compile step makes of our modules: shorter, and the same.
 * @module
 */
import assert from "node:assert/strict";
import { bundle } from "../../.build/compile.ts";

const ENTRY = `
/** A comment that nobody needs in a program. */
function take(name: string) {
  console.log(\`take \${name}\`);
  return { [Symbol.asyncDispose]: () => Promise.resolve(console.log(\`let go of \${name}\`)) };
}
async function usedOnce(): Promise<number> {
  await using held = await Promise.resolve(take("one"));
  if (!held) throw new Error("nothing");
  return 5;
}
async function neverUsed(): Promise<void> {
  await using _held = take("two");
}
console.log(await usedOnce());
await neverUsed();
`;

Deno.test("a shortened bundle lets go of what it holds", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/entry.ts`, ENTRY);
    await bundle([`${folder}/entry.ts`], `${folder}/bundle`);
    const text = await Deno.readTextFile(`${folder}/bundle/entry.js`);
    assert.doesNotMatch(text, /nobody needs/);
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", `${folder}/bundle/entry.js`],
      env: { NO_COLOR: "1" },
    }).output();
    assert.equal(
      new TextDecoder().decode(stdout),
      "take one\nlet go of one\n5\ntake two\nlet go of two\n",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
