/**
 * A process that changes notes, for the tests of many at once: `folder name count kind`.
 * @module
 */
import { openNoteStore } from "../../../../src/memory/store/folder_store.ts";
import { PyraError } from "../../../../src/protocol/error.ts";

/** What another process may have done in between; anything else ends this one with an error. */
function overtaken(cause: unknown): void {
  const code = cause instanceof PyraError ? cause.code : "";
  if (!/^(no_such_note|note_exists|nothing_to_undo)$/.test(code)) throw cause;
}

const [folder = "", name = "", count = "1", kind = "append"] = Deno.args;
const store = openNoteStore({ folder, now: Date.now });
await Deno.stdout.write(new TextEncoder().encode("ready\n"));

if (kind === "append") {
  for (let line = 0; line < Number(count); line++) {
    await store.append("log", `- ${name} ${line}`);
    await store.write(`own/${name}`, { body: `${line}\n`, source: name });
  }
} else {
  // Until it is killed: always one of two texts, each long enough to be torn, and what comes with them.
  for (let round = 0;; round++) {
    await store.replace(name, String(round % 10).repeat(20_000));
    if (round % 7 === 6) await store.undo(name).catch(overtaken);
    if (round % 5 === 4) {
      await store.move(name, "moved").catch(overtaken);
      await store.move("moved", name).catch(overtaken);
    }
    if (round % 11 === 10) await store.remove(name).catch(overtaken);
  }
}
