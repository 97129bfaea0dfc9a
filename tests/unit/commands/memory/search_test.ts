import assert from "node:assert/strict";
import { interruption } from "../../../../src/commands/context.ts";
import type { Memory } from "../../../../src/memory/memory.ts";
import { PyraError } from "../../../../src/protocol/error.ts";
import { TestProfile } from "../../../fakes/command_context.ts";

const JSON_OUT = { options: { json: true } };

async function withNotes(): Promise<TestProfile> {
  const profile = await TestProfile.create();
  const write = (name: string, text: string, ...more: string[]) =>
    profile.run(["memory", "write", name, text, ...more]);
  await write(
    "travel/train",
    "# Trips\n\nThe night train to Vienna leaves at nine.",
    "--summary",
    "trains",
  );
  await write("knowledge/bread", "Let the dough rest for a night.", "--keywords", "baking");
  await write("user/cat", "My cat is called Miso.");
  return profile;
}

Deno.test("search prints file, line, summary and the text, plain in a pipe", async () => {
  await using profile = await withNotes();
  const { code, out, err } = await profile.run(["memory", "search", "train", "vienna"]);
  assert.deepEqual([code, err], [0, ""]);
  assert.match(out, /^travel\/train\.md:\d+ {2}trains\n {2}.*night train to Vienna/);
  const [, line = "0"] = /md:(\d+)/.exec(out) ?? [];
  const file = await Deno.readTextFile(`${profile.home}/memory/travel/train.md`);
  assert.match(file.split("\n")[Number(line) - 1] ?? "", /Vienna/);
});

Deno.test("on a terminal the matches are in colour, unless colour is not wanted", async () => {
  await using profile = await withNotes();
  const search = ["memory", "search", "miso"];
  const shown = { terminal: true, columns: 60, options: { color: true } };
  const { out } = await profile.run(search, shown);
  assert.ok(out.includes("\x1b[1;33mMiso\x1b[0m"), out);
  for (
    const plain of [
      { ...shown, options: { color: false } },
      { ...shown, env: { NO_COLOR: "1" } },
      { ...shown, env: { TERM: "dumb" } },
      { ...shown, terminal: false },
    ]
  ) {
    assert.ok(!(await profile.run(search, plain)).out.includes("\x1b"));
  }
});

Deno.test("search as JSON has exactly the keys that programs were promised", async () => {
  await using profile = await withNotes();
  const [first] = JSON.parse((await profile.run(["memory", "search", "dough"], JSON_OUT)).out);
  assert.deepEqual(Object.keys(first), ["file", "line", "summary", "keywords", "snippet", "score"]);
  assert.equal(first.file, "knowledge/bread.md");
  assert.match(first.snippet, /\*\*dough\*\*/);
  assert.deepEqual(first.keywords, ["baking"]);
});

Deno.test("category and limit narrow a search, and wrong ones are told", async () => {
  await using profile = await withNotes();
  const both = JSON.parse((await profile.run(["memory", "search", "night"], JSON_OUT)).out);
  assert.equal(both.length, 2);
  const one = await profile.run(["memory", "search", "night", "--limit", "1"], JSON_OUT);
  assert.equal(JSON.parse(one.out).length, 1);
  const folder = await profile.run(
    ["memory", "search", "night", "--category", "/travel/"],
    JSON_OUT,
  );
  assert.deepEqual(JSON.parse(folder.out).map(({ file }: { file: string }) => file), [
    "travel/train.md",
  ]);
  const nowhere = await profile.run(["memory", "search", "night", "--category", "nowhere"]);
  assert.deepEqual([nowhere.code, nowhere.out], [0, ""]);
  assert.match(nowhere.err, /no notes in nowhere; the folders are/);
  assert.equal((await profile.run(["memory", "search", "x", "--limit", "0"])).code, 2);
});

Deno.test("nothing found is no failure, and no words are a wrong command line", async () => {
  await using profile = await withNotes();
  const { code, out, err } = await profile.run(["memory", "search", "zeppelin"]);
  assert.deepEqual([code, out], [0, ""]);
  assert.match(err, /^pyra: nothing was found; /);
  assert.equal((await profile.run(["memory", "search", "zeppelin"], JSON_OUT)).out, "[]\n");
  for (const words of [[], [" "]]) {
    assert.equal((await profile.run(["memory", "search", ...words])).code, 2);
  }
});

Deno.test("notes that an editor changed, made or removed are found as they are now", async () => {
  await using profile = await withNotes();
  const folder = `${profile.home}/memory`;
  await Deno.writeTextFile(`${folder}/new.md`, "A zeppelin flies.");
  await Deno.remove(`${folder}/user/cat.md`);
  const found = await profile.run(["memory", "search", "zeppelin"], { options: { verbose: true } });
  assert.match(found.out, /^new\.md:1/);
  assert.match(found.err, /^pyra: notes read: 1 new, 0 changed, 1 gone\n$/);
  assert.equal((await profile.run(["memory", "search", "miso"])).out, "");
});

