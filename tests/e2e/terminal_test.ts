/**
 * `pyra chat` on a real terminal: a person's keys go in, the screen is compared.
 * @module
 */
import assert from "node:assert/strict";
import { type Answer, type ModelServer, startModelServer } from "../fakes/model_server.ts";
import { TOUR } from "../fakes/scripted_conversation.ts";
import { cleanEnvironment, run, withHome } from "./command.ts";
import { pyra } from "./executable.ts";
import { hasTmux, Screen } from "./tmux.ts";

const ignore = !hasTmux(); // tmux is the terminal; `.ci/run` installs it
const USAGE = { input: 1_200, output: 34 };

interface Chat {
  readonly server: ModelServer;
  readonly home: string;
  /** Starts the chat; `[exit N]` and the terminal's mode show when it has ended. */
  readonly open: (options?: { columns?: number; rows?: number; term?: string }) => Promise<Screen>;
}

function chatTest(name: string, answers: Answer[], act: (chat: Chat) => Promise<void>): void {
  Deno.test({
    name,
    ignore, // without tmux there is no terminal to drive
    fn: () =>
      withHome(async (home) => {
        await using server = await startModelServer(
          answers.map((answer) => ({ usage: USAGE, ...answer })),
        );
        const env = cleanEnvironment(home, {
          PYRA_AI_PROVIDER_ID: "custom",
          PYRA_AI_MODEL: "model",
          PYRA_AI_BASE_URL: server.url,
          NO_COLOR: "1",
        });
        const { path, args } = await pyra();
        await act({
          server,
          home,
          open: ({ term, ...size } = {}) => {
            const program = [path, ...args, "chat"];
            const set = term === undefined ? [] : ["env", `TERM=${term}`];
            const script = '"$@"; code=$?; stty -a | grep -o ".icanon"; exit $code';
            const command = ["sh", "-c", script, "sh", ...set, ...program];
            return Screen.start({ command, env, cwd: home, ...size });
          },
        });
      }),
  });
}

/** What is below the question, without the time and the blank lines at the end. */
function answerOf(screen: string): string {
  return screen.slice(screen.lastIndexOf("\n›") + 1).replace(/· [\d.]+ s\n/, "· T s\n").trimEnd();
}

/** Ends the chat; the terminal is in its normal mode, and the program's exit code is 0. */
async function leave(screen: Screen): Promise<void> {
  // The end of a turn shows its tokens; before that Ctrl-D is not taken.
  await screen.until(/\d+ in · |›|custom\/model$/);
  for (let time = 0; time < 20; time++) {
    await screen.press("C-d");
    await new Promise((done) => setTimeout(done, 100));
    if (/\[exit \d+\]/.test((await screen.lines()).join("\n"))) break;
  }
  await screen.until(/ icanon\n\[exit 0\]$/);
}

for (const columns of [40, 80]) {
  chatTest(
    `a typed and edited question, and an answer with one of each block, at ${columns} columns`,
    [{ text: TOUR, chunk_delay_ms: 2 }],
    async ({ open, server }) => {
      await using screen = await open({ columns, rows: 40 });
      await screen.until(/custom\/model$/);
      await screen.type("shwo it 漢字 👍");
      await screen.press("Home", "Right", "Right", "DC", "Right");
      await screen.type("w");
      await screen.until(/show it 漢字 👍/);
      await screen.press("Enter");
      const shown = await screen.until(/34 out · [\d.]+ s\n/);
      const line = "─".repeat(columns);
      assert.equal(
        answerOf(shown),
        `› show it 漢字 👍

# Title

Some bold text and \`code\`.

• one
• two

a │ b
──┼─────
1 │ 漢字

  const x = 1;

The end 👩‍👩‍👧.

1,200 in · 34 out · T s
${line}

${line}
custom/model`,
      );
      assert.match(JSON.stringify(server.requests.at(-1)?.body), /show it 漢字 👍/);
      await leave(screen);
    },
  );
}

chatTest(
  "a long answer is printed once, and the scrollback keeps all of it",
  [{ text: Array.from({ length: 80 }, (_, i) => `line ${i + 1}.\n\n`), chunk_delay_ms: 3 }],
  async ({ open }) => {
    await using screen = await open();
    await screen.until(/custom\/model$/);
    await screen.type("go");
    await screen.press("Enter");
    await screen.until(/34 out/);
    const lines = (await screen.lines({ history: true })).filter((line) =>
      /^line \d+\.$/.test(line)
    );
    assert.deepEqual(lines, Array.from({ length: 80 }, (_, i) => `line ${i + 1}.`));
    await leave(screen);
  },
);

chatTest(
  "Ctrl-C stops a turn and keeps what arrived; twice it ends with 130",
  [{ text: "word ".repeat(2_000), chunk_delay_ms: 20 }],
  async ({ open }) => {
    await using screen = await open();
    await screen.until(/custom\/model$/);
    await screen.type("talk");
    await screen.press("Enter");
    await screen.until(/word word word/);
    await screen.press("C-c");
    const stopped = await screen.until(/stopped; what arrived is kept/);
    assert.match(stopped, /word word word/);
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    await screen.press("C-c");
    await screen.until(/Ctrl-C again ends the chat/);
    await screen.press("C-c");
    await screen.until(/ icanon\n\[exit 130\]/);
  },
);

