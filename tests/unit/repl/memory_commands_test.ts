import assert from "node:assert/strict";
import type { Memory } from "../../../src/memory/memory.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import type { ReplMemory } from "../../../src/repl/ports.ts";
import { type Files, putNote, TODAY, withNotes } from "../../fakes/notes.ts";
import { type CommandBench, commandBench } from "../../fakes/command_bench.ts";

interface Chat extends CommandBench {
  readonly memory: Memory;
  readonly folder: string;
}

function chatWith(
  name: string,
  files: Files,
  play: (chat: Chat) => Promise<void>,
  more: Partial<ReplMemory> = {},
  changed: (memory: Memory) => Partial<Memory> = () => ({}),
): void {
  Deno.test(name, () =>
    withNotes(files, async (memory, folder) => {
      const notes: ReplMemory = {
        open: () => Promise.resolve(Object.assign(memory, changed(memory))),
        folder,
        goesWithQuestions: true,
        problems: [],
        now: () => TODAY,
        ...more,
      };
      await play({ ...commandBench({ memory: notes }), memory, folder });
    }));
}

const FILES: Files = {
  "knowledge/boat.md": "---\nsummary: our boat\n---\n# Boat\n\nThe boat needs red paint.",
  "knowledge/cats.md": "# Cats\n\nMiso eats tuna.",
};

chatWith("/remember adds a line with the date to one note, and says which", {}, async (chat) => {
  const { run, memory } = chat;
  assert.equal(
    await run("/remember the key is under the mat"),
    "remembered in context/remembered.md\n",
  );
  await run("/remember two\nlines");
  const { body, facts } = await memory.read("context/remembered");
  assert.equal(
    body.trim(),
    "- 2026-03-01: the key is under the mat\n\n- 2026-03-01: two\n  lines",
  );
  assert.deepEqual([facts.source, facts.summary], ["person", "what you asked to be remembered"]);
});

chatWith("/remember me: adds to the profile, whose own facts stay", {
  "user/profile.md": "---\nsummary: mine\nsource: import chatgpt\n---\nI am Ada.\n",
}, async ({ run, memory }) => {
  assert.equal(
    await run("/remember Me:  I like tea"),
    "remembered in user/profile.md, which goes with every question\n",
  );
  const { body, facts } = await memory.read("user/profile");
  assert.equal(body.trim(), "I am Ada.\n\n- 2026-03-01: I like tea");
  assert.deepEqual([facts.summary, facts.source], ["mine", "import chatgpt"]);
});

chatWith("/remember, /recall without words say what they are for", {}, async ({ run, memory }) => {
  assert.match(await run("/remember"), /\/remember TEXT adds it to context\/remembered\.md/);
  assert.match(await run("/remember me:"), /goes with every question/);
  assert.match(await run("/recall"), /\/recall WORDS/);
  assert.deepEqual(await memory.list(), []);
});

chatWith("/recall shows where, what about, and the match marked", FILES, async ({ run }) => {
  const shown = await run("/recall paint");
  assert.match(shown, /^knowledge\/boat\.md:\d \| our boat\n.*<paint>/);
  assert.match(await run("/recall zebra"), /nothing in your notes has to do with that/);
});

chatWith("/recall finds what another program wrote just now", FILES, async ({ run, folder }) => {
  await putNote(folder, "new/tea.md", "Green tea from Uji.");
  assert.match(await run("/recall uji"), /^new\/tea\.md:1/);
});

chatWith(
  "a look through the folder that takes long is not waited for",
  FILES,
  async ({ run }) => {
    assert.match(await run("/recall paint"), /knowledge\/boat\.md/);
  },
  {},
  (memory) => ({ refresh: () => new Promise(() => undefined), search: memory.search.bind(memory) }),
);

