import assert from "node:assert/strict";
import { KernelError } from "../../../src/kernel/error.ts";
import { bindOrigin, readGrants } from "../../../src/kernel/grants.ts";
import { refuseLinks } from "../../../src/kernel/links.ts";
import { openProfile, profilePaths } from "../../../src/kernel/profile.ts";
import { resolvePath } from "../../../src/kernel/workspace.ts";

const refusal = (code: string) => (error: unknown) =>
  error instanceof KernelError && error.code === code && error.exitCode === 4;
const posix = Deno.build.os !== "windows";

async function withProfile(
  act: (profile: ReturnType<typeof profilePaths>) => void | Promise<void>,
) {
  const base = await Deno.realPath(await Deno.makeTempDir());
  try {
    await act(profilePaths(`${base}/home`, undefined));
  } finally {
    await Deno.remove(base, { recursive: true });
  }
}

function warnings(profile: ReturnType<typeof profilePaths>): string[] {
  const said: string[] = [];
  openProfile(profile, (text) => said.push(text));
  return said;
}

Deno.test("a new profile is made with its modes, and opens again without a word", async () => {
  await withProfile((profile) => {
    assert.deepEqual(warnings(profile), []);
    assert.deepEqual(warnings(profile), []);
    if (!posix) return;
    for (const folder of [profile.home, profile.vault, profile.sessions, profile.logs]) {
      assert.equal((Deno.statSync(folder).mode ?? 0) & 0o777, 0o700, folder);
    }
  });
});

Deno.test("a profile in use without its vault's lock refuses to start and says why", async () => {
  await withProfile((profile) => {
    warnings(profile);
    Deno.removeSync(`${profile.vault}/.vault_lock`);
    assert.throws(() => warnings(profile), (error) => {
      assert.match(String(error), /\.vault_lock is missing/);
      return refusal("profile")(error);
    });
  });
});

Deno.test("a kill while a profile is made leaves one that opens", async () => {
  await withProfile((profile) => {
    Deno.mkdirSync(`${profile.vault}/secrets`, { recursive: true });
    assert.doesNotThrow(() => warnings(profile));
  });
});

Deno.test({
  name: "modes that are open to others are repaired with a warning",
  ignore: !posix, // Windows has no such modes
  fn: () =>
    withProfile((profile) => {
      warnings(profile);
      Deno.chmodSync(profile.home, 0o755);
      Deno.writeTextFileSync(profile.config, "", { mode: 0o644 });
      Deno.chmodSync(profile.config, 0o644);
      assert.equal(warnings(profile).length, 2);
      assert.equal((Deno.statSync(profile.config).mode ?? 0) & 0o777, 0o600);
      assert.deepEqual(warnings(profile), []);
    }),
});

Deno.test({
  name: "a home that belongs to another user is refused",
  ignore: !posix || Deno.uid() !== 0, // only root can give a folder away
  fn: () =>
    withProfile((profile) => {
      warnings(profile);
      Deno.chownSync(profile.home, 12345, null);
      assert.throws(() => warnings(profile), refusal("profile"));
    }),
});

Deno.test({
  name: "a folder that is a link to nowhere is refused, and nothing is made there",
  ignore: !posix, // making links takes a right of its own on Windows
  fn: () =>
    withProfile(async (profile) => {
      warnings(profile);
      await Deno.remove(profile.memory);
      await Deno.symlink(`${profile.home}/nowhere`, profile.memory);
      assert.throws(() => warnings(profile), refusal("profile"));
      await assert.rejects(Deno.stat(`${profile.home}/nowhere`));
    }),
});

Deno.test("the app room is told of no path that is the kernel's or the vault's", () => {
  const { shown, vault, grants, grantsKey, linkCheck } = profilePaths("/h");
  for (const path of [vault, grants, grantsKey, linkCheck]) {
    assert.ok(!Object.values(shown).includes(path), path);
  }
});

Deno.test("a profile's name cannot lead out of its folder", () => {
  for (const name of ["../x", "a/b", ".", "", "-x", "a b"]) {
    assert.throws(() => profilePaths("/h", name), (error) => error instanceof KernelError);
  }
  assert.equal(profilePaths("/h", "work").home, "/h/profiles/work");
});

Deno.test({
  name: "a link of either kind in a room's folders is refused, also where nothing else changed",
  ignore: !posix, // making links takes a right of its own on Windows
  fn: () =>
    withProfile(async (profile) => {
      warnings(profile);
      await Deno.mkdir(`${profile.memory}/deep`);
      await Deno.writeTextFile(`${profile.memory}/deep/note.md`, "x");
      const look = () => refuseLinks([profile.memory], profile.linkCheck);
      look();
      await Deno.symlink(profile.vault, `${profile.memory}/deep/out`);
      assert.throws(look, refusal("boundary"));
      await Deno.remove(`${profile.memory}/deep/out`);
      look();
      await Deno.writeTextFile(`${profile.home}/target`, "secret");
      await Deno.link(`${profile.home}/target`, `${profile.memory}/deep/hard`);
      assert.throws(look, refusal("boundary"));
      await Deno.remove(`${profile.memory}/deep/hard`);
      // What unpacks an archive can set a folder's time back.
      await Deno.utime(`${profile.memory}/deep`, 1_000, 1_000);
      await new Promise((done) => setTimeout(done, 2_100));
      look();
      await Deno.symlink(profile.vault, `${profile.memory}/deep/out`);
      await Deno.utime(`${profile.memory}/deep`, 1_000, 1_000);
      assert.throws(look, refusal("boundary"));
      await Deno.remove(profile.memory, { recursive: true });
      await Deno.symlink(profile.vault, profile.memory);
      assert.throws(look, refusal("boundary"));
    }),
});

Deno.test("grants that something else wrote are refused", async () => {
  await withProfile(async (profile) => {
    warnings(profile);
    await bindOrigin(profile, "custom", "https://a.example");
    await bindOrigin(profile, "custom", "https://b.example");
    assert.deepEqual((await readGrants(profile)).origins, {
      custom: ["https://a.example", "https://b.example"],
    });
    const text = await Deno.readTextFile(profile.grants);
    await Deno.writeTextFile(profile.grants, text.replace("b.example", "c.example"));
    await assert.rejects(readGrants(profile), refusal("boundary"));
    await Deno.writeTextFile(profile.grants, "{}");
    await assert.rejects(readGrants(profile), refusal("boundary"));
  });
});

Deno.test("a path that would open the profile is refused, links resolved", async () => {
  await withProfile((profile) => {
    const place = { workspace: "/", profile };
    warnings(profile);
    for (const path of [profile.home, profile.vault, `${profile.home}/..`, "/", profile.config]) {
      assert.throws(
        () => resolvePath(place, path),
        refusal("boundary"),
        path,
      );
    }
    const outside = `${profile.home}/../file`;
    Deno.writeTextFileSync(outside, "");
    assert.equal(resolvePath(place, outside), Deno.realPathSync(outside));
    if (posix) {
      Deno.symlinkSync(`${profile.home}/new.yaml`, `${profile.home}/../dangling`);
      assert.throws(() => resolvePath(place, `${profile.home}/../dangling`), refusal("boundary"));
      Deno.symlinkSync(profile.vault, `${profile.home}/../alias`);
      assert.throws(
        () => resolvePath(place, `${profile.home}/../alias`),
        refusal("boundary"),
      );
    }
  });
});
