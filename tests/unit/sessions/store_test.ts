import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PyraError } from "../../../src/protocol/error.ts";
import type { SessionEvent, SessionHeader } from "../../../src/sessions/event.ts";
import { openSessionStore } from "../../../src/sessions/folder_store.ts";
import { newSessionId, sessionFileName, shortIds, timeOfId } from "../../../src/sessions/format.ts";
import type { SessionStore } from "../../../src/sessions/store.ts";
import { answer, header, question } from "./sample_sessions.ts";

async function withStore(
  test: (store: SessionStore, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(openSessionStore(folder, Date.now), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function make(
  store: SessionStore,
  more: Partial<SessionHeader>,
  ...events: SessionEvent[]
): Promise<string> {
  const head = header(more);
  await using log = await store.create(head);
  await log.append(...events);
  return head.id;
}

function hasCode(code: string): (thrown: unknown) => boolean {
  return (thrown) => thrown instanceof PyraError && thrown.code === code;
}

/** Sets a session's time of change, which orders lists. */
async function touch(folder: string, id: string, seconds: number): Promise<void> {
  await Deno.utime(join(folder, sessionFileName(id)), seconds, seconds);
}

Deno.test("ids are in the order of time, and their first nine characters tell it", () => {
  const ids = [1, 1, 1, 2, 3_000_000_000_000].map((now) => newSessionId(now));
  assert.deepEqual(ids, ids.toSorted());
  assert.equal(new Set(ids).size, ids.length);
  const now = Date.now() + 1e13;
  assert.equal(timeOfId(newSessionId(now)), now);
});

Deno.test("a short id is the shortest start of six characters or more that no other shares", () => {
  const ids = ["000000000aaa", "000000000abc", "000000700000", "100000000000"];
  assert.deepEqual([...shortIds(ids).values()], [
    "000000000aa",
    "000000000ab",
    "0000007",
    "100000",
  ]);
});

Deno.test("lists show the sessions last added to first, with what changed since their first line", async () => {
  await withStore(async (store, folder) => {
    assert.deepEqual(await store.list(), []);
    assert.equal(await store.latest(), undefined);
    const a = await make(store, { title: "apples" }, question("1"), answer("2"), question("3"));
    const b = await make(
      store,
      { title: "pears" },
      question('{"type":"question"'),
      { type: "text", text: '\n{"type":"question"' },
      { type: "taken_back" },
      { type: "title", text: "plums" },
      { type: "choice", provider: "openai", model: "gpt" },
    );
    await touch(folder, a, 2_000_000_000);
    await touch(folder, b, 1_000_000_000);
    await Deno.writeTextFile(join(folder, "notes.jsonl"), "not a session");
    const listed = await store.list();
    assert.deepEqual(listed.map(({ id, title, questions }) => ({ id, title, questions })), [
      { id: a, title: "apples", questions: 2 },
      { id: b, title: "plums", questions: 0 },
    ]);
    assert.equal(listed[1]?.provider, "openai");
    assert.equal(listed[0]?.updated, "2033-05-18T03:33:20.000Z");
    assert.equal((await store.list({ limit: 1 })).length, 1);
    assert.equal(await store.latest(), a);
  });
});

Deno.test("a session is named by its id, a start of it, its title or a start of that", async () => {
  await withStore(async (store) => {
    const a = await make(store, { id: "1h0000000abc", title: "Über Äpfel" });
    const b = await make(store, { id: "1h0000001abc", title: "Uber drivers" });
    const c = await make(store, { id: "1j0000001abc", title: "Birds" });
    for (const [reference, id] of [[a, a], ["1J", c], ["1h0000001", b], ["uber apfel", a]]) {
      assert.equal(await store.resolve(reference ?? ""), id);
    }
    assert.equal(await store.resolve("bir"), c);
    await assert.rejects(store.resolve("1h"), hasCode("session_ambiguous"));
    await assert.rejects(store.resolve("uber"), hasCode("session_ambiguous"));
    for (const nothing of ["zebra", "", "../x", "1h0000000abcd"]) {
      await assert.rejects(store.resolve(nothing), hasCode("no_such_session"));
    }
  });
});

Deno.test("no call leaves the folder, whatever it is given as an id", async () => {
  await withStore(async (store, folder) => {
    await Deno.writeTextFile(join(folder, "..", "outside.jsonl"), "{}");
    for (const id of ["../outside", "..", "/etc/passwd", "", "ABCDEFGHJKMN"]) {
      for (const call of [store.read, store.open, store.remove, store.fork]) {
        await assert.rejects(call.bind(store)(id), hasCode("no_such_session"), id);
      }
    }
    await Deno.remove(join(folder, "..", "outside.jsonl"));
  });
});

Deno.test("search finds words regardless of case and diacritics, and shows where", async () => {
  await withStore(async (store) => {
    const a = await make(
      store,
      { title: "Reise" },
      question("Wann fährt der Nachtzug\nnach Œuvre-Łódź?"),
      answer("x".repeat(500) + " Der NACHTZUG fährt um acht. " + "y".repeat(500)),
    );
    await make(store, { title: "other" }, question("σε ποιον δρόμο;"), answer("ΟΔΟΣ"));
    const matches = await store.search("nachtzug fahrt");
    assert.deepEqual(matches.map(({ session, where }) => [session.id, where]), [
      [a, "user"],
      [a, "assistant"],
    ]);
    assert.equal(matches[0]?.excerpt, "Wann fährt der Nachtzug nach Œuvre-Łódź?");
    assert.match(matches[1]?.excerpt ?? "", /^…x.*Der NACHTZUG fährt.*y…$/);
    assert.equal((await store.search("οδοσ")).length, 1);
    assert.equal((await store.search("reise")).length, 1);
    assert.deepEqual(await store.search("   "), []);
    assert.deepEqual(await store.search("nachtzug morgen"), []);
    assert.equal((await store.search("nachtzug", { limit: 1 })).length, 1);
    const stopped = store.search("nachtzug", { signal: AbortSignal.abort(new Error("stop")) });
    await assert.rejects(stopped, /stop/);
  });
});

Deno.test("an answer that was taken back is not found", async () => {
  await withStore(async (store) => {
    await make(store, {}, question("secret plan"), answer("yes"), { type: "taken_back" });
    assert.deepEqual(await store.search("secret plan"), []);
  });
});

Deno.test("a removed session is gone, and its lock too", async () => {
  await withStore(async (store, folder) => {
    const id = await make(store, {}, question("1"));
    await store.remove(id);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(folder)), []);
    await assert.rejects(store.remove(id), hasCode("no_such_session"));
    await assert.rejects(store.read(id), hasCode("no_such_session"));
    await assert.rejects(store.open(id), hasCode("no_such_session"));
    assert.deepEqual(await Array.fromAsync(Deno.readDir(folder)), []);
  });
});

Deno.test("a fork has the history and names of its parent, and costs nothing yet", async () => {
  await withStore(async (store) => {
    const used = { input_tokens: 1, output_tokens: 1, cached_tokens: 0 };
    const id = await make(
      store,
      { title: "the title", system: "be brief" },
      question("1"),
      { type: "usage", provider: "demo", model: "demo-1", usage: used },
      answer("2"),
      question("killed"),
      { type: "text", text: "half" },
    );
    await using _inUse = (await store.open(id)).log;
    const copy = await store.fork(id);
    const [parent, child] = [await store.read(id), await store.read(copy)];
    assert.equal(child.parent, id);
    assert.deepEqual([child.title, child.system, child.model], ["the title", "be brief", "demo-1"]);
    assert.deepEqual(
      child.turns.map((turn) => [turn.question, turn.answer]),
      parent.turns.map((turn) => [turn.question, turn.answer]),
    );
    assert.deepEqual(child.usage, []);
    assert.deepEqual(child.warnings, []);
  });
});

Deno.test("a session that is open is refused to a second writer, who is told to fork it", async () => {
  await withStore(async (store) => {
    const id = await make(store, {}, question("1"));
    {
      await using _held = (await store.open(id)).log;
      await assert.rejects(store.open(id), (thrown) => {
        assert.ok(thrown instanceof PyraError && thrown.code === "session_in_use");
        assert.match(thrown.hint, new RegExp(`pyra sessions fork ${id}`));
        return true;
      });
      await assert.rejects(store.remove(id), hasCode("session_in_use"));
      assert.equal((await store.read(id)).turns.length, 1, "reading is allowed");
    }
    await using _again = (await store.open(id)).log;
  });
});

const HOLDER = `
import { openSessionStore } from "${new URL(
  "../../../src/sessions/folder_store.ts",
  import.meta.url,
)}";
const [folder, id] = Deno.args;
const { log } = await openSessionStore(folder, Date.now).open(id);
console.log("held");
setInterval(() => log.id, 1000);
`;

Deno.test("a killed process leaves no session locked", async () => {
  await withStore(async (store, folder) => {
    const id = await make(store, {}, question("1"));
    await Deno.writeTextFile(join(folder, "holder.ts"), HOLDER);
    const config = fileURLToPath(new URL("../../../deno.json", import.meta.url));
    const holder = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "-q", "--no-check", "-c", config, join(folder, "holder.ts"), folder, id],
      stdout: "piped",
    }).spawn();
    const reader = holder.stdout.getReader();
    await reader.read();
    await assert.rejects(store.open(id), hasCode("session_in_use"));
    holder.kill("SIGKILL");
    await holder.status;
    await reader.cancel();
    await using _log = (await store.open(id)).log;
  });
});

