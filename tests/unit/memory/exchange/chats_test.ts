import assert from "node:assert/strict";
import { BEGIN_S, chatGpt, claude, talk } from "./conversations.ts";
import { counts, Workbench } from "./workbench.ts";

const GPT = "imported/chatgpt/2024/2024-01-31";

async function bodyOf(bench: Workbench, conversation: unknown, name: string): Promise<string> {
  await bench.import(await bench.file("conversations.json", JSON.stringify([conversation])));
  return (await bench.store.read(name)).body;
}

Deno.test("a conversation with ChatGPT becomes a note with its turns, times and facts", async () => {
  await using bench = await Workbench.make();
  const made = chatGpt("Tea: which?", talk("Which tea?", "Green.\n\n```py\nprint('#x')\n```"));
  const body = await bodyOf(bench, made, `${GPT} Tea- which`);
  assert.equal(
    body,
    "\n# Tea: which?\n\n### You · 2024-01-31 10:00\n\nWhich tea?\n\n" +
      "### ChatGPT · 2024-01-31 10:01\n\nGreen.\n\n```py\nprint('#x')\n```\n",
  );
  const { facts } = await bench.store.read(`${GPT} Tea- which`);
  assert.deepEqual({ ...facts, keywords: [...facts.keywords] }, {
    summary: "Tea: which?",
    keywords: [],
    created: "2024-01-31T10:00:00Z",
    updated: "2024-01-31T11:00:00Z",
    source: "import chatgpt gpt-tea-which-",
    pinned: false,
  });
});

