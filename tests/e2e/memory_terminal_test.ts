/**
 * `pyra memory …` on a real terminal: the editor, colours, widths, Ctrl-C.
 * @module
 */
import assert from "node:assert/strict";
import { cleanEnvironment, run, withHome } from "./command.ts";
import { pyra } from "./executable.ts";
import { hasTmux, Screen } from "./tmux.ts";

const ignore = !hasTmux(); // tmux is the terminal; `.ci/run` installs it

interface Terminal {
  readonly home: string;
  /** Runs `pyra memory …` in a terminal; `[exit N]` shows when it has ended. */
  readonly open: (words: readonly string[], options?: {
    readonly columns?: number;
    readonly env?: Readonly<Record<string, string>>;
  }) => Promise<Screen>;
}

function terminalTest(name: string, act: (terminal: Terminal) => Promise<void>): void {
  Deno.test({
    name,
    ignore, // without tmux there is no terminal to drive
    fn: () =>
      withHome(async (home) => {
        const { path, args } = await pyra();
        await act({
          home,
          open: (words, { columns = 80, env = {} } = {}) =>
            Screen.start({
              command: [path, ...args, "memory", ...words],
              env: cleanEnvironment(home, env),
              cwd: home,
              columns,
            }),
        });
      }),
  });
}

/** An editor that runs a line of shell on the file `$1`. */
async function editor(home: string, script: string): Promise<Readonly<Record<string, string>>> {
  const path = `${home}/editor.sh`;
  await Deno.writeTextFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { EDITOR: path };
}

terminalTest("a new note is typed in the editor, and changed in it again", async (terminal) => {
  const { home, open } = terminal;
  {
    const env = await editor(home, 'echo "I live in Ghent." >> "$1"');
    await using screen = await open(["edit", "user/profile"], { env });
    await screen.until(/user\/profile\.md is written\n\[exit 0\]$/);
  }
  const path = `${home}/.pyra/memory/user/profile.md`;
  assert.match(await Deno.readTextFile(path), /^---\n[^]*keywords:[^]*---\n\nI live in Ghent\.\n$/);
  {
    const env = await editor(home, 'echo "I was in Bruges." >> "$1"');
    await using screen = await open(["edit", "user/profile"], { env });
    await screen.until(/profile\.md is changed; pyra memory undo takes it back\n\[exit 0\]$/);
  }
  assert.match(await Deno.readTextFile(path), /Bruges/);
  {
    await using screen = await open(["edit", "user/profile"], { env: await editor(home, "true") });
    await screen.until(/nothing was changed\n\[exit 0\]$/);
  }
  const cached = await Array.fromAsync(Deno.readDir(`${home}/.pyra/cache`));
  assert.ok(cached.every(({ name }) => !name.startsWith("note_")));
});

terminalTest("a note that changes under the editor is not overwritten", async (terminal) => {
  const { home, open } = terminal;
  await run(["memory", "write", "plan", "one"], { home });
  const path = `${home}/.pyra/memory/plan.md`;
  const env = await editor(home, `echo elsewhere >> '${path}'; echo mine >> "$1"`);
  await using screen = await open(["edit", "plan"], { env });
  await screen.until(/plan\.md was changed by another program[^]*Leave it/);
  await screen.press("Enter");
  await screen.until(/what you typed is in [^]*\[exit 1\]$/);
  assert.match(await Deno.readTextFile(path), /elsewhere\n$/);
  assert.match(await Deno.readTextFile(`${home}/.pyra/cache/note_not_saved.md`), /mine\n$/);
});

terminalTest("an editor that fails, or that is not there, changes nothing", async (terminal) => {
  const { home, open } = terminal;
  await run(["memory", "write", "plan", "one"], { home });
  for (const env of [await editor(home, "exit 3"), { EDITOR: "/no/such/editor" }]) {
    await using screen = await open(["edit", "plan"], { env });
    await screen.until(/pyra: [^]*\[exit 1\]$/);
  }
  const { stdout } = await run(["memory", "show", "plan"], { home });
  assert.match(stdout, /\none\n$/);
  const piped = await run(["memory", "edit", "plan"], { home });
  assert.equal(piped.code, 4);
});

for (const columns of [40, 100]) {
  terminalTest(`hits and lists fit into ${columns} columns`, async ({ home, open }) => {
    const text = "The night train to Vienna leaves at nine and arrives when the bakers open. "
      .repeat(5);
    const summary = "trains that one can sleep in, with the hours at which they leave";
    await run(["memory", "write", "travel/trains", text, "--summary", summary], { home });
    {
      await using screen = await open(["search", "vienna", "bakers"], { columns });
      const shown = await screen.until(/\[exit 0\]$/);
      assert.match(shown, /^travel\/trains\.md:\d+ {2}trains/);
      const lines = shown.split("\n");
      // What the terminal itself had to wrap would begin at its edge.
      for (const line of lines.slice(1, -1)) assert.match(line, /^ {2}\S/);
    }
    await using screen = await open(["list"], { columns });
    const shown = await screen.until(/\[exit 0\]$/);
    assert.equal(shown.split("\n").length, 3);
  });
}

terminalTest("a long look shows how far it is, and Ctrl-C ends it", async ({ home, open }) => {
  await run(["memory", "write", "first", "text"], { home });
  const folder = `${home}/.pyra/memory/many`;
  await Deno.mkdir(folder);
  const text = "words of all kinds about trains and bread and cats\n".repeat(40);
  for (let number = 0; number < 2_500; number++) {
    await Deno.writeTextFile(`${folder}/${number}.md`, `${number} ${text}`);
  }
  {
    await using screen = await open(["reindex"]);
    await screen.until(/reading notes █/);
    await screen.press("C-c");
    await screen.until(/\[exit 130\]$/);
  }
  await using screen = await open(["stats"], { columns: 100 });
  const shown = await screen.until(/notes +2,501[^]*\[exit 0\]$/);
  assert.doesNotMatch(shown, /reading notes/);
});
