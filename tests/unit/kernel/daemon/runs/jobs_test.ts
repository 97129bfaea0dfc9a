import assert from "node:assert/strict";
import { lineOfWords } from "../../../../../src/kernel/command_line.ts";
import { findJob, keepJob } from "../../../../../src/kernel/daemon/runs/jobs.ts";
import type { KernelError } from "../../../../../src/kernel/error.ts";
import { openProfile, type Profile, profilePaths } from "../../../../../src/kernel/profile.ts";
import type { Run } from "../../../../../src/kernel/run.ts";

const ADD = ["schedule", "add", "daily 08:00", "what is new?"];

/** A profile, and a folder to work in with a folder `out` in it. */
async function withPlaces(
  test: (places: { readonly profile: Profile; readonly workspace: string }) => Promise<void>,
): Promise<void> {
  const top = await Deno.realPath(await Deno.makeTempDir({ prefix: "pyra-jobs-" }));
  try {
    const profile = profilePaths(`${top}/.pyra`, undefined);
    openProfile(profile, () => undefined);
    const workspace = `${top}/work`;
    await Deno.mkdir(`${workspace}/out`, { recursive: true });
    await test({ profile, workspace });
  } finally {
    await Deno.remove(top, { recursive: true });
  }
}

/** What the kernel keeps of a run of that command line. */
async function kept(
  { profile, workspace }: { readonly profile: Profile; readonly workspace: string },
  ...options: readonly string[]
): Promise<void> {
  await keepJob({ line: lineOfWords([...ADD, ...options]), profile, workspace } as Run, "news");
}

const isBoundary = ({ code }: KernelError) => code === "boundary";

Deno.test("a job is found as it was typed, and its file may be there by then or not", async () => {
  await withPlaces(async (places) => {
    await kept(places, "--output", "out/news.md");
    const { typed, workspace } = await findJob(places.profile, "news");
    assert.deepEqual(typed, [...ADD, "--output", "out/news.md"]);
    assert.equal(workspace, places.workspace);
    await Deno.writeTextFile(`${workspace}/out/news.md`, "the last news");
    await findJob(places.profile, "news");
  });
});

Deno.test({
  name: "a job whose file, or whose folder, leads elsewhere by now is not run",
  ignore: Deno.build.os === "windows", // links need a right there
  fn: async () => {
    for (const replaced of ["out/news.md", "out", "."]) {
      await withPlaces(async (places) => {
        const { profile, workspace } = places;
        await kept(places, "--output", "out/news.md");
        await Deno.mkdir(`${workspace}/../other/out`, { recursive: true });
        await Deno.writeTextFile(`${workspace}/../other/out/news.md`, "read by a shell");
        const path = replaced === "." ? workspace : `${workspace}/${replaced}`;
        await Deno.remove(path, { recursive: true }).catch(() => undefined);
        const target = `${workspace}/../other/${replaced}`;
        await Deno.symlink(await Deno.realPath(target), path);
        await assert.rejects(() => findJob(profile, "news"), isBoundary, replaced);
      });
    }
  },
});

Deno.test("a file that a link led to when it was typed stays that file", async () => {
  await withPlaces(async (places) => {
    if (Deno.build.os === "windows") return;
    await Deno.symlink(`${places.workspace}/out`, `${places.workspace}/link`);
    await kept(places, "--output", "link/news.md");
    await findJob(places.profile, "news");
  });
});