Deno.test("a deleted or broken index is made anew, and the search works", async () => {
  await using profile = await withNotes();
  for (const damage of ["remove", "garbage"]) {
    for await (const { name } of Deno.readDir(`${profile.home}/db`)) {
      const path = `${profile.home}/db/${name}`;
      if (damage === "remove") await Deno.remove(path);
      else {await Deno.writeTextFile(
          path,
          "no database at all, but a text of some length".repeat(99),
        );}
    }
    const { code, out } = await profile.run(["memory", "search", "miso"]);
    assert.equal(code, 0, damage);
    assert.match(out, /^user\/cat\.md/, damage);
  }
});

Deno.test("no query is an error, whatever is in it", async () => {
  await using profile = await withNotes();
  for (
    const query of ['"', "a AND", "NEAR(", "*", "col:x", "((", "-x", "\u0000", "漢", '"a" OR', "^a"]
  ) {
    const { code, err } = await profile.run(["memory", "search", "--", query]);
    assert.equal(code, 0, query);
    assert.doesNotMatch(err, /fts5|syntax|SQL/i);
  }
});

function questions(...lines: readonly string[]): { input: string } {
  return { input: lines.map((line) => `${line}\n`).join("") };
}

Deno.test("many questions get a line each, in their order, broken ones too", async () => {
  await using profile = await withNotes();
  const { code, out } = await profile.run(
    ["memory", "search", "--jsonl", "--limit", "1"],
    questions(
      '{"id":"q1","query":"night train"}',
      "no json",
      '{"id":7,"query":"miso","more":true}',
      '{"id":"q3"}',
      '{"id":"q4","query":"zeppelin"}',
      '{"id":"q5","query":""}',
    ),
  );
  assert.equal(code, 0);
  const lines = out.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ id }) => id), ["q1", null, 7, null, "q4", "q5"]);
  assert.equal(lines[0].results[0].file, "travel/train.md");
  assert.deepEqual(Object.keys(lines[0].results[0]), ["file", "line", "score"]);
  assert.equal(lines[2].results[0].file, "user/cat.md");
  assert.match(lines[1].error, /no JSON/);
  assert.match(lines[3].error, /needs an id/);
  assert.deepEqual([lines[4].results, lines[5].results], [[], []]);
});

Deno.test("a question is answered before the next one is written", async () => {
  await using profile = await withNotes();
  const answers: string[] = [];
  const stream = async function* () {
    for (let number = 1; number <= 3; number++) {
      assert.equal(answers.length, number - 1);
      yield await Promise.resolve(
        new TextEncoder().encode(`{"id":${number},"query":"night"}\n`),
      );
    }
  };
  await profile.run(["memory", "search", "--jsonl"], {
    stream: stream(),
    print: (line) => Promise.resolve(void answers.push(line)),
  });
  assert.equal(answers.length, 3);
});

Deno.test("Ctrl-C ends a stream of questions", async () => {
  await using profile = await withNotes();
  const ended = new AbortController();
  const stream = async function* () {
    for (let number = 0;; number++) {
      if (number === 2) ended.abort(interruption("interrupt"));
      yield await Promise.resolve(new TextEncoder().encode(`{"id":${number},"query":"night"}\n`));
    }
  };
  const { code, out, err } = await profile.run(["memory", "search", "--jsonl"], {
    stream: stream(),
    signal: ended.signal,
  });
  assert.deepEqual([code, err], [130, ""]);
  assert.equal(out.trimEnd().split("\n").length, 2);
});

Deno.test("many questions need a pipe and no words; meaning needs a model", async () => {
  await using profile = await withNotes();
  assert.equal((await profile.run(["memory", "search", "--jsonl"])).code, 2);
  const words = await profile.run(["memory", "search", "--jsonl", "x"], questions("{}"));
  assert.equal(words.code, 2);
  const semantic = await profile.run(["memory", "search", "--semantic", "night"]);
  assert.equal(semantic.code, 1);
  assert.match(semantic.err, /memory\.embeddings/);
});

Deno.test("the memory's notices are told once, on standard error", async () => {
  await using profile = await withNotes();
  const memory = { notices: ["the index was\nmade anew"] };
  const result = await profile.run(["memory", "search", "miso"], {
    memory: (real) =>
      new Proxy(real, {
        get: (target, key) => {
          if (key === "notices") return memory.notices;
          const value = Reflect.get(target, key);
          return typeof value === "function" ? value.bind(target) : value;
        },
      }),
  });
  assert.equal(result.err, "pyra: the index was made anew\n");
});

Deno.test("an index that cannot be brought up to date answers as it is, and says so", async () => {
  await using profile = await withNotes();
  const locked = (real: Memory): Memory =>
    Object.assign(real, {
      refresh: () =>
        Promise.reject(
          new PyraError("file", "index_unusable", "the index cannot be kept", {
            hint: "free some space",
          }),
        ),
    });
  for (const words of [["search", "miso"], ["list", "user"], ["stats"]]) {
    const { code, out, err } = await profile.run(["memory", ...words], { memory: locked });
    assert.equal(code, 0);
    assert.match(out, /user/);
    assert.match(err, /^pyra: the index is as it was [^\n]*cannot be kept — free some space\n$/);
  }
});