Deno.test("only the branch that was seen last is taken, and no tools, thoughts or instructions", async () => {
  await using bench = await Workbench.make();
  const made = chatGpt("Noise", [
    { role: "system", text: "SYSTEM" },
    { role: "assistant", text: "WEIGHTLESS", more: { weight: 0 } },
    {
      role: "user",
      text: "HIDDEN",
      more: { metadata: { is_visually_hidden_from_conversation: true } },
    },
    {
      role: "user",
      more: { content: { content_type: "user_editable_context", user_profile: "PROFILE" } },
    },
    { role: "user", text: "question" },
    {
      role: "assistant",
      more: { content: { content_type: "thoughts", thoughts: [{ content: "THOUGHT" }] } },
    },
    { role: "assistant", text: "search('TOOLCALL')", more: { recipient: "web.run" } },
    { role: "tool", text: "TOOLRESULT" },
    { role: "assistant", text: "answer one\ue200cite\ue202turn0\ue201." },
    { role: "assistant", text: "answer two" },
  ]);
  const mapping = made["mapping"] as Record<string, unknown>;
  mapping["other"] = {
    id: "other",
    parent: "m3",
    children: [],
    message: {
      author: { role: "assistant" },
      create_time: BEGIN_S + 9999,
      content: { content_type: "text", parts: ["OTHERBRANCH"] },
    },
  };
  const body = await bodyOf(bench, made, `${GPT} Noise`);
  assert.doesNotMatch(body, /[A-Z]{6}/);
  assert.match(body, /question[\s\S]*answer one\.\n\nanswer two\n$/);
  assert.equal(body.match(/### ChatGPT/g)?.length, 1, "what one side said in a row is one turn");
});

Deno.test("pictures, files, voice and canvas documents are there by name or as text", async () => {
  await using bench = await Workbench.make();
  const picture = (prompt?: string) => ({
    content_type: "image_asset_pointer",
    asset_pointer: "file-service://file-abc",
    ...(prompt ? { metadata: { dalle: { prompt } } } : {}),
  });
  const made = chatGpt("Things", [
    {
      role: "user",
      more: {
        content: {
          content_type: "multimodal_text",
          parts: [picture(), "look", { content_type: "audio_transcription", text: "spoken" }],
        },
        metadata: { attachments: [{ name: "tax.pdf", mime_type: "application/pdf" }] },
      },
    },
    {
      role: "assistant",
      text: JSON.stringify({ name: "Poem", type: "code/html", content: "<b>x</b>" }),
      more: { recipient: "canmore.create_textdoc" },
    },
    {
      role: "tool",
      more: { content: { content_type: "multimodal_text", parts: [picture("a *red* fox")] } },
    },
    {
      role: "assistant",
      more: { content: { content_type: "code", language: "python", text: "1 + 1" } },
    },
    { role: "assistant", text: "left open\n```\ncode" },
    { role: "user", text: "next" },
  ]);
  const body = await bodyOf(bench, made, `${GPT} Things`);
  for (
    const piece of [
      "*[image: file-abc]*\n\nlook\n\nspoken\n\n*[attachment: tax.pdf]*",
      "*[document: Poem]*\n\n```html\n<b>x</b>\n```",
      "*[image: a red fox]*",
      "```python\n1 + 1\n```",
      "left open\n```\ncode\n```\n\n### You",
    ]
  ) assert.ok(body.includes(piece), piece);
});

Deno.test("a tree without its current message, with a circle or without times is read as far as it goes", async () => {
  await using bench = await Workbench.make();
  const lost = chatGpt("Lost", talk("a", "b"), { current_node: "gone" });
  const circle = chatGpt("Circle", talk("c", "d"));
  ((circle["mapping"] as Record<string, Record<string, unknown>>)["m0"] ?? {})["parent"] = "m1";
  const timeless = chatGpt("", [{
    role: "user",
    text: "# Only *this*",
    more: { create_time: null },
  }], {
    create_time: null,
    update_time: "yesterday",
    conversation_id: null,
    id: "../../etc",
  });
  const file = await bench.file(
    "c.json",
    JSON.stringify({ conversations: [lost, circle, timeless] }),
  );
  assert.equal(counts(await bench.import(file)), "3 created, 0 changed, 0 unchanged, 0 skipped");
  assert.deepEqual(await bench.names(), [
    `${GPT} Circle.md`,
    `${GPT} Lost.md`,
    "imported/chatgpt/undated/Only this.md",
  ]);
  assert.equal(counts(await bench.import(file)), "0 created, 0 changed, 3 unchanged, 0 skipped");
});

Deno.test("a conversation with Claude becomes a note, older and newer shapes alike", async () => {
  await using bench = await Workbench.make();
  const made = claude("Plans", [
    {
      role: "human",
      more: {
        content: undefined,
        text: "older text",
        attachments: [{ file_name: "a.txt", extracted_content: "x" }],
      },
    },
    {
      role: "assistant",
      more: {
        content: [
          { type: "thinking", thinking: "THOUGHT" },
          { type: "text", text: "Here." },
          { type: "tool_use", name: "web_search", input: { query: "TOOLCALL" } },
          { type: "tool_result", content: [{ type: "text", text: "TOOLRESULT" }] },
          {
            type: "tool_use",
            name: "artifacts",
            input: { title: "Page", type: "text/html", language: "html", content: "<i>" },
          },
        ],
      },
    },
  ]);
  const body = await bodyOf(bench, made, "imported/claude/2024/2024-02-01 Plans");
  assert.match(body, /### You · 2024-02-01 08:00\n\nolder text\n\n\*\[attachment: a\.txt\]\*/);
  assert.match(
    body,
    /### Claude · 2024-02-01 08:01\n\nHere\.\n\n\*\[document: Page\]\*\n\n```html\n<i>\n```\n$/,
  );
  assert.doesNotMatch(body, /[A-Z]{6}/);
});

Deno.test("of Claude's branches the last one is taken", async () => {
  await using bench = await Workbench.make();
  const parents = ["00000000-0000-4000-8000-000000000000", "T-0", "T-0", "T-2"];
  const texts = ["first", "OLDBRANCH", "new branch", "end"];
  const made = claude(
    "T",
    texts.map((text, index) => ({
      role: index % 2 === 0 ? "human" : "assistant",
      text,
      more: { parent_message_uuid: parents[index] },
    })),
  );
  const body = await bodyOf(bench, made, "imported/claude/2024/2024-02-01 T");
  assert.match(body, /first[\s\S]*new branch[\s\S]*end/);
  assert.doesNotMatch(body, /OLDBRANCH/);
});

Deno.test("Claude's projects and memory come along from the unpacked folder", async () => {
  await using bench = await Workbench.make();
  const folder = await bench.folder("data-2024", {
    "users.json": "[]",
    "conversations.json": JSON.stringify([
      claude("Hi", talk("a", "b", "claude")),
      claude("Nothing", []),
    ]),
    "projects.json": JSON.stringify([{
      uuid: "p1",
      name: "House/Garden",
      description: "Ours",
      prompt_template: "Be brief.",
      created_at: "2024-03-01T00:00:00Z",
      docs: [{ uuid: "d1", filename: "roses.md", content: "# Roses" }],
    }]),
    "memories.json": JSON.stringify([{
      account_uuid: "acc",
      conversations_memory: "Likes tea.",
      project_memories: { p1: "Roses." },
    }]),
  });
  const report = await bench.import(folder);
  assert.deepEqual(report.skips, { empty: 1 });
  assert.deepEqual(await bench.names(), [
    "imported/claude/2024/2024-02-01 Hi.md",
    "imported/claude/memory.md",
    "imported/claude/memory/p1.md",
    "imported/claude/projects/House-Garden/project.md",
    "imported/claude/projects/House-Garden/roses.md",
  ]);
  const project = await bench.store.read("imported/claude/projects/House-Garden/project");
  assert.match(project.body, /# House\/Garden\n\nOurs\n\n## Instructions\n\nBe brief\.\n/);
  assert.equal(counts(await bench.import(folder)), "0 created, 0 changed, 5 unchanged, 1 skipped");
});

Deno.test("a very long conversation becomes several notes, each under 1 MB", async () => {
  await using bench = await Workbench.make();
  const long = Array.from({ length: 8 }, (_none, index) => `${index} ${"ü".repeat(100_000)}`);
  const made = chatGpt("Long", [
    ...long.map((text, index) => ({ role: index % 2 ? "assistant" : "user", text })),
    { role: "user", text: "line\n".repeat(200_000) },
  ]);
  await bench.import(await bench.file("conversations.json", JSON.stringify([made])));
  const files = await bench.store.files();
  assert.ok(files.length > 3);
  assert.ok(files.every(({ size_bytes }) => size_bytes < 1_000_000));
  assert.deepEqual((await bench.names()).slice(-2), [`${GPT} Long (part 8).md`, `${GPT} Long.md`]);
});

Deno.test("shards of a newer export are read together, in a category of one's choice", async () => {
  await using bench = await Workbench.make();
  const folder = await bench.folder("export", {
    "conversations-000.json": JSON.stringify([chatGpt("One", talk("a", "b"))]),
    "conversations-001.json": JSON.stringify([
      chatGpt("Two", talk("c", "d")),
      chatGpt("One", talk("a", "b")),
    ]),
    "user.json": "{}",
    "chat.html": "<html>",
  });
  const report = await bench.import(folder, { category: "chats" });
  assert.equal(counts(report), "2 created, 0 changed, 1 unchanged, 0 skipped");
  assert.deepEqual(await bench.names(), [
    "chats/2024/2024-01-31 One.md",
    "chats/2024/2024-01-31 Two.md",
  ]);
});
