import assert from "node:assert/strict";
import { scriptedPrompts, TestProfile } from "../../../fakes/command_context.ts";
import { kernelError } from "../../../fakes/kernel.ts";

/** An editor that does this to the text, and what it was given. */
function editor(...edits: readonly ((text: string) => string | Promise<string>)[]) {
  const seen: string[] = [];
  const left = [...edits];
  return {
    seen,
    answers: {
      editText: async ({ text }: { text: string }) => {
        seen.push(text);
        return await (left.shift() ?? ((same: string) => same))(text);
      },
    },
  };
}

async function note(profile: TestProfile, name: string): Promise<string> {
  return await Deno.readTextFile(`${profile.home}/memory/${name}`);
}

async function cached(profile: TestProfile): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(`${profile.home}/cache`))).map(({ name }) => name);
}

const EDIT = ["memory", "edit", "user/profile"];

Deno.test("edit opens the note as it is and saves what was typed", async () => {
  await using profile = await TestProfile.create();
  await profile.run(["memory", "write", "user/profile", "I live in Ghent."]);
  const before = await note(profile, "user/profile.md");
  const { answers, seen } = editor((text) => text.replace("Ghent", "Bruges"));
  const { code, out, kernel } = await profile.run(EDIT, { answers });
  assert.deepEqual([code, out], [
    0,
    "user/profile.md is changed; pyra memory undo takes it back\n",
  ]);
  assert.deepEqual(seen, [before]);
  assert.deepEqual(kernel.of("editText"), [{ text: before, extension: "md" }]);
  assert.match(await note(profile, "user/profile.md"), /I live in Bruges\.\n$/);
  assert.deepEqual(await cached(profile), []);
  await profile.run(["memory", "undo"]);
  assert.equal(await note(profile, "user/profile.md"), before);
});

Deno.test("a new note begins with a front matter, and nothing typed makes no note", async () => {
  await using profile = await TestProfile.create();
  for (const leave of [(text: string) => text, () => "", (text: string) => `${text}\n\n`]) {
    const { code, out } = await profile.run(EDIT, { answers: editor(leave).answers });
    assert.deepEqual([code, out], [0, "nothing was changed\n"]);
  }
  const { answers, seen } = editor((text) =>
    text.replace("summary:", "summary: who I am").concat("I live in Ghent.\n")
  );
  const { out } = await profile.run(EDIT, { answers });
  assert.equal(out, "user/profile.md is written\n");
  assert.match(seen[0] ?? "", /^---\nsummary:\nkeywords: \[\]\n---\n\n$/);
  const { out: list } = await profile.run(["memory", "list"], { options: { json: true } });
  assert.equal(JSON.parse(list)[0].summary, "who I am");
});

Deno.test("a note saved as it was is not touched", async () => {
  await using profile = await TestProfile.create();
  await profile.run(["memory", "write", "user/profile", "I live in Ghent."]);
  const { out } = await profile.run(EDIT, { answers: editor().answers, options: { json: true } });
  assert.deepEqual(JSON.parse(out), { kind: "unchanged", name: "user/profile.md" });
  const history = await profile.run(["memory", "history"], { options: { json: true } });
  assert.ok(
    JSON.parse(history.out).every(({ change }: { change: string }) => change === "created"),
  );
});

Deno.test("the room after the editor goes on with the text that the editor was opened on", async () => {
  await using profile = await TestProfile.create();
  await profile.run(["memory", "write", "user/profile", "I live in Ghent."]);
  const before = await note(profile, "user/profile.md");
  // The first room: the kernel ends it when it asks for the editor.
  const first = await profile.run(EDIT, {
    answers: {
      editText: () => {
        throw kernelError("editor", "the room was stopped");
      },
    },
  });
  assert.equal(first.code, 1);
  assert.deepEqual(await cached(profile), [], "an editor that failed leaves nothing behind");
  // A draft as the first room would have left it, and a note that changed meanwhile.
  const file = `note_edit_${crypto.randomUUID()}.json`;
  const draft = { name: "user/profile.md", before, text: before };
  await Deno.writeTextFile(`${profile.home}/cache/${file}`, JSON.stringify(draft));
  await profile.run(["memory", "append", "user/profile", "I speak French."]);
  const { answers, seen } = editor((text) => text.replace("Ghent", "Bruges"));
  const prompts = scriptedPrompts([{ pick: "Save yours" }]);
  const { code } = await profile.run(EDIT, {
    answers,
    prompts,
    remembered: { memory_edit: { file } },
  });
  assert.equal(code, 0);
  assert.deepEqual(seen, [before]);
  assert.match(prompts.seen[0] ?? "", /changed by another program/);
  assert.match(await note(profile, "user/profile.md"), /I live in Bruges\.\n$/);
  await profile.run(["memory", "undo", "user/profile"]);
  assert.match(await note(profile, "user/profile.md"), /Ghent[^]*French/);
  assert.deepEqual(await cached(profile), []);
});

