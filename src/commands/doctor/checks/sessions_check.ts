/**
 * Whether conversations can be read.
 * @module
 */
import { findSessionFiles, type FoundFile, inParallel } from "../../../sessions/folder.ts";
import { asShown } from "../../errors.ts";
import { broken, type Check, counted, type Finding, ok, warning } from "../finding.ts";
import type { Patient } from "../patient.ts";

/** Files are read for so long, the latest first, ms. */
const READING_MS = 1_200;
const AT_ONCE = 16;
/** So many are named. */
const NAMED = 5;
/** A long conversation is no damaged one. */
const DAMAGE = /cannot be read|passed over/;

/** The conversations, the latest first, as many as can be read in time. */
export const SESSIONS_CHECK: Check = {
  name: "sessions",
  async look(patient) {
    const files = await findSessionFiles(patient.context.boot.profile.sessions);
    const deadline = performance.now() + READING_MS;
    const found: Finding[] = [];
    let read = 0;
    while (read < files.length && performance.now() < deadline) {
      const some = files.slice(read, read + AT_ONCE);
      found.push(...(await inParallel(some, (file) => lookAt(patient, file))).flat());
      read += some.length;
    }
    if (found.length > NAMED) {
      const rest = counted(found.length - NAMED, "more session");
      found.splice(NAMED, Infinity, warning(`${rest} cannot be read whole`, ""));
    }
    if (found.length > 0) return found;
    if (files.length === 0) return [ok("none yet")];
    const all = counted(files.length, "session");
    return [ok(read < files.length ? `${all}, the latest ${read} readable` : `${all}, readable`)];
  },
};

async function lookAt({ context }: Patient, { id }: FoundFile): Promise<readonly Finding[]> {
  const sessions = await context.sessions();
  try {
    const { warnings, turns, provider } = await sessions.read(id);
    const [damage] = warnings.filter((sentence) => DAMAGE.test(sentence));
    if (damage === undefined) return [];
    const hint = `pyra sessions export ${id} saves what is left, pyra sessions rm ${id} removes it`;
    const isLost = turns.length === 0 || provider === "";
    const message = `${id}: ${damage}`;
    return [isLost ? broken(message, hint) : warning(message, hint)];
  } catch (thrown) {
    context.signal.throwIfAborted();
    const { message, hint, code } = asShown(thrown);
    // It was removed meanwhile.
    return code === "no_such_session" ? [] : [broken(message, hint)];
  }
}
