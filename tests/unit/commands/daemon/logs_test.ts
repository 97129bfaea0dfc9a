import assert from "node:assert/strict";
import { TestProfile } from "../../../fakes/command_context.ts";

const line = (event: string, more: Record<string, unknown> = {}) =>
  `${JSON.stringify({ time: "2026-01-31T12:00:00.000Z", event, ...more })}\n`;

async function withLog(
  act: (profile: TestProfile, log: string) => Promise<void>,
): Promise<void> {
  await using profile = await TestProfile.create();
  await Deno.mkdir(`${profile.home}/logs`);
  await act(profile, `${profile.home}/logs/daemon.log`);
}

Deno.test("events are lines for people, and what is no event is shown without control bytes", () =>
  withLog(async (profile, log) => {
    const more = { pid: 7, names: ["a", "b"], none: [] };
    await Deno.writeTextFile(log, `${line("started", more)}pyra: \x1b[2Jit \x07broke\n{"half\n`);
    const { out } = await profile.run(["daemon", "logs"]);
    const [first, ...rest] = out.split("\n");
    assert.match(
      first ?? "",
      /^2026-01-31 ..:.. {2}started {2}pid 7, names a and b, none nothing$/,
    );
    assert.deepEqual(rest, ["pyra:  [2Jit  broke", '{"half', ""]);
    const json = await profile.run(["daemon", "logs"], { options: { json: true } });
    const lines = json.out.trimEnd().split("\n").map((text) => JSON.parse(text));
    assert.deepEqual([lines[0].pid, lines[2]], [7, { text: '{"half' }]);
  }));

Deno.test("so many lines are shown as asked for, the log before included", () =>
  withLog(async (profile, log) => {
    await Deno.writeTextFile(`${log}.before`, line("one") + line("two"));
    await Deno.writeTextFile(log, line("three"));
    const events = async (...options: string[]) =>
      (await profile.run(["daemon", "logs", ...options])).out.trimEnd().split("\n")
        .map((text) => text.split("  ")[1]);
    assert.deepEqual(await events(), ["one", "two", "three"]);
    assert.deepEqual(await events("--lines", "2"), ["two", "three"]);
    assert.deepEqual(await events("--lines", "1"), ["three"]);
    assert.equal((await profile.run(["daemon", "logs", "--lines", "0"])).code, 2);
  }));

Deno.test("followed, it goes on with the new log when the old one was put aside", () =>
  withLog(async (profile, log) => {
    await Deno.writeTextFile(log, line("one"));
    const ended = new AbortController();
    let out = "";
    const next = async (event: string) => {
      while (!out.includes(event)) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    const following = profile.run(["daemon", "logs", "--follow"], {
      signal: ended.signal,
      print: (text) => Promise.resolve(void (out += text)),
    });
    await next("one");
    // What is written just before must not be lost.
    await Deno.writeTextFile(log, line("two"), { append: true });
    await Deno.rename(log, `${log}.before`);
    await Deno.writeTextFile(log, line("three"));
    await next("three");
    ended.abort(new Error("enough"));
    await following;
    const events = out.trimEnd().split("\n").map((text) => text.split("  ")[1]);
    assert.deepEqual(events, ["one", "two", "three"]);
  }));