const WORKER = `
import { openSessionStore } from "${new URL(
  "../../../src/sessions/folder_store.ts",
  import.meta.url,
)}";
self.onmessage = async ({ data: { folder, id } }) => {
  const outcome = await openSessionStore(folder, Date.now).open(id).then(() => "held", (e) => e.code);
  self.postMessage(outcome);
};
`;

Deno.test("a room with no right but the folder holds sessions, until it ends", async () => {
  await withStore(async (store, folder) => {
    const id = await make(store, {}, question("1"));
    const startRoom = () =>
      new Worker(`data:application/typescript,${encodeURIComponent(WORKER)}`, {
        type: "module",
        // The code comes from a data URL here, which needs the right to read what it imports.
        deno: {
          permissions: {
            read: [folder, new URL("../../../", import.meta.url)],
            write: [folder],
            net: false,
            env: false,
            run: false,
            sys: false,
            ffi: false,
            import: true,
          },
        },
      });
    const ask = (room: Worker) =>
      new Promise((resolve) => {
        room.onmessage = ({ data }) => resolve(data);
        room.postMessage({ folder, id });
      });
    const [first, second] = [startRoom(), startRoom()];
    assert.equal(await ask(first), "held");
    assert.equal(await ask(second), "session_in_use");
    first.terminate();
    await using _log = (await store.open(id)).log;
    second.terminate();
  });
});

Deno.test("twenty of 2,000 sessions are listed without reading the others", async () => {
  await withStore(async (store, folder) => {
    const text = [header({ title: "one of many" }), question("1"), answer("x".repeat(2000))]
      .map((line) => JSON.stringify(line)).join("\n");
    for (let n = 0; n < 2000; n++) {
      await Deno.writeTextFile(join(folder, sessionFileName(newSessionId(n))), text);
    }
    const started = performance.now();
    assert.equal((await store.list({ limit: 20 })).length, 20);
    const spent = performance.now() - started;
    assert.ok(spent < 500, `${spent.toFixed(0)} ms`);
  });
});
