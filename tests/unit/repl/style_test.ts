import assert from "node:assert/strict";
import { joinStyles, palette, styled, wantsColor } from "../../../src/repl/style.ts";

Deno.test("colour is left out where it is not wanted", () => {
  assert.equal(wantsColor({ TERM: "xterm" }, "auto"), true);
  assert.equal(wantsColor({ TERM: "xterm", NO_COLOR: "" }, "auto"), true);
  assert.equal(wantsColor({ TERM: "xterm", NO_COLOR: "1" }, "auto"), false);
  assert.equal(wantsColor({ TERM: "dumb" }, "auto"), false);
  assert.equal(wantsColor({ TERM: "xterm" }, "plain"), false);
});

Deno.test("without colour no style is left, and a light theme has no yellow", () => {
  const plain = palette({ color: false, theme: "light" });
  for (const style of Object.values(plain)) {
    if (typeof style === "string") assert.equal(style, "");
  }
  const light = palette({ color: true, theme: "light" });
  assert.ok(!JSON.stringify(light).includes('"33"'));
});

Deno.test("styles are put around text and together", () => {
  assert.equal(styled("", "a"), "a");
  assert.equal(styled("1", "a"), "\x1b[1ma\x1b[0m");
  assert.equal(joinStyles("1", joinStyles("", "36")), "1;36");
});