chatTest(
  "what was typed comes back in the next run, with Up and with Ctrl-R",
  [{ text: "one" }],
  async ({ open }) => {
    {
      await using screen = await open();
      await screen.until(/custom\/model$/);
      for (const question of ["about rust", "about go"]) {
        await screen.type(question);
        await screen.press("Enter");
        await screen.until(new RegExp(`› ${question}\n\none\n\n[^\n]*34 out`));
      }
      await leave(screen);
    }
    await using screen = await open();
    await screen.until(/custom\/model$/);
    await screen.press("Up");
    await screen.until(/─\nabout go\n─/);
    await screen.press("C-c");
    await screen.until(/─\n\n─/);
    await screen.press("C-r");
    await screen.until(/history:/);
    await screen.type("rust");
    await screen.until(/history: rust\s*\n→ about rust\n/);
    await screen.press("Enter");
    await screen.until(/─\nabout rust\n─/);
  },
);

chatTest(
  "a new size lays out the screen anew",
  [{ text: "a sentence that is a good deal longer than only forty columns are" }],
  async ({ open }) => {
    await using screen = await open();
    await screen.until(/custom\/model$/);
    await screen.type("go");
    await screen.press("Enter");
    await screen.until(/34 out/);
    await screen.resize(40, 20);
    const line = "─".repeat(40);
    const shown = await screen.until(new RegExp(`\n${line}\n\n${line}\ncustom/model$`));
    assert.equal(
      answerOf(shown),
      `› go

a sentence that is a good deal longer
than only forty columns are

1,200 in · 34 out · T s
${line}

${line}
custom/model`,
    );
    await screen.type("still here");
    await screen.until(/─\nstill here\n─/);
    await screen.press("C-c");
    await screen.until(/─\n\n─/);
    await leave(screen);
  },
);

chatTest(
  "a paste of 10,000 lines is one question",
  [{ text: "read" }],
  async ({ open, server }) => {
    const pasted = Array.from({ length: 10_000 }, (_, i) => `pasted line ${i}`).join("\n");
    await using screen = await open();
    await screen.until(/custom\/model$/);
    await screen.type("read this: ");
    await screen.paste(pasted);
    await screen.until(/read this: \[paste #1 \+10000 lines\]/);
    await screen.press("Enter");
    await screen.until(/… 9988 more lines\n\nread\n/);
    const body = JSON.stringify(server.requests.at(-1)?.body);
    assert.ok(body.includes(JSON.stringify(pasted).slice(1, -1)), "the whole paste was sent");
    await leave(screen);
  },
);

chatTest(
  "an answer cannot act on the terminal",
  [{ text: "a \x1b]0;owned\x07\x1b[2J\x1b[?1049h\x9b5m b" }],
  async ({ open }) => {
    await using screen = await open();
    await screen.until(/custom\/model$/);
    await screen.type("go");
    await screen.press("Enter");
    await screen.until(/a ␛\]0;owned␇␛\[2J␛\[\?1049h.5m b\n/);
    await leave(screen);
  },
);

chatTest(
  "commands complete, and an unknown one names the nearest",
  [{ text: "one" }],
  async ({ open }) => {
    await using screen = await open();
    await screen.until(/custom\/model$/);
    await screen.type("/sess");
    await screen.until(/→ \/sessions/);
    await screen.press("Tab", "Enter");
    await screen.until(/› \/sessions/);
    await screen.type("/modle");
    await screen.press("Enter");
    await screen.until(/there is no command \/modle\ndid you mean \/model\?/);
    await screen.type("/quit");
    await screen.press("Enter");
    await screen.until(/ icanon\n\[exit 0\]$/);
  },
);

chatTest("a dumb terminal gets plain lines", [{ text: "**bold**" }], async ({ open }) => {
  await using screen = await open({ term: "dumb" });
  await screen.until(/^> *$/m);
  await screen.type("go");
  await screen.press("Enter");
  await screen.until(/> go\n\*\*bold\*\*\n\(1,200 in · 34 out · [\d.]+ s\)\n>$/);
  // The end of a turn shows its tokens; before that Ctrl-D is not taken.
  await screen.until(/\d+ in · |›|custom\/model$/);
  for (let time = 0; time < 20; time++) {
    await screen.press("C-d");
    await new Promise((done) => setTimeout(done, 100));
    if (/\[exit \d+\]/.test((await screen.lines()).join("\n"))) break;
  }
  await screen.until(/ icanon\n\[exit 0\]$/);
});

Deno.test("a pipe gets the answers only", () =>
  withHome(async (home) => {
    await using server = await startModelServer([{ text: "**first**" }, { text: "second" }]);
    const env = {
      PYRA_AI_PROVIDER_ID: "custom",
      PYRA_AI_MODEL: "model",
      PYRA_AI_BASE_URL: server.url,
    };
    const { code, stdout } = await run(["chat"], { home, env, input: "one\n/system brief\ntwo" });
    assert.equal(code, 0);
    assert.equal(stdout, "**first**\nsecond\n");
    assert.match(JSON.stringify(server.requests.at(-1)?.body), /brief/);
  }));
