import assert from "node:assert/strict";
import { parseCommandLine } from "../../../src/kernel/command_line.ts";
import { examineProfile } from "../../../src/kernel/profile_examination.ts";
import { openProfile, type Profile, profilePaths } from "../../../src/kernel/profile.ts";
import type { ProfileExamination } from "../../../src/protocol/kernel_calls.ts";

const HOUR_MS = 3_600_000;

interface Examined {
  readonly found: ProfileExamination;
  /** Of `security.log`. */
  readonly events: readonly string[];
}

async function withProfile(
  play: (profile: Profile, examine: (...words: string[]) => Promise<Examined>) => Promise<void>,
): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const profile = profilePaths(`${folder}/home`);
  openProfile(profile, () => undefined);
  try {
    await play(profile, async (...words) => {
      const events: string[] = [];
      const found = await examineProfile({
        line: parseCommandLine(words),
        profile,
        repaired: ["config.yaml was open"],
        security: (event) => void events.push(event),
      });
      return { found, events };
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function modeOf(path: string): number {
  return (Deno.statSync(path).mode ?? 0) & 0o777;
}

Deno.test("a new profile has no fault, and says how much room it has", () =>
  withProfile(async (_, examine) => {
    const { found, events } = await examine("doctor");
    assert.deepEqual(found.faults, []);
    assert.equal(found.isWhole, true);
    assert.deepEqual(found.exposed, []);
    assert.deepEqual(found.repaired, ["config.yaml was open"]);
    assert.ok(found.disk && found.disk.bavail <= found.disk.blocks && found.disk.bsize > 0);
    assert.ok(Math.abs(found.newest - Date.now()) < HOUR_MS);
    assert.deepEqual(events, []);
  }));

Deno.test({
  name: "files that others may read are named, and closed by --fix alone",
  // Windows has no such modes.
  ignore: Deno.build.os === "windows",
  fn: () =>
    withProfile(async ({ vault, memory, home }, examine) => {
      const [secret, note] = [`${vault}/secrets/one.age`, `${memory}/notes/one.md`];
      await Deno.mkdir(`${memory}/notes`, { mode: 0o750 });
      for (const path of [secret, note]) await Deno.writeTextFile(path, "x", { mode: 0o644 });
      await Deno.chmod(secret, 0o444);
      const names = [
        ["memory/notes", "open"],
        ["memory/notes/one.md", "open"],
        ["vault/secrets/one.age", "open"],
      ];
      const facts = ({ found }: Examined) =>
        found.faults.map(({ path, kind }) => [path, kind]).sort();
      const seen = await examine("doctor");
      assert.deepEqual(facts(seen), names);
      assert.ok(seen.found.faults.every(({ fixed }) => !fixed));
      assert.deepEqual([modeOf(secret), modeOf(note)], [0o444, 0o644]);
      const mended = await examine("doctor", "--fix");
      assert.deepEqual(facts(mended), names);
      assert.ok(mended.found.faults.every(({ fixed }) => fixed));
      assert.deepEqual(mended.events, ["profile.mend"]);
      assert.deepEqual(
        [modeOf(secret), modeOf(note), modeOf(`${home}/memory/notes`)],
        [0o400, 0o600, 0o700],
      );
      assert.deepEqual((await examine("doctor", "--fix")).found.faults, []);
    }),
});

Deno.test("what plugins, git and other profiles keep has modes of its own", () =>
  withProfile(async ({ home, memory }, examine) => {
    for (const folder of [`${home}/data/one`, `${memory}/.git`, `${home}/profiles/work`]) {
      await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
      await Deno.writeTextFile(`${folder}/file`, "x", { mode: 0o644 });
    }
    await Deno.chmod(`${home}/profiles`, 0o700);
    assert.deepEqual((await examine("doctor")).found.faults, []);
  }));

Deno.test("only what is old and called as an unfinished file is taken for a killed run's", () =>
  withProfile(async ({ home, memory }, examine) => {
    const old = new Date(Date.now() - 2 * HOUR_MS);
    const left = `${home}/config.yaml.123-4-0a1b2c3d.tmp`;
    const others = [`${memory}/ideas.tmp`, `${memory}/of-a-note.md.1-2.tmp`];
    for (const path of [left, ...others]) {
      await Deno.writeTextFile(path, "x", { mode: 0o600 });
      await Deno.utime(path, old, old);
    }
    await Deno.writeTextFile(`${home}/config.yaml.123-5-0a1b2c3d.tmp`, "", { mode: 0o600 });
    const { found } = await examine("doctor");
    assert.deepEqual(found.faults, [
      { path: left.slice(home.length + 1), kind: "left", fixed: false },
    ]);
    await examine("doctor", "--fix");
    await assert.rejects(Deno.stat(left), Deno.errors.NotFound);
    for (const path of others) await Deno.stat(path);
  }));

Deno.test({
  name: "a folder above in which anybody may rename is named, unless it is sticky",
  // Windows has no such modes.
  ignore: Deno.build.os === "windows",
  fn: () =>
    withProfile(async ({ home }, examine) => {
      const above = home.slice(0, home.lastIndexOf("/"));
      await Deno.chmod(above, 0o777);
      assert.deepEqual((await examine("doctor")).found.exposed, [above]);
      await Deno.chmod(above, 0o1777);
      assert.deepEqual((await examine("doctor")).found.exposed, []);
    }),
});

Deno.test("no other command may look, and links are not followed", () =>
  withProfile(async ({ home }, examine) => {
    await assert.rejects(examine("chat"), { code: "denied" });
    await assert.rejects(examine("ask", "doctor"), { code: "denied" });
    const outside = await Deno.makeTempDir();
    await Deno.chmod(outside, 0o755);
    await Deno.symlink(outside, `${home}/data/link`);
    const { found } = await examine("doctor", "--fix");
    assert.deepEqual(found.faults, []);
    assert.equal(modeOf(outside), 0o755);
    await Deno.remove(outside);
  }));