Deno.test("a note that changed meanwhile is left, and what was typed is kept", async () => {
  await using profile = await TestProfile.create();
  await profile.run(["memory", "write", "user/profile", "I live in Ghent."]);
  const { answers } = editor(async (text) => {
    await profile.run(["memory", "append", "user/profile", "I speak French."]);
    return text.replace("Ghent", "Bruges");
  });
  const prompts = scriptedPrompts(["enter"]);
  const { code, err } = await profile.run(EDIT, { answers, prompts });
  assert.equal(code, 1);
  assert.match(err, /left as the other program saved it — what you typed is in /);
  assert.match(await note(profile, "user/profile.md"), /Ghent[^]*French/);
  const kept = await Deno.readTextFile(`${profile.home}/cache/note_not_saved.md`);
  assert.match(kept, /Bruges/);
});

Deno.test("whoever leaves the text alone is not asked about another program's change", async () => {
  await using profile = await TestProfile.create();
  await profile.run(["memory", "write", "user/profile", "I live in Ghent."]);
  const { answers } = editor(async (text) => {
    await profile.run(["memory", "append", "user/profile", "I speak French."]);
    return text;
  });
  const { code, out } = await profile.run(EDIT, { answers });
  assert.deepEqual([code, out], [0, "nothing was changed\n"]);
  assert.match(await note(profile, "user/profile.md"), /French/);
});

Deno.test("a new note that appeared meanwhile is not replaced silently", async () => {
  await using profile = await TestProfile.create();
  const { answers } = editor(async () => {
    await profile.run(["memory", "write", "user/profile", "from elsewhere"]);
    return "typed here";
  });
  const prompts = scriptedPrompts([{ pick: "Leave it" }]);
  assert.equal((await profile.run(EDIT, { answers, prompts })).code, 1);
  assert.match(await note(profile, "user/profile.md"), /from elsewhere/);
});

Deno.test("a text that cannot be saved can be edited again, and is kept if not", async () => {
  await using profile = await TestProfile.create();
  const zero = "a\0b";
  const { answers, seen } = editor(() => zero, () => "short");
  const prompts = scriptedPrompts([{ pick: "Edit again" }]);
  const mended = await profile.run(EDIT, { answers, prompts });
  assert.equal(mended.code, 0, mended.err);
  assert.equal(seen[1], zero);
  assert.match(await note(profile, "user/profile.md"), /short/);
  assert.deepEqual(await cached(profile), []);
  const huge = "x".repeat(5 * 1024 * 1024);
  const given = await profile.run(EDIT, {
    answers: editor(() => huge).answers,
    // The editor takes no text of this size: only to leave it is left.
    prompts: scriptedPrompts([]),
  });
  assert.equal(given.code, 1);
  assert.equal((await Deno.stat(`${profile.home}/cache/note_not_saved.md`)).size, huge.length);
  assert.match(await note(profile, "user/profile.md"), /short/);
});

Deno.test("what cannot be edited is told before the editor opens", async () => {
  await using profile = await TestProfile.create();
  const folder = `${profile.home}/memory`;
  await Deno.writeFile(`${folder}/binary.md`, new Uint8Array([1, 0, 2, 0, 3]));
  await Deno.writeTextFile(`${folder}/large.md`, "x".repeat(1024 * 1024 + 1));
  for (
    const [name, sentence] of [
      ["../outside", /^pyra: /],
      ["binary", /is no text/],
      ["large", /too large to be edited from here — open .*large\.md in your editor/],
    ] as const
  ) {
    const { code, err, kernel } = await profile.run(["memory", "edit", name]);
    assert.equal(code, 1, name);
    assert.match(err, sentence);
    assert.deepEqual(kernel.of("editText"), []);
  }
});

Deno.test("the editor of the settings is handed on, and broken settings do not keep it away", async () => {
  await using profile = await TestProfile.create();
  const { answers } = editor();
  const set = await profile.run(EDIT, { answers, config: "general:\n  editor: nano\n" });
  assert.equal((set.kernel.of("editText")[0] as { editor: string }).editor, "nano");
  const broken = await profile.run(EDIT, { answers, config: "general: [\n" });
  assert.equal(broken.code, 0, broken.err);
});

Deno.test("without a terminal, edit says how to write the note all the same", async () => {
  await using profile = await TestProfile.create();
  const editText = () => {
    throw kernelError("no_terminal", "an editor needs a terminal", "use pyra config set");
  };
  const { code, err } = await profile.run(EDIT, { answers: { editText } });
  assert.equal(code, 4);
  assert.equal(
    err,
    "pyra: an editor needs a terminal — pipe the text in: pyra memory write user/profile < FILE\n",
  );
  assert.deepEqual(await cached(profile), []);
});
