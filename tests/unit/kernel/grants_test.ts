import assert from "node:assert/strict";
import { bindOrigin, changeJobs, readGrants } from "../../../src/kernel/grants.ts";
import { newProfile } from "../../fakes/daemon_door.ts";

const JOB = {
  typed: ["schedule", "add"],
  workspace: "/",
  paths: ["/"],
  added: "2026-01-01T00:00:00.000Z",
};

Deno.test("what several agree to at once is all kept", async () => {
  const profile = newProfile();
  const names = Array.from({ length: 12 }, (_, number) => `job-${number}`);
  await Promise.all([
    ...names.map((name) => changeJobs(profile, (jobs) => ({ ...jobs, [name]: JOB }))),
    bindOrigin(profile, "openai", "https://one.example"),
    bindOrigin(profile, "openai", "https://two.example"),
  ]);
  const { jobs, origins } = await readGrants(profile);
  assert.deepEqual(Object.keys(jobs).sort(), [...names].sort());
  assert.deepEqual([...origins["openai"] ?? []].sort(), [
    "https://one.example",
    "https://two.example",
  ]);
});

Deno.test("a change that is refused changes nothing, and leaves the way free", async () => {
  const profile = newProfile();
  await changeJobs(profile, () => ({ kept: JOB }));
  const refusal = new TypeError("no");
  const refused = changeJobs(profile, () => {
    throw refusal;
  });
  await assert.rejects(refused, refusal);
  await changeJobs(profile, (jobs) => ({ ...jobs, next: JOB }));
  assert.deepEqual(Object.keys((await readGrants(profile)).jobs), ["kept", "next"]);
});
