import assert from "node:assert/strict";
import fc from "fast-check";
import { notify } from "../../../../src/kernel/daemon/notification.ts";
import type { Run } from "../../../../src/kernel/run.ts";

// The others' programs are `osascript` and `powershell`.
const isOther = Deno.build.os !== "linux";
const JOB = { host: { job: { schedule: "news" } } } as unknown as Run;
const RECORD = `#!/bin/sh
for argument in "$@"; do printf '%s\\0' "$argument"; done >> "$(dirname "$0")/said"
printf '\\n' >> "$(dirname "$0")/said"
`;

/** What `notify-send` is given meanwhile, a list of arguments each time. */
async function recorded(act: () => Promise<unknown>, script = RECORD): Promise<string[][]> {
  const folder = await Deno.makeTempDir();
  const before = Deno.env.get("PATH") ?? "";
  await Deno.writeTextFile(`${folder}/notify-send`, script, { mode: 0o755 });
  Deno.env.set("PATH", `${folder}:${before}`);
  try {
    await act();
    const said = await Deno.readTextFile(`${folder}/said`).catch(() => "");
    return said.split("\n").slice(0, -1).map((line) => line.split("\0").slice(0, -1));
  } finally {
    Deno.env.set("PATH", before);
    await Deno.remove(folder, { recursive: true });
  }
}

/** Acts in another minute each time: so many may be shown in one. */
let minutes = 0;
async function inAnotherMinute<T>(act: () => Promise<T>): Promise<T> {
  const { now } = Date;
  const at = now() + ++minutes * 120_000;
  Date.now = () => at;
  try {
    return await act();
  } finally {
    Date.now = now;
  }
}

Deno.test({
  name: "a notification is shown by notify-send, its texts as arguments that are no options",
  ignore: isOther, // its program is of Linux
  async fn() {
    const said = await inAnotherMinute(() =>
      recorded(() => notify(JOB, { title: "--help", text: "-t 1 three mails" }))
    );
    assert.deepEqual(said, [["--app-name=Pyra", "--", "--help", "-t 1 three mails"]]);
  },
});

Deno.test({
  name: "whatever a model wrote, it is one line without controls, markup or escapes, and cut",
  ignore: isOther, // its program is of Linux
  async fn() {
    const hostile = fc.oneof(
      fc.string({ unit: "binary", maxLength: 600 }),
      fc.constantFrom(
        '<a href="file:///etc/passwd">x</a>&lt;',
        "\\074b\\076bold\\n",
        "\x1b]0;title\x07\u202e\0\r\n`id` $(id) 'a' \"b\"",
        "x".repeat(8_000),
      ),
    );
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (title, text) => {
        const [said, ...more] = await inAnotherMinute(() =>
          recorded(() => notify(JOB, { title, text }))
        );
        assert.equal(more.length, 0);
        const [app, end, shownTitle = "", shownText = ""] = said ?? [];
        assert.deepEqual([app, end, said?.length], ["--app-name=Pyra", "--", 4]);
        for (const shown of [shownTitle, shownText]) {
          assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}<>&\\]/u);
          assert.notEqual(shown, "");
        }
        assert.ok(shownTitle.length <= 81 && shownText.length <= 301);
      }),
      { numRuns: 25 },
    );
  },
});

Deno.test({
  name: "ten are shown in a minute, and the eleventh is refused",
  ignore: isOther, // its program is of Linux
  async fn() {
    await inAnotherMinute(async () => {
      const said = await recorded(async () => {
        for (let count = 0; count < 10; count++) await notify(JOB, { title: "t", text: "x" });
        await assert.rejects(notify(JOB, { title: "t", text: "x" }), /too many notifications/);
      });
      assert.equal(said.length, 10);
    });
    const later = await inAnotherMinute(() =>
      recorded(() => notify(JOB, { title: "t", text: "x" }))
    );
    assert.equal(later.length, 1);
  },
});

Deno.test({
  name: "a program that fails, or is not there, is a clear error",
  ignore: isOther, // its program is of Linux
  async fn() {
    const script = "#!/bin/sh\necho 'no display: \x1b[31mred' >&2\nexit 1\n";
    await inAnotherMinute(() =>
      recorded(
        () =>
          assert.rejects(notify(JOB, { title: "t", text: "x" }), {
            code: "program",
            message: "notify-send could not show it: no display: red",
          }),
        script,
      )
    );
    const before = Deno.env.get("PATH") ?? "";
    Deno.env.set("PATH", "/no/such");
    try {
      await inAnotherMinute(() =>
        assert.rejects(notify(JOB, { title: "t", text: "x" }), {
          message: "notify-send cannot be run",
        })
      );
    } finally {
      Deno.env.set("PATH", before);
    }
  },
});

Deno.test("who is no job and no daemon shows none", async () => {
  const runs = [{ host: undefined }, { host: { job: null } }] as unknown as Run[];
  for (const run of runs) {
    await assert.rejects(notify(run, { title: "t", text: "x" }), { code: "denied" });
  }
  await assert.rejects(notify(JOB, { title: "t" }), { code: "bad_call" });
});
