import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { resumeConversation } from "../../../src/chat/conversation.ts";
import { openSessionStore } from "../../../src/sessions/folder_store.ts";
import { says, ScriptedProvider } from "./scripted_provider.ts";

const ROUNDS = 200;
const PARALLEL = 2;
const WRITER = fileURLToPath(new URL("./kill_writer.ts", import.meta.url));

/** Starts a talk, kills it some time after its first word, and gives what it had shown. */
async function talkUntilKilled(folder: string, delayMs: number): Promise<string> {
  const talk = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", WRITER, folder],
    stdout: "piped",
  }).spawn();
  let shown = "";
  for await (const text of talk.stdout.pipeThrough(new TextDecoderStream())) {
    if (shown === "") setTimeout(() => talk.kill("SIGKILL"), delayMs);
    shown += text;
  }
  await talk.status;
  return shown;
}

async function checkOneKill(round: number): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const shown = await talkUntilKilled(folder, Math.random() * 40);
    const whole = shown.slice(0, shown.lastIndexOf("\n")).split("\n");
    const [turn = 0, chars = 0] = (whole.at(-1) ?? "").split(" ").map(Number);
    const store = openSessionStore(folder, Date.now);
    const id = await store.latest();
    assert.ok(id !== undefined);
    const provider = new ScriptedProvider([says("still here")]);
    await using talk = await resumeConversation({
      store,
      openProvider: () => Promise.resolve(provider),
      now: Date.now,
    }, id);
    const about = `round ${round}: ${talk.warnings.join()}`;
    assert.ok(talk.warnings.every((warning) => /last line/.test(warning)), about);
    const questions = talk.messages.filter(({ role }) => role === "user");
    assert.ok(questions.length > turn, about);
    const answers = talk.messages.flatMap((each) => each.role === "assistant" ? [each.text] : []);
    const text = answers[turn] ?? "";
    assert.ok(
      text.length >= chars,
      `${about}: shown ${chars} of turn ${turn}, kept ${text.length}`,
    );
    assert.equal(text, "0123456789".repeat(Math.ceil(text.length / 10)).slice(0, text.length));
    const question = [{ type: "text" as const, text: "are you there?" }];
    const events = await Array.fromAsync(talk.send(question, new AbortController().signal));
    assert.deepEqual(events[0], { type: "text", text: "still here" });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test(`after each of ${ROUNDS} kills in a talk, all that was shown is in its session`, async () => {
  let next = 0;
  const lane = async () => {
    while (next < ROUNDS) await checkOneKill(next++);
  };
  await Promise.all(Array.from({ length: PARALLEL }, lane));
});