chatWith("/recall shows nothing that acts on the terminal", {
  "evil.md": '---\nsummary: "\\x1b]0;owned\\x07"\n---\nThe boat \x1b[2J paint \x9b31m here.',
}, async ({ run }) => {
  const shown = await run("/recall boat paint");
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(shown, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  assert.match(shown, /<boat>/);
});

chatWith("/memory tells how much there is, where, and what went along", FILES, async (chat) => {
  const { run, conversation, folder } = chat;
  const before = await run("/memory");
  assert.match(before, /notes \| 2, 0 of them pinned; \d+ bytes/);
  assert.ok(before.includes(`folder | ${folder}`));
  assert.match(before, /last question \| no notes went with it/);
  conversation.memoryFiles = ["user/profile.md", "a\x1b[2J.md"];
  assert.match(await run("/memory"), /last question \| user\/profile\.md, a␛\[2J\.md/);
});

chatWith(
  "/memory says that notes go with no question, and what went wrong",
  FILES,
  async ({ run }) => {
    const shown = await run("/memory");
    assert.match(shown, /notes go with no question: pyra config set memory\.auto_load true/);
    assert.match(shown, /warning: changes to notes are not noticed: too many/);
  },
  { goesWithQuestions: false, problems: ["changes to notes are not noticed: too many"] },
);

chatWith("/memory NAME shows a note, a long one cut", {
  ...FILES,
  "long.md": Array.from({ length: 300 }, (_, at) => `line ${at + 1}`).join("\n"),
}, async ({ run, folder }) => {
  assert.match(await run("/memory knowledge/boat"), /^knowledge\/boat\.md\n---\nsummary: our boat/);
  const long = await run('/memory "long.md"');
  assert.match(long, /\nline 200\n/);
  assert.doesNotMatch(long, /line 201/);
  assert.ok(long.includes(`… 100 more lines in ${folder}/long.md`));
});

chatWith("/forget removes a note and says how it comes back", FILES, async ({ run, memory }) => {
  assert.equal(
    await run("/forget knowledge/boat"),
    "knowledge/boat.md is removed; pyra memory undo knowledge/boat brings it back\n",
  );
  await assert.rejects(memory.read("knowledge/boat"), /no note/);
  await memory.undo("knowledge/boat");
  assert.match((await memory.read("knowledge/boat")).body, /red paint/);
});

chatWith("/forget offers the nearest names for one that is none", FILES, async (chat) => {
  const { run, surface, memory } = chat;
  surface.choice = "knowledge/boat.md";
  assert.match(await run("/forget baot"), /knowledge\/boat\.md is removed/);
  assert.equal(surface.title, "there is no baot; forget");
  assert.deepEqual(surface.offered.map(({ value }) => value), ["knowledge/boat.md"]);
  surface.choice = undefined;
  assert.equal(await run("/forget cat"), "", "nothing was chosen");
  assert.equal((await memory.list()).length, 1);
});

chatWith("/forget alone offers all notes, the last changed first", FILES, async (chat) => {
  const { run, surface, memory } = chat;
  await memory.append("knowledge/boat", "More.");
  await run("/forget");
  assert.deepEqual(surface.offered.map(({ value, description }) => [value, description]), [
    ["knowledge/boat.md", "our boat"],
    ["knowledge/cats.md", (await memory.list())[1]?.summary],
  ]);
});

chatWith(
  "a name that is like none, or that leads elsewhere, is an error",
  FILES,
  async ({ run }) => {
    const refused = async (line: string, code: string, hint: RegExp) =>
      await assert.rejects(run(line), (error) => {
        assert.ok(error instanceof PyraError);
        assert.equal(error.code, code);
        assert.match(error.hint, hint);
        return true;
      });
    await refused("/forget zzzzzzzz", "no_such_note", /\/recall WORDS/);
    await refused("/memory ../vault/x", "bad_note_name", /name it as in/);
  },
);

chatWith("a note that cannot be read can be removed", {
  "b.md": "x\0y",
}, async ({ run, memory }) => {
  assert.match(await run("/forget b"), /b\.md is removed/);
  assert.deepEqual(await memory.list(), []);
});

Deno.test("without notes the commands say so", async () => {
  const { run } = commandBench();
  for (const line of ["/remember x", "/recall x", "/memory", "/forget x"]) {
    await assert.rejects(run(line), /this chat has no notes/);
  }
});
